"""Following many series at once through noisy, late and partly missing reports.

A `Track` holds what is believed of k series; a `Forecaster` moves it by one period and looks
ahead. Every rule works entry by entry except for one pooled number, the variance of the true
change a period, from which exponential smoothing finds its own weight.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Generic, TypeVar, final

import numpy as np

from catallax.errors import InputError
from catallax.kernels import tracks as kernels
from catallax.kernels.switch import compiled
from catallax.kernels.threads import over
from catallax.learning import plain
from catallax.learning.track import Bools, Followed, Track
from catallax.network import Floats

T = TypeVar("T", bound=Followed)

LEAST = 1e-6  # weight of a new value: with none a level never moves


class Forecaster(ABC, Generic[T]):
    """A rule that follows series; settings only."""

    @abstractmethod
    def start(self, level: Floats) -> T:
        """What is believed before anything was heard; `level` (k,) is the prior."""

    @abstractmethod
    def update(self, track: T, heard: Floats, fresh: Bools, noise: Floats) -> T:
        """What is believed one period later.

        heard : (k,) values that arrived; only those that are `fresh` count
        noise : (k,) s.d. of the error of what was heard, >= 0
        """

    def ahead(self, track: T, periods: float) -> Floats:
        """(k,) values expected `periods` after that of the last update, >= 0."""
        return track.level


@final
@dataclass(frozen=True)
class LastValue(Forecaster[Track]):
    """Tomorrow is what was last heard."""

    def start(self, level: Floats) -> Track:
        """Nothing heard yet."""
        return Track.of(level)

    def update(self, track: Track, heard: Floats, fresh: Bools, noise: Floats) -> Track:
        """Believe what is fresh."""
        if not fresh.any():
            return track.silent
        return replace(
            track,
            level=np.where(fresh, heard, track.level),
            count=track.count + fresh,
            error=np.where(fresh, noise**2, track.error),
        )


@final
@dataclass(frozen=True)
class Ewma(Forecaster[Track]):
    """Exponential smoothing (Muth 1960), with breaks.

    smoothing : weight of the newest value, 1e-6 to 1; None finds the weight that is best for a
                random walk heard with noise, from the changes seen and the noise that is known.
                Younger series are averaged, and a surprise beyond five standard errors is
                believed at once.
    """

    smoothing: float | None = None

    def __post_init__(self) -> None:
        _check("ewma", {"smoothing": self.smoothing}, least=LEAST)

    def start(self, level: Floats) -> Track:
        """Nothing heard yet."""
        return Track.of(level)

    def update(self, track: Track, heard: Floats, fresh: Bools, noise: Floats) -> Track:
        """Move the level by its share of the surprise."""
        if not fresh.any():
            return track.silent
        if not compiled():
            return plain.smooth(track, heard, fresh, noise, self.smoothing)
        level, count, error, anchor, since = np.empty((5, len(heard)))
        fixed, sums = np.nan if self.smoothing is None else self.smoothing, np.zeros(2)
        kernels.smooth(
            track.level, track.count, track.error, track.anchor, track.since, heard, fresh, noise,
            fixed, track.idle, track.walk, plain.BREAK, plain.SPAN,
            level, count, error, anchor, since, sums,
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


@final
@dataclass(frozen=True)
class HoltWinters(Forecaster[Track]):
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
        if not compiled():
            return plain.holt(track, heard, fresh, noise, (self.level, self.slope, self.season))
        level, slope, season, count, error = np.empty((5, len(heard)))

        def work(first: int, stop: int) -> None:
            kernels.holt(
                track.level, track.slope, track.season[0], track.count, track.error,
                heard, fresh, noise, self.level, self.slope, self.season,
                level, slope, season, count, error, first, stop,
            )  # fmt: skip

        over(len(heard), len(heard), work)
        seasons = (*track.season[1:], season)
        return replace(track, level=level, slope=slope, season=seasons, count=count, error=error)

    def ahead(self, track: Track, periods: float) -> Floats:
        """Level and slope, with the season of the period meant."""
        season = track.season[(round(periods) - 1) % self.period]
        return np.asarray(track.level + periods * track.slope + season)


def _check(who: str, weights: dict[str, float | None], *, least: float = 0.0) -> None:
    for name, value in weights.items():
        if value is not None and not least <= value <= 1:
            raise InputError(f"{who}: {name} is {value}, expected a weight from {least:g} to 1")
