"""A panel: many series over the same periods."""

from dataclasses import dataclass
from typing import final

from catallax.arrays import Floats
from catallax.errors import InputError


@final
@dataclass(frozen=True, eq=False)
class Panel:
    """Rows x time, with names.

    title   : what it is and in which unit
    names   : (n,) of the rows
    periods : (T,) of the periods, in their order
    series  : (n, T), NaN where a value is missing
    """

    title: str
    names: tuple[str, ...]
    periods: tuple[str, ...]
    series: Floats

    def __post_init__(self) -> None:
        if self.series.shape != (len(self.names), len(self.periods)):
            raise InputError(
                f"{self.title}: series of shape {self.series.shape}, expected "
                f"{len(self.names)} rows x {len(self.periods)} periods"
            )
