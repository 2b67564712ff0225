"""The shock and the finding in plain words, generated from contract and numbers alone."""

from pathlib import PurePath

from catallax.economy import Disturbance, Shock, Tariff
from catallax.experiments import (
    EXPERIMENTS,
    FREE,
    Comparison,
    Summary,
    mechanism_named,
    question,
)
from catallax.experiments.compare import summarise
from catallax.experiments.specs import spec_of
from catallax.measures import MEASURES
from catallax.measures.scarcity import made_from, scarce_goods, traded_most
from catallax.report.charts import event, order, titled
from catallax.report.series import response
from catallax.report.words import counted, estimate, joined, label, number, opened, percent, some
from catallax.run import Oracle

YEAR = 52


def title(comparison: Comparison) -> str:
    """What the experiment asks, what a free comparison sets side by side, or the name."""
    if comparison.name in EXPERIMENTS:
        return opened(question(comparison.contract))
    if comparison.name != FREE.name:
        return opened(comparison.name)
    return f"{opened(joined([label(m) for m in order(comparison)]))} under one contract"


def subtitle(comparison: Comparison) -> str:
    """What was run, in a line."""
    contract = comparison.contract
    seeds = counted(len(comparison.seeds), "seed")
    return (
        f"{_kind(comparison)} · economy {contract.economy.name} · "
        f"{counted(contract.weeks, 'week')} · {seeds} · contract {contract.hash}"
    )


def _kind(comparison: Comparison) -> str:
    return "Comparison" if comparison.name == FREE.name else f"Experiment {comparison.name}"


def setting(comparison: Comparison) -> str:
    """Who runs what."""
    contract, net = comparison.contract, comparison.contract.economy.network
    sizes = [
        counted(part.stop - part.start, thing)
        for part, thing in (
            (net.endowments, "resource"),
            (net.plants, "plant"),
            (net.households, "final user"),
        )
    ]
    twice = f", once with the {event(comparison)} and once without" if contract.shocks else ""
    return (
        f"The economy {contract.economy.name} has {joined(sizes)}, joined by {net.m:,} links. "
        f"{opened(joined([titled(comparison, m) for m in order(comparison)]))} each run it for "
        f"{_length(contract.weeks)}, with the same private knowledge, the same lines and the same "
        f"chances{twice}."
    )


def shocks(comparison: Comparison) -> list[str]:
    """Each shock: what, when, how big, and whom it meets first."""
    return [_told(comparison, s) for s in comparison.contract.shocks]


def secrecy(comparison: Comparison) -> str:
    """Who is told."""
    shocks = comparison.contract.shocks
    if not shocks:
        return "Nothing happens from outside: there is no shock in this contract."
    told = (
        "Everybody knows from week 0 what will happen and when. Whether that helps is up to the "
        "mechanism: one that looks no further than its stocks and orders makes nothing of it."
    )
    if all(s.announced for s in shocks):
        return told
    notices = joined(list(dict.fromkeys(_notices(s) for s in shocks if not s.announced)))
    untold = (
        f"{opened(notices)}; everybody else learns only what reaches them: a price, a short "
        "delivery, a report or an instruction."
    )
    if not any(s.announced for s in shocks):
        return f"Nobody is told. {untold}"
    known = joined([f"in week {s.week}" for s in shocks if s.announced])
    return f"What happens {known} is announced in week 0, the rest to nobody. {untold}"


def described(mechanism: str) -> str:
    """A mechanism in a line, from its own documentation; user's files are not opened."""
    spec = spec_of(mechanism)
    if spec.file:
        return f"defined outside the package, in {PurePath(spec.name).name}"
    built = mechanism_named(mechanism)
    made = built if isinstance(built, Oracle) else built.centre or built.agents
    return (type(made).__doc__ or "").strip().split("\n")[0].rstrip(".")


def wedge(comparison: Comparison) -> bool:
    """Whether a tariff is paid at home, so that efficiency has two yardsticks."""
    shocks = comparison.contract.shocks
    return any(isinstance(s, Tariff) and s.kind == "domestic" for s in shocks)


