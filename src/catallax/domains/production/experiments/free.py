"""A free comparison: any economy, any one shock or none, any mechanisms."""

from dataclasses import replace

from catallax.domains.production.economy import Disturbance, Economy, Shock, Tariff
from catallax.domains.production.economy.shocks import TARIFFS
from catallax.domains.production.experiments.contracts import list_keys, make_experiment
from catallax.domains.production.experiments.questions import (
    FACTOR,
    RATE,
    WEEK,
    WEEKS,
    make_contract,
)
from catallax.domains.production.knowledge import ChannelLaw, KnowledgeLaw
from catallax.domains.production.run import RESOURCE, Contract
from catallax.errors import InputError, unknown
from catallax.protocol import Setting

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
    ("market", "ai_planner", "five_year_plan", "static_optimum"),
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
