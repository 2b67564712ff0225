"""Structural time series: several models of how facts move, weighed by how well they foretold.

Each model is a local level that wanders at its own speed, with or without a season of a year
(Harvey 1989). All follow all series at once by Kalman's filter (Kalman 1960), and what counts of
each is learned from its one-step forecasts of all series together (Harrison & Stevens 1976;
Dawid 1984). A level that is believed before anything was heard enters with its own variance, so
that little evidence moves it little: shrinkage to the public value.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import final

import numpy as np

from catallax.errors import InputError
from catallax.learning.forecast import Forecaster
from catallax.learning.track import Bools
from catallax.network import Floats

BREAK = 5.0  # standard errors of a surprise that is taken for a break in the series
STATES = 3  # level, and the season's two coordinates


@final
@dataclass(frozen=True, eq=False)
class Bank:
    """What J models believe of k series.

    mean   : (J, 3, k) level and season of each series
    spread : (J, 3, 3) covariance of their errors, alike for all series that were heard
    score  : (J,) discounted log-likelihood of one-step forecasts, over all series
    count  : (k,) values heard since the start or the last break
    week   : periods since the start
    period : periods of a season
    """

    mean: Floats
    spread: Floats
    score: Floats
    count: Floats
    week: int
    period: int

    @cached_property
    def weight(self) -> Floats:
        """(J,) what each model counts."""
        shown = np.exp(self.score - self.score.max())
        return np.asarray(shown / shown.sum())

    @cached_property
    def told(self) -> bool:
        """Whether any series was ever heard."""
        return bool(self.count.any())

    @property
    def level(self) -> Floats:
        """(k,) what is believed of today."""
        return self.at(0.0)

    @property
    def error(self) -> Floats:
        """(k,) variance of the error of `level`; infinite while nothing was heard."""
        h = self.wave(0.0)
        each = np.einsum("i,jil,l->j", h, self.spread, h)
        return np.where(self.count > 0, float(self.weight @ each), np.inf)

    def wave(self, periods: float) -> Floats:
        """(3,) how level and season make up the value `periods` from now."""
        angle = 2.0 * np.pi * (self.week + periods) / self.period
        return np.array([1.0, np.cos(angle), np.sin(angle)])

    def at(self, periods: float) -> Floats:
        """(k,) what is expected `periods` from now."""
        return np.einsum("j,i,jik->k", self.weight, self.wave(periods), self.mean)


@final
@dataclass(frozen=True)
class Structural(Forecaster):
    """A bank of local levels, with and without season.

    walks  : s.d. of a level's change a period, of each model, >= 0
    prior  : s.d. of levels about what is believed before anything was heard, > 0
    season : s.d. of the season's two coordinates in the models that have one, > 0
    period : periods of a season, >= 2
    memory : share of the evidence for models that is kept from one period to the next, (0, 1]
    """

    walks: tuple[float, ...] = (0.002, 0.006, 0.02)
    prior: float = 0.1
    season: float = 0.2
    period: int = 52
    memory: float = 0.98

    def start(self, level: Floats) -> Bank:
        """Nothing heard yet: `level` (k,) is believed."""
        models = 2 * len(self.walks)
        mean = np.zeros((models, STATES, len(level)))
        mean[:, 0] = level
        spread = np.zeros((models, STATES, STATES))
        spread[:, 0, 0] = self.prior**2
        spread[len(self.walks) :, 1, 1] = spread[len(self.walks) :, 2, 2] = self.season**2
        zero = np.zeros(models)
        return Bank(mean, spread, zero, np.zeros(len(level)), 0, self.period)

    def update(self, track: Bank, heard: Floats, fresh: Bools, noise: Floats) -> Bank:
        """One period later: every model foretells, is judged and learns."""
        track = self._passed(track)
        if not fresh.any():
            return track
        r, h = float(np.mean(noise[fresh] ** 2)), track.wave(0.0)
        gap = np.where(fresh, heard - np.einsum("i,jik->jk", h, track.mean), 0.0)
        ph = track.spread @ h
        variance = ph @ h + r
        broken = fresh & (np.min(gap**2 / variance[:, None], axis=0) > BREAK**2) & (track.count > 0)
        gain = ph / variance[:, None]
        mean = track.mean + gain[:, :, None] * np.where(broken, 0.0, gap)[:, None, :]
        mean[:, 0] += np.where(broken, gap, 0.0)
        judged = fresh & ~broken
        fit = -0.5 * (gap[:, judged] ** 2 / variance[:, None] + np.log(variance)[:, None])
        return replace(
            track,
            mean=mean,
            spread=track.spread - gain[:, :, None] * ph[:, None, :],
            score=self.memory * track.score + fit.sum(axis=1),
            count=np.where(broken, 1.0, track.count + fresh),
        )

    def _passed(self, track: Bank) -> Bank:
        spread = track.spread.copy()
        spread[:, 0, 0] += np.square(self.walks * 2)
        return replace(track, spread=spread, week=track.week + 1)

    def ahead(self, track: Bank, periods: float) -> Floats:
        """(k,) values expected `periods` after the last update."""
        return track.at(periods)
