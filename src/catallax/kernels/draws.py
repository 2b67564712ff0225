"""Random numbers by position: Philox4x64-10 (Salmon et al. 2011) and normals by inversion.

Number i of a stream is a function of the stream's key and i alone, so any part of it can be drawn
by anybody. The bits of uniforms are those of `numpy.random.Philox`.
"""

import math
from typing import Any

import numba
import numpy as np
from numba.extending import intrinsic

from catallax.kernels.elementary import fma, log
from catallax.kernels.jit import Index, Out, inline, kernel

_M0, _M1 = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
_W0, _W1 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
_SMALLEST = 2.0**-54  # stands for a draw of 0, which has no normal
_CENTRE = 0.425  # half width of the range of probabilities that one fraction covers
BATCH = 1024  # numbers that are worked on while they lie in the nearest cache


@intrinsic  # type: ignore[untyped-decorator]
def _product(_: Any, a: Any, b: Any) -> Any:
    """The upper and the lower half of the product of two 64-bit words."""
    pair = numba.types.UniTuple(numba.uint64, 2)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        from llvmlite import ir

        wide = ir.IntType(128)
        a, b = (builder.zext(v, wide) for v in values)
        whole = builder.mul(a, b)
        high = builder.trunc(builder.lshr(whole, ir.Constant(wide, 64)), ir.IntType(64))
        low = builder.trunc(whole, ir.IntType(64))
        return context.make_tuple(builder, signature.return_type, (high, low))

    return pair(numba.uint64, numba.uint64), generate


@inline
def _round(words: Any, k0: Any, k1: Any) -> Any:
    """One of the ten rounds of a block."""
    high0, low0 = _product(_M0, words[0])
    high1, low1 = _product(_M1, words[2])
    return high1 ^ words[1] ^ k0, low1, high0 ^ words[3] ^ k1, low0


@inline
def _four(counter: Any, k0: Any, k1: Any) -> Any:
    """The four words of one block."""
    zero = np.uint64(0)
    words = (np.uint64(counter), zero, zero, zero)
    for _ in range(10):
        words = _round(words, k0, k1)
        k0, k1 = k0 + _W0, k1 + _W1
    return words


@inline
def _eight(counter: Any, k0: Any, k1: Any) -> Any:
    """Those of a block and the next: a round waits for the one before, so two go side by side."""
    zero = np.uint64(0)
    one = (np.uint64(counter), zero, zero, zero)
    two = (np.uint64(counter) + np.uint64(1), zero, zero, zero)
    for _ in range(10):
        one, two = _round(one, k0, k1), _round(two, k0, k1)
        k0, k1 = k0 + _W0, k1 + _W1
    return one, two


@inline
def _unit(word: Any) -> float:
    return max(float(np.int64(word >> np.uint64(11))) * 2.0**-53, _SMALLEST)


@inline
def _put(words: Any, out: Any, at: Any) -> None:
    """The uniforms of a block to `out` from `at` on."""
    a, b, c, d = words
    out[at], out[at + np.uint64(1)] = _unit(a), _unit(b)
    out[at + np.uint64(2)], out[at + np.uint64(3)] = _unit(c), _unit(d)


@inline
def fill(k0: Any, k1: Any, at: Any, out: Any) -> None:
    """Uniforms number `at`, `at` + 1, ... of the stream with key (k0, k1) to `out`."""
    i, size = np.uint64(0), np.uint64(len(out))
    four, eight, one = np.uint64(4), np.uint64(8), np.uint64(1)
    block, skip = np.uint64(at) // four + one, np.uint64(at) % four  # NumPy counts blocks from 1
    while skip == np.uint64(0) and i + eight <= size:
        a, b = _eight(block, k0, k1)
        _put(a, out, i)
        _put(b, out, i + four)
        i, block = i + eight, block + one + one
    while i < size:
        words = _four(block, k0, k1)
        for k in range(skip, min(four, skip + size - i)):
            out[i + k - skip] = _unit(words[k])
        i, block, skip = i + four - skip, block + one, np.uint64(0)


@kernel
def uniforms(key: Index, out: Out, first: int, stop: int) -> None:
    """Numbers `first` to `stop` - 1 of the stream of `key` (2,), in (0, 1), to their places."""
    fill(key[0], key[1], first, out[first:stop])


