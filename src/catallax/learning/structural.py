"""Structural time series: several models of how facts move, weighed by how well they foretold.

Each model is a local level that wanders at its own speed, with or without a season of a year
(Harvey 1989). All follow all series at once by Kalman's filter (Kalman 1960), and what counts of
each is learned from its one-step forecasts of all series together (Harrison & Stevens 1976;
Dawid 1984). What is believed before anything was heard enters with its own variance, so that
little evidence moves it little: series are shrunk to their public value.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import final

import numpy as np

from catallax.arrays import Bools, Floats
from catallax.errors import InputError
from catallax.kernels.structural import foretell, learn
from catallax.learning.follow import Forecaster
from catallax.protocol.settings import ASSUMED, check_settings, setting

BREAK = 5.0  # standard errors of a surprise that is taken for a break in the series
STATES = 3  # level, and the season's two coordinates
NEVER = 1e-300  # variance of a forecast that cannot err


@final
@dataclass(frozen=True, eq=False)
class Bank:
    """What J models believe of k series.

    state  : (J, 3, k) level of each series, and its season's coordinates
    spread : (J, 3, 3) covariance of their errors, alike for all series that were heard
    score  : (J,) discounted log-likelihood of one-step forecasts of all series
    count  : (k,) values heard since the start or the last break
    week   : periods since the start
    period : periods of a season
    """

    state: Floats
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

    @cached_property
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
        return foretell(self.state, self.weight, self.wave(periods))


@final
@dataclass(frozen=True)
class Structural(Forecaster[Bank]):
    """A bank of local levels, with and without a season.

    walks : s.d. of a level's change a period, in each model, above 0

    A surprise beyond five standard errors of every model is a break and believed at once. The
    standard walks are a fifth, 0.6 and twice of 0.01, the size of drift that the design starts
    from; the prior is its dispersion, and evidence fades by half in 34 weeks.

    Raises InputError for a setting out of range.
    """

    walks: tuple[float, ...] = (0.002, 0.006, 0.02)
    prior: float = setting(
        0.1,
        "s.d. of levels about what is believed before anything was heard",
        above=0,
        source="assumption: the design's dispersion",
    )
    season: float = setting(
        0.2,
        "s.d. of the season's two coordinates in the models that have one",
        above=0,
        source=ASSUMED,
    )
    period: int = setting(52, "length of a season", unit="periods", low=2, source=ASSUMED)
    memory: float = setting(
        0.98,
        "share of the evidence for models that is kept from one period to the next",
        above=0,
        high=1,
        source=ASSUMED,
    )

    def __post_init__(self) -> None:
        check_settings(self, "structural:")
        if not self.walks or not min(self.walks) > 0:
            raise InputError(f"structural:walks: {self.walks} are out of range, expected above 0")

    def start(self, level: Floats) -> Bank:
        """Nothing heard yet: `level` (k,) is believed."""
        models = 2 * len(self.walks)
        state, spread = np.zeros((models, STATES, len(level))), np.zeros((models, STATES, STATES))
        state[:, 0], spread[:, 0, 0] = level, self.prior**2
        for coordinate in (1, 2):
            spread[len(self.walks) :, coordinate, coordinate] = self.season**2
        return Bank(state, spread, np.zeros(models), np.zeros(len(level)), 0, self.period)

    def update(self, track: Bank, heard: Floats, fresh: Bools, noise: Floats) -> Bank:
        """One period later: every model foretells, is judged and learns."""
        track = self._passed(track)
        if not fresh.any():
            return track
        h = track.wave(0.0)
        ph = track.spread @ h
        variance = np.maximum(ph @ h + float(np.mean(noise[fresh] ** 2)), NEVER)
        gain = ph / variance[:, None]
        state, broken, square, judged = learn(
            track.state, track.count > 0, h, heard, fresh, variance, gain, BREAK
        )
        fit = -0.5 * (square / variance + judged * np.log(variance))
        return replace(
            track,
            state=state,
            spread=track.spread - gain[:, :, None] * ph[:, None, :],
            score=self.memory * track.score + fit,
            count=np.where(broken, 1.0, track.count + fresh),
        )

    def _passed(self, track: Bank) -> Bank:
        """A period later, before anything is heard."""
        spread = track.spread.copy()
        spread[:, 0, 0] += np.square(self.walks * 2)
        return replace(track, spread=spread, week=track.week + 1)

    def ahead(self, track: Bank, periods: float) -> Floats:
        """(k,) values expected `periods` after the last update."""
        return track.at(periods)
