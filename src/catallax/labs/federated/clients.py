"""What clients hold: examples that never leave them, stacked side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from catallax.arrays import Floats, Ints
from catallax.errors import InputError
from catallax.protocol.sealed import frozen

MOST_SHOWN = 5


@final
@dataclass(frozen=True, eq=False)
class Clients:
    """The examples of C clients, each client's in one piece.

    features : (N, d) one example a row; d >= 1
    targets  : (N,) what is to be forecast
    start    : (C + 1,) first example of each client, then N; each holds one at least

    Raises InputError for shapes that do not fit, numbers that are not finite and clients that
    hold nothing.
    """

    features: Floats
    targets: Floats
    start: Ints

    def __post_init__(self) -> None:
        for name in ("features", "targets"):
            object.__setattr__(self, name, frozen(getattr(self, name)))
        object.__setattr__(self, "start", frozen(self.start, np.int64))
        _check(self.features, self.targets, self.start)

    @staticmethod
    def of(parts: Sequence[tuple[Floats, Floats]]) -> "Clients":
        """From (features, targets) of each client."""
        if not parts:
            raise InputError("clients: there are none, expected at least one")
        sizes = [len(targets) for _, targets in parts]
        start = np.concatenate([[0], np.cumsum(sizes)])
        return Clients(
            np.concatenate([np.asarray(f, dtype=np.float64) for f, _ in parts]),
            np.concatenate([np.asarray(t, dtype=np.float64) for _, t in parts]),
            start,
        )

    @property
    def count(self) -> int:
        """C."""
        return len(self.start) - 1

    @property
    def width(self) -> int:
        """d."""
        return int(self.features.shape[1])

    @cached_property
    def size(self) -> Ints:
        """(C,) examples of each client."""
        return np.diff(self.start)

    @cached_property
    def of_example(self) -> Ints:
        """(N,) whose example each is."""
        return np.repeat(np.arange(self.count), self.size)

    def sums(self, values: Floats) -> Floats:
        """(C, k) sums of `values` (N, k) over each client's examples, in their order."""
        return np.asarray(np.add.reduceat(values, self.start[:-1], axis=0))

    def only(self, client: int) -> "Clients":
        """One client alone."""
        at = slice(self.start[client], self.start[client + 1])
        return Clients(self.features[at], self.targets[at], np.array([0, self.size[client]]))

    @property
    def pooled(self) -> "Clients":
        """One client that holds everything."""
        return Clients(self.features, self.targets, np.array([0, len(self.targets)]))

    def batch(self, keys: Floats, most: int) -> "Clients":
        """At most `most` examples of each client: those with its smallest `keys` (N,)."""
        order = np.lexsort((keys, self.of_example))
        rank = np.arange(len(keys)) - self.start[self.of_example]
        chosen = order[rank < most]
        start = np.concatenate([[0], np.cumsum(np.minimum(self.size, most))])
        return Clients(self.features[chosen], self.targets[chosen], start)


def _check(features: Floats, targets: Floats, start: Ints) -> None:
    if features.ndim != 2 or features.shape[1] < 1 or targets.shape != (len(features),):
        raise InputError(
            f"clients: features have shape {features.shape} and targets {targets.shape}, "
            f"expected (N, d) and (N,)"
        )
    if len(start) < 2 or start[0] != 0 or start[-1] != len(targets):
        raise InputError(f"clients: start must go from 0 to {len(targets)}, the number of examples")
    if not (np.isfinite(features).all() and np.isfinite(targets).all()):
        raise InputError("clients: some features or targets are not finite; leave those out")
    empty = np.flatnonzero(np.diff(start) < 1)
    if empty.size:
        shown = ", ".join(str(c) for c in empty[:MOST_SHOWN])
        raise InputError(f"clients: {shown} hold no example; each needs one at least")
