"""Which settings are tried: the starting values, then points spread evenly over the ranges."""

from collections.abc import Iterator, Mapping

import numpy as np

from catallax.arrays import Floats
from catallax.protocol import Value
from catallax.study.tuning.declared import Declaration

POWER = 12  # 2**POWER points are looked at to find enough that differ

Settings = Mapping[str, Value]


def candidates(declaration: Declaration, mechanism: str) -> list[Settings]:
    """The settings of `mechanism` to try, as many as the budget has, each once.

    The first is the starting point. The rest is a scrambled Sobol sequence (Sobol 1967; Matoušek
    1998), which leaves no part of the ranges out and takes no aim: the same for every mechanism,
    however it behaves. There are fewer than the budget where there are not so many values.
    """
    ranges = declaration.ranges[mechanism]
    known = declaration.settings_of(mechanism)
    found: list[Settings] = [{key: r.begin(known[key].kind) for key, r in ranges.items()}]
    for point in _points(len(ranges), declaration.search):
        if len(found) == declaration.budget:
            break
        shares = zip(ranges.items(), point.tolist(), strict=True)
        tried = {key: r.at(u, known[key].kind) for (key, r), u in shares}
        if tried not in found:
            found.append(tried)
    return found


def spelt(mechanism: str, settings: Settings) -> str:
    """The mechanism with the settings, as a name that `mechanism_named` takes."""
    return ":".join([mechanism, *(f"{key}={value}" for key, value in settings.items())])


def _points(dimensions: int, seed: int) -> Iterator[Floats]:
    if not dimensions:
        return
    from scipy.stats import qmc  # takes most of a second

    sequence = qmc.Sobol(dimensions, scramble=True, seed=np.random.default_rng(seed))
    yield from sequence.random_base2(POWER)
