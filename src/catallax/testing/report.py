"""What the barrier test found, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import final

from catallax.protocol import Finding, Offence

MOST = 5  # findings that are told


@final
@dataclass(frozen=True)
class Report:
    """What the barrier test found.

    source   : the mechanism
    seed     : from which its runs were drawn; the same seed draws them again
    runs     : what was played, in words
    calls    : how many calls were noted
    replayed : how many of them were made again before time was up
    findings : what went wrong, the gravest first, one for each offence in a verb; empty when it
               passed
    """

    source: str
    seed: int
    runs: tuple[str, ...]
    calls: int
    replayed: int
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    @property
    def told(self) -> tuple[Finding, ...]:
        """The findings that are told: five at most."""
        return self.findings[:MOST]

    @property
    def lines(self) -> tuple[str, ...]:
        """The same in words, with how to mend them."""
        return tuple(f"{f}: {f.offence.value}" for f in self.told)


# Where several show one fault, what names it comes first.
ORDER = (
    Offence.UNSAID,
    Offence.REACHES,
    Offence.INSIDE,
    Offence.PATCHED,
    Offence.WRITES,
    Offence.CHANGES,
    Offence.HIDDEN,
    Offence.MEMORY,
    Offence.DIFFERS,
    Offence.ENDED,
    Offence.STOPPED,
)


def sort_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One finding for each offence in a verb: the first of the run, in the order of `ORDER`."""
    first: dict[tuple[Offence, str], Finding] = {}
    for finding in sorted(findings, key=_sort_key):
        first.setdefault((finding.offence, finding.verb), finding)
    return tuple(sorted(first.values(), key=lambda f: ORDER.index(f.offence)))


def _sort_key(finding: Finding) -> tuple[int, int]:
    return (
        -1 if finding.week is None else finding.week,
        -1 if finding.row is None else finding.row,
    )
