"""Any threshold of shares gives the secret; one fewer fits every secret alike."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from catallax.labs.federated.shamir import FIELD, recovered, shares

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
    dealt = shares(secret, coefficients, range(1, threshold + more + 1))
    holders = data.draw(st.permutations(list(dealt)))[:threshold]
    assert recovered({x: dealt[x] for x in holders}) == secret
    assert recovered(dealt) == secret


@given(NUMBERS, NUMBERS, st.lists(NUMBERS, min_size=1, max_size=5))
def test_one_fewer_fits_any_other_secret_too(secret, other, coefficients):
    """With the missing share free, the same shares belong to any secret at all."""
    dealt = shares(secret, coefficients, range(1, len(coefficients) + 2))
    missing = max(dealt)
    held = {x: s for x, s in dealt.items() if x != missing}
    # The share that would make the secret `other` exists: it is the value of a polynomial.
    weight = recovered({**dict.fromkeys(held, 0), missing: 1})
    needed = (other - recovered({**held, missing: 0})) * pow(weight, -1, FIELD) % FIELD
    assert recovered({**held, missing: needed}) == other


def test_a_share_alone_is_evenly_spread_whatever_the_secret():
    """Means of shares over 2^255 of 4,000 dealings are within 5 standard errors of a half."""
    rng = np.random.default_rng(0)
    for secret in (0, 1, FIELD - 1):
        drawn = [int.from_bytes(rng.bytes(48), "big") % FIELD for _ in range(4000)]
        first = np.array([shares(secret, [c], [1])[1] / FIELD for c in drawn])
        assert abs(first.mean() - 0.5) < 5 / np.sqrt(12 * 4000)
