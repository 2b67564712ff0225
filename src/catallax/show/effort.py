"""What is said of tuning: by how many runs, on which seeds, and of whom it cannot be said."""

from collections.abc import Sequence

from catallax.show.story import find_domain, list_rivals, name_mechanism
from catallax.show.words import joined, opened
from catallax.study import Comparison
from catallax.study.tuning import Standing, overlap, spans, standing
from catallax.study.tuning.record import every_shipped

NOTHING_TUNED = "settings as they come: nothing is tuned here"


def describe_tuning(comparison: Comparison) -> Sequence[str]:
    """One line for each mechanism that is no oracle; one for all where nobody tunes any."""
    if _has_no_records(comparison):
        return [f"{opened(NOTHING_TUNED)}."]
    return [
        f"{name_mechanism(comparison, m)}: {_find_standing(comparison, m).text}."
        for m in list_rivals(comparison)
    ]


def summarise_tuning(comparison: Comparison) -> str:
    """The shortest that is true."""
    untuned = _list_untuned(comparison)
    if _has_no_records(comparison):
        return NOTHING_TUNED
    said = f"untuned gains: {joined(untuned)}" if untuned else "gains tuned on other seeds"
    known = overlap(comparison.seeds, comparison.contract.domain)
    return f"{said}; trained on {_name_seeds(known)}" if known else said


def warn_of_tuning(comparison: Comparison) -> list[str]:
    """What to keep in mind of the settings."""
    if _has_no_records(comparison):
        return []
    said, untuned = [], _list_untuned(comparison)
    known = overlap(comparison.seeds, comparison.contract.domain)
    if untuned:
        said.append(
            f"The gains of {joined(untuned)} are untuned. A mechanism that does badly here may do "
            f"better when tuned, and by different amounts."
        )
    if any(_find_standing(comparison, m).tuned for m in comparison.outcomes):
        said.append(
            "Gains are tuned by equally many runs each, under default laws on short and small "
            "runs: that favours whatever is good at once, and says little of other laws."
        )
    if known:
        said.append(
            f"The mechanisms were tuned on {_name_seeds(known)}, which are among those of this "
            f"comparison: results flatter those that were tuned."
        )
    return said


def _has_no_records(comparison: Comparison) -> bool:
    """Whether there are no records of tuning in the domain at all."""
    domain = find_domain(comparison)
    return not any(every_shipped(m, domain.name) for m in domain.mechanisms)


def _find_standing(comparison: Comparison, mechanism: str) -> Standing:
    return standing(mechanism, comparison.contract.domain)


def _name_seeds(seeds: Sequence[int]) -> str:
    return f"{'seed' if len(seeds) == 1 else 'seeds'} {spans(seeds)}"


def _list_untuned(comparison: Comparison) -> list[str]:
    return [
        name_mechanism(comparison, m)
        for m in list_rivals(comparison)
        if not _find_standing(comparison, m).tuned
    ]
