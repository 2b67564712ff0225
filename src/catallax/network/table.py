"""The only shape in which agents hold, say or remember anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def frozen(array: npt.ArrayLike, dtype: Any = np.float64) -> npt.NDArray[Any]:
    """`array` as a contiguous, read-only array that shares no memory with a writable one."""
    given = np.asarray(array)
    if not given.flags.writeable and given.dtype == dtype and given.flags.c_contiguous:
        return given
    copy = np.array(given, dtype=dtype, order="C")
    copy.setflags(write=False)
    return copy


@final
@dataclass(frozen=True, eq=False)
class Table:
    """Named numbers, one per row or one per link.

    row  : name -> (n,)
    link : name -> (m,)
    """

    row: Mapping[str, Floats] = field(default_factory=dict)
    link: Mapping[str, Floats] = field(default_factory=dict)

    def __or__(self, other: "Table") -> "Table":
        """Both tables' columns; `other` wins where a name stands in both."""
        return Table({**self.row, **other.row}, {**self.link, **other.link})

    def __repr__(self) -> str:
        return f"Table(row={sorted(self.row)}, link={sorted(self.link)})"

    def cut(self, row: int, links: slice) -> "Table":
        """The table of one row on its own: its entry and the entries of its links."""
        return Table(
            {k: v[row : row + 1] for k, v in self.row.items()},
            {k: v[links] for k, v in self.link.items()},
        )
