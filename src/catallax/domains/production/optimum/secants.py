"""The last steps of a fixed-point iteration, and where they point."""

from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.kernels.secants import Iterate, add_secant, leap_from

RIDGE = 1e-14  # beside unit secants: what is nearly the same direction twice counts once


@final
class Secants:
    """A window of `width` changes of points (d,) and of their moves; filled as steps are taken.

    mix : how far along the move a step goes
    """

    def __init__(self, width: int, size: int, mix: float) -> None:
        self.width, self.size, self.mix = width, size, mix
        self.moves, self.turns = np.zeros((width, size)), np.zeros((width, size))
        self.forget()

    def forget(self) -> None:
        """Drop all."""
        self.last: Iterate | None = None
        self.steps = 0
        self.gram = np.zeros((self.width, self.width))

    @property
    def any(self) -> bool:
        """Whether a step was taken since all was forgotten."""
        return self.last is not None

    def beyond(self, x: Floats, move: Floats, most: float) -> Floats:
        """The next point (d,): where the move vanishes if it is linear, at most `most` from x."""
        before, self.last = self.last, (x, move)
        if before is None:
            return leap_from(self.last, 1.0, np.zeros(0), self.moves, most)
        slot = self.steps % self.width
        new, along = add_secant(self.last, before, self.mix, slot, self.moves, self.turns)
        self.gram[slot] = self.gram[:, slot] = new
        self.steps += 1
        weight = self._weights(along, min(self.steps, self.width))
        if weight is None:
            return leap_from(self.last, 1.0, np.zeros(0), self.moves, most)
        return leap_from(self.last, self.mix, weight, self.moves, most)

    def _weights(self, along: Floats, filled: int) -> Floats | None:
        """Least squares over unit changes of moves; None where nothing changed."""
        size = np.sqrt(np.diag(self.gram)[:filled])
        if not np.all((size > 0) & np.isfinite(size)):
            return None
        gram = self.gram[:filled, :filled] / np.outer(size, size) + RIDGE * np.eye(filled)
        try:
            return np.asarray(np.linalg.solve(gram, along[:filled] / size) / size)
        except np.linalg.LinAlgError:
            return None
