"""Names that are written only when somebody reads them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import index
from typing import final, overload

import numpy as np

from catallax.arrays import Ints
from catallax.errors import InputError


@final
@dataclass(frozen=True)
class Names(Sequence[str]):
    """Runs of numbered names; a million of them weigh nothing and read like a tuple of strings.

    stems : one for each run, all different
    counts: names in each run, >= 1. A run of one is called as its stem; the others are called
            "stem 1", "stem 2" and so on

    Raises InputError where two names would be the same, or a run is empty.
    """

    stems: tuple[str, ...]
    counts: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.stems) != len(self.counts) or min(self.counts, default=1) < 1:
            raise InputError("names: expected one count of at least 1 for each stem")
        twice = next((stem for stem, k in Counter(self.stems).items() if k > 1), None)
        if twice is None:  # only a run of one can still be called as one of a longer run
            lone = zip(self.stems, self.counts, strict=True)
            twice = next((s for s, k in lone if k == 1 and self._numbered(s) is not None), None)
        if twice is not None:
            raise InputError(f"names: two rows are called {twice!r}; names must differ")

    @cached_property
    def _ends(self) -> Ints:
        return np.cumsum(np.array(self.counts, dtype=np.int64))

    @cached_property
    def _run(self) -> dict[str, int]:
        return {stem: run for run, stem in enumerate(self.stems)}

    def __len__(self) -> int:
        return int(self._ends[-1]) if len(self.counts) else 0

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[str, ...]: ...
    def __getitem__(self, at: int | slice) -> str | tuple[str, ...]:
        if isinstance(at, slice):
            return tuple(self[k] for k in range(*at.indices(len(self))))
        k = index(at)
        k += len(self) if k < 0 else 0
        if not 0 <= k < len(self):
            raise IndexError(f"there are {len(self)} names, and none is at {at}")
        run = int(np.searchsorted(self._ends, k, side="right"))
        return self._called(run, k - int(self._ends[run]) + self.counts[run])

    def _called(self, run: int, place: int) -> str:
        return self.stems[run] if self.counts[run] == 1 else f"{self.stems[run]} {place + 1}"

    def __iter__(self) -> Iterator[str]:
        for run, count in enumerate(self.counts):
            for place in range(count):
                yield self._called(run, place)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._place(name) is not None

    def index(self, name: str, start: int = 0, stop: int | None = None) -> int:
        """Where `name` stands, found without reading the others; ValueError if nowhere."""
        at = self._place(name)
        if at is None or at not in range(*slice(start, stop).indices(len(self))):
            raise ValueError(f"{name!r} is not among the names")
        return at

    def _place(self, name: str) -> int | None:
        run = self._run.get(name)
        if run is not None and self.counts[run] == 1:
            return int(self._ends[run]) - 1
        return self._numbered(name)

    def _numbered(self, name: str) -> int | None:
        """Where the name stands in a run of several."""
        stem, _, number = name.rpartition(" ")
        run = self._run.get(stem)
        if run is None or self.counts[run] == 1 or not (number.isascii() and number.isdecimal()):
            return None
        place = int(number)
        if number[0] == "0" or place > self.counts[run]:
            return None
        return int(self._ends[run]) - self.counts[run] + place - 1

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Names, tuple)):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash((self.stems, self.counts))

    def __repr__(self) -> str:
        shown = ", ".join(repr(self[k]) for k in range(min(3, len(self))))
        return f"Names({shown}{', ...' if len(self) > 3 else ''}: {len(self)})"
