"""Large arrays used again: what the system hands out anew costs as much as a pass over it.

An array goes back when nobody refers to it any more, nor to a view of it; Python's own count of
references says so. `release` gives all of it back to the system.
"""

import sys
import threading

import numpy as np

from catallax.arrays import Floats

LARGE = 1 << 20  # numbers from which arrays are used again
MOST = 16  # arrays of one size that are kept

_kept: dict[int, list[Floats]] = {}
_lock = threading.Lock()


def _references(arrays: list[Floats]) -> int:
    """References to the first of the arrays, this look at it included."""
    return sys.getrefcount(arrays[0])


_UNUSED = _references([np.empty(0)])


def empty(size: int) -> Floats:
    """A writable array (size,) with anything in it."""
    if size < LARGE:
        return np.empty(size)
    with _lock:
        kept = _kept.setdefault(size, [])
        for k in range(len(kept)):
            kept[0], kept[k] = kept[k], kept[0]
            if _references(kept) <= _UNUSED:
                kept[0].setflags(write=True)
                return kept[0]
        new = np.empty(size)
        if len(kept) < MOST:
            kept.append(new)
        return new


def release() -> None:
    """Forget all arrays; those in use go when their users do."""
    with _lock:
        _kept.clear()
