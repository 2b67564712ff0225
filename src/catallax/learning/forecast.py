"""Forecasting many series at once from noisy, late and partly missing reports.

A `Track` holds what is believed of k series; a `Forecaster` moves it by one period and looks
ahead. Every rule works entry by entry except for one pooled number, the mean square of a
change, from which exponential smoothing finds its own weight.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import final

import numpy as np
import numpy.typing as npt

from catallax.errors import InputError, unknown
from catallax.network import Floats

Bools = npt.NDArray[np.bool_]

BREAK = 5.0  # standard errors of a surprise that is taken for a break in the series
MEMORY = 52  # periods over which the mean square of a change is pooled


@final
@dataclass(frozen=True, eq=False)
class Track:
    """What is believed of k series.

    level  : (k,) of today
    slope  : (k,) change a period
    season : (s, k) seasonal deviations, the coming period's first; s = 0 without seasons
    last   : (k,) the newest value that was heard
    count  : (k,) values heard since the start or the last break
    error  : (k,) variance of the error of `level`; infinite while nothing was heard
    change : mean square of the change between two values heard, pooled over series
    pooled : values that `change` has seen, at most MEMORY
    """

    level: Floats
    slope: Floats
    season: Floats
    last: Floats
    count: Floats
    error: Floats
    change: float = 0.0
    pooled: float = 0.0

    @staticmethod
    def of(level: Floats, period: int = 0) -> "Track":
        """Nothing heard yet: `level` (k,) is believed."""
        zero = np.zeros_like(level)
        none = np.full_like(level, np.inf)
        return Track(level, zero, np.zeros((period, len(level))), level, zero, none)


class Forecaster(ABC):
    """A rule that follows series; settings only."""

    def start(self, level: Floats) -> Track:
        """The track before anything was heard; `level` (k,) is the prior."""
        return Track.of(level)

    @abstractmethod
    def update(self, track: Track, heard: Floats, fresh: Bools, noise: Floats) -> Track:
        """The track one period later.

        heard : (k,) values that arrived; only those that are `fresh` count
        noise : (k,) s.d. of the error of what was heard, >= 0
        """

    def ahead(self, track: Track, periods: Floats) -> Floats:
        """(k,) values expected `periods` (k,) after the newest one heard, >= 0."""
        return track.level


@final
@dataclass(frozen=True)
class LastValue(Forecaster):
    """Tomorrow is what was last heard."""

    def update(self, track: Track, heard: Floats, fresh: Bools, noise: Floats) -> Track:
        """Believe what is fresh."""
        return replace(
            track,
            level=np.where(fresh, heard, track.level),
            last=np.where(fresh, heard, track.last),
            count=track.count + fresh,
            error=np.where(fresh, noise**2, track.error),
        )


@final
@dataclass(frozen=True)
class Ewma(Forecaster):
    """Exponential smoothing (Muth 1960), with breaks.

    smoothing : weight of the newest value, in (0, 1]; None finds the weight that is best for a
                random walk heard with noise, from the changes seen and the noise that is known.
                Younger series are averaged, and a surprise beyond five standard errors is
                believed at once.
    """

    smoothing: float | None = None

    def __post_init__(self) -> None:
        _check("ewma", {"smoothing": self.smoothing})

    def update(self, track: Track, heard: Floats, fresh: Bools, noise: Floats) -> Track:
        """Move the level by its share of the surprise."""
        track = _pooled(track, heard, fresh, noise)
        walk = _walk(track, fresh, noise)
        gain = np.maximum(_muth(walk, noise), 1.0 / (track.count + 1.0))
        if self.smoothing is not None:
            gain = np.full_like(gain, self.smoothing)
        surprise = np.where(fresh, heard - track.level, 0.0)
        error = np.sqrt(noise**2 * (1.0 + gain) + walk)
        broken = fresh & (np.abs(surprise) > BREAK * error) & (track.count > 0)
        gain = np.where(broken | (track.count == 0), 1.0, gain)
        return replace(
            track,
            level=track.level + gain * surprise,
            last=np.where(fresh, heard, track.last),
            count=np.where(broken, 1.0, track.count + fresh),
            error=np.where(fresh, gain * noise**2, track.error),
        )


@final
@dataclass(frozen=True)
class HoltWinters(Forecaster):
    """Level, slope and season smoothed side by side (Holt 1957; Winters 1960), additive in logs.

    level, slope, season : weights of the newest value, in [0, 1]
    period               : periods of a season, >= 1
    """

    level: float = 0.3
    slope: float = 0.02
    season: float = 0.2
    period: int = 52

    def __post_init__(self) -> None:
        _check("holt_winters", {k: getattr(self, k) for k in ("level", "slope", "season")})
        if self.period < 1:
            raise InputError(f"holt_winters: period is {self.period}, expected at least 1")

    def start(self, level: Floats) -> Track:
        """No slope and no season yet."""
        return Track.of(level, self.period)

    def update(self, track: Track, heard: Floats, fresh: Bools, noise: Floats) -> Track:
        """Smooth each component; what was not heard goes on as expected."""
        due = track.season[0]
        expected = track.level + track.slope
        first = fresh & (track.count == 0)
        said = np.where(fresh, heard - due, expected)
        level = np.where(first, said, expected + self.level * (said - expected))
        slope = np.where(first, 0.0, track.slope + self.slope * (level - track.level - track.slope))
        gap = np.where(fresh & ~first, heard - level - due, 0.0)
        season = np.vstack([track.season[1:], (due + self.season * gap)[None]])
        return replace(
            track,
            level=level,
            slope=slope,
            season=season,
            last=np.where(fresh, heard, track.last),
            count=track.count + fresh,
            error=np.where(fresh, self.level * noise**2, track.error),
        )

    def ahead(self, track: Track, periods: Floats) -> Floats:
        """Level and slope, with the season of the period meant."""
        at = (np.rint(periods).astype(np.int64) - 1) % self.period
        season = track.season[at, np.arange(len(track.level))]
        return np.asarray(track.level + periods * track.slope + season)


FORECASTERS: Mapping[str, Callable[[], Forecaster]] = {
    "last": LastValue,
    "ewma": Ewma,
    "holt_winters": HoltWinters,
}
"""Every rule by name."""


def forecaster(name: str) -> Forecaster:
    """The rule called `name` with its default settings; InputError lists the known ones."""
    if name not in FORECASTERS:
        raise unknown("forecast", name, FORECASTERS)
    return FORECASTERS[name]()


def _check(who: str, weights: dict[str, float | None]) -> None:
    for name, value in weights.items():
        if value is not None and not 0 <= value <= 1:
            raise InputError(f"{who}: {name} is {value}, expected a weight from 0 to 1")


def _pooled(track: Track, heard: Floats, fresh: Bools, noise: Floats) -> Track:
    """The track with this period's changes in the pooled mean square, breaks cut off."""
    both = fresh & (track.count > 0)
    if not both.any():
        return track
    step = (heard - track.last)[both]
    most = BREAK**2 * (track.change if track.pooled > 0 else np.median(step**2) / 0.455)
    seen = float(np.minimum(step**2, most + 2.0 * noise[both] ** 2).mean())
    pooled = min(track.pooled + 1.0, float(MEMORY))
    return replace(track, change=track.change + (seen - track.change) / pooled, pooled=pooled)


def _walk(track: Track, fresh: Bools, noise: Floats) -> float:
    """Mean square of the true change a period: what is seen less the noise of two reports."""
    return max(track.change - 2.0 * float((noise**2).mean()), 0.0)


def _muth(walk: float, noise: Floats) -> Floats:
    """Best weight for a random walk of variance `walk` heard with `noise` (Muth 1960)."""
    ratio = walk / np.where(noise > 0, noise, 1.0) ** 2
    gain = (np.sqrt(ratio * ratio + 4.0 * ratio) - ratio) / 2.0
    return np.where(noise > 0, gain, 1.0)
