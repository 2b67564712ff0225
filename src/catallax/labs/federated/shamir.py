"""Secret sharing (Shamir 1979): a threshold of shares gives the secret, fewer say nothing."""

from collections.abc import Mapping, Sequence

FIELD = 2**255 - 19  # a prime; secrets and shares are whole numbers below it
SHARE_BITS = 255


def shares(secret: int, coefficients: Sequence[int], points: Sequence[int]) -> dict[int, int]:
    """The share of each point: values of a polynomial whose constant is the secret.

    secret       : in [0, FIELD)
    coefficients : threshold - 1 numbers in [0, FIELD), drawn evenly and told to nobody
    points       : distinct whole numbers > 0, one a holder
    """
    return {x: _value((secret, *coefficients), x) for x in points}


def recovered(held: Mapping[int, int]) -> int:
    """The secret from point -> share of at least `threshold` holders, by Lagrange's formula."""
    return sum(share * _weight(x, list(held)) for x, share in held.items()) % FIELD


def _value(polynomial: Sequence[int], x: int) -> int:
    value = 0
    for coefficient in reversed(polynomial):
        value = (value * x + coefficient) % FIELD
    return value


def _weight(x: int, points: Sequence[int]) -> int:
    """What the share at `x` counts in the value at 0."""
    above, below = 1, 1
    for other in points:
        if other != x:
            above = above * other % FIELD
            below = below * (other - x) % FIELD
    return above * pow(below, -1, FIELD) % FIELD
