"""The library that searches: what it is asked for, and that it finds the best of a bowl."""

import numpy as np
import pytest

from catallax.adapters.cmaes import CMAES

pytest.importorskip("cmaes", reason="the extra `search` is not installed")


@pytest.mark.parametrize("dimensions", [1, 2, 5])
def test_points_have_as_many_numbers_as_are_searched(dimensions: int) -> None:
    """The library itself knows no single dimension."""
    search, best = CMAES(dimensions, 1), np.linspace(0.5, 1.0, dimensions)
    for _ in range(60):
        points = search.ask()
        assert [z.shape for z in points] == [(dimensions,)] * search.size
        losses = [float(((z - best) ** 2).sum()) for z in points]
        search.tell(points, losses)
    assert min(losses) < 1e-6
