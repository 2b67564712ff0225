"""A bank of J structural models on k series: what they learn in a period, and what they expect.

Loops do one model at a time:

level, cosine, sine : (k,) the model's states
c, s                : the season's two waves in the week meant
"""

from functools import partial

import numpy as np

from catallax.arrays import Bools, Floats
from catallax.kernels.jit import Flags, In, Out, kernel
from catallax.kernels.switch import operation
from catallax.kernels.threads import GRAIN, over, summed

PARTS = 8  # blocks in which sums over many series are made, whatever the threads


def _learn_plainly(
    states: Floats,
    told: Bools,
    h: Floats,
    heard: Floats,
    fresh: Bools,
    variance: Floats,
    gain: Floats,
    limit: float,
) -> tuple[Floats, Bools, Floats, float]:
    gap = np.where(fresh, heard - np.einsum("i,jik->jk", h, states), 0.0)
    least = np.min(gap**2 / variance[:, None], axis=0)
    broken = fresh & (least > limit**2) & told
    learned = states + gain[:, :, None] * np.where(broken, 0.0, gap)[:, None, :]
    learned[:, 0] += np.where(broken, gap, 0.0)
    judged = fresh & ~broken
    return learned, broken, (gap[:, judged] ** 2).sum(axis=1), float(judged.sum())


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


@operation(_learn_plainly)
def learn(
    states: Floats,
    told: Bools,
    h: Floats,
    heard: Floats,
    fresh: Bools,
    variance: Floats,
    gain: Floats,
    limit: float,
) -> tuple[Floats, Bools, Floats, float]:
    """States after what was heard, breaks (k,), squared surprises (J,) and how many of them.

    states         : (J, 3, k) level and the season's coordinates; h : (3,) how a value is made up
    told           : (k,) series of which anything was known
    heard, fresh   : (k,) values that arrived, of which only the fresh ones count
    variance, gain : (J,) of what a model foretells, and (J, 3) how far a surprise moves its states
    limit          : standard errors of every model beyond which a surprise is a break
    """
    k, (_, c, s) = len(heard), h.tolist()
    least, after = np.full(k, np.inf), np.empty_like(states)
    for model, v in zip(states, variance.tolist(), strict=True):
        over(k, k, partial(surprised, *model, c, s, heard, fresh, v, least))
    broken = fresh & (least > limit**2) & told
    edges = [k * part // PARTS for part in range(PARTS + 1)] if k > GRAIN else [0, k]
    sums = []
    for before, now, g in zip(states, after, gain.tolist(), strict=True):
        one = partial(learned, *before, c, s, heard, fresh, broken, *g, *now)
        sums.append(summed(edges, 2, one))
    square, judged = np.array(sums).T
    return after, broken, square, float(judged[0])


def _foretell_plainly(states: Floats, weight: Floats, wave: Floats) -> Floats:
    return np.asarray(np.einsum("j,i,jik->k", weight, wave, states))


@kernel
def foretold(level: In, cosine: In, sine: In, weight: float, c: float, s: float, out: Out) -> None:
    """Add to `out` (k,) what the model expects, at `weight`."""
    for i in range(np.uint64(len(level))):
        out[i] += weight * (level[i] + c * cosine[i] + s * sine[i])


@operation(_foretell_plainly)
def foretell(states: Floats, weight: Floats, wave: Floats) -> Floats:
    """(k,) what a bank expects of models that count by `weight` (J,), when `wave` (3,) holds."""
    out = np.zeros(states.shape[2])
    _, c, s = wave.tolist()
    for each, model in zip(weight.tolist(), states, strict=True):
        foretold(*model, each, c, s, out)
    return out
