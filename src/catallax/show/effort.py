"""What is said of tuning: by how many runs, on which seeds, and of whom it cannot be said."""

from collections.abc import Sequence

from catallax.show.story import domain_behind, named, rivals
from catallax.show.words import joined, opened
from catallax.study import Comparison
from catallax.study.tuning import Standing, overlap, spans, standing
from catallax.study.tuning.record import shipped_records

UNTOLD = "settings as they come: nothing is tuned here"


def lines(comparison: Comparison) -> Sequence[str]:
    """One line for each mechanism that is no oracle; one for all where nobody tunes any."""
    if _is_untold(comparison):
        return [f"{opened(UNTOLD)}."]
    return [f"{named(comparison, m)}: {_standing(comparison, m).text}." for m in rivals(comparison)]


def caption(comparison: Comparison) -> str:
    """The shortest that is true."""
    untuned = _untuned(comparison)
    if _is_untold(comparison):
        return UNTOLD
    said = f"untuned gains: {joined(untuned)}" if untuned else "gains tuned on other seeds"
    known = overlap(comparison.seeds, comparison.contract.domain)
    return f"{said}; trained on {_seeds(known)}" if known else said


def caveats(comparison: Comparison) -> list[str]:
    """What to keep in mind of the settings."""
    if _is_untold(comparison):
        return []
    said, untuned = [], _untuned(comparison)
    known = overlap(comparison.seeds, comparison.contract.domain)
    if untuned:
        said.append(
            f"The gains of {joined(untuned)} are untuned. A mechanism that does badly here may do "
            f"better when tuned, and by different amounts."
        )
    if any(_standing(comparison, m).tuned for m in comparison.outcomes):
        said.append(
            "Gains are tuned by equally many runs each, under default laws on short and small "
            "runs: that favours whatever is good at once, and says little of other laws."
        )
    if known:
        said.append(
            f"The mechanisms were tuned on {_seeds(known)}, which are among those of this "
            f"comparison: results flatter those that were tuned."
        )
    return said


def _is_untold(comparison: Comparison) -> bool:
    """Whether there are no records of tuning in the domain at all."""
    domain = domain_behind(comparison)
    return not any(shipped_records(m, domain.name) for m in domain.mechanisms)


def _standing(comparison: Comparison, mechanism: str) -> Standing:
    return standing(mechanism, comparison.contract.domain)


def _seeds(seeds: Sequence[int]) -> str:
    return f"{'seed' if len(seeds) == 1 else 'seeds'} {spans(seeds)}"


def _untuned(comparison: Comparison) -> list[str]:
    return [named(comparison, m) for m in rivals(comparison) if not _standing(comparison, m).tuned]
