"""Anderson acceleration of a fixed point, with a safeguard (Anderson 1965; Walker & Ni 2011)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.optimum.secants import Secants

Step = Callable[[Floats], tuple[Floats, float]]


@final
@dataclass(frozen=True)
class Anderson:
    """Settings of the acceleration.

    window : how many past steps the extrapolation uses, >= 1
    mix    : accelerated steps go this far along the plain move, which is damped for the worst
    leap   : largest move of one coordinate in one step, in logs
    growth : how much worse than the best residual an accelerated step may be before it is undone
    patience : evaluations without halving the best residual after which as many plain steps
             follow. At the kinks of slack endowments extrapolation can wander for ever, where
             the damped map only creeps; each time it is given twice as long.
    """

    window: int = 6
    mix: float = 1.5
    leap: float = 3.0
    growth: float = 1000.0  # a slack endowment's price must fall far while others catch up
    patience: int = 200

    def run(self, step: Step, x: Floats, tol: float, limit: int) -> tuple[Floats, int, float]:
        """Iterate x -> x + r(x) until the residual is at most `tol` or `limit` steps are done.

        `step(x)` gives the damped plain move r(x) and the residual that decides convergence.
        Returns the last point, the number of evaluations and its residual.
        """
        used, patience, residual = 0, self.patience, np.inf
        while True:
            fast, k, least = self._leap(step, x, tol, min(patience, limit - used), limit - used)
            used += k
            if least <= tol or used >= limit:
                return fast, used, least
            x = fast if least < 0.1 * residual else x
            x, k, residual = _creep(step, x, tol, min(patience, limit - used))
            used, patience = used + k, 2 * patience
            if residual <= tol or used >= limit:
                return x, used, residual

    def _leap(
        self, step: Step, x: Floats, tol: float, patience: int, limit: int
    ) -> tuple[Floats, int, float]:
        """Accelerated steps until `tol`, or until `patience` of them did not halve the best."""
        past = Secants(self.window, len(x), self.mix)
        best, least, since, plain = x, np.inf, 0, x
        for k in range(1, limit + 1):
            move, residual = step(x)
            since = 0 if residual < 0.5 * least else since + 1
            if since == 0:
                best, least = x, residual
            if residual <= tol:
                return x, k, residual
            if since >= patience:
                return best, k, least
            if residual > self.growth * least and past.any:
                # The extrapolation went astray: forget it and go on from the last plain step.
                past.forget()
                x = plain
                continue
            plain = x + move
            x = past.beyond(x, move, self.leap)
        return best, limit, least


def _creep(step: Step, x: Floats, tol: float, count: int) -> tuple[Floats, int, float]:
    """`count` plain steps, or as many as it takes to reach `tol`."""
    for k in range(1, count + 1):
        move, residual = step(x)
        if residual <= tol or k == count:
            return x, k, residual
        x = x + move
    return x, 0, np.inf
