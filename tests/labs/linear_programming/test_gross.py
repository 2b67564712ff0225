"""Material balances against scipy's sparse direct solve, and the bound on their error."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse.linalg import spsolve

from catallax.errors import InputError
from catallax.kernels import threads
from catallax.labs.linear_programming import Recipes, find_gross_output


def draw(seed, n, width, most, **kept):
    """Value shares: inputs of a recipe add up to at most `most`; some products are not wanted."""
    r = np.random.default_rng(seed)
    row = np.repeat(np.arange(n), width)
    column = r.integers(0, n, n * width)
    value = r.exponential(size=n * width)
    value *= (r.uniform(0.2, most, n) / np.bincount(row, value))[row]
    demand = np.where(r.random(n) < 0.3, r.lognormal(size=n), 0.0)
    demand[0] = 1.0
    matrix = sparse.coo_matrix((value, (column, row)), shape=(n, n)).tocsc()
    return Recipes.of_links(row, column, value, demand=demand, **kept), matrix, demand


@given(st.integers(0, 2**32), st.integers(1, 60), st.integers(1, 8), st.floats(0.3, 0.98))
def test_against_a_direct_solve(seed, n, width, most):
    recipes, matrix, demand = draw(seed, n, width, most)
    exact = spsolve((sparse.eye(n) - matrix).tocsc(), demand)
    found = find_gross_output(recipes, tol=1e-13)
    np.testing.assert_allclose(found.output, exact, rtol=1e-12, atol=1e-14 * exact.max())
    assert found.shortfall < 1e-12


@given(st.integers(0, 2**32), st.sampled_from([1e-1, 1e-2, 1e-4]))
def test_the_error_is_bounded(seed, tol):
    recipes, matrix, demand = draw(seed, 40, 4, 0.8)
    exact = spsolve((sparse.eye(40) - matrix).tocsc(), demand)
    found = find_gross_output(recipes, tol=tol)
    error = np.abs(found.output - exact).sum() / found.output.sum()
    assert error <= found.error * (1 + 1e-9) + 1e-14


def test_shortfall_tells_of_too_few_passes():
    recipes, _, _ = draw(1, 200, 10, 0.9)
    assert find_gross_output(recipes, limit=2).shortfall > 1e-3
    assert find_gross_output(recipes).shortfall < 1e-10


def test_shortfall_tells_of_recipes_that_take_more_than_they_make():
    greedy = Recipes.of_links([0, 1], [1, 0], [1.5, 1.0], demand=[1.0, 1.0])
    found = find_gross_output(greedy)
    assert found.error == np.inf
    assert found.output.min() < 0 or found.shortfall > 0.1


def test_single_precision_costs_its_rounding():
    whole, _, _ = draw(2, 300, 20, 0.7)
    half, _, _ = draw(2, 300, 20, 0.7, single=True)
    assert half.nbytes < 0.7 * whole.nbytes
    apart = np.abs(find_gross_output(half).output / find_gross_output(whole).output - 1).max()
    assert 1e-10 < apart < 3e-7


def test_same_bits_for_any_number_of_threads(monkeypatch):
    monkeypatch.setattr(threads, "GRAIN", 1)
    bits = set()
    for number in ("1", "2"):
        monkeypatch.setenv(threads.THREADS, number)
        bits.add(find_gross_output(draw(3, 100, 30, 0.8)[0]).output.tobytes())
    assert len(bits) == 1


@pytest.mark.parametrize("demand", [[1.0], [1.0, -1.0, 0.0], [0.0, 0.0, 0.0], [np.nan, 1.0, 1.0]])
def test_bad_demand(demand):
    with pytest.raises(InputError, match="demand: expected 3 finite numbers"):
        find_gross_output(draw(0, 3, 1, 0.5)[0], demand)


def test_choice_of_techniques_is_not_its_job():
    two = Recipes.of_links([0, 1], [0, 0], [0.1, 0.2], product=[0, 0], demand=[1.0])
    with pytest.raises(InputError, match="one technique a product"):
        find_gross_output(two)
