"""Conjugate residuals: few applications where few growth paths matter, and honest residuals."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from catallax.labs.linear_programming.linear import solve_linear_fixed_point


def apply(matrix, b):
    def image(y, whole):
        return matrix @ y + b if whole else matrix @ y

    return image


def test_a_dominant_path_is_removed_at_once():
    """Of rank one with root 0.99: plain iteration would take some 2,000 applications."""
    r = np.random.default_rng(0)
    left, right = r.uniform(0.5, 1.5, 30), r.uniform(0.5, 1.5, 30)
    matrix = 0.99 * np.outer(left, right) / (left @ right)
    b = r.uniform(0.5, 1.5, (30, 2))
    y, used, _ = solve_linear_fixed_point(apply(matrix, b), b, np.ones((30, 1)), 1e-12)
    np.testing.assert_allclose(y, np.linalg.solve(np.eye(30) - matrix, b), rtol=1e-10)
    assert used <= 5


@given(st.integers(0, 2**32), st.integers(1, 30), st.floats(0.1, 0.95))
def test_against_a_dense_solve(seed, n, root):
    r = np.random.default_rng(seed)
    matrix = r.exponential(size=(n, n)) * (r.random((n, n)) < 0.3)
    matrix *= root / max(float(np.abs(np.linalg.eigvals(matrix)).max()), 1e-3)
    b = r.normal(size=(n, 3))
    exact = np.linalg.solve(np.eye(n) - matrix, b)
    y, _, residual = solve_linear_fixed_point(apply(matrix, b), b, np.ones((n, 1)), 1e-11)
    assert residual <= 1e-11
    np.testing.assert_allclose(y, exact, atol=1e-8 * np.abs(exact).max())


def test_where_it_may_not_go_on_the_residual_says_so():
    turn, b = np.array([[0.0, -3.0], [3.0, 0.0]]), np.ones((2, 1))
    y, used, residual = solve_linear_fixed_point(apply(turn, b), b, np.ones((2, 1)), 1e-9, limit=1)
    assert used == 1
    assert residual == 3.0
    np.testing.assert_array_equal(y, turn @ b + b)
