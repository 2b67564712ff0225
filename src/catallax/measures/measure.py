"""The measures that stand in every table, and what each means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.errors import unknown
from catallax.measures.adaptation import adaptation_lag, area_lost, deviation
from catallax.measures.assess import Assessed
from catallax.network import Floats

BURN = 52  # weeks before scores begin to count
DESTITUTE = 0.01  # of base-year utility


@final
@dataclass(frozen=True)
class Measured:
    """A value, or None with the reason why there is none."""

    value: float | None
    reason: str = ""


Function = Callable[[Assessed, Assessed | None], Measured]


@final
@dataclass(frozen=True)
class Measure:
    """A named measure.

    unit   : of its value
    better : "higher", "lower" or "neither"
    text   : what it is, in a sentence or two
    source : where it comes from
    """

    name: str
    unit: str
    better: str
    text: str
    source: str
    function: Function


def measure_all(run: Assessed, twin: Assessed | None) -> dict[str, Measured]:
    """Every measure of a run, and of its response to the shock where a twin is given."""
    if not run.run.completed:
        stopped = Measured(None, f"{run.run.stop.name.lower()}: {run.run.reason}")
        return dict.fromkeys(MEASURES, stopped)
    return {name: m.function(run, twin) for name, m in MEASURES.items()}


def explain(name: str) -> Measure:
    """The measure called `name`; InputError lists the known ones."""
    if name not in MEASURES:
        raise unknown("measure", name, MEASURES)
    return MEASURES[name]


def _late(run: Assessed) -> str:
    short = run.run.contract.weeks <= BURN
    return f"the run has no more than {BURN} weeks" if short else ""


def _unseen(run: Assessed) -> str:
    seen = np.any(run.weeks >= BURN)
    return _late(run) or ("" if seen else f"no week from {BURN} on was looked at")


def _partial(run: Assessed) -> str:
    whole = len(run.run.rows) == run.run.contract.economy.network.n
    return "" if whole else "not every row was recorded: raise Recording.rows"


def _score(run: Assessed, twin: Assessed | None) -> Measured:
    late = run.efficiency[run.weeks >= BURN]
    why = _unseen(run) or _partial(run)
    if why:
        return Measured(None, why)
    if np.any(late <= 0) or np.any(run.run.series["utility"][BURN:] <= 0):
        return Measured(None, "a final user had nothing in some week")
    if not run.run.series["output"][BURN:].any():
        return Measured(None, f"nothing was made from week {BURN} on")
    mean = np.exp(run.mean(np.log(np.maximum(run.efficiency, 1e-300)), BURN))
    return Measured(float(mean * (1.0 + _restocked(run))))


def _restocked(run: Assessed) -> float:
    """Value of what stocks gained from week 52 to the end, over output, at optimal prices."""
    price = run.price.mean(axis=0)[run.run.rows]
    stocks, output = run.run.series["stocks"], run.run.series["output"]
    gained = stocks[-1] - stocks[BURN - 1]
    return float(price @ gained / (output[BURN:] @ price).sum())


def _efficiency(run: Assessed, twin: Assessed | None) -> Measured:
    why = _unseen(run)
    return Measured(None, why) if why else Measured(run.mean(run.efficiency, BURN))


def _welfare(run: Assessed, twin: Assessed | None) -> Measured:
    if _late(run):
        return Measured(None, _late(run))
    economy = run.run.contract.economy
    ratio = run.run.series["utility"][BURN:] / economy.income
    people = economy.weight > 0
    if np.any(ratio[:, people] <= 0):
        return Measured(None, "a household had nothing in some week")
    log = np.log(ratio[:, people]) @ economy.weight[people] / economy.weight.sum()
    return Measured(float(np.exp(log.mean())))


def _shock_week(run: Assessed) -> int:
    return min(s.week for s in run.run.contract.shocks)


def _no_twin(run: Assessed, twin: Assessed | None) -> str:
    if twin is None or not run.run.contract.shocks:
        return "there is no shock to compare with an unshocked twin"
    if not twin.run.completed:
        return "the unshocked twin stopped early"
    if np.any(run.efficiency <= 0) or np.any(twin.efficiency <= 0):
        return "efficiency fell to zero"
    weeks, _ = deviation(run, twin)
    if not np.any(weeks >= _shock_week(run)):
        return "no week from the shock on was looked at in both runs"
    return ""


def _area(run: Assessed, twin: Assessed | None) -> Measured:
    why = _no_twin(run, twin)
    if why or twin is None:
        return Measured(None, why)
    return Measured(area_lost(*deviation(run, twin), _shock_week(run)))


def _lag(run: Assessed, twin: Assessed | None) -> Measured:
    why = _no_twin(run, twin)
    if why or twin is None:
        return Measured(None, why)
    return Measured(*adaptation_lag(*deviation(run, twin), _shock_week(run)))


def _rate(name: str) -> Function:
    def rate(run: Assessed, twin: Assessed | None) -> Measured:
        if run.run.oracle:
            return Measured(None, "an oracle sends no messages")
        return Measured(float(getattr(run.run.meter.total, name) / run.run.contract.weeks))

    return rate


def _ratio(above: str, below: str) -> Function:
    def ratio(run: Assessed, twin: Assessed | None) -> Measured:
        if run.run.series[below].ndim > 1 and _partial(run):
            return Measured(None, _partial(run))
        part, whole = run.run.series[above].sum(), run.run.series[below].sum()
        return Measured(float(part / whole)) if whole > 0 else Measured(None, f"{below} is zero")

    return ratio


def _cover(run: Assessed, twin: Assessed | None) -> Measured:
    if _partial(run):
        return Measured(None, _partial(run))
    unsold = (run.run.series["stock"] - run.run.series["sold"]).clip(min=0).sum()
    sold = run.run.series["sold"][:, run.run.rows >= _plants(run)].sum()
    return Measured(float(unsold / sold)) if sold > 0 else Measured(None, "nothing was sold")


def _plants(run: Assessed) -> int:
    return int(run.run.contract.economy.network.plants.start)


def _ginis(run: Assessed) -> Floats:
    economy = run.run.contract.economy
    people = economy.weight > 0
    use = run.run.series["utility"][:, people]
    return np.array([gini(u / economy.weight[people], economy.weight[people]) for u in use])


def gini(x: Floats, weight: Floats) -> float:
    """Gini coefficient of per-person amounts `x` >= 0 held by groups of `weight` persons."""
    order = np.argsort(x, kind="stable")
    w, part = weight[order], (x * weight)[order]
    if part.sum() <= 0:
        return 0.0
    people = np.concatenate([[0.0], np.cumsum(w) / w.sum()])
    share = np.concatenate([[0.0], np.cumsum(part) / part.sum()])
    return float(1.0 - np.sum(np.diff(people) * (share[1:] + share[:-1])))


def _gini(run: Assessed, twin: Assessed | None) -> Measured:
    return Measured(float(_ginis(run).mean()))


def _gini_change(run: Assessed, twin: Assessed | None) -> Measured:
    economy = run.run.contract.economy
    people = economy.weight > 0
    base = gini(economy.income[people] / economy.weight[people], economy.weight[people])
    return Measured(float(_ginis(run).mean() - base))


def _destitute(run: Assessed, twin: Assessed | None) -> Measured:
    base = run.run.contract.economy.income
    return Measured(float((run.run.series["utility"] < DESTITUTE * base).sum(axis=1).mean()))


_ALL = (
    Measure(
        "score",
        "share of the optimum",
        "higher",
        "Geometric mean of efficiency from week 52 on, credited with what stocks gained by the "
        "end (their value over that of output). Can pass 1: the weekly optimum is no bound.",
        "Farrell 1957; Debreu 1951",
        _score,
    ),
    Measure(
        "efficiency",
        "share of the optimum",
        "higher",
        "1/theta, theta the largest factor by which all final users' achieved utilities could be "
        "raised at once with the same resources and capital; mean from week 52 on. Blind to "
        "distribution.",
        "Farrell 1957; Debreu 1951",
        _efficiency,
    ),
    Measure(
        "area_lost",
        "weeks of efficiency",
        "lower",
        "Minus the integral of D = log(efficiency / that of the unshocked twin) from the shock "
        "to the end: how much the shock cost beyond what the optimum loses.",
        "area between impulse response and zero, as in event studies",
        _area,
    ),
    Measure(
        "adaptation_lag",
        "weeks",
        "lower",
        "First week after the shock from which D stays within 5 % of the way from its peak to "
        "its end for 13 weeks. None if the path has not settled, or if the mean peak over seeds "
        "is under two standard errors.",
        "settling time of control engineering",
        _lag,
    ),
    Measure(
        "welfare",
        "share of the base year",
        "higher",
        "Consumption equivalent: exp of the mean over persons and weeks from 52 on of "
        "log(utility / base-year utility).",
        "Lucas 1987",
        _welfare,
    ),
    Measure(
        "messages",
        "deliveries a week",
        "lower",
        "Messages delivered a week, of all kinds: quotes and asks, reports and directives. A "
        "broadcast counts once for each listener.",
        "Hurwicz 1960; Mount & Reiter 1974",
        _rate("deliveries"),
    ),
    Measure(
        "bits",
        "bits a week",
        "lower",
        "Bits delivered a week: scalars times the channel's resolution plus log2 of the parties "
        "a message must be told apart from.",
        "Shannon 1948",
        _rate("bits_delivered"),
    ),
    Measure(
        "waste",
        "share of output",
        "lower",
        "Goods that spoiled, at plants, on the way or in buyers' stocks, over goods made; at "
        "base-year prices.",
        "physical balance of the economy",
        _ratio("spoiled", "output"),
    ),
    Measure(
        "cover",
        "weeks of sales",
        "neither",
        "Output left unsold at the end of a week over sales of the week, plants only, at "
        "base-year prices.",
        "inventory theory",
        _cover,
    ),
    Measure(
        "fill_rate",
        "share of asks",
        "higher",
        "Units shipped over units asked for, at base-year prices.",
        "inventory theory (type 2 service level)",
        _ratio("shipped", "asked"),
    ),
    Measure(
        "gini",
        "0 to 1",
        "neither",
        "Gini coefficient of consumption per person over household groups, mean over weeks.",
        "Gini 1912",
        _gini,
    ),
    Measure(
        "gini_change",
        "difference",
        "neither",
        "Gini of consumption less that of base-year incomes.",
        "Gini 1912",
        _gini_change,
    ),
    Measure(
        "destitute",
        "final users",
        "lower",
        "Mean number of final users below 1 % of their base-year utility: efficiency does not "
        "see a household at zero.",
        "companion of efficiency",
        _destitute,
    ),
)

MEASURES: Mapping[str, Measure] = {m.name: m for m in _ALL}
