"""Agreed secrets are the same on both sides; expanded numbers are even; codes are exact."""

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from catallax.labs.federated.fixed_point import decoded, encoded, reduced
from catallax.labs.federated.keys import GENERATOR, PRIME, agreed, expanded, public
from tests.labs.federated.test_shamir import prime


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
    assert agreed(a, public(b)) == agreed(b, public(a))
    assert agreed(a, public(b)) != agreed(a, public(c))


def test_expanded_numbers_are_the_standard_function_s_and_even():
    words = expanded(b"seed", 64_000, 16)
    digest = hashlib.shake_256(b"seed").digest(8)
    assert int(words[0]) == int.from_bytes(digest, "little") >> 48
    assert (
        chisquare(np.bincount(words, minlength=65_536).reshape(256, 256).sum(axis=1)).pvalue > 1e-3
    )
    assert chisquare(np.bincount(words % 256)).pvalue > 1e-3
    assert not np.array_equal(words, expanded(b"other", 64_000, 16))


@given(
    st.lists(st.floats(-100, 100), min_size=1, max_size=20),
    st.integers(16, 63),
    st.integers(0, 8),
)
def test_a_code_gives_back_what_was_put_in_to_half_a_step(values, bits, fraction):
    x = np.array(values)
    words = encoded(x, fraction, bits)
    assert (words < 2**bits).all()
    assert np.abs(decoded(words, fraction, bits) - x).max() <= 0.5 * 2.0**-fraction


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=20), st.integers(16, 63))
def test_sums_of_codes_are_codes_of_sums(values, bits):
    words = encoded(np.array(values, dtype=float), 0, bits)
    total = reduced(words.sum(keepdims=True, dtype=np.uint64), bits)
    assert decoded(total, 0, bits)[0] == sum(values)
