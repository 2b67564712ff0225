"""Sensitivity analysis by the library SALib (Herman & Usher 2017; Iwanaga et al. 2022)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.errors import InputError
from catallax.extras import extra

LEVELS = 4  # of Morris's grid


@final
@dataclass(frozen=True)
class Sobol:
    """Shares of the variance: of each axis alone (S1), and with all its interactions (ST).

    Points are Saltelli's scheme on Sobol's sequences, `count` (d + 2) of them for d axes, and
    intervals are bootstrapped (Sobol 2001; Saltelli et al. 2010).

    count : a power of two, >= 4; more make intervals narrower
    seed  : of scrambling and bootstrap
    """

    count: int
    seed: int
    name: str = "sobol"

    def __post_init__(self) -> None:
        if self.count < 4 or self.count & (self.count - 1):
            raise InputError(f"sobol: samples is {self.count}, expected a power of two from 4 up")
        _check_library()

    def points(self, dimensions: int) -> Floats:
        """(count (d + 2), d) points in the unit cube."""
        from SALib.sample import sobol

        found = sobol.sample(
            _describe_cube(dimensions), self.count, calc_second_order=False, seed=self.seed
        )
        return np.asarray(found, dtype=np.float64)

    def indices(self, points: Floats, answers: Floats) -> Mapping[str, tuple[Floats, Floats]]:
        """S1 and ST."""
        from SALib.analyze import sobol

        found = sobol.analyze(
            _describe_cube(points.shape[1]), answers, calc_second_order=False, seed=self.seed
        )
        return {k: (np.asarray(found[k]), np.asarray(found[f"{k}_conf"])) for k in ("S1", "ST")}


@final
@dataclass(frozen=True)
class Morris:
    """Elementary effects: how far the result moves when one axis goes from end to end.

    `mu*` is the mean size of the effect, `mu` its mean with sign, `sigma` its s.d.: large where
    the effect depends on where the others stand. A run a step on `count` (d + 1) points (Morris
    1991; Campolongo, Cariboni & Saltelli 2007).

    count : walks through the cube, >= 2
    seed  : of the walks and of the bootstrap
    """

    count: int
    seed: int
    name: str = "morris"

    def __post_init__(self) -> None:
        if self.count < 2:
            raise InputError(f"morris: samples is {self.count}, expected a whole number from 2 up")
        _check_library()

    def points(self, dimensions: int) -> Floats:
        """(count (d + 1), d) points in the unit cube."""
        from SALib.sample import morris

        found = morris.sample(
            _describe_cube(dimensions), self.count, num_levels=LEVELS, seed=self.seed
        )
        return np.asarray(found, dtype=np.float64)

    def indices(self, points: Floats, answers: Floats) -> Mapping[str, tuple[Floats, Floats]]:
        """mu*, mu and sigma."""
        from SALib.analyze import morris

        found = morris.analyze(
            _describe_cube(points.shape[1]), points, answers, num_levels=LEVELS, seed=self.seed
        )
        none = np.full(points.shape[1], np.nan)
        starred = np.asarray(found["mu_star"]), np.asarray(found["mu_star_conf"])
        others = {k: (np.asarray(found[k], dtype=np.float64), none) for k in ("mu", "sigma")}
        return {"mu*": starred, **others}


def _describe_cube(dimensions: int) -> dict[str, Any]:
    names = [f"x{k}" for k in range(dimensions)]
    return {"num_vars": dimensions, "names": names, "bounds": [[0.0, 1.0]] * dimensions}


def _check_library() -> None:
    for module in ("SALib.analyze", "SALib.sample"):
        extra(module, "sensitivity analysis", "sensitivity")
