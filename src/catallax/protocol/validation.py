"""Published numbers that a domain must reproduce before it answers anything else."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, final

from catallax.errors import CatallaxError

Progress = Callable[[int, int, str], None]
"""Called with (pieces done, pieces in all, name of the last) of any work: runs, rows, jobs."""


@final
@dataclass(frozen=True)
class Reproduced:
    """What a domain's own model code gives for a row.

    value     : in the row's unit; None where there is none, and `reason` says why
    tolerance : in the row's unit, in place of the row's own: three standard errors of a simulation
    reason    : why there is no value; "" where there is one
    """

    value: float | None
    tolerance: float | None = None
    reason: str = ""

    @staticmethod
    def farthest(values: Iterable[float], claimed: float) -> "Reproduced":
        """The value farthest from what is claimed: if that one holds, all of them do.

        One value that is not a finite number leaves the row without a value.
        """
        found = [float(value) for value in values]
        broken = [value for value in found if not math.isfinite(value)]
        if broken or not found:
            says = f"{len(broken)} of {len(found)} values are not finite numbers"
            return Reproduced(None, reason=says)
        return Reproduced(max(found, key=lambda value: abs(value - claimed)))


@final
@dataclass(frozen=True)
class ValidationRow:
    """A published number with the exact definition under which it holds.

    id         : what people call it; no two rows of all domains share one
    domain     : whose model code reproduces it
    claimed    : the number, in `unit`
    tolerance  : how far ours may be off: in `unit`, or where `relative` as a share of `claimed`
    unit       : of all three numbers
    definition : under what exactly it holds
    source     : who claims it, by author and year as in docs/references.md
    compute    : reproduces it; deterministic
    relative   : whether `tolerance` is a share of `claimed`
    held_out   : shown as passed or failed and never tuned to; its failure fails nothing else
    """

    id: str
    domain: str
    claimed: float
    tolerance: float
    unit: str
    definition: str
    source: str
    compute: Callable[[], Reproduced]
    relative: bool = False
    held_out: bool = False

    @property
    def allowed(self) -> float:
        """How far ours may be off, in `unit`."""
        return self.tolerance * abs(self.claimed) if self.relative else self.tolerance


@final
@dataclass(frozen=True)
class ValidationResult:
    """A row and what came of it.

    ours      : the number that was reproduced, None if there was none
    tolerance : how far it might be off, in the row's unit
    reason    : why the row failed; "" if it passed
    """

    row: ValidationRow
    ours: float | None
    tolerance: float
    reason: str = ""

    @property
    def passed(self) -> bool:
        """Whether ours is within the tolerance of what is claimed."""
        return not self.reason

    @property
    def is_failure(self) -> bool:
        """Whether a row failed that is not held out."""
        return not self.passed and not self.row.held_out

    def to_dict(self) -> dict[str, Any]:
        """The result as JSON-ready values."""
        row = self.row
        return {
            "id": row.id,
            "domain": row.domain,
            "claimed": row.claimed,
            "tolerance": self.tolerance,
            "ours": self.ours,
            "passed": self.passed,
            "held_out": row.held_out,
            "source": row.source,
            "definition": row.definition,
            "unit": row.unit,
            "reason": self.reason,
        }


def validate(
    rows: Sequence[ValidationRow], *, progress: Progress | None = None
) -> list[ValidationResult]:
    """Every row's result, in their order.

    A row that raises CatallaxError, has no value or no finite one has failed, with the reason.
    """
    results = []
    for done, row in enumerate(rows, start=1):
        results.append(validate_row(row))
        if progress is not None:
            progress(done, len(rows), row.id)
    return results


def validate_row(row: ValidationRow) -> ValidationResult:
    """What came of one row, as `validate` has it."""
    try:
        found = row.compute()
    except CatallaxError as e:
        return ValidationResult(row, None, row.allowed, str(e) or type(e).__name__)
    allowed = row.allowed if found.tolerance is None else found.tolerance
    if found.value is None:
        return ValidationResult(row, None, allowed, found.reason or "no number was found")
    if not math.isfinite(found.value) or not math.isfinite(allowed):
        says = f"ours is {found.value} with tolerance {allowed}: not finite numbers"
        return ValidationResult(row, None, row.allowed, says)
    off = abs(found.value - row.claimed)
    missed = f"off by {off:.3g}, more than {allowed:.3g}" if off > allowed else ""
    return ValidationResult(row, float(found.value), allowed, missed)
