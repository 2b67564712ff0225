"""What is believed of series, and how it moves in a period in which some were heard.

Every rule works entry by entry except for one pooled number, the variance of the true change a
period.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol, final

import numpy as np

from catallax.arrays import Bools, Floats
from catallax.kernels import tracks as kernels
from catallax.kernels.switch import operation
from catallax.kernels.threads import over
from catallax.learning.smoothing import move_toward, step_holt_winters, weigh_newest

BREAK = 5.0  # standard errors of a surprise that is taken for a break in the series
SPAN = 13  # periods over which changes are looked at: long ones stand out from the noise


class Followed(Protocol):
    """What any rule makes of k series."""

    @property
    def level(self) -> Floats:
        """(k,) what is believed of today."""

    @property
    def count(self) -> Floats:
        """(k,) values heard since the start or the last break."""

    @property
    def error(self) -> Floats:
        """(k,) variance of the error of `level`; infinite while nothing was heard."""

    @property
    def told(self) -> bool:
        """Whether any series was ever heard."""


@final
@dataclass(frozen=True, eq=False)
class Track:
    """What is believed of k series.

    level  : (k,) of today
    slope  : (k,) change a period
    season : seasonal deviations (k,) of each period, the coming one's first; none without seasons
    count  : (k,) values heard since the start or the last break
    error  : (k,) variance of the error of `level`; infinite while nothing was heard
    anchor : (k,) a value heard at most SPAN periods ago
    since  : (k,) periods from then to the last one in which any series was heard
    idle   : periods since in which none was
    excess : sum over series and periods of since x (squared change since the anchor, less what
             noise explains)
    weight : sum of since^2
    """

    level: Floats
    slope: Floats
    season: tuple[Floats, ...]
    count: Floats
    error: Floats
    anchor: Floats
    since: Floats
    idle: int = 0
    excess: float = 0.0
    weight: float = 0.0

    @property
    def walk(self) -> float:
        """Variance of the true change a period, by least squares over all lags looked at."""
        return max(self.excess / self.weight, 0.0) if self.weight > 0 else 0.0

    @cached_property
    def told(self) -> bool:
        """Whether any series was ever heard."""
        return bool(self.count.any())

    @property
    def silent(self) -> "Track":
        """One period later, in which nothing was heard of series that stand still."""
        return replace(self, idle=self.idle + 1)

    @staticmethod
    def of(level: Floats, period: int = 0) -> "Track":
        """Nothing heard yet: `level` (k,) is believed."""
        zero = np.zeros_like(level)
        none = np.full_like(level, np.inf)
        return Track(level, zero, (zero,) * period, zero, none, level, zero)


def _smooth_plainly(
    track: Track, heard: Floats, fresh: Bools, noise: Floats, smoothing: float | None
) -> Track:
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


@operation(_smooth_plainly)
def smooth(
    track: Track, heard: Floats, fresh: Bools, noise: Floats, smoothing: float | None
) -> Track:
    """Exponential smoothing by one period, with breaks; `smoothing` None: by the best weight.

    heard, fresh : (k,) values that arrived, of which only the fresh ones count
    noise        : (k,) s.d. of the error of what was heard
    """
    level, count, error, anchor, since = np.empty((5, len(heard)))
    fixed, sums = np.nan if smoothing is None else smoothing, np.zeros(2)
    kernels.smooth(
        track.level, track.count, track.error, track.anchor, track.since, heard, fresh, noise,
        fixed, track.idle, track.walk, BREAK, SPAN, level, count, error, anchor, since, sums,
    )  # fmt: skip
    return replace(
        track,
        level=level,
        count=count,
        error=error,
        anchor=anchor,
        since=since,
        idle=0,
        excess=track.excess + float(sums[0]),
        weight=track.weight + float(sums[1]),
    )


def _smooth_with_season_plainly(
    track: Track, heard: Floats, fresh: Bools, noise: Floats, weights: tuple[float, float, float]
) -> Track:
    due, first = track.season[0], fresh & (track.count == 0)
    level, slope, season = step_holt_winters(track.level, track.slope, due, heard, fresh, weights)
    return replace(
        track,
        level=np.where(first, heard - due, level),
        slope=np.where(first, 0.0, slope),
        season=(*track.season[1:], np.where(first, due, season)),
        count=track.count + fresh,
        error=np.where(fresh, weights[0] * noise**2, track.error),
    )


@operation(_smooth_with_season_plainly)
def smooth_with_season(
    track: Track, heard: Floats, fresh: Bools, noise: Floats, weights: tuple[float, float, float]
) -> Track:
    """Holt and Winters by one period: `weights` of news in level, slope and season."""
    level, slope, season, count, error = np.empty((5, len(heard)))

    def work(first: int, stop: int) -> None:
        kernels.holt(
            track.level, track.slope, track.season[0], track.count, track.error, heard, fresh,
            noise, *weights, level, slope, season, count, error, first, stop,
        )  # fmt: skip

    over(len(heard), len(heard), work)
    seasons = (*track.season[1:], season)
    return replace(track, level=level, slope=slope, season=seasons, count=count, error=error)
