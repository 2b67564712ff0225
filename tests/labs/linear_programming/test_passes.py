"""Passes over recipes against scipy.sparse, and the same bits for any number of threads."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from catallax.errors import InputError
from catallax.kernels import threads
from catallax.labs.linear_programming import Recipes
from catallax.labs.linear_programming.passes import Passes


def draw(seed, products, techniques, resources, width):
    """Entries in a random order, with repeated pairs and empty rows, and the same as a matrix."""
    r = np.random.default_rng(seed)
    size = techniques * width
    row, column = (r.integers(0, k, size) for k in (techniques, products + resources))
    value = r.exponential(size=size)
    recipes = Recipes.of_links(
        row,
        column,
        value,
        product=r.integers(0, products, techniques),
        supply=np.ones(resources),
        demand=np.ones(products),
    )
    shape = (techniques, products + resources)
    return recipes, sparse.coo_matrix((value, (row, column)), shape=shape).tocsr()


@given(
    st.integers(0, 2**32),
    st.integers(1, 40),
    st.integers(1, 60),
    st.integers(0, 3),
    st.integers(0, 9),
)
def test_passes_are_products_with_the_matrix(seed, products, techniques, resources, width):
    recipes, matrix = draw(seed, products, techniques, resources, width)
    r = np.random.default_rng([seed, 1])
    passes = Passes(recipes)
    which = r.integers(0, techniques, 5)
    v = r.exponential(size=(recipes.columns, 11))
    x = r.exponential(size=techniques)
    near = {"rtol": 1e-12, "atol": 0}
    np.testing.assert_allclose(passes.cost(v[:, 0]), matrix @ v[:, 0], **near)
    np.testing.assert_allclose(passes.cost(v[:, 0], which), (matrix @ v[:, 0])[which], **near)
    np.testing.assert_allclose(passes.costs(v), matrix @ v, **near)
    np.testing.assert_allclose(passes.costs(v, which), (matrix @ v)[which], **near)
    np.testing.assert_allclose(passes.use(x), matrix.T @ x, **near)
    np.testing.assert_allclose(passes.use(x[which], which), matrix[which].T @ x[which], **near)
    low = v[:, 1] / v[:, 1].max()
    least = [min([1.0, *low[row.indices].tolist()]) for row in matrix]
    np.testing.assert_array_equal(passes.least(low), least)


def test_entries_keep_their_order_within_a_technique(monkeypatch):
    monkeypatch.setattr(threads, "GRAIN", 1)
    r = np.random.default_rng(5)
    row, column = r.integers(0, 7, 1000), r.integers(0, 5, 1000)
    order = np.argsort(row, kind="stable")
    for number in ("1", "2", "3"):
        monkeypatch.setenv(threads.THREADS, number)
        made = Recipes.of_links(
            row, column, np.arange(1000.0), product=np.zeros(7, int), demand=np.ones(5)
        )
        np.testing.assert_array_equal(made.amount, order)
        np.testing.assert_array_equal(made.input, column[order])


def test_same_bits_for_any_number_of_threads(monkeypatch):
    monkeypatch.setattr(threads, "GRAIN", 1)
    bits = []
    for number in ("1", "2", "3"):
        monkeypatch.setenv(threads.THREADS, number)
        recipes, _ = draw(3, 50, 80, 2, 40)
        passes, r = Passes(recipes), np.random.default_rng(4)
        v, x = r.exponential(size=(recipes.columns, 3)), r.exponential(size=80)
        parts = (passes.cost(v[:, 0]), passes.costs(v), passes.use(x), passes.least(v[:, 0]))
        bits.append([part.tobytes() for part in parts])
    assert passes._blocks > 1
    assert bits[0] == bits[1] == bits[2]


def test_columns_are_as_narrow_as_they_can_be():
    for products, narrow in ((1 << 16, np.uint16), ((1 << 16) + 1, np.uint32)):
        made = Recipes.of_links([0], [products - 1], [0.5], product=[0], demand=np.ones(products))
        assert made.input.dtype == narrow
        assert made.input[0] == products - 1


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [(2, 0, 1.0), (-1, 0, 1.0), (0, 3, 1.0), (0, -1, 1.0), (0, 0, -1.0), (0, 0, np.nan)],
)
def test_a_wrong_entry_is_named(row, column, value):
    with pytest.raises(InputError, match=f"entry 1 .*{row}, {column}"):
        Recipes.of_links(
            [0, row], [1, column], [0.5, value], demand=[1.0, 1.0], supply=[1.0], capacity=[1, 1]
        )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("demand", [1.0, -1.0]),
        ("demand", [1.0, np.inf]),
        ("demand", [0.0, 0.0]),
        ("supply", [np.nan]),
        ("capacity", [1.0, -2.0]),
        ("capacity", [1.0]),
        ("product", [0, 2]),
    ],
)
def test_wrong_numbers_are_named(name, value):
    given_ = {"demand": [1.0, 1.0], "supply": [1.0], name: value}
    with pytest.raises(InputError, match=name):
        Recipes.of_links([0], [1], [0.5], **given_)
