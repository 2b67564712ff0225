"""Draws by position: NumPy's own Philox, and quantiles as SciPy has them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from catallax.kernels import draws
from catallax.streams import Streams

KEYS = st.tuples(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))


@given(KEYS, st.integers(0, 50), st.integers(1, 60))
def test_uniforms_are_those_of_numpys_philox(key, first, size):
    words = np.array(key, dtype=np.uint64)
    whole = np.random.Generator(np.random.Philox(key=words)).random(first + size)
    drawn = np.zeros(first + size)
    draws.uniforms(words, drawn, first, first + size)
    np.testing.assert_array_equal(drawn[first:], np.maximum(whole[first:], 2.0**-54))
    assert not drawn[:first].any()


@given(KEYS, st.integers(0, 3000), st.integers(1, 3000))
def test_a_part_is_drawn_as_in_the_whole(key, first, size):
    words = np.array(key, dtype=np.uint64)
    whole, part = np.empty(first + size), np.zeros(first + size)
    draws.normals(words, whole, 0, first + size)
    draws.normals(words, part, first, first + size)
    assert part[first:].tobytes() == whole[first:].tobytes()


def test_normals_are_the_quantiles_of_the_uniforms():
    """A million draws reach five standard deviations; the far tails have a formula of their own."""
    s = Streams(7)
    np.testing.assert_allclose(
        s.normal("x", 1_000_000), ndtri(s.uniform("x", 1_000_000)), rtol=1e-12, atol=1e-15
    )


@pytest.mark.parametrize("side", [0, 1])
def test_the_farthest_tails(side):
    """AS 241 promises 1e-16; the formula of the inner tails would be off by 5e-13 out there."""
    p = 2.0 ** -np.arange(1.0, 54.0)
    p = 1.0 - p if side else p
    out = np.empty(len(p))
    _quantiles(p, out)
    np.testing.assert_allclose(out, ndtri(p), rtol=1e-14, atol=1e-15)


def _quantiles(u, out):
    """`draws.normalise` on given numbers."""
    import numba

    @numba.njit
    def work(u, out):
        n = len(u)
        draws.normalise(u, out, np.empty(n, np.int64), np.empty(n), np.empty(n))

    work(u, out)


def test_threads_change_no_bit(alike):
    s = Streams(3)
    alike(lambda: (s.normal("x", 5001, 2), s.uniform("y", 5001)))
