"""Experiments that ask a question of the production economy, by name, and the free comparison.

Hayek's tin: a resource becomes scarce and nobody is told why (Hayek 1945). The resource is the
deposit of BEA industry 212, mining except oil and gas; of the economies without it, the last
endowment. Its flow halves at week 52 of 312.

A tariff: exports are taxed abroad, or imports at home. The default is foreign, 25 % from week 52 of
312, unannounced. 25 % is a round number of the size of 2018: the rate of the US duties on steel and
on the first Chinese goods; over all targeted goods the average rose to 16.6 % on US imports and, in
return, to 20.4 % on US exports (Fajgelbaum et al. 2020).

Oil: the positive control of tin, a resource that is several times as large. The resource is the
deposit of BEA industry 211, oil and gas extraction; of the economies without it, the largest
endowment that is neither labour nor foreign credit (the deposit of all mining in us15, ore in a
made economy). Everything else is as in `tin`: who notices nothing of tin should notice this.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from catallax.domains.production.economy import Disturbance, Economy, Shock, Tariff
from catallax.domains.production.economy.economy import CREDIT
from catallax.domains.production.economy.shocks import TARIFFS
from catallax.domains.production.experiments.contracts import list_keys, make_experiment
from catallax.domains.production.knowledge import ChannelLaw, KnowledgeLaw
from catallax.domains.production.run import RESOURCE, Contract, Oracle, StaticOptimum
from catallax.errors import InputError, unknown
from catallax.protocol import Experiment, Setting, question_of

ORACLES: Mapping[str, Callable[[], Oracle]] = {"static_optimum": StaticOptimum}


EXPERIMENTS: dict[str, Experiment] = {}


def experiment(name: str) -> Experiment:
    """The experiment called `name`; InputError lists the known ones."""
    if name not in EXPERIMENTS:
        raise unknown("experiment", name, EXPERIMENTS)
    return EXPERIMENTS[name]


def question(contract: Contract) -> str:
    """What happens from outside and whether anybody is told, for a heading."""
    return question_of(contract.shocks, contract.economy)


def make_contract(
    *shocks: Disturbance,
    economy: Economy,
    weeks: int,
    knowledge: KnowledgeLaw | None,
    channel: ChannelLaw | None,
) -> Contract:
    """The contract with these shocks; a law that is None is the default one.

    Raises InputError for a shock that does not fit the economy or the weeks.
    """
    laws = (knowledge or KnowledgeLaw(), channel or ChannelLaw())
    return Contract(economy, *laws, shocks=shocks, weeks=weeks)


WEEK = 52
FACTOR = 0.5
WEEKS = 312


def tin(
    economy: Economy,
    *,
    weeks: int = WEEKS,
    knowledge: KnowledgeLaw | None = None,
    channel: ChannelLaw | None = None,
    week: int = WEEK,
    factor: float = FACTOR,
    announced: bool = False,
) -> Contract:
    """The contract of the experiment on `economy`; InputError if it ends before the shock.

    week, factor, announced : of the shock, as in `Shock`
    """
    resource = economy.network.names[economy.network.endowments][-1]
    shock = Shock(resource, week, factor, announced)
    return make_contract(shock, economy=economy, weeks=weeks, knowledge=knowledge, channel=channel)


EXPERIMENTS["tin"] = make_experiment(
    "tin",
    "a resource becomes scarce and nobody is told why",
    ("static_optimum", "market", "ai_planner", "five_year_plan", "habit"),
    tin,
    ("week", "factor", "announced"),
)


RATE = 0.25


def tariff(
    economy: Economy,
    *,
    weeks: int = WEEKS,
    knowledge: KnowledgeLaw | None = None,
    channel: ChannelLaw | None = None,
    kind: str = "foreign",
    week: int = WEEK,
    rate: float = RATE,
    announced: bool = False,
) -> Contract:
    """The contract of the experiment on `economy`.

    kind, week, rate, announced : of the tariff, as in `Tariff`

    Raises InputError if it ends before the tariff or the economy has no rest of the world.
    """
    duty = Tariff(kind, week, rate, announced)
    return make_contract(duty, economy=economy, weeks=weeks, knowledge=knowledge, channel=channel)


EXPERIMENTS["tariff"] = make_experiment(
    "tariff",
    "exports are taxed abroad, or imports at home",
    ("static_optimum", "market", "ai_planner", "five_year_plan", "habit"),
    tariff,
    ("kind", "week", "rate", "announced"),
)


DEPOSIT = "deposit 211"


def oil(
    economy: Economy,
    *,
    weeks: int = WEEKS,
    knowledge: KnowledgeLaw | None = None,
    channel: ChannelLaw | None = None,
    week: int = WEEK,
    factor: float = FACTOR,
    announced: bool = False,
) -> Contract:
    """The contract of the experiment on `economy`; InputError if it ends before the shock.

    week, factor, announced : of the shock, as in `Shock`
    """
    shock = Shock(find_deposit(economy), week, factor, announced)
    return make_contract(shock, economy=economy, weeks=weeks, knowledge=knowledge, channel=channel)


def find_deposit(economy: Economy) -> str:
    """The endowment that stands for oil; the first endowment, labour, only if there is no other."""
    names = economy.network.names[economy.network.endowments]
    if DEPOSIT in names:
        return DEPOSIT
    earned = [0.0 if name == CREDIT else economy.output[i] for i, name in enumerate(names)]
    return names[1 + int(np.argmax(earned[1:]))] if len(names) > 1 else names[0]


EXPERIMENTS["oil"] = make_experiment(
    "oil",
    "a larger resource becomes scarce: the positive control of tin",
    ("static_optimum", "market", "ai_planner", "five_year_plan", "habit"),
    oil,
    ("week", "factor", "announced"),
)


NOTHING = "none"
KINDS = (NOTHING, RESOURCE, *TARIFFS)
SHOCK_KIND = Setting(
    str,
    None,
    KINDS,
    "the shock: none, to a resource, or a tariff abroad (foreign) or at home (domestic); left out, "
    "resource if one is named, else none",
)


def free(
    economy: Economy,
    *,
    weeks: int = WEEKS,
    knowledge: KnowledgeLaw | None = None,
    channel: ChannelLaw | None = None,
    kind: str | None = None,
    resource: str | None = None,
    week: int | None = None,
    factor: float | None = None,
    rate: float | None = None,
    announced: bool | None = None,
) -> Contract:
    """The contract with the one shock that is asked for, or none.

    kind      : "none", "resource", "foreign" or "domestic"; left out: "resource" if one is named,
                else "none"
    resource  : name of the endowment, for a shock to a resource
    week      : default 52
    factor    : of a resource's flow, default 0.5
    rate      : of a tariff, default 0.25
    announced : default False

    Raises InputError for what does not go together or does not fit the economy.
    """
    known = kind or (NOTHING if resource is None else RESOURCE)
    given = {
        "resource": resource, "week": week, "factor": factor, "rate": rate, "announced": announced,
    }  # fmt: skip
    shocks = _make_shocks(economy, known, {k: v for k, v in given.items() if v is not None})
    return make_contract(
        *shocks, economy=economy, weeks=weeks, knowledge=knowledge, channel=channel
    )


def _make_shocks(economy: Economy, kind: str, given: dict[str, object]) -> tuple[Disturbance, ...]:
    if kind not in KINDS:
        raise unknown("shock.kind", kind, KINDS)
    takes = {NOTHING: (), RESOURCE: ("resource", "week", "factor", "announced")}
    for name in given:
        if name not in takes.get(kind, ("week", "rate", "announced")):
            raise InputError(_explain_superfluous(name, kind))
    if kind == NOTHING:
        return ()
    plain = {"week": WEEK} | given
    if kind != RESOURCE:
        return (Tariff(kind, **{"rate": RATE} | plain),)  # type: ignore[arg-type]
    if "resource" not in given:
        ends = ", ".join(economy.network.names[economy.network.endowments])
        raise InputError(f"shock.resource: is missing; name one of the endowments: {ends}")
    return (Shock(**{"factor": FACTOR} | plain),)  # type: ignore[arg-type]


def _explain_superfluous(name: str, kind: str) -> str:
    if kind == NOTHING:
        return f"shock.{name}: there is no shock; say which with shock.kind: {', '.join(KINDS[1:])}"
    if kind == RESOURCE:
        return "shock.rate: a resource has no rate; give shock.factor, its new flow over the old"
    return f"shock.{name}: a tariff has no {name}; give shock.rate (0.25 is 25 %)"


FREE = make_experiment(
    "compare",
    "mechanisms side by side under one contract",
    ("market", "ai_planner", "five_year_plan", "habit", "static_optimum"),
    free,
    ("kind", "resource", "week", "factor", "rate", "announced"),
    {
        "shock.kind": SHOCK_KIND,
        "shock.week": replace(list_keys()["shock.week"], default=WEEK),
        "shock.factor": replace(list_keys()["shock.factor"], default=FACTOR),
        "shock.rate": replace(list_keys()["shock.rate"], default=RATE),
        "shock.announced": list_keys()["shock.announced"],
    },
)
