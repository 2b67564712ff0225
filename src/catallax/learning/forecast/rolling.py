"""Rolling origins: forecasts made at one point in time after another, of what came later.

An origin is the number of periods that are known (Tashman 2000).
"""

from collections.abc import Callable, Sequence

import numpy as np

from catallax.arrays import Floats
from catallax.errors import InputError
from catallax.learning.forecast.method import Method, forecast


def origins(length: int, horizon: int, count: int) -> range:
    """The last `count` origins, one period apart, whose `horizon` periods are all there.

    Raises InputError where the history is too short to have any period before the first.
    """
    last = length - horizon
    if last - count + 1 < 1:
        raise InputError(
            f"forecast: {length} periods are too few for {count} origins with {horizon} periods "
            f"after each; expected at least {count + horizon}; give a longer history, a shorter "
            f"horizon or fewer origins"
        )
    return range(last - count + 1, last + 1)


def rolled(
    series: Floats,
    method: Method,
    horizon: int,
    at: Sequence[int],
    levels: Sequence[float],
    done: Callable[[], None] = lambda: None,
) -> Floats:
    """Quantiles (o, n, h, q), each made from what was known at its origin and from nothing else.

    done : called after each origin
    """
    found = []
    for origin in at:
        found.append(forecast(series[:, :origin], horizon, method, levels).values)
        done()
    return np.stack(found)


def came(series: Floats, horizon: int, at: Sequence[int]) -> Floats:
    """(o, n, h) what came after each origin."""
    return np.stack([series[:, o : o + horizon] for o in at])
