"""exp, log and their like against NumPy's, in units of the last place."""

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax.kernels import elementary

MOST = 2.5  # units in the last place


def looped(name):
    f = getattr(elementary, name)

    @numba.njit(error_model="numpy")
    def loop(x, out):
        for i in range(len(x)):
            out[i] = f(x[i])

    def call(x):
        out = np.empty_like(x)
        loop(x, out)
        return out

    return call


EXP, EXPM1, LOG, LOG1P = (looped(name) for name in ("exp", "expm1", "log", "log1p"))


def apart(found, right):
    return np.max(np.abs(found - right) / np.spacing(np.abs(right)))


@pytest.mark.parametrize("scale", [1e-12, 1e-3, 0.5, 5.0, 200.0])
def test_exponentials(scale):
    x = np.random.default_rng(0).normal(0, scale, 100_000)
    x = x[np.abs(x) < 700]
    assert apart(EXP(x), np.exp(x)) <= MOST
    assert apart(EXPM1(x), np.expm1(x)) <= MOST


@pytest.mark.parametrize("scale", [1e-12, 1e-3, 0.2])
def test_logarithms_near_one(scale):
    x = np.random.default_rng(1).uniform(-scale, scale, 100_000)
    x = x[x != 0]
    assert apart(LOG1P(x), np.log1p(x)) <= MOST
    assert apart(LOG(1 + x)[1 + x != 1], np.log(1 + x)[1 + x != 1]) <= MOST


def test_logarithms_of_all_sizes():
    x = np.exp(np.random.default_rng(2).uniform(-700, 700, 100_000))
    assert apart(LOG(x), np.log(x)) <= MOST
    assert apart(LOG1P(x), np.log1p(x)) <= MOST


def test_the_ends():
    assert EXP(np.array([-np.inf, -1e9]))[0] < 1e-300
    assert EXPM1(np.array([-np.inf, -800.0])).tolist() == [-1.0, -1.0]
    assert EXP(np.array([0.0, -0.0])).tolist() == [1.0, 1.0]
    assert EXPM1(np.array([0.0])).tolist() == [0.0]
    assert LOG(np.array([1.0])).tolist() == [0.0]


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=40))
def test_a_number_alone_has_the_bits_it_has_among_others(values):
    x = np.array(values)
    for f in (EXP, EXPM1):
        assert f(x).tobytes() == b"".join(f(x[i : i + 1]).tobytes() for i in range(len(x)))
    y = np.exp(x)
    for f in (LOG, LOG1P):
        assert f(y).tobytes() == b"".join(f(y[i : i + 1]).tobytes() for i in range(len(y)))
