"""The finding in plain words, generated from numbers alone: the measure that a domain judges by."""

from catallax.protocol import Measure
from catallax.show.story import (
    find_domain,
    list_rivals,
    name_mechanism,
    order_mechanisms,
    title_mechanism,
)
from catallax.show.words import counted, format_estimate, joined, number, opened, round_to_interval
from catallax.study import Comparison, Summary

SHOWN = 4  # mechanisms that a sentence names
TOWARDS = {"higher": "higher is better", "lower": "lower is better", "neither": ""}


def state_findings(comparison: Comparison) -> list[str]:
    """A few sentences that only state numbers."""
    measure = find_judging_measure(comparison)
    said = [
        _state_levels(comparison, measure),
        _compare_first_two(comparison, measure),
        _state_oracles(comparison, measure),
    ]
    return [s for s in said if s] or ["No measure is defined for these runs."]


def find_judging_measure(comparison: Comparison) -> Measure:
    """The measure by which studies judge."""
    domain = find_domain(comparison)
    return domain.measure(domain.judged_by)


def head_measure(measure: Measure) -> str:
    """A measure's name with a capital letter."""
    return opened(measure.name.replace("_", " "))


def rank_by_measure(
    comparison: Comparison, measure: Measure, names: list[str]
) -> dict[str, Summary]:
    """Summaries of those that have the measure, best first; as compared where none is better."""
    found = {m: comparison.summary(m, measure.name) for m in names}
    there = [m for m in names if found[m].mean is not None]
    sign = {"higher": -1.0, "lower": 1.0, "neither": 0.0}[measure.better]
    return {m: found[m] for m in sorted(there, key=lambda m: sign * (found[m].mean or 0.0))}


def _state_levels(comparison: Comparison, measure: Measure) -> str:
    found = rank_by_measure(comparison, measure, list_rivals(comparison))
    if not found:
        return ""
    parts = [
        f"{name_mechanism(comparison, m)} {format_estimate(s)}" for m, s in [*found.items()][:SHOWN]
    ]
    last = ""
    if len(found) > SHOWN:
        name, least = [*found.items()][-1]
        last = (
            f"; last of {len(found)}: {name_mechanism(comparison, name)} {format_estimate(least)}"
        )
    towards = TOWARDS[measure.better]
    unit = f"{measure.unit}; {towards}" if towards else measure.unit
    return f"{head_measure(measure)} ({unit}): {joined(parts)}{last}."


def _compare_first_two(comparison: Comparison, measure: Measure) -> str:
    """Whether the first two differ on these seeds, paired."""
    found = list(rank_by_measure(comparison, measure, list_rivals(comparison)))
    if len(found) < 2:
        return ""
    first, second = found[:2]
    gap = comparison.difference(first, measure.name, second)
    opponents = name_mechanism(comparison, first), name_mechanism(comparison, second)
    names = " and ".join(opponents)
    if gap.mean is None or gap.ci95 is None:
        return f"One seed cannot tell {names} from chance."
    mean, low, high = round_to_interval(gap.mean, *gap.ci95)
    if gap.ci95[0] <= 0.0 <= gap.ci95[1]:
        return (
            f"{opened(names)} differ by less than {counted(len(comparison.seeds), 'seed')} can "
            f"tell ({low} to {high} at 95 %, paired on seeds)."
        )
    return (
        f"Paired on seeds, {opponents[0]} differs from {opponents[1]} by {mean} "
        f"({low} to {high} at 95 %)."
    )


def _state_oracles(comparison: Comparison, measure: Measure) -> str:
    oracles = [m for m in order_mechanisms(comparison) if comparison.oracle(m)]
    found = rank_by_measure(comparison, measure, oracles)
    if not found:
        return ""
    parts = [f"{title_mechanism(comparison, m)} {number(s.mean)}" for m, s in found.items()]
    return f"For comparison, with everything known: {joined(parts)}."
