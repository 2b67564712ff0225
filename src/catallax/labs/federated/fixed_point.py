"""Real numbers as whole ones modulo 2^bits, so that sums are exact and masks can cancel."""

import numpy as np

from catallax.arrays import Floats
from catallax.labs.federated.keys import Words


def encoded(x: Floats, fraction: int, bits: int) -> Words:
    """The nearest multiples of 2^-fraction, modulo 2^bits; each |x| < 2^(bits - 1 - fraction)."""
    whole = np.round(np.ldexp(x, fraction)).astype(np.int64).view(np.uint64)
    return reduced(whole, bits)


def decoded(sums: Words, fraction: int, bits: int) -> Floats:
    """The numbers meant, from -2^(bits - 1 - fraction) up."""
    aside = np.uint64(64 - bits)
    signed = (sums << aside).view(np.int64) >> np.int64(64 - bits)
    return np.asarray(np.ldexp(signed.astype(np.float64), -fraction))


def reduced(whole: Words, bits: int) -> Words:
    """Modulo 2^bits."""
    return np.asarray(whole & np.uint64((1 << bits) - 1))
