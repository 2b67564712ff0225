"""Series followed by one period, entry by entry. What is worked out stands in `learning.track`.

first, stop : series to do
"""

import numpy as np

from catallax.kernels.jit import Flags, In, Out, kernel


@kernel
def holt(
    level: In,
    slope: In,
    due: In,
    count: In,
    error: In,
    heard: In,
    fresh: Flags,
    noise: In,
    weight: float,
    trend: float,
    wave: float,
    levels: Out,
    slopes: Out,
    seasons: Out,
    counts: Out,
    errors: Out,
    first: int,
    stop: int,
) -> None:
    """Level, slope, season of the period that is over, values heard and error, one period later."""
    for i in range(np.uint64(first), np.uint64(stop)):
        expected = level[i] + slope[i]
        begins = fresh[i] and count[i] == 0.0
        said = heard[i] - due[i] if fresh[i] else expected
        now = said if begins else expected + weight * (said - expected)
        levels[i] = now
        slopes[i] = 0.0 if begins else slope[i] + trend * (now - level[i] - slope[i])
        gap = heard[i] - now - due[i] if fresh[i] and not begins else 0.0
        seasons[i] = due[i] + wave * gap
        counts[i] = count[i] + 1.0 if fresh[i] else count[i]
        errors[i] = weight * noise[i] * noise[i] if fresh[i] else error[i]


@kernel
def smooth(
    level: In,
    count: In,
    error: In,
    anchor: In,
    since: In,
    heard: In,
    fresh: Flags,
    noise: In,
    fixed: float,
    idle: int,
    walk: float,
    limit: float,
    span: float,
    levels: Out,
    counts: Out,
    errors: Out,
    anchors: Out,
    ages: Out,
    sums: Out,
) -> None:
    """The same of smoothing, with breaks; adds to `sums` (2,) what the anchors say of the walk.

    fixed : weight of a new value; NaN: the best for a random walk of variance `walk`
    limit : standard errors of a surprise that is a break; span : periods that an anchor lasts
    """
    for i in range(np.uint64(len(level))):
        loud = noise[i] > 0.0
        ratio = walk / (noise[i] * noise[i] if loud else 1.0)
        best = (np.sqrt(ratio * ratio + 4.0 * ratio) - ratio) / 2.0 if loud else 1.0
        gain = max(best, 1.0 / (count[i] + 1.0)) if fixed != fixed else fixed
        surprise = heard[i] - level[i] if fresh[i] else 0.0
        spread = np.sqrt(noise[i] * noise[i] * (1.0 + gain) + walk)
        broken = fresh[i] and abs(surprise) > limit * spread and count[i] > 0.0
        anew = broken or count[i] == 0.0
        gain = 1.0 if anew else gain
        age = since[i] + 1.0 + idle
        if fresh[i] and not anew:
            change = heard[i] - anchor[i]
            sums[0] += age * (change * change - 2.0 * noise[i] * noise[i])
            sums[1] += age * age
        new = fresh[i] and (anew or age >= span)
        anchors[i] = heard[i] if new else anchor[i]
        ages[i] = 0.0 if new else age
        levels[i] = level[i] + gain * surprise
        counts[i] = 1.0 if broken else count[i] + 1.0 if fresh[i] else count[i]
        errors[i] = gain * noise[i] * noise[i] if fresh[i] else error[i]
