"""A model of how a seller's orders go on, small enough to be learned by many together.

The change of log orders from their level is linear in two features: the last surprise (does the
level lag?) and the seller's own price moves that buyers still answer (minus their elasticity).
Features are in units in which they are of the order of one.
"""

from dataclasses import dataclass, fields
from typing import final

import numpy as np

from catallax.arrays import Floats

FEATURES = 2
UNIT = (0.05, 0.02)  # of a surprise, and of a price move, in logs
NOISE = 0.05  # s.d. of what the model does not explain, which scales its loss


@final
@dataclass(frozen=True, eq=False)
class Sums:
    """Sums over one's own past of products of features (A) and of features and targets (b), each

    (n,) and fading by a share a week.
    """

    A00: Floats
    A01: Floats
    A11: Floats
    b0: Floats
    b1: Floats

    @staticmethod
    def none(n: int) -> "Sums":
        """No past."""
        return Sums(*np.zeros((5, n)))

    def seen(self, x: tuple[Floats, Floats], y: Floats, forget: float) -> "Sums":
        """With one more week: features `x` and target `y` (n,), in logs."""
        u, v, y = x[0] / UNIT[0], x[1] / UNIT[1], y / NOISE
        new = u * u, u * v, v * v, u * y, v * y
        old = (getattr(self, f.name) for f in fields(self))
        return Sums(*((1.0 - forget) * a + forget * b for a, b in zip(old, new, strict=True)))

    def step(self, model: tuple[Floats, Floats], mu: float) -> tuple[Floats, Floats]:
        """(n,) changes of the coefficients that are best for one's own past.

        mu : pull to the common model, > 0, so that the change is that of FedProx's local problem
             min_w loss(w) + mu / 2 |w - model|^2 (Li et al. 2020), solved exactly
        """
        r0 = self.b0 - self.A00 * model[0] - self.A01 * model[1]
        r1 = self.b1 - self.A01 * model[0] - self.A11 * model[1]
        a, b, c = self.A00 + mu, self.A01, self.A11 + mu
        det = a * c - b * b
        return (c * r0 - b * r1) / det, (a * r1 - b * r0) / det


def elasticity(model: Floats) -> Floats:
    """By how many per cent orders fall as the price rises by one, of the second coefficient."""
    return np.asarray(-model * NOISE / UNIT[1])
