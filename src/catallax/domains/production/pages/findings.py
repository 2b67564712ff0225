"""What came of a comparison of an economy, in plain words and generated from numbers alone."""

from catallax.domains.production.measures.values import BURN
from catallax.domains.production.pages.story import wedge
from catallax.domains.production.tracing import RESPONSE
from catallax.show.story import list_rivals, name_event, name_mechanism, order_mechanisms
from catallax.show.words import format_estimate, joined, number
from catallax.study import Comparison, Summary


def findings(comparison: Comparison) -> list[str]:
    """A few sentences that only state numbers."""
    said = [_level(comparison), _second(comparison), _loss(comparison), _noticed(comparison)]
    return [s for s in said if s] or ["No measure is defined for these runs."]


def _rivals(comparison: Comparison, measure: str) -> dict[str, Summary]:
    """Summaries of the mechanisms that are no oracle and have the measure."""
    found = {m: comparison.summary(m, measure) for m in list_rivals(comparison)}
    return {m: s for m, s in found.items() if s.mean is not None}


def _level(comparison: Comparison) -> str:
    found = _rivals(comparison, "efficiency")
    if not found:
        return ""
    ranked = sorted(found, key=lambda m: -(found[m].mean or 0.0))
    parts = [
        f"{format_estimate(found[m])} under the {name_mechanism(comparison, m)}" for m in ranked
    ]
    return f"From week {BURN} on, efficiency was {joined(parts)} (the optimum is 1)."


def _second(comparison: Comparison) -> str:
    found = _rivals(comparison, "wedge_efficiency") if wedge(comparison) else {}
    if not found:
        return ""
    parts = [
        f"{format_estimate(s)} under the {name_mechanism(comparison, m)}" for m, s in found.items()
    ]
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
        f"Beyond what the optimum itself lost, the {name_event(comparison)} cost the "
        f"{name_mechanism(comparison, most)} {format_estimate(found[most])} weeks of efficiency"
    )
    if not others:
        return f"{text}."
    rest = joined(
        [f"the {name_mechanism(comparison, m)} {format_estimate(found[m])}" for m in others]
    )
    return f"{text}, {rest}{_apart(comparison, most, others[0])}."


def _apart(comparison: Comparison, most: str, next_: str) -> str:
    """Whether the two differ on these seeds, paired."""
    gap = comparison.difference(most, "area_lost", next_)
    if gap.mean is None or gap.ci95 is None:
        return "; one seed cannot tell them from chance"
    telling = "differs" if gap.ci95[0] > 0 else "does not differ"
    return f"; paired on seeds, the gap of {number(gap.mean, 3)} {telling} from zero at 95 %"


def _noticed(comparison: Comparison) -> str:
    if not comparison.contract.shocks or len(comparison.seeds) < 2:
        return ""
    whole = len(comparison.seeds)
    known = [m for m in list_rivals(comparison) if len(comparison.paths(m, RESPONSE)) == whole]
    sure = {m: comparison.detectable(m, RESPONSE) for m in known}
    seen = [f"the {name_mechanism(comparison, m)}" for m in known if sure[m]]
    unseen = [f"the {name_mechanism(comparison, m)}" for m in known if not sure[m]]
    said = [f"is more than chance for {joined(seen)}"] if seen else []
    said += [f"may be chance for {joined(unseen)}"] if unseen else []
    if not said:
        return ""
    return f"The response (peak of the mean over two standard errors) {joined(said, 'but')}."


def notes(comparison: Comparison) -> list[str]:
    """Where a tariff is paid at home: efficiency against the equilibrium with it."""
    if not wedge(comparison):
        return []
    found = {m: comparison.summary(m, "wedge_efficiency") for m in order_mechanisms(comparison)}
    there = {m: s for m, s in found.items() if s.mean is not None}
    parts = [f"{name_mechanism(comparison, m)} {format_estimate(s)}" for m, s in there.items()]
    return [f"Efficiency over that of the equilibrium with the tariff: {joined(parts)}."]
