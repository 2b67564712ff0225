"""One model of a bank on all series; what is worked out stands in `learning.plain`.

level, cosine, sine : (k,) the model's states
c, s                : the season's two waves in the week meant
"""

import numpy as np

from catallax.kernels.jit import Flags, In, Out, kernel


@kernel
def surprised(
    level: In,
    cosine: In,
    sine: In,
    c: float,
    s: float,
    heard: In,
    fresh: Flags,
    variance: float,
    least: Out,
    first: int,
    stop: int,
) -> None:
    """Lower `least` (k,) to this model's squared surprises in units of their `variance`."""
    for i in range(np.uint64(first), np.uint64(stop)):
        gap = heard[i] - (level[i] + c * cosine[i] + s * sine[i]) if fresh[i] else 0.0
        least[i] = min(least[i], gap * gap / variance)


@kernel
def learned(
    level: In,
    cosine: In,
    sine: In,
    c: float,
    s: float,
    heard: In,
    fresh: Flags,
    broken: Flags,
    to_level: float,
    to_cosine: float,
    to_sine: float,
    levels: Out,
    cosines: Out,
    sines: Out,
    sums: Out,
    first: int,
    stop: int,
) -> None:
    """States after what was heard; adds squared surprises, and how many there were, to `sums`."""
    for i in range(np.uint64(first), np.uint64(stop)):
        gap = heard[i] - (level[i] + c * cosine[i] + s * sine[i]) if fresh[i] else 0.0
        told = 0.0 if broken[i] else gap
        levels[i] = level[i] + (gap if broken[i] else to_level * gap)
        cosines[i] = cosine[i] + to_cosine * told
        sines[i] = sine[i] + to_sine * told
    for i in range(np.uint64(first), np.uint64(stop)):
        gap = heard[i] - (level[i] + c * cosine[i] + s * sine[i])
        counts = fresh[i] and not broken[i]
        sums[0] += gap * gap if counts else 0.0
        sums[1] += 1.0 if counts else 0.0


@kernel
def foretold(level: In, cosine: In, sine: In, weight: float, c: float, s: float, out: Out) -> None:
    """Add to `out` (k,) what the model expects, at `weight`."""
    for i in range(np.uint64(len(level))):
        out[i] += weight * (level[i] + c * cosine[i] + s * sine[i])