def stopped(comparison: Comparison) -> list[str]:
    """Every way in which runs did not reach their end, with the seeds."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for m, outcomes in comparison.outcomes.items():
        for o in outcomes:
            for kind, run in (
                ("", o.shocked.run),
                (f", without the {event(comparison)}", o.twin.run),
            ):
                if not run.completed:
                    why = f"{run.reason} ({run.stop.value})"
                    found.setdefault((label(m), kind, why), []).append(str(run.seed))
    return [f"{m}{kind}, seed {joined(s)}: {why}" for (m, kind, why), s in found.items()]


def finding(comparison: Comparison) -> list[str]:
    """A few sentences that only state numbers."""
    said = [_level(comparison), _second(comparison), _loss(comparison), _noticed(comparison)]
    return [s for s in said if s] or ["No measure is defined for these runs."]


def _notices(shock: Disturbance) -> str:
    """Who sees it first."""
    if isinstance(shock, Shock):
        change = "less" if shock.factor <= 1 else "more"
        return f"whoever owns the resource sees {change} of it come in"
    if shock.kind == "foreign":
        return "those who turn exports into imports get less for them"
    return "whoever buys an import pays the duty"


def _told(comparison: Comparison, shock: Disturbance) -> str:
    return _shock(comparison, shock) if isinstance(shock, Shock) else _tariff(comparison, shock)


def _tariff(comparison: Comparison, tariff: Tariff) -> str:
    economy = comparison.contract.economy
    if tariff.rate == 0:
        return f"From week {tariff.week} on there is no {tariff.kind} tariff."
    foreign = tariff.kind == "foreign"
    traded = economy.exports if foreign else economy.imports
    share = percent(float(economy.flow[traded].sum()) / economy.scale)
    most = joined(traded_most(economy, tariff.kind))
    rate = percent(tariff.rate)
    if foreign:
        text = (
            f"From week {tariff.week} on a tariff of {rate} is levied abroad on all exports. Its "
            f"revenue stays there, so that they buy {percent(1 / (1 + tariff.rate))} of what they "
            f"bought: the terms of trade worsen for everybody"
        )
    else:
        text = (
            f"From week {tariff.week} on whoever buys an import pays a tariff of {rate} on top of "
            f"its price. The revenue reaches final users the same week in proportion to their "
            f"base-year incomes: nothing is lost, but buyers see a price that is not the good’s"
        )
    traffic = "exports" if foreign else "imports"
    return f"{text}. In the base year {traffic} come to {share} of all income, above all {most}."


def _shock(comparison: Comparison, shock: Shock) -> str:
    economy = comparison.contract.economy
    share = float(economy.output[economy.network.row(shock.resource)]) / economy.scale
    text = (
        f"In week {shock.week} the weekly flow of “{shock.resource}” {_change(shock.factor)} and "
        f"stays there. In the base year it earns {percent(share)} of all income"
    )
    makers = made_from(economy, shock.resource)
    if not makers:
        return f"{text}."
    return f"{text}; it goes into {some(makers)}."


def _change(factor: float) -> str:
    words = {0.5: "halves", 2.0: "doubles", 1.0: "does not change"}
    if factor in words:
        return words[factor]
    return f"{'falls' if factor < 1 else 'rises'} to {percent(factor)}"


def _length(weeks: int) -> str:
    years = f" ({counted(weeks // YEAR, 'year')})" if weeks % YEAR == 0 else ""
    return f"{counted(weeks, 'week')}{years}"


def _rivals(comparison: Comparison, measure: str) -> dict[str, Summary]:
    """Summaries of the mechanisms that are no oracle and have the measure."""
    rivals = [m for m in comparison.outcomes if not comparison.oracle(m)]
    found = {m: comparison.summary(m, measure) for m in rivals}
    return {m: s for m, s in found.items() if s.mean is not None}


def _level(comparison: Comparison) -> str:
    found = _rivals(comparison, "efficiency")
    if not found:
        return ""
    ranked = sorted(found, key=lambda m: -(found[m].mean or 0.0))
    parts = [f"{estimate(found[m])} under the {label(m)}" for m in ranked]
    return f"From week {YEAR} on, efficiency was {joined(parts)} (the optimum is 1)."


def _second(comparison: Comparison) -> str:
    found = _rivals(comparison, "wedge_efficiency") if wedge(comparison) else {}
    if not found:
        return ""
    parts = [f"{estimate(s)} under the {label(m)}" for m, s in found.items()]
    return (
        f"Held against the best that can be had while buyers pay the tariff, it was "
        f"{joined(parts)}; who takes no notice of prices takes none of the tariff and can pass 1."
    )


def _loss(comparison: Comparison) -> str:
    found = _rivals(comparison, "area_lost")
    if not found:
        return ""
    ranked = sorted(found, key=lambda m: -(found[m].mean or 0.0))
    most, *others = ranked
    text = (
        f"Beyond what the optimum itself lost, the {event(comparison)} cost the {label(most)} "
        f"{estimate(found[most])} weeks of efficiency"
    )
    if not others:
        return f"{text}."
    rest = joined([f"the {label(m)} {estimate(found[m])}" for m in others])
    return f"{text}, {rest}{_apart(comparison, most, others[0])}."


def _apart(comparison: Comparison, most: str, next_: str) -> str:
    """Whether the two differ on these seeds, paired."""
    pairs = zip(comparison.outcomes[most], comparison.outcomes[next_], strict=True)
    gaps = [
        type(a.measures["area_lost"])(
            (a.measures["area_lost"].value or 0.0) - (b.measures["area_lost"].value or 0.0)
        )
        for a, b in pairs
    ]
    gap = summarise(gaps, MEASURES["area_lost"].unit)
    if gap.mean is None or gap.ci95 is None:
        return "; one seed cannot tell them apart"
    telling = "differs" if gap.ci95[0] > 0 else "does not differ"
    return f"; paired on seeds, the gap of {number(gap.mean, 3)} {telling} from zero at 95 %"


def _noticed(comparison: Comparison) -> str:
    if not comparison.contract.shocks or len(comparison.seeds) < 2:
        return ""
    rivals = [m for m in comparison.outcomes if not comparison.oracle(m)]
    known = [m for m in rivals if response(comparison, m) is not None]
    seen = [f"the {label(m)}" for m in known if comparison.detectable(m)]
    unseen = [f"the {label(m)}" for m in known if not comparison.detectable(m)]
    said = [f"can be told from chance for {joined(seen)}"] if seen else []
    said += [f"cannot be told from chance for {joined(unseen, 'or')}"] if unseen else []
    if not said:
        return ""
    return f"The response (peak of the mean over two standard errors) {joined(said, 'but')}."


def users_of(comparison: Comparison) -> str:
    """The plants whose cuts are shown, in the singular."""
    found = scarce_goods(comparison.contract)
    if any(isinstance(s, Tariff) for s in comparison.contract.shocks):
        return f"plant at home that uses what is imported most ({joined(found)})"
    return f"plant that uses {some(found)}"


def price_title(comparison: Comparison) -> str:
    """What the section on prices is about."""
    shocks = comparison.contract.shocks
    tariffs = [isinstance(s, Tariff) for s in shocks]
    if any(tariffs):
        return "The price of imports" if all(tariffs) else "The price of imports and resources"
    return "The price of what is scarce"
