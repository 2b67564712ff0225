"""One measured number, what it was held against, and whether that was reached."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, final


@final
@dataclass(frozen=True)
class Figure:
    """A number that a benchmark measured.

    what   : in a few words, such as "agent-updates a second"
    system : whose number it is; a ratio is called "A / B"
    size   : of what, such as "town:10000"
    value  : the number; None where it was not measured, and `how` says why
    unit   : of the number
    how    : how it was measured: best or median of how many, what was scaled
    target : what is to be reached, if anything; smaller numbers are better where `below` is set
    below  : whether the target is an upper limit
    rows   : number of rows behind it, for the picture; None: not drawn
    """

    what: str
    system: str
    size: str
    value: float | None
    unit: str
    how: str
    target: float | None = None
    below: bool = False
    rows: int | None = None

    @property
    def reached(self) -> bool | None:
        """Whether the target was reached; None where there is none or nothing was measured."""
        if self.target is None or self.value is None:
            return None
        return self.value <= self.target if self.below else self.value >= self.target

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    @staticmethod
    def from_plain(plain: Mapping[str, Any]) -> "Figure":
        """The figure of `plain`."""
        return Figure(**plain)


def ratio(what: str, over: Figure, under: Figure, target: float | None = None) -> Figure:
    """How many times larger `over` is than `under`, both measured in the same run."""
    known = over.value is not None and under.value
    value = over.value / under.value if known else None  # type: ignore[operator]
    return Figure(
        what,
        f"{over.system} / {under.system}",
        over.size,
        value,
        "×",
        "both numbers from one run, measured in turn",
        target,
    )
