"""The finding in plain words, generated from numbers alone."""

from catallax.experiments import Comparison, Summary
from catallax.experiments.summary import summarise
from catallax.measures import MEASURES
from catallax.measures.values import BURN
from catallax.report.charts import event
from catallax.report.events import wedge
from catallax.report.series import response
from catallax.report.words import estimate, joined, label, number


def finding(comparison: Comparison) -> list[str]:
    """A few sentences that only state numbers."""
    said = [_level(comparison), _second(comparison), _loss(comparison), _noticed(comparison)]
    return [s for s in said if s] or ["No measure is defined for these runs."]


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
    return f"From week {BURN} on, efficiency was {joined(parts)} (the optimum is 1)."


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
    seen = [f"the {label(m)}" for m in known if comparison.detectable(m, "response")]
    unseen = [f"the {label(m)}" for m in known if not comparison.detectable(m, "response")]
    said = [f"can be told from chance for {joined(seen)}"] if seen else []
    said += [f"cannot be told from chance for {joined(unseen, 'or')}"] if unseen else []
    if not said:
        return ""
    return f"The response (peak of the mean over two standard errors) {joined(said, 'but')}."
