"""The only shape in which agents hold, say or remember anything."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


SMALL = 4096  # bytes up to which a copy costs no more than looking at the original
_LOCKS = (bytes, type(np.from_dlpack(np.zeros(1)).base))  # owners that let nobody write


def sealed(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The numbers of `array`, read-only, in memory that NumPy makes writable for nobody.

    A short array is copied. A long one is looked at where it stands, through a capsule that does
    not lead back to it, and is read-only from then on; nothing is copied.
    """
    if type(array.base) in _LOCKS and not array.flags.writeable:
        return array
    if _is_part(array):
        return array
    if 0 < array.nbytes <= SMALL and array.flags.c_contiguous:
        copy = np.frombuffer(array.tobytes(), array.dtype)
        return copy if array.ndim == 1 else copy.reshape(array.shape)
    return _looked_at(array)


def _is_part(array: npt.NDArray[Any]) -> bool:
    """Whether it is a part of a sealed array."""
    base: Any = array
    while type(base) is np.ndarray and not base.flags.writeable:
        base = base.base
    return type(base) in _LOCKS


def _looked_at(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    try:
        found = np.from_dlpack(array)
    except BufferError:  # NumPy before 2.2 shows only what can be written to
        found = np.from_dlpack(array.copy())
    found.setflags(write=False)
    array.setflags(write=False)
    return found


def frozen(array: npt.ArrayLike, dtype: Any = np.float64) -> npt.NDArray[Any]:
    """`array` as a contiguous, sealed array that shares no memory with a writable one."""
    given = np.asarray(array)
    if not given.flags.writeable and given.dtype == dtype and given.flags.c_contiguous:
        return sealed(given)
    return sealed(np.array(given, dtype=dtype, order="C"))


def resealed(state: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes by name as they come out of a pickle, which forgets that arrays were sealed."""
    return {name: _resealed(value) for name, value in state.items()}


def _resealed(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return sealed(value)
    return tuple(map(_resealed, value)) if type(value) is tuple else value


@final
class Lazy(Mapping[str, Floats]):
    """Columns that are worked out when somebody looks at them, and then kept, sealed.

    A copy or a pickle is a plain dict of all of them.
    """

    def __init__(self, columns: Mapping[str, Callable[[], Floats]]) -> None:
        self._columns = columns
        self._made: dict[str, Floats] = {}

    def __getitem__(self, name: str) -> Floats:
        """The column called `name`."""
        if name not in self._made:
            self._made[name] = sealed(self._columns[name]())
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        """Names."""
        return iter(self._columns)

    def __len__(self) -> int:
        """How many columns there are."""
        return len(self._columns)

    def __deepcopy__(self, memo: Any) -> dict[str, Floats]:
        return {name: value.copy() for name, value in self.items()}

    def __reduce__(self) -> Any:
        return dict, (dict(self),)


def _joined(one: Mapping[str, Floats], two: Mapping[str, Floats]) -> Mapping[str, Floats]:
    """Columns of both; `two` wins where a name stands in both."""
    if not isinstance(one, Lazy) and not isinstance(two, Lazy):
        return {**one, **two}
    columns = {k: partial(one.__getitem__, k) for k in one}
    return Lazy(columns | {k: partial(two.__getitem__, k) for k in two})


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
        return Table(_joined(self.row, other.row), _joined(self.link, other.link))

    def __repr__(self) -> str:
        return f"Table(row={sorted(self.row)}, link={sorted(self.link)})"

    def cut(self, row: int, links: slice) -> "Table":
        """The table of one row on its own: its entry and the entries of its links."""
        return Table(
            {k: v[row : row + 1] for k, v in self.row.items()},
            {k: v[links] for k, v in self.link.items()},
        )