@inline
def _central(q: float) -> Any:
    """Quantile at probability 1/2 + q, |q| <= 0.425."""
    r = _CENTRE * _CENTRE - q * q
    above = 2.5090809287301226727e3
    above = fma(above, r, 3.3430575583588128105e4)
    above = fma(above, r, 6.7265770927008700853e4)
    above = fma(above, r, 4.5921953931549871457e4)
    above = fma(above, r, 1.3731693765509461125e4)
    above = fma(above, r, 1.9715909503065514427e3)
    above = fma(above, r, 1.3314166789178437745e2)
    above = fma(above, r, 3.3871328727963666080)
    below = 5.2264952788528545610e3
    below = fma(below, r, 2.8729085735721942674e4)
    below = fma(below, r, 3.9307895800092710610e4)
    below = fma(below, r, 2.1213794301586595867e4)
    below = fma(below, r, 5.3941960214247511077e3)
    below = fma(below, r, 6.8718700749205790830e2)
    below = fma(below, r, 4.2313330701600911252e1)
    return q * above / (below * r + 1.0)


@inline
def _outer(r: float) -> Any:
    """Size of the quantile whose tail has probability exp(-r^2), for 1.6 <= r <= 5."""
    r -= 1.6
    above = 7.74545014278341407640e-4
    above = fma(above, r, 2.27238449892691845833e-2)
    above = fma(above, r, 2.41780725177450611770e-1)
    above = fma(above, r, 1.27045825245236838258)
    above = fma(above, r, 3.64784832476320460504)
    above = fma(above, r, 5.76949722146069140550)
    above = fma(above, r, 4.63033784615654529590)
    above = fma(above, r, 1.42343711074968357734)
    below = 1.05075007164441684324e-9
    below = fma(below, r, 5.47593808499534494600e-4)
    below = fma(below, r, 1.51986665636164571966e-2)
    below = fma(below, r, 1.48103976427480074590e-1)
    below = fma(below, r, 6.89767334985100004550e-1)
    below = fma(below, r, 1.67638483018380384940)
    below = fma(below, r, 2.05319162663775882187)
    return above / (below * r + 1.0)


@inline
def _outmost(r: float) -> Any:
    """The same for r > 5."""
    r -= 5.0
    above = 2.01033439929228813265e-7
    above = fma(above, r, 2.71155556874348757815e-5)
    above = fma(above, r, 1.24266094738807843860e-3)
    above = fma(above, r, 2.65321895265761230930e-2)
    above = fma(above, r, 2.96560571828504891230e-1)
    above = fma(above, r, 1.78482653991729133580)
    above = fma(above, r, 5.46378491116411436990)
    above = fma(above, r, 6.65790464350110377720)
    below = 2.04426310338993978564e-15
    below = fma(below, r, 1.42151175831644588870e-7)
    below = fma(below, r, 1.84631831751005468180e-5)
    below = fma(below, r, 7.86869131145613259100e-4)
    below = fma(below, r, 1.48753612908506148525e-2)
    below = fma(below, r, 1.36929880922735805310e-1)
    below = fma(below, r, 5.99832206555887937690e-1)
    return above / (below * r + 1.0)


@inline
def normalise(u: Any, out: Any, aside: Any, tail: Any, far: Any) -> None:
    """Standard normal quantiles of u in (0, 1) to `out`, which may be `u` itself (AS 241).

    The tails, 15 % of all, are set aside, so that both parts are vectorised.
    aside, tail, far : room for as many numbers; `aside` of whole ones
    """
    count = 0
    for i in range(len(u)):
        aside[count], tail[count] = i, u[i]
        count += abs(u[i] - 0.5) > _CENTRE
    for i in range(len(u)):
        out[i] = _central(min(max(u[i] - 0.5, -_CENTRE), _CENTRE))
    for k in range(count):
        far[k] = math.sqrt(-log(min(tail[k], 1.0 - tail[k])))
    for k in range(count):
        size = _outer(far[k]) if far[k] <= 5.0 else _outmost(far[k])
        out[aside[k]] = -size if tail[k] < 0.5 else size


@kernel
def normals(key: Index, out: Out, first: int, stop: int) -> None:
    """Standard normals by inversion (Wichura 1988) of the same uniforms."""
    aside, tail, far = np.empty(BATCH, np.int64), np.empty(BATCH), np.empty(BATCH)
    for begin in range(first, stop, BATCH):
        part = out[begin : min(begin + BATCH, stop)]
        fill(key[0], key[1], begin, part)
        normalise(part, part, aside, tail, far)
