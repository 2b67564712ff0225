"""exp, log and their like as branch-free arithmetic, so that a loop over them is vectorised.

Numba calls the C library's functions one number at a time; these are four times as fast in a loop.
Errors are below two units in the last place for finite arguments of ordinary size (a test holds
them against NumPy's). Products and sums are contracted only where `fma` says so and nothing is
reordered, so a number alone has the same bits as among others.
"""

from typing import Any

import numba
from numba.extending import intrinsic

from catallax.kernels.jit import inline

_MAGIC = 6755399441055744.0  # 1.5 * 2^52: adding it rounds to a whole number
_LOG2E = 1.4426950408889634
_LN2_HIGH = 0.6931471803691238  # the upper 32 bits of ln 2, so that its multiples are exact
_LN2_LOW = 1.9082149292705877e-10
_ROOT_HALF = 0x3FE6A09E667F3BCD  # bits of sqrt(1/2)


@intrinsic  # type: ignore[untyped-decorator]
def as_bits(_: Any, x: Any) -> Any:
    """The 64 bits of a float."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.bitcast(values[0], context.get_value_type(numba.int64))

    return numba.int64(numba.float64), generate


@intrinsic  # type: ignore[untyped-decorator]
def as_float(_: Any, x: Any) -> Any:
    """The float that 64 bits stand for."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.bitcast(values[0], context.get_value_type(numba.float64))

    return numba.float64(numba.int64), generate


@intrinsic  # type: ignore[untyped-decorator]
def fma(_: Any, a: Any, b: Any, c: Any) -> Any:
    """a b + c, rounded once: one instruction where there is one, the same bits where not."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.fma(*values)

    return numba.float64(numba.float64, numba.float64, numba.float64), generate


@inline
def _halves(x: float) -> tuple[float, float]:
    """(e^r - 1, 2^k) with x = k ln 2 + r, |r| <= ln 2 / 2; Taylor's series to r^13."""
    bounded = min(max(x, -708.0), 709.0)
    shifted = fma(bounded, _LOG2E, _MAGIC)
    k = shifted - _MAGIC
    r = fma(k, -_LN2_LOW, fma(k, -_LN2_HIGH, bounded))
    p = 1.0 / 6227020800.0
    p = fma(p, r, 1.0 / 479001600.0)
    p = fma(p, r, 1.0 / 39916800.0)
    p = fma(p, r, 1.0 / 3628800.0)
    p = fma(p, r, 1.0 / 362880.0)
    p = fma(p, r, 1.0 / 40320.0)
    p = fma(p, r, 1.0 / 5040.0)
    p = fma(p, r, 1.0 / 720.0)
    p = fma(p, r, 1.0 / 120.0)
    p = fma(p, r, 1.0 / 24.0)
    p = fma(p, r, 1.0 / 6.0)
    p = fma(p, r, 0.5)
    return fma(p * r, r, r), as_float((as_bits(shifted) + 1023) << 52)


@inline
def exp(x: float) -> Any:
    """e^x for x from -708 to 709; beyond, the value at that end."""
    p, scale = _halves(x)
    return fma(p, scale, scale)


@inline
def expm1(x: float) -> Any:
    """e^x - 1, exact near 0, for x up to 709."""
    p, scale = _halves(x)
    return fma(p, scale, scale - 1.0)


@inline
def both(x: float) -> tuple[float, float]:
    """e^x and e^x - 1, each as exact as alone."""
    p, scale = _halves(x)
    return fma(p, scale, scale), fma(p, scale, scale - 1.0)


@inline
def log(x: float) -> Any:
    """Natural logarithm of a normal number above 0; of 0 it is -709.09."""
    bits = as_bits(x)
    k = (bits - _ROOT_HALF) >> 52
    m = as_float(bits - (k << 52))  # from sqrt(1/2) to sqrt(2)
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    p = 1.0 / 23.0
    p = fma(p, z, 1.0 / 21.0)
    p = fma(p, z, 1.0 / 19.0)
    p = fma(p, z, 1.0 / 17.0)
    p = fma(p, z, 1.0 / 15.0)
    p = fma(p, z, 1.0 / 13.0)
    p = fma(p, z, 1.0 / 11.0)
    p = fma(p, z, 1.0 / 9.0)
    p = fma(p, z, 1.0 / 7.0)
    p = fma(p, z, 1.0 / 5.0)
    p = fma(p, z, 1.0 / 3.0)
    e = float(k)
    return fma(e, _LN2_HIGH, fma(2.0 * s * z, p, fma(e, _LN2_LOW, 2.0 * s)))


@inline
def log1p(x: float) -> Any:
    """log(1 + x), exact near 0, for x > -1."""
    one = 1.0 + x
    return log(one) + (x - (one - 1.0)) / one
