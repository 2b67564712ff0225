"""Published numbers that a domain must reproduce."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True)
class Reproduced:
    """What the package makes of a published number.

    value     : ours; None if there is none
    tolerance : in place of the row's, such as three standard errors of a simulation
    reason    : why there is no value
    """

    value: float | None
    tolerance: float | None = None
    reason: str = ""


@final
@dataclass(frozen=True)
class ValidationRow:
    """A published number and how the package reproduces it.

    definition : under which it holds, exactly
    tolerance  : largest difference, a share of the claimed number if `relative`
    compute    : works ours out
    held_out   : never tuned to; shown as passed or failed
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
