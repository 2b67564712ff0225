"""How far from a quota plants should be let go: the best distance of two prices around it.

Around the best price let a plant's answer to its own cost be u = −(c − E c)/C″. Between the prices
it keeps to the quota; outside it moves by what u exceeds the band: y = sign(u) max(|u| − t, 0),
with u and the band t in units of the s.d. of u. The expected gain of a plant over the quota,
in units of sigma²/C″, is E[u y] − E[y²]/2 + (B″/C″)(E[y²] + (n − 1) E[y y′])/2, where y′ is another
plant's. At t = 0 that is Weitzman's Δ; at infinity, the quota, it is 0.
"""

from functools import lru_cache

import numpy as np
from scipy.special import ndtr

from catallax.arrays import Floats

WIDEST = 8.0  # s.d. of costs: beyond it no plant leaves its quota once in 10^15 weeks
NODES = 64  # of the quadrature over what plants have in common
SMALLEST = 1e-12  # variance of what a plant has of its own where all is in common


@lru_cache(maxsize=4096)
def find_best_band(slopes: float, plants: int, correlation: float) -> float:
    """The band of the largest expected gain, in s.d. of a plant's marginal cost, 0 to 8.

    slopes      : B″/C″
    correlation : of marginal costs between plants, 0 to 1
    """
    from scipy.optimize import minimize_scalar  # a tenth of a second, for one mechanism

    def loss(t: float) -> float:
        return -expect_gain(t, slopes, plants, correlation)

    found = float(
        minimize_scalar(loss, bounds=(0, WIDEST), method="bounded", options={"xatol": 1e-9}).x
    )
    return min((0.0, found, WIDEST), key=loss)


def expect_gain(t: float, slopes: float, plants: int, correlation: float) -> float:
    """Expected gain of a plant over the quota in a band of `t` s.d., in units of sigma²/C″."""
    at = np.array([t])
    tail, density = float(ndtr(-at)[0]), float(_density(at)[0])
    square = 2.0 * ((1.0 + t * t) * tail - t * density)
    together = _expect_product(t, correlation) if plants > 1 else 0.0
    return 2.0 * tail - square / 2.0 + slopes * (square + (plants - 1) * together) / 2.0


def _expect_product(t: float, correlation: float) -> float:
    """E[y y′] of two plants: E[y | z]² averaged over z, what all plants have in common."""
    if correlation == 0.0:
        return 0.0
    z, weight = np.polynomial.hermite_e.hermegauss(NODES)
    mean, own = np.sqrt(correlation) * z, np.sqrt(max(1.0 - correlation, SMALLEST))
    answer = own * (_expect_excess((mean - t) / own) - _expect_excess(-(mean + t) / own))
    return float(weight @ answer**2 / weight.sum())


def _expect_excess(x: Floats) -> Floats:
    """E[max(x + e, 0)] of a standard normal e."""
    return np.asarray(x * ndtr(x) + _density(x))


def _density(x: Floats) -> Floats:
    return np.asarray(np.exp(-0.5 * x * x) / np.sqrt(2.0 * np.pi))
