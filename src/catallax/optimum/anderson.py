"""Anderson acceleration of a fixed point, with a safeguard (Anderson 1965; Walker & Ni 2011)."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.network import Floats

Step = Callable[[Floats], tuple[Floats, float]]


@final
@dataclass(frozen=True)
class Anderson:
    """Settings of the acceleration.

    window : how many past steps the extrapolation uses, >= 1
    leap   : largest move of one coordinate in one step, in logs
    growth : how much worse than the best residual an accelerated step may be before it is undone
    """

    window: int = 8
    leap: float = 3.0
    growth: float = 1000.0  # a slack endowment's price must fall far while others catch up

    def run(self, step: Step, x: Floats, tol: float, limit: int) -> tuple[Floats, int, float]:
        """Iterate x -> x + r(x) until the residual is at most `tol` or `limit` steps are done.

        `step(x)` gives the damped plain move r(x) and the residual that decides convergence.
        Returns the last point, the number of evaluations and its residual.
        """
        past: deque[tuple[Floats, Floats]] = deque(maxlen=self.window)
        best = np.inf
        plain = x
        for k in range(1, limit + 1):
            move, residual = step(x)
            if residual <= tol or k == limit:
                return x, k, residual
            if residual > self.growth * best and past:
                # The extrapolation went astray: forget it and go on from the last plain step.
                past.clear()
                best = np.inf
                x = plain
                continue
            best = min(best, residual)
            plain = x + move
            past.append((x, move))
            x = x + np.clip(self._extrapolate(past) - x, -self.leap, self.leap)
        return x, limit, residual

    def _extrapolate(self, past: deque[tuple[Floats, Floats]]) -> Floats:
        x, r = past[-1]
        if len(past) < 2:
            return x + r
        dx = np.array([x - px for px, _ in past][:-1])
        dr = np.array([r - pr for _, pr in past][:-1])
        gram = dr @ dr.T
        ridge = 1e-14 * np.trace(gram) * np.eye(len(gram))
        try:
            weight = np.linalg.solve(gram + ridge, dr @ r)
        except np.linalg.LinAlgError:
            return x + r
        return x + r - weight @ (dx + dr)
