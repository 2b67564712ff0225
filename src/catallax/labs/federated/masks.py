"""What a secure sum is made of: masks from agreed secrets, shares of a secret, whole numbers.

Two parties agree on a secret in public (Diffie & Hellman 1976), in the group number 14 of RFC 3526
(Kivinen & Kojo 2003), of 2048 bits. A secret is split into shares of which a threshold gives it
and fewer say nothing (Shamir 1979). Numbers are whole ones modulo 2^bits, so that sums are exact
and masks can cancel.
"""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from catallax.arrays import Floats

Residues = npt.NDArray[np.uint64]

PRIME = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
    "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
    "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF05"
    "98DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB"
    "9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718"
    "3995497CEA956AE515D2261898FA051015728E5A8AACAA68FFFFFFFFFFFFFFFF",
    16,
)
GENERATOR = 2
PUBLIC_BITS = 2048
SECRET_BYTES = 31  # 248 bits: above twice the strength of the group, below the field of shares


def derive_public_key(secret: int) -> int:
    """What may be told to everybody."""
    return pow(GENERATOR, secret, PRIME)


def agree_seed(secret: int, other: int) -> bytes:
    """The seed that the holder of `secret` has in common with the holder of `other`'s secret."""
    common = pow(other, secret, PRIME)
    return hashlib.sha256(common.to_bytes(PUBLIC_BITS // 8, "big")).digest()


def expand_seed(seed: bytes, size: int, bits: int) -> Residues:
    """(size,) whole numbers below 2^bits, evenly spread to whoever does not know the seed.

    SHAKE-256 (FIPS 202, 2015) rather than the simulation's generator of random numbers, which
    passes statistical tests but was not made to keep secrets.
    """
    words = np.frombuffer(hashlib.shake_256(seed).digest(8 * size), dtype="<u8")
    return np.asarray(words.astype(np.uint64) >> np.uint64(64 - bits))


FIELD = 2**255 - 19  # a prime; secrets and shares are whole numbers below it
SHARE_BITS = 255


def split_secret(secret: int, coefficients: Sequence[int], points: Sequence[int]) -> dict[int, int]:
    """The share of each point: values of a polynomial whose constant is the secret.

    secret       : in [0, FIELD)
    coefficients : threshold - 1 numbers in [0, FIELD), drawn evenly and told to nobody
    points       : distinct whole numbers > 0, one a holder
    """
    return {x: _evaluate((secret, *coefficients), x) for x in points}


def recover_secret(held: Mapping[int, int]) -> int:
    """The secret from point -> share of at least `threshold` holders, by Lagrange's formula."""
    return sum(share * _weigh(x, list(held)) for x, share in held.items()) % FIELD


def _evaluate(polynomial: Sequence[int], x: int) -> int:
    value = 0
    for coefficient in reversed(polynomial):
        value = (value * x + coefficient) % FIELD
    return value


def _weigh(x: int, points: Sequence[int]) -> int:
    """What the share at `x` counts in the value at 0."""
    above, below = 1, 1
    for other in points:
        if other != x:
            above = above * other % FIELD
            below = below * (other - x) % FIELD
    return above * pow(below, -1, FIELD) % FIELD


def encode(x: Floats, fraction: int, bits: int) -> Residues:
    """The nearest multiples of 2^-fraction, modulo 2^bits; each |x| < 2^(bits - 1 - fraction)."""
    whole = np.round(np.ldexp(x, fraction)).astype(np.int64).view(np.uint64)
    return reduce_modulo(whole, bits)


def decode(sums: Residues, fraction: int, bits: int) -> Floats:
    """The numbers meant, from -2^(bits - 1 - fraction) up."""
    aside = np.uint64(64 - bits)
    signed = (sums << aside).view(np.int64) >> np.int64(64 - bits)
    return np.asarray(np.ldexp(signed.astype(np.float64), -fraction))


def reduce_modulo(whole: Residues, bits: int) -> Residues:
    """Modulo 2^bits."""
    return np.asarray(whole & np.uint64((1 << bits) - 1))
