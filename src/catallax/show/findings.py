"""The finding in plain words, generated from numbers alone: the measure that a domain judges by."""

from catallax.protocol import Measure
from catallax.show.story import domain_behind, named, order, rivals, titled
from catallax.show.words import counted, estimate, joined, number, opened, spread
from catallax.study import Comparison, Summary

SHOWN = 4  # mechanisms that a sentence names
TOWARDS = {"higher": "higher is better", "lower": "lower is better", "neither": ""}


def findings(comparison: Comparison) -> list[str]:
    """A few sentences that only state numbers."""
    measure = judged(comparison)
    said = [_level(comparison, measure), _apart(comparison, measure), _oracles(comparison, measure)]
    return [s for s in said if s] or ["No measure is defined for these runs."]


def judged(comparison: Comparison) -> Measure:
    """The measure by which studies judge."""
    domain = domain_behind(comparison)
    return domain.measure(domain.judged_by)


def heading(measure: Measure) -> str:
    """A measure's name with a capital letter."""
    return opened(measure.name.replace("_", " "))


def measured(comparison: Comparison, measure: Measure, names: list[str]) -> dict[str, Summary]:
    """Summaries of those that have the measure, best first; as compared where none is better."""
    found = {m: comparison.summary(m, measure.name) for m in names}
    there = [m for m in names if found[m].mean is not None]
    sign = {"higher": -1.0, "lower": 1.0, "neither": 0.0}[measure.better]
    return {m: found[m] for m in sorted(there, key=lambda m: sign * (found[m].mean or 0.0))}


def _level(comparison: Comparison, measure: Measure) -> str:
    found = measured(comparison, measure, rivals(comparison))
    if not found:
        return ""
    parts = [f"{named(comparison, m)} {estimate(s)}" for m, s in [*found.items()][:SHOWN]]
    last = ""
    if len(found) > SHOWN:
        name, least = [*found.items()][-1]
        last = f"; last of {len(found)}: {named(comparison, name)} {estimate(least)}"
    towards = TOWARDS[measure.better]
    unit = f"{measure.unit}; {towards}" if towards else measure.unit
    return f"{heading(measure)} ({unit}): {joined(parts)}{last}."


def _apart(comparison: Comparison, measure: Measure) -> str:
    """Whether the first two differ on these seeds, paired."""
    found = list(measured(comparison, measure, rivals(comparison)))
    if len(found) < 2:
        return ""
    first, second = found[:2]
    gap = comparison.difference(first, measure.name, second)
    names = f"{named(comparison, first)} and {named(comparison, second)}"
    if gap.mean is None or gap.ci95 is None:
        return f"One seed cannot tell {names} from chance."
    mean, low, high = spread(gap.mean, *gap.ci95)
    if gap.ci95[0] <= 0.0 <= gap.ci95[1]:
        return (
            f"{opened(names)} differ by less than {counted(len(comparison.seeds), 'seed')} can "
            f"tell ({low} to {high} at 95 %, paired on seeds)."
        )
    return (
        f"Paired on seeds, {named(comparison, first)} differs from {named(comparison, second)} by "
        f"{mean} ({low} to {high} at 95 %)."
    )


def _oracles(comparison: Comparison, measure: Measure) -> str:
    oracles = [m for m in order(comparison) if comparison.oracle(m)]
    found = measured(comparison, measure, oracles)
    if not found:
        return ""
    parts = [f"{titled(comparison, m)} {number(s.mean)}" for m, s in found.items()]
    return f"For comparison, with everything known: {joined(parts)}."
