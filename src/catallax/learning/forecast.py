"""Forecasting many series at once from noisy, late and partly missing reports.

A `Track` holds what is believed of k series; a `Forecaster` moves it by one period and looks
ahead. Every rule works entry by entry except for one pooled number, the variance of the true
change a period, from which exponential smoothing finds its own weight.
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
LEAST = 1e-6  # weight of a new value: with none a level never moves
SPAN = 13  # periods over which changes are looked at: long ones stand out from the noise


@final
@dataclass(frozen=True, eq=False)
class Track:
    """What is believed of k series.

    level  : (k,) of today
    slope  : (k,) change a period
    season : (s, k) seasonal deviations, the coming period's first; s = 0 without seasons
    count  : (k,) values heard since the start or the last break
    error  : (k,) variance of the error of `level`; infinite while nothing was heard
    anchor : (k,) a value heard at most SPAN periods ago
    since  : (k,) periods since then
    excess : sum over series and periods of since x (squared change since the anchor, less what
             noise explains)
    weight : sum of since^2
    """

    level: Floats
    slope: Floats
    season: Floats
    count: Floats
    error: Floats
    anchor: Floats
    since: Floats
    excess: float = 0.0
    weight: float = 0.0

    @property
    def walk(self) -> float:
        """Variance of the true change a period, by least squares over all lags looked at."""
        return max(self.excess / self.weight, 0.0) if self.weight > 0 else 0.0

    @staticmethod
    def of(level: Floats, period: int = 0) -> "Track":
        """Nothing heard yet: `level` (k,) is believed."""
        zero = np.zeros_like(level)
        none = np.full_like(level, np.inf)
        return Track(level, zero, np.zeros((period, len(level))), zero, none, level, zero)


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

    def ahead(self, track: Track, periods: float) -> Floats:
        """(k,) values expected `periods` after that of the last update, >= 0."""
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
            count=track.count + fresh,
            error=np.where(fresh, noise**2, track.error),
        )


@final
@dataclass(frozen=True)
class Ewma(Forecaster):
    """Exponential smoothing (Muth 1960), with breaks.

    smoothing : weight of the newest value, 1e-6 to 1; None finds the weight that is best for a
                random walk heard with noise, from the changes seen and the noise that is known.
                Younger series are averaged, and a surprise beyond five standard errors is
                believed at once.
    """

    smoothing: float | None = None

    def __post_init__(self) -> None:
        _check("ewma", {"smoothing": self.smoothing}, least=LEAST)

    def update(self, track: Track, heard: Floats, fresh: Bools, noise: Floats) -> Track:
        """Move the level by its share of the surprise."""
        gain = np.maximum(_muth(track.walk, noise), 1.0 / (track.count + 1.0))
        if self.smoothing is not None:
            gain = np.full_like(gain, self.smoothing)
        surprise = np.where(fresh, heard - track.level, 0.0)
        error = np.sqrt(noise**2 * (1.0 + gain) + track.walk)
        broken = fresh & (np.abs(surprise) > BREAK * error) & (track.count > 0)
        gain = np.where(broken | (track.count == 0), 1.0, gain)
        track = _anchored(track, heard, fresh, broken | (track.count == 0), noise)
        return replace(
            track,
            level=track.level + gain * surprise,
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
            count=track.count + fresh,
            error=np.where(fresh, self.level * noise**2, track.error),
        )

    def ahead(self, track: Track, periods: float) -> Floats:
        """Level and slope, with the season of the period meant."""
        season = track.season[(round(periods) - 1) % self.period]
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


def _check(who: str, weights: dict[str, float | None], *, least: float = 0.0) -> None:
    for name, value in weights.items():
        if value is not None and not least <= value <= 1:
            raise InputError(f"{who}: {name} is {value}, expected a weight from {least:g} to 1")


def _anchored(track: Track, heard: Floats, fresh: Bools, broken: Bools, noise: Floats) -> Track:
    """The track with this period's changes since the anchors; breaks begin anew."""
    since = track.since + 1.0
    use = fresh & ~broken
    excess = since * ((heard - track.anchor) ** 2 - 2.0 * noise**2)
    new = fresh & (broken | (since >= SPAN))
    return replace(
        track,
        anchor=np.where(new, heard, track.anchor),
        since=np.where(new, 0.0, since),
        excess=track.excess + float(excess[use].sum()),
        weight=track.weight + float((since[use] ** 2).sum()),
    )


def _muth(walk: float, noise: Floats) -> Floats:
    """Best weight for a random walk of variance `walk` heard with `noise` (Muth 1960)."""
    ratio = walk / np.where(noise > 0, noise, 1.0) ** 2
    gain = (np.sqrt(ratio * ratio + 4.0 * ratio) - ratio) / 2.0
    return np.where(noise > 0, gain, 1.0)
