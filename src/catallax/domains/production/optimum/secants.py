"""The last steps of a fixed-point iteration, and where they point."""

from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.kernels import secants as kernels
from catallax.kernels.switch import compiled
from catallax.kernels.threads import over

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
        self.last: tuple[Floats, Floats] | None = None
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
            return self._leap(x, move, np.zeros(0), 1.0, most)
        slot = self.steps % self.width
        along = self._add(x, move, before, slot)
        self.steps += 1
        weight = self._weights(along, min(self.steps, self.width))
        if weight is None:
            return self._leap(x, move, np.zeros(0), 1.0, most)
        return self._leap(x, move, weight, self.mix, most)

    def _add(self, x: Floats, move: Floats, before: tuple[Floats, Floats], slot: int) -> Floats:
        """Put the newest secant in `slot`; products (w,) of the move with all changes of moves."""
        if not compiled():
            self.turns[slot] = move - before[1]
            self.moves[slot] = (x - before[0]) + self.mix * self.turns[slot]
            new, along = (self.turns * self.turns[slot]).sum(axis=1), self.turns @ move
        else:
            blocks = -(-self.size // kernels.BLOCK)
            partial = np.empty((blocks, 2, self.width))
            given = *before, self.mix, self.width, slot
            flat = self.moves.ravel(), self.turns.ravel(), partial.ravel()
            over(
                blocks,
                self.size * self.width,
                lambda a, b: kernels.add(x, move, *given, *flat, a, b),
            )
            new, along = partial.sum(axis=0)
        self.gram[slot] = self.gram[:, slot] = new
        return np.asarray(along)

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

    def _leap(self, x: Floats, move: Floats, weight: Floats, mix: float, most: float) -> Floats:
        if not compiled():
            go = mix * move - weight @ self.moves[: len(weight)]
            return np.asarray(x + np.clip(go, -most, most))
        out, flat = np.empty_like(x), self.moves.ravel()
        over(
            -(-self.size // kernels.BLOCK),
            self.size * (1 + len(weight)),
            lambda a, b: kernels.leap(x, move, mix, weight, flat, most, out, a, b),
        )
        return out
