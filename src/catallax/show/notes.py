"""What stands below tables: how far on the way from null to optimum, and why a share passes 1."""

from collections.abc import Iterable, Mapping

from catallax.protocol import Measure
from catallax.show.story import list_rivals, name_mechanism
from catallax.show.words import format_estimate, joined, opened
from catallax.study import Comparison, Summary

WAY = "share of the way"
SHORT = "way"
DECIMALS = 4  # to which a number is taken for 1


def explain_way(comparison: Comparison) -> str:
    """What the share of the way is, in a few sentences."""
    null, optimum = (
        name_mechanism(comparison, name or "") for name in (comparison.null, comparison.optimum)
    )
    measure = comparison.judged_by.replace("_", " ")
    return (
        f"{opened(measure)} less that of {null}, over that of {optimum} less that of {null}: 0 is "
        f"what goes on with nobody to coordinate it, 1 the optimum. Of means, paired on seeds, "
        f"with Fieller’s interval."
    )


def state_way(comparison: Comparison) -> str:
    """How far each gets, in a sentence; "" where there is no way to go."""
    if comparison.no_way:
        return ""
    rivals = [m for m in list_rivals(comparison) if m != comparison.null]
    found = {m: comparison.share_of_way(m) for m in rivals}
    known = {m: s for m, s in found.items() if s.mean is not None}
    null, optimum = (
        name_mechanism(comparison, name or "") for name in (comparison.null, comparison.optimum)
    )
    if not known:
        return next((f"No share of the way: {s.reason}." for s in found.values()), "")
    parts = [f"{name_mechanism(comparison, m)} {format_estimate(s)}" for m, s in known.items()]
    return f"Of the way from {null} (nobody coordinates) to {optimum}: {joined(parts)}."


def note_no_way(comparison: Comparison) -> list[str]:
    """Why no share of the way is shown, where the domain has a null."""
    if not comparison.no_way or comparison.named_null is None:
        return []
    return [f"No {WAY} from null to optimum: {comparison.no_way}."]


def note_above_one(
    measures: Mapping[str, Measure], shown: Iterable[tuple[str, float | None]]
) -> list[str]:
    """Why a share of the optimum can pass 1, where one that is shown does.

    shown : (measure, its value or mean) as printed
    """
    above = dict.fromkeys(
        name
        for name, value in shown
        if value is not None and round(value, DECIMALS) > 1.0 and measures[name].above_one
    )
    reasons = dict[str, list[str]]()
    for name in above:
        reasons.setdefault(measures[name].above_one, []).append(name.replace("_", " "))
    return [f"{opened(joined(names))} above 1: {why}." for why, names in reasons.items()]


def note_means_above_one(comparison: Comparison, measures: Iterable[str]) -> list[str]:
    """The same of the means of a comparison."""
    found: list[tuple[str, Summary]] = [
        (name, comparison.summary(m, name)) for name in measures for m in comparison.outcomes
    ]
    return note_above_one(comparison.measures, [(name, s.mean) for name, s in found])
