"""Arrays in memory that NumPy makes writable for nobody, of which all is made that is shown."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

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
    return _view_sealed(array)


def _is_part(array: npt.NDArray[Any]) -> bool:
    """Whether it is a part of a sealed array."""
    base: Any = array
    while type(base) is np.ndarray and not base.flags.writeable:
        base = base.base
    return type(base) in _LOCKS


def _view_sealed(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
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
    return {name: _seal_again(value) for name, value in state.items()}


def _seal_again(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return sealed(value)
    return tuple(map(_seal_again, value)) if type(value) is tuple else value
