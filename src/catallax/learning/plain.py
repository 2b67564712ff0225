"""The forecasting rules in plain NumPy, against which the kernels are tested."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from catallax.arrays import Bools, Floats
from catallax.learning.smoothing import move_toward, smooth_season, weigh_newest
from catallax.learning.track import Track

if TYPE_CHECKING:
    from catallax.learning.structural import Bank

BREAK = 5.0  # standard errors of a surprise that is taken for a break in the series
SPAN = 13  # periods over which changes are looked at: long ones stand out from the noise


def smooth(
    track: Track, heard: Floats, fresh: Bools, noise: Floats, smoothing: float | None
) -> Track:
    """Exponential smoothing by one period, in which some series were heard."""
    gain = weigh_newest(_muth(track.walk, noise), track.count)
    if smoothing is not None:
        gain = np.full_like(gain, smoothing)
    surprise = np.where(fresh, heard - track.level, 0.0)
    error = np.sqrt(noise**2 * (1.0 + gain) + track.walk)
    broken = fresh & (np.abs(surprise) > BREAK * error) & (track.count > 0)
    gain = np.where(broken | (track.count == 0), 1.0, gain)
    track = _anchored(track, heard, fresh, broken | (track.count == 0), noise)
    return replace(
        track,
        level=move_toward(track.level, np.where(fresh, heard, track.level), gain),
        count=np.where(broken, 1.0, track.count + fresh),
        error=np.where(fresh, gain * noise**2, track.error),
    )


def holt(
    track: Track, heard: Floats, fresh: Bools, noise: Floats, weights: tuple[float, float, float]
) -> Track:
    """Holt and Winters by one period; weights of level, slope and season."""
    due, first = track.season[0], fresh & (track.count == 0)
    level, slope, season = smooth_season(track.level, track.slope, due, heard, fresh, weights)
    return replace(
        track,
        level=np.where(first, heard - due, level),
        slope=np.where(first, 0.0, slope),
        season=(*track.season[1:], np.where(first, due, season)),
        count=track.count + fresh,
        error=np.where(fresh, weights[0] * noise**2, track.error),
    )


def _anchored(track: Track, heard: Floats, fresh: Bools, broken: Bools, noise: Floats) -> Track:
    """The track with this period's changes since the anchors; breaks begin anew."""
    since = track.since + (track.idle + 1.0)
    use = fresh & ~broken
    excess = since * ((heard - track.anchor) ** 2 - 2.0 * noise**2)
    new = fresh & (broken | (since >= SPAN))
    return replace(
        track,
        anchor=np.where(new, heard, track.anchor),
        since=np.where(new, 0.0, since),
        idle=0,
        excess=track.excess + float(excess[use].sum()),
        weight=track.weight + float((since[use] ** 2).sum()),
    )


def _muth(walk: float, noise: Floats) -> Floats:
    """Best weight for a random walk of variance `walk` heard with `noise` (Muth 1960)."""
    ratio = walk / np.where(noise > 0, noise, 1.0) ** 2
    gain = (np.sqrt(ratio * ratio + 4.0 * ratio) - ratio) / 2.0
    return np.where(noise > 0, gain, 1.0)


def learned(
    bank: "Bank",
    h: Floats,
    heard: Floats,
    fresh: Bools,
    variance: Floats,
    gain: Floats,
    limit: float,
) -> tuple[Floats, Bools, Floats, float]:
    """States after what was heard, breaks (k,), squared surprises (J,) and how many of them."""
    gap = np.where(fresh, heard - np.einsum("i,jik->jk", h, bank.state), 0.0)
    least = np.min(gap**2 / variance[:, None], axis=0)
    broken = fresh & (least > limit**2) & (bank.count > 0)
    state = bank.state + gain[:, :, None] * np.where(broken, 0.0, gap)[:, None, :]
    state[:, 0] += np.where(broken, gap, 0.0)
    judged = fresh & ~broken
    return state, broken, (gap[:, judged] ** 2).sum(axis=1), float(judged.sum())


def foretold(state: Floats, weight: Floats, wave: Floats) -> Floats:
    """(k,) what a bank of models expects where level and season count as in `wave` (3,)."""
    return np.asarray(np.einsum("j,i,jik->k", weight, wave, state))
