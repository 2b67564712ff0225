"""Masks: agreed secrets, shares of them, and whole numbers modulo 2^bits."""

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from catallax.labs.federated.masks import (
    FIELD,
    GENERATOR,
    PRIME,
    agree_seed,
    decode,
    derive_public_key,
    encode,
    expand_seed,
    recover_secret,
    reduce_modulo,
    split_secret,
)


def test_the_group_is_that_of_rfc_3526():
    """2^2048 - 2^1984 - 1 + 2^64 ([2^1918 pi] + 124476), a safe prime, as the RFC states it."""

    # Machin's formula with whole numbers: floor(2^1918 pi).
    def arctan(n, unit):
        total = term = unit // n
        k, sign = 3, -1
        while term:
            term //= n * n
            total += sign * (term // k)
            k, sign = k + 2, -sign
        return total

    unit = 1 << (1918 + 64)
    pi = (4 * (4 * arctan(5, unit) - arctan(239, unit))) >> 64
    assert 2**2048 - 2**1984 - 1 + 2**64 * (pi + 124476) == PRIME
    assert prime(PRIME)
    assert prime((PRIME - 1) // 2)
    assert GENERATOR == 2


@pytest.mark.parametrize("seed", range(3))
def test_both_sides_agree_and_others_do_not(seed):
    rng = np.random.default_rng(seed)
    a, b, c = (int.from_bytes(rng.bytes(31), "big") for _ in range(3))
    assert agree_seed(a, derive_public_key(b)) == agree_seed(b, derive_public_key(a))
    assert agree_seed(a, derive_public_key(b)) != agree_seed(a, derive_public_key(c))


def test_expanded_numbers_are_the_standard_function_s_and_even():
    words = expand_seed(b"seed", 64_000, 16)
    digest = hashlib.shake_256(b"seed").digest(8)
    assert int(words[0]) == int.from_bytes(digest, "little") >> 48
    assert (
        chisquare(np.bincount(words, minlength=65_536).reshape(256, 256).sum(axis=1)).pvalue > 1e-3
    )
    assert chisquare(np.bincount(words % 256)).pvalue > 1e-3
    assert not np.array_equal(words, expand_seed(b"other", 64_000, 16))


@given(
    st.lists(st.floats(-100, 100), min_size=1, max_size=20),
    st.integers(16, 63),
    st.integers(0, 8),
)
def test_a_code_gives_back_what_was_put_in_to_half_a_step(values, bits, fraction):
    x = np.array(values)
    words = encode(x, fraction, bits)
    assert (words < 2**bits).all()
    assert np.abs(decode(words, fraction, bits) - x).max() <= 0.5 * 2.0**-fraction


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=20), st.integers(16, 63))
def test_sums_of_codes_are_codes_of_sums(values, bits):
    words = encode(np.array(values, dtype=float), 0, bits)
    total = reduce_modulo(words.sum(keepdims=True, dtype=np.uint64), bits)
    assert decode(total, 0, bits)[0] == sum(values)


NUMBERS = st.integers(0, FIELD - 1)


def prime(n):
    """Miller and Rabin's test with the first twelve primes as bases."""
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for base in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37):
        x = pow(base, odd, n)
        if x in (1, n - 1):
            continue
        if not any((x := x * x % n) == n - 1 for _ in range(twos - 1)):
            return False
    return True


def test_the_field_is_one():
    assert prime(FIELD)
    assert not prime(FIELD - 2)


@given(NUMBERS, st.lists(NUMBERS, max_size=6), st.integers(0, 5), st.data())
def test_any_threshold_of_shares_gives_the_secret(secret, coefficients, more, data):
    threshold = len(coefficients) + 1
    dealt = split_secret(secret, coefficients, range(1, threshold + more + 1))
    holders = data.draw(st.permutations(list(dealt)))[:threshold]
    assert recover_secret({x: dealt[x] for x in holders}) == secret
    assert recover_secret(dealt) == secret


@given(NUMBERS, NUMBERS, st.lists(NUMBERS, min_size=1, max_size=5))
def test_one_fewer_fits_any_other_secret_too(secret, other, coefficients):
    """With the missing share free, the same shares belong to any secret at all."""
    dealt = split_secret(secret, coefficients, range(1, len(coefficients) + 2))
    missing = max(dealt)
    held = {x: s for x, s in dealt.items() if x != missing}
    # The share that would make the secret `other` exists: it is the value of a polynomial.
    weight = recover_secret({**dict.fromkeys(held, 0), missing: 1})
    needed = (other - recover_secret({**held, missing: 0})) * pow(weight, -1, FIELD) % FIELD
    assert recover_secret({**held, missing: needed}) == other


def test_a_share_alone_is_evenly_spread_whatever_the_secret():
    """Means of shares over 2^255 of 4,000 dealings are within 5 standard errors of a half."""
    rng = np.random.default_rng(0)
    for secret in (0, 1, FIELD - 1):
        drawn = [int.from_bytes(rng.bytes(48), "big") % FIELD for _ in range(4000)]
        first = np.array([split_secret(secret, [c], [1])[1] / FIELD for c in drawn])
        assert abs(first.mean() - 0.5) < 5 / np.sqrt(12 * 4000)
