"""What a measure is, and what it comes to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import final

from catallax.measures.assess import Assessed


@final
@dataclass(frozen=True)
class Measured:
    """A value, or None with the reason why there is none."""

    value: float | None
    reason: str = ""


Function = Callable[[Assessed, Assessed | None], Measured]


@final
@dataclass(frozen=True)
class Measure:
    """A named measure.

    unit   : of its value
    better : "higher", "lower" or "neither"
    text   : what it is, in a sentence or two
    source : where it comes from
    needs  : name of a series without which there is none; "" if it needs none in particular
    """

    name: str
    unit: str
    better: str
    text: str
    source: str
    function: Function
    needs: str = ""
