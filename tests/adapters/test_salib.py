"""Without SALib or cmaes the extra is named; with them, equal seeds give equal bits."""

import sys

import numpy as np
import pytest

from catallax.adapters.cmaes import CMAES
from catallax.adapters.salib import Morris, Sobol
from catallax.errors import InputError, MissingExtra


@pytest.mark.parametrize("kind", [Sobol, Morris])
def test_without_salib_the_extra_is_named(kind, monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib", None)
    monkeypatch.setitem(sys.modules, "SALib.analyze", None)
    with pytest.raises(MissingExtra, match=r'pip install "catallax\[sensitivity\]"'):
        kind(8, 1)


def test_without_cmaes_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "cmaes", None)
    with pytest.raises(MissingExtra, match=r'pip install "catallax\[search\]"'):
        CMAES(3, 1)


@pytest.mark.parametrize(("kind", "bad"), [(Sobol, 3), (Sobol, 12), (Morris, 1)])
def test_numbers_of_samples_out_of_range_are_refused(kind, bad):
    with pytest.raises(InputError, match=f"samples is {bad}"):
        kind(bad, 1)


@pytest.mark.parametrize("kind", [Sobol, Morris])
def test_points_are_in_the_cube_and_the_same_for_a_seed(kind):
    pytest.importorskip("SALib", reason="the extra `sensitivity` is not installed")
    one, two, other = (kind(8, seed).points(4) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(one, other)
    assert one.shape == (8 * (6 if kind is Sobol else 5), 4)
    assert one.min() >= 0
    assert one.max() <= 1


@pytest.mark.parametrize("dimensions", [1, 3])
def test_the_search_finds_the_bottom_of_a_bowl(dimensions):
    pytest.importorskip("cmaes", reason="the extra `search` is not installed")
    bottom = np.arange(1.0, dimensions + 1)
    paths = []
    for _ in range(2):
        search = CMAES(dimensions, 7)
        for _ in range(60):
            points = search.ask()
            search.tell(points, [float(((z - bottom) ** 2).sum()) for z in points])
        paths.append(np.array(search.ask()))
    np.testing.assert_array_equal(paths[0], paths[1])
    np.testing.assert_allclose(paths[0].mean(axis=0), bottom, atol=0.05)
