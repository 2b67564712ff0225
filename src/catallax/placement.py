"""Where the entries of several runs stand along one axis of the array that holds them all.

Runs that are worked out side by side share arrays. A `Placement` alone knows which entries are
whose: it hands out the entries of each run, puts those of all runs together and adds up run by
run. So another order in memory is another placement, and no caller changes.

Today the entries of a run come in pieces, since rows stay sorted by kind: the endowments of all
runs, then the plants of all runs, then all households.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any, NamedTuple, final

import numpy as np
import numpy.typing as npt

from catallax.arrays import Floats

Array = npt.NDArray[Any]


@final
class Piece(NamedTuple):
    """Entries `first` to `stop` - 1 of a run, which stand together; entry 0 would be at `start`."""

    run: int
    start: int
    first: int
    stop: int

    def aligned(self, x: Array) -> Array:
        """A view of `x` (size,) in which each of these entries has its own number."""
        return x[self.start :]


@final
@dataclass(frozen=True)
class Placement:
    """The entries of `runs` runs along the last axis of an array.

    lengths : of the pieces in which the entries of one run come, each >= 0
    runs    : >= 1. With one run everything here is a view or the array itself
    """

    lengths: tuple[int, ...]
    runs: int = 1

    @cached_property
    def one(self) -> int:
        """How many entries one run has."""
        return sum(self.lengths)

    @cached_property
    def size(self) -> int:
        """How many entries all runs have."""
        return self.runs * self.one

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Every piece of every run, in the order in which they stand in the array."""
        if self.runs == 1:
            return (Piece(0, 0, 0, self.one),)
        return tuple(
            Piece(run, self.runs * first + run * length - first, first, first + length)
            for first, length in self._lengths()
            for run in range(self.runs)
        )

    @cached_property
    def ranges(self) -> list[list[tuple[int, int]]]:
        """For each run the ranges (first, stop) of the array in which its entries stand."""
        found: list[list[tuple[int, int]]] = [[] for _ in range(self.runs)]
        for run, start, first, stop in self.pieces:
            found[run].append((start + first, start + stop))
        return found

    def split(self, x: Array) -> Array:
        """(runs, ..., one) the entries of each run in `x` (..., size); of several runs read-only.

        Raises ValueError for another size.
        """
        if x.shape[-1] != self.size:
            raise _misfit(x, self)
        if self.runs == 1:
            return x[None]
        if x.strides == (0,) and len(x):
            out = np.broadcast_to(x[0], (self.runs, self.one))
        elif len(self.lengths) == 1 and x.ndim == 1:
            out = x.reshape(self.runs, self.one)
        else:
            out = np.empty((self.runs, *x.shape[:-1], self.one), x.dtype)
            for mine, of_all in self._blocks(out, x):
                mine[...] = of_all
        out.setflags(write=False)
        return out

    def join(self, parts: Sequence[Array]) -> Array:
        """(..., size) of all, from the entries (..., one) of each run.

        One number in all places (`numpy.broadcast_to`) stays one.
        """
        first = parts[0]
        if self.runs == 1:
            return first
        if all(p.strides == (0,) and len(p) and p[0] == first[0] for p in parts):
            return np.broadcast_to(first[0], (self.size,))
        out = np.empty((*first.shape[:-1], self.size), first.dtype)
        for mine, of_all in self._blocks(np.asarray(parts), out):
            of_all[...] = mine
        return out

    def sums(self, x: Array) -> Floats:
        """(runs,) the sum of each run's entries in `x` (..., size): the bits of a run alone."""
        if x.shape[-1] != self.size:
            raise _misfit(x, self)
        if self.runs == 1:
            return np.array([x.sum()], dtype=np.float64)
        flat = np.ascontiguousarray(self.split(x)).reshape(self.runs, x.size // self.runs)
        return np.asarray(flat.sum(axis=1), dtype=np.float64)

    def spread(self, numbers: Array) -> Array:
        """(size,) each run's number (runs,) in all of its places."""
        return self.join([np.broadcast_to(number, (self.one,)) for number in numbers])

    def _lengths(self) -> Iterator[tuple[int, int]]:
        """First entry and length of each piece of one run."""
        return zip(accumulate(self.lengths, initial=0), self.lengths, strict=False)

    def _blocks(self, each: Array, of_all: Array) -> Iterator[tuple[Array, Array]]:
        """One piece of all runs after the other, (runs, ..., length): views of both arrays."""
        for first, length in self._lengths():
            at = self.runs * first
            block = of_all[..., at : at + self.runs * length]
            block = block.reshape(*of_all.shape[:-1], self.runs, length)
            yield each[..., first : first + length], np.moveaxis(block, -2, 0)


def _misfit(x: Array, place: Placement) -> ValueError:
    return ValueError(f"an array of shape {x.shape} along an axis of {place.size} entries")
