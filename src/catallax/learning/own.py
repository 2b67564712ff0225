"""What a row learns from its own books alone: trends in its series and how far to trust a value.

Every function works entry by entry on logs, so that a row cut out alone gives the same bits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar, final

import numpy as np

from catallax.arrays import Floats

LEAST_GAIN = 0.05  # what moved once may move again
TINY = 1e-12  # variance below which a series stands still

Kept = TypeVar("Kept")


@final
@dataclass(frozen=True, eq=False)
class Level:
    """A local level of k series in logs, which is also what is expected of them.

    level  : (k,) as it is believed to be
    heard  : (k,) the newest value
    change : (k,) by which it differed from the one before
    """

    level: Floats
    heard: Floats
    change: Floats

    @staticmethod
    def of(level: Floats) -> "Level":
        """Standing still at `level` (k,)."""
        return Level(level, level, np.zeros_like(level))

    def moved(self, heard: Floats, gain: Floats) -> "Level":
        """After `heard` (k,), with weights `gain` (k,), 0 to 1, of the newest value."""
        return Level(self.level + gain * (heard - self.level), heard, heard - self.heard)


@final
@dataclass(frozen=True, eq=False)
class Noise:
    """How k series move and how noisily they are heard.

    square : (k,) mean square of weekly changes of what is heard
    lagged : (k,) mean product of two changes that follow each other
    """

    square: Floats
    lagged: Floats

    @staticmethod
    def of(sd: float, k: int) -> "Noise":
        """Noise of this s.d. about series that stand still, as far as is known."""
        return Noise(np.full(k, 2.0 * sd**2), np.full(k, -(sd**2)))

    def seen(self, square: Floats, lagged: Floats, weight: float) -> "Noise":
        """With the newest square and product (k,) at `weight`."""
        return Noise(
            self.square + weight * (square - self.square),
            self.lagged + weight * (lagged - self.lagged),
        )

    @property
    def gain(self) -> Floats:
        """(k,) best weight of the newest value of a random walk heard with noise (Muth 1960).

        The noise's variance is minus the lagged product, and what is left of the square is the
        walk's. At least 0.05, at most 1.
        """
        noise = np.maximum(-self.lagged, 0.0)
        walk = np.maximum(self.square - 2.0 * noise, 0.0)
        ratio = walk / (noise + TINY)
        gain = (np.sqrt(ratio * ratio + 4.0 * ratio) - ratio) / 2.0
        return np.asarray(np.clip(gain, LEAST_GAIN, 1.0))


@final
@dataclass(frozen=True, eq=False)
class Response:
    """How orders answered a seller's own price, by least squares (k sellers).

    moved  : (k,) changes of the log price that buyers still answer: who follows noisy quotes
             does so over weeks
    square : (k,) sum of squares of such changes
    cross  : (k,) sum of their products with the changes of log orders that came after
    """

    moved: Floats
    square: Floats
    cross: Floats

    @staticmethod
    def none(k: int) -> "Response":
        """No price was moved yet."""
        return Response(*np.zeros((3, k)))

    def seen(self, change: Floats, forget: float) -> "Response":
        """With the newest change (k,) of log orders; old ones fade by `forget` a week."""
        square = (1.0 - forget) * self.square + self.moved**2
        cross = (1.0 - forget) * self.cross + self.moved * change
        return Response(self.moved, square, cross)

    def posted(self, move: Floats, weight: float) -> "Response":
        """After a new move (k,) of the log price; buyers answer a share `weight` of it a week."""
        return Response(self.moved + weight * (move - self.moved), self.square, self.cross)

    def elasticity(self, noise: Floats, prior: Floats | float, spread: float) -> Floats:
        """(k,) by how many per cent orders fall as the price rises by one.

        noise         : (k,) variance of the changes of log orders
        prior, spread : mean, one or (k,), and s.d. of elasticities before anything was seen, of
                        account as long as own prices hardly moved (Lindley & Smith 1972)
        """
        doubt = spread**2
        top = (noise + TINY) * prior - doubt * self.cross
        return np.asarray(top / (noise + TINY + doubt * self.square))


def columns(name: str, kept: Any) -> dict[str, Floats]:
    """The fields of `kept`, a dataclass of columns, as columns of a memory."""
    return {f"{name} {f.name}": getattr(kept, f.name) for f in fields(kept)}


def remembered(kind: type[Kept], name: str, column: Mapping[str, Any]) -> Kept:
    """What `columns` put into a memory."""
    return kind(*(column[f"{name} {f.name}"] for f in fields(kind)))  # type: ignore[arg-type]
