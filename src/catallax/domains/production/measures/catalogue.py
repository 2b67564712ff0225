"""The measures that stand in every table, and what each means.

`protocol.register_measure` adds a user's own to `MEASURES`.
"""

from dataclasses import replace

from catallax.domains.production.measures import (
    dynamics,
    listener,
    money,
    price_discovery,
    scarcity,
    starting,
    unused,
    values,
)
from catallax.domains.production.measures.assess import BURN, Assessed
from catallax.domains.production.measures.income_optimum import measure_nash_welfare
from catallax.errors import unknown
from catallax.protocol import Measure, Measured, measure_run


def measure_all(run: Assessed, twin: Assessed | None) -> dict[str, Measured]:
    """Every measure of a run, and of its response to the shock where a twin is given."""
    return measure_run(MEASURES.values(), run.run, run, twin)


def explain(name: str) -> Measure:
    """The measure called `name`; InputError lists the known ones."""
    if name not in MEASURES:
        raise unknown("measure", name, MEASURES)
    return MEASURES[name]


ABOVE_ONE = "stocks were eaten up, or the weekly optimum is no bound; see catallax bound"
_ALL = (
    Measure(
        "score",
        "share of the optimum",
        "higher",
        "Geometric mean of efficiency from week 52 on, credited with what stocks gained by the "
        "end (their value over that of output). Can pass 1: the weekly optimum is no bound.",
        "Farrell 1957; Debreu 1951",
        values.measure_score,
        "utility",
        failed=0.0,
        above_one=ABOVE_ONE,
        burn=BURN,
    ),
    Measure(
        "efficiency",
        "share of the optimum",
        "higher",
        "1/theta, theta the largest factor by which all final users' achieved utilities could be "
        "raised at once with the same resources and capital; mean from week 52 on. Blind to "
        "distribution.",
        "Farrell 1957; Debreu 1951",
        values.measure_efficiency,
        "utility",
        failed=0.0,
        above_one=ABOVE_ONE,
        burn=BURN,
    ),
    Measure(
        "wedge_efficiency",
        "share of what the tariff lets be attained",
        "higher",
        "Efficiency over that of the week's equilibrium under the domestic tariff, mean from week "
        "52 on: whoever ignores a tariff can pass 1. The same as efficiency where there is none.",
        "second best, Lipsey & Lancaster 1956",
        values.measure_wedge_efficiency,
        "utility",
        failed=0.0,
        above_one="who ignores a tariff can do better than the equilibrium with it",
        burn=BURN,
    ),
    Measure(
        "area_lost",
        "weeks of efficiency",
        "lower",
        "Minus the integral of D = log(efficiency / that of the unshocked twin) from the shock "
        "to the end: how much the shock cost beyond what the optimum loses.",
        "area between impulse response and zero, as in event studies",
        values.measure_area_lost,
        "utility",
        twin=True,
    ),
    Measure(
        "adaptation_lag",
        "weeks",
        "lower",
        "First week after the shock from which D stays within 5 % of the way from its peak to "
        "its end for 13 weeks. None if the path has not settled, or if the mean peak over seeds "
        "is under two standard errors.",
        "settling time of control engineering",
        values.measure_adaptation_lag,
        "utility",
        twin=True,
        line="response",
    ),
    Measure(
        "welfare",
        "share of the base year",
        "higher",
        "Consumption equivalent: exp of the mean over persons and weeks from 52 on of "
        "log(utility / base-year utility).",
        "Lucas 1987",
        values.measure_welfare,
        "utility",
        failed=0.0,
        burn=BURN,
    ),
    Measure(
        "nash_welfare",
        "share of the optimum",
        "higher",
        "Geometric mean over all weeks and final users, weighted by base-year income, of utility "
        "over that of the week's optimum. At most efficiency in every week: it counts "
        "distribution too. Can pass 1 while stocks are eaten up; perfect foresight bounds it.",
        "Nash 1950; Kaneko & Nakamura 1979",
        measure_nash_welfare,
        "utility",
        failed=0.0,
        above_one=ABOVE_ONE,
    ),
    Measure(
        "messages",
        "deliveries a week",
        "lower",
        "Messages delivered a week, of all kinds: quotes and asks, reports and directives. A "
        "broadcast counts once for each listener.",
        "Hurwicz 1960; Mount & Reiter 1974",
        values.measure_per_week("deliveries"),
    ),
    Measure(
        "bits",
        "bits a week",
        "lower",
        "Bits delivered a week: scalars times the channel's resolution plus log2 of the parties "
        "a message must be told apart from.",
        "Shannon 1948",
        values.measure_per_week("bits_delivered"),
    ),
    Measure(
        "fill_rate",
        "share of asks",
        "higher",
        "Units shipped in the week in which they were asked for over units asked for, at base-year "
        "prices, from week 52 on. Where orders wait (a backlog) only new orders count as asked "
        "for, and what is shipped later stands in turnaround.",
        "inventory theory (type 2 service level)",
        values.measure_fill_rate,
        failed=0.0,
        burn=BURN,
    ),
    Measure(
        "gini",
        "0 to 1",
        "neither",
        "Gini coefficient of consumption per person over household groups, mean over weeks from 52 "
        "on.",
        "Gini 1912",
        values.measure_gini,
        "utility",
        burn=BURN,
    ),
    Measure(
        "gini_change",
        "difference",
        "neither",
        "Gini of consumption, mean over weeks from 52 on, less that of base-year incomes.",
        "Gini 1912",
        values.measure_gini_change,
        "utility",
        burn=BURN,
    ),
    Measure(
        "destitute",
        "final users",
        "lower",
        "Mean number of final users below 1 % of their base-year utility, from week 52 on: "
        "efficiency does not see a household at zero.",
        "companion of efficiency",
        values.measure_destitute,
        "utility",
        burn=BURN,
    ),
)

_BY_SUBJECT = (
    *unused.ALL,
    *values.SERVICE,
    *money.ALL,
    *starting.ALL,
    *dynamics.LOOP,
    *listener.ALL,
    *scarcity.ECONOMISING,
    *price_discovery.ALL,
    *dynamics.SWING,
)

WITHOUT = "households were not recorded: raise Recording.rows"

MEASURES: dict[str, Measure] = {m.name: replace(m, without=WITHOUT) for m in (*_ALL, *_BY_SUBJECT)}
