"""The fitted margin and how far seeds and cells let it vary."""

import numpy as np
import pytest
from scipy.stats import norm, t

from catallax.study.frontier.surface import DRAWS, fit_surface

X, Y = (g.ravel() for g in np.meshgrid(np.linspace(0, 1, 4), np.linspace(0, 1, 3)))


def test_a_surface_of_second_degree_is_found_as_it_is() -> None:
    law = 0.3 - 0.2 * X + 0.5 * Y + 0.1 * X * Y - 0.7 * X**2 + 0.4 * Y**2
    found = fit_surface(X, Y, [np.full(3, value) for value in law])
    at = np.array([0.1, 0.7]), np.array([0.9, 0.2])
    a, b = at
    expected = 0.3 - 0.2 * a + 0.5 * b + 0.1 * a * b - 0.7 * a**2 + 0.4 * b**2
    assert found.along(found.fit, *at) == pytest.approx(expected, abs=1e-6)
    assert found.along(found.by_seeds, *at) == pytest.approx(
        np.tile(expected, (DRAWS, 1)), abs=1e-6
    )


@pytest.mark.parametrize("seeds", [3, 4, 8, 16])
def test_few_seeds_vary_as_students_interval_does(seeds: int) -> None:
    """All cells alike on every seed: the margin anywhere is the mean of so many normals.

    Its standard error is s/sqrt(k), widened as Student's quantile is against the normal's. An s.d.
    of 400 draws is known to 1/sqrt(800); a mean of few has lighter tails, so that this is safe.
    """
    margins = np.random.default_rng(seeds).normal(1.0, 0.2, seeds)
    found = fit_surface(X, Y, [margins] * len(X))
    drawn = found.along(found.by_seeds, np.array([0.3]), np.array([0.6]))[:, 0]
    wide = t.ppf(0.975, seeds - 1) / norm.ppf(0.975)
    error = margins.std(ddof=1) / np.sqrt(seeds) * wide
    assert drawn.mean() == pytest.approx(margins.mean(), abs=5 * error / np.sqrt(DRAWS))
    assert drawn.std() == pytest.approx(error, rel=5 / np.sqrt(2 * DRAWS))
