"""Series smoothed by one period, entry by entry. What is worked out stands in `learning.smoothing`.

Whole series go by the same recursions in `kernels.smoothing`. first, stop : series to do
"""

import numpy as np

from catallax.kernels.jit import Flags, In, Out, inline, kernel


@inline
def move_toward(before: float, news: float, gain: float) -> float:
    """Exponential smoothing: `before`, moved by a share of what is new."""
    return before + gain * (news - before)


@inline
def weigh_newest(weight: float, seen: float) -> float:
    """Weight of the next value after `seen` others: few are averaged."""
    return max(weight, 1.0 / (seen + 1.0))


@inline
def step_holt_winters(
    level: float,
    slope: float,
    due: float,
    heard: float,
    known: bool,
    weight: float,
    trend: float,
    wave: float,
    damping: float,
) -> tuple[float, float, float]:
    """Holt and Winters: level, slope and the season that is over, one period later."""
    left = damping * slope
    expected = level + left
    now = move_toward(expected, heard - due if known else expected, weight)
    season = move_toward(due, heard - now if known else due, wave)
    return now, move_toward(left, now - level, trend), season


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
        begins = fresh[i] and count[i] == 0.0
        now, turn, season = step_holt_winters(
            level[i], slope[i], due[i], heard[i], fresh[i], weight, trend, wave, 1.0
        )
        levels[i] = heard[i] - due[i] if begins else now
        slopes[i] = 0.0 if begins else turn
        seasons[i] = due[i] if begins else season
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
        gain = weigh_newest(best, count[i]) if fixed != fixed else fixed
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
        levels[i] = move_toward(level[i], heard[i] if fresh[i] else level[i], gain)
        counts[i] = 1.0 if broken else count[i] + 1.0 if fresh[i] else count[i]
        errors[i] = gain * noise[i] * noise[i] if fresh[i] else error[i]
