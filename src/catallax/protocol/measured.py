"""What a measure of a domain is, and what it comes to."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from catallax.errors import InputError
from catallax.protocol.contract import AbstractRun

BETTER = ("higher", "lower", "neither")


@final
@dataclass(frozen=True)
class Measured:
    """A value, or None with the reason why there is none."""

    value: float | None
    reason: str = ""


@final
@dataclass(frozen=True)
class Measure:
    """A named measure of a run.

    unit     : of its value
    better   : "higher", "lower" or "neither"
    text     : what it is, in a sentence or two
    source   : where it comes from
    function : (what the domain looks at of a run, the same of its unshocked twin or None) ->
               `Measured`; pure. Of most domains that is the run itself
    needs    : name of a series without which there is none; "" if it needs none in particular
    without  : why there may be no such series, and how to have it
    failed   : what a run counts that stopped, where that means something; else None
    twin     : whether it compares a shocked run with its unshocked twin
    burn     : weeks at the start that it leaves out: a run must be longer
    above_one : why a share of the optimum can pass 1, for a note where one does; "" for nothing
    line     : name of a line of the trace. Where its mean over seeds cannot be told from 0 after
               the shock, the measure has no mean; "" if it hangs on none

    Raises InputError for an unknown direction.
    """

    name: str
    unit: str
    better: str
    text: str
    source: str
    function: Callable[[Any, Any], Measured]
    needs: str = ""
    without: str = ""
    failed: float | None = None
    twin: bool = False
    burn: int = 0
    line: str = ""
    above_one: str = ""

    def __post_init__(self) -> None:
        if self.better not in BETTER:
            raise InputError(
                f"measure {self.name!r}: better is {self.better!r}, expected one of "
                f"{', '.join(BETTER)}"
            )
        if not self.name.isidentifier():
            raise InputError(
                f"measure {self.name!r}: a name is letters, digits and underscores, such as "
                f"price_gap"
            )


def measure_run(
    measures: Iterable[Measure], run: AbstractRun, seen: Any, twin: Any
) -> dict[str, Measured]:
    """What the measures come to.

    seen, twin : what the domain looks at of the run, and of its unshocked twin or None
    """
    if not run.completed:
        stopped = Measured(None, f"{run.stop.name.lower()}: {run.reason}")
        return {m.name: stopped for m in measures}
    return {m.name: _measure(m, run, seen, twin) for m in measures}


def _measure(measure: Measure, run: AbstractRun, seen: Any, twin: Any) -> Measured:
    there = ("", *run.series, *getattr(run, "sampled", ()))
    if measure.needs not in there:
        return Measured(None, measure.without or f"{measure.needs} was not recorded")
    found = measure.function(seen, twin)
    if not isinstance(found, Measured):
        raise InputError(
            f"measure {measure.name!r}: gave {type(found).__name__}; return "
            f"Measured(value) or Measured(None, reason)"
        )
    if found.value is not None and not math.isfinite(found.value):
        return Measured(None, f"came to {found.value}, which is not a finite number")
    if isinstance(found.value, np.generic):  # a row of a store takes plain numbers alone
        return Measured(float(found.value), found.reason)
    return found
