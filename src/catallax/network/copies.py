"""Several like economies side by side in one array.

What is worked out row by row is then worked out for all of them in one pass. Rows stay sorted by
kind, so the entries of one copy come in pieces: the endowments of all copies, then all their
plants, then all their households; the links of all plants, then those of all households.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def each(x: Array, copies: int, lengths: Sequence[int]) -> Array:
    """(copies, k) the entries of each copy, from the array (copies * k,) of all.

    lengths : of the pieces of one copy, k together
    """
    out, at = [], 0
    for length in lengths:
        out.append(x[at : at + copies * length].reshape(copies, length))
        at += copies * length
    return out[0] if len(out) == 1 else np.concatenate(out, axis=1)


def together(parts: Array, lengths: Sequence[int]) -> Array:
    """(copies * k,) the array of all, from the entries (copies, k) of each copy."""
    out, at = [], 0
    for length in lengths:
        out.append(parts[:, at : at + length].ravel())
        at += length
    return np.concatenate(out)
