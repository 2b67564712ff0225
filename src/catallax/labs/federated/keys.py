"""Secrets that two agree on in public (Diffie & Hellman 1976), and numbers drawn from a secret.

The group is number 14 of RFC 3526 (Kivinen & Kojo 2003), of 2048 bits.
"""

import hashlib

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]

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


def public(secret: int) -> int:
    """What may be told to everybody."""
    return pow(GENERATOR, secret, PRIME)


def agreed(secret: int, other: int) -> bytes:
    """The seed that the holder of `secret` has in common with the holder of `other`'s secret."""
    common = pow(other, secret, PRIME)
    return hashlib.sha256(common.to_bytes(PUBLIC_BITS // 8, "big")).digest()


def expanded(seed: bytes, size: int, bits: int) -> Words:
    """(size,) whole numbers below 2^bits, evenly spread to whoever does not know the seed.

    SHAKE-256 (FIPS 202, 2015) rather than the simulation's generator of random numbers, which
    passes statistical tests but was not made to keep secrets.
    """
    words = np.frombuffer(hashlib.shake_256(seed).digest(8 * size), dtype="<u8")
    return np.asarray(words.astype(np.uint64) >> np.uint64(64 - bits))
