"""Following many series at once through noisy, late and partly missing reports.

A `Track` holds what is believed of k series; a `Forecaster` moves it by one period and looks
ahead. Every rule works entry by entry except for one pooled number, the variance of the true
change a period, from which exponential smoothing finds its own weight.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Generic, TypeVar, final

import numpy as np

from catallax.arrays import Bools, Floats
from catallax.learning.track import Followed, Track, smooth, smooth_with_season
from catallax.protocol.settings import ASSUMED, check_settings, setting

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

    Younger series are averaged, and a surprise beyond five standard errors is believed at once.
    """

    smoothing: float | None = setting(
        None,
        "weight of the newest value; left out, the best one for a random walk heard with noise, "
        "from the changes seen and the noise that is known",
        low=LEAST,
        high=1,
        source="Muth 1960",
    )

    def __post_init__(self) -> None:
        check_settings(self, "ewma:")

    def start(self, level: Floats) -> Track:
        """Nothing heard yet."""
        return Track.of(level)

    def update(self, track: Track, heard: Floats, fresh: Bools, noise: Floats) -> Track:
        """Move the level by its share of the surprise."""
        if not fresh.any():
            return track.silent
        return smooth(track, heard, fresh, noise, self.smoothing)


@final
@dataclass(frozen=True)
class HoltWinters(Forecaster[Track]):
    """Level, slope and season smoothed side by side (Holt 1957; Winters 1960), additive in logs."""

    level: float = setting(
        0.3, "weight of the newest value in the level", low=0, high=1, source=ASSUMED
    )
    slope: float = setting(
        0.02, "weight of the newest change in the slope", low=0, high=1, source=ASSUMED
    )
    season: float = setting(
        0.2, "weight of the newest value in the season", low=0, high=1, source=ASSUMED
    )
    period: int = setting(52, "length of a season", unit="periods", low=1, source=ASSUMED)

    def __post_init__(self) -> None:
        check_settings(self, "holt_winters:")

    def start(self, level: Floats) -> Track:
        """No slope and no season yet."""
        return Track.of(level, self.period)

    def update(self, track: Track, heard: Floats, fresh: Bools, noise: Floats) -> Track:
        """Smooth each component; what was not heard goes on as expected."""
        return smooth_with_season(track, heard, fresh, noise, (self.level, self.slope, self.season))

    def ahead(self, track: Track, periods: float) -> Floats:
        """Level and slope, with the season of the period meant."""
        season = track.season[(round(periods) - 1) % self.period]
        return np.asarray(track.level + periods * track.slope + season)
