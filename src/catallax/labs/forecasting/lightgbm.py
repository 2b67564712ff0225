"""LightGBM (Ke et al. 2017) as one global model of all rows and steps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.errors import InputError
from catallax.extras import extra
from catallax.labs.forecasting.method import ForecastMethod
from catallax.labs.forecasting.spread import spread_around

EARLY = 3  # periods before the first origin that is learnt from
STRETCHES = (4, 13, 26)  # periods whose means say where a row stands
MOST = 1_000_000  # examples: of more, the latest origins are taken


@final
@dataclass(frozen=True)
class LightGbm(ForecastMethod):
    """Boosted trees on the past of all rows together, one forecast for each step.

    Every example is a row at an origin: its last `lags` values, means of its last 4, 13 and 26,
    the value a season before what is asked, how far ahead that is and, after two seasons, when in
    the season. All values are taken from the mean of the last 13 and divided by the row's mean
    change so far, so that large and small rows teach each other. Trees minimise the absolute
    error. Spread is that of errors in the last quarter of the history, at least the horizon and
    two periods, made by a model that has not seen it; points are by one that has seen all.

    period : periods of a season, >= 1
    lags   : last values it looks at, >= 1
    rounds, leaves, rate : trees, leaves of each, and weight of each, as LightGBM has them
    threads, seed : fixed, so that the same history gives the same bits
    """

    period: int
    lags: int = 13
    rounds: int = 200
    leaves: int = 15
    rate: float = 0.05
    threads: int = 1
    seed: int = 0

    def __post_init__(self) -> None:
        for what in ("period", "lags", "rounds", "threads"):
            if getattr(self, what) < 1:
                raise InputError(f"lightgbm: {what} is {getattr(self, what)}, expected at least 1")

    @property
    def name(self) -> str:
        """`lightgbm`."""
        return "lightgbm"

    def least(self, horizon: int) -> int:
        """Examples of every step to learn from, and errors of every step to judge by."""
        return 2 * horizon + 2 + EARLY

    def quantiles(self, series: Floats, horizon: int, levels: Sequence[float]) -> Floats:
        """One model for the spread, one for the points."""
        length = series.shape[1]
        cut = length - max(horizon + 2, length // 4)
        model = self._learn(series[:, :cut], horizon)
        errors = np.full((len(series), horizon, length - cut), np.nan)
        for origin in range(cut, length):
            expected = self._predict(model, series[:, :origin], min(horizon, length - origin))
            for k, value in enumerate(expected.T):
                errors[:, k, origin + k - cut] = series[:, origin + k] - value
        points = self._predict(self._learn(series, horizon), series, horizon)
        return spread_around(points, errors, levels)

    def _learn(self, series: Floats, horizon: int) -> Any:
        """The model of all examples whose outcome is in `series`."""
        made = list(self._make_examples(series, horizon))
        x = np.concatenate([features for features, _ in made])
        y = np.concatenate([target for _, target in made])
        known = ~np.isnan(y)
        settings = {
            "objective": "regression_l1",
            "num_leaves": self.leaves,
            "learning_rate": self.rate,
            "num_threads": self.threads,
            "seed": self.seed,
            "deterministic": True,
            "force_row_wise": True,
            "verbosity": -1,
        }
        module = import_lightgbm()
        return module.train(settings, module.Dataset(x[known], y[known]), self.rounds)

    def _make_examples(self, series: Floats, horizon: int) -> Iterator[tuple[Floats, Floats]]:
        n, length = series.shape
        first = max(EARLY, length - max(MOST // (n * horizon), horizon))
        for origin in range(first, length):
            steps = min(horizon, length - origin)
            features, about, size = self._make_features(series[:, :origin], steps)
            ahead = series[:, origin : origin + steps]
            yield features, ((ahead - about[:, None]) / size[:, None]).ravel()

    def _predict(self, model: Any, series: Floats, steps: int) -> Floats:
        """(n, steps) expected of the periods after `series`."""
        features, about, size = self._make_features(series, steps)
        said = np.asarray(model.predict(features, num_threads=self.threads), dtype=np.float64)
        return np.asarray(about[:, None] + size[:, None] * said.reshape(-1, steps))

    def _make_features(self, series: Floats, steps: int) -> tuple[Floats, Floats, Floats]:
        """Features (n x steps, f), and what each row is taken from and divided by (n,)."""
        n, length = series.shape
        about, size = _mean_of_known(series[:, -13:]), _mean_change(series)
        past = np.full((n, self.lags), np.nan)
        past[:, : min(self.lags, length)] = series[:, : -self.lags - 1 : -1]
        means = np.stack([_mean_of_known(series[:, -s:]) for s in STRETCHES], axis=1)
        level = (np.concatenate([past, means], axis=1) - about[:, None]) / size[:, None]
        ahead = np.arange(length, length + steps)
        ago = ahead - self.period * ((ahead - length) // self.period + 1)
        season = np.full((n, steps), np.nan)
        there = ago >= 0
        season[:, there] = (series[:, ago[there]] - about[:, None]) / size[:, None]
        when = ahead % self.period if length >= 2 * self.period else np.full(steps, np.nan)
        time = np.stack([np.arange(1.0, steps + 1), when], axis=1)
        rows = [np.repeat(level, steps, axis=0), season.reshape(-1, 1), np.tile(time, (n, 1))]
        return np.concatenate(rows, axis=1), about, size


def import_lightgbm() -> Any:
    """The module, imported when it is needed."""
    return extra("lightgbm", "forecasting by LightGBM", "forecast")


def _mean_of_known(x: Floats) -> Floats:
    """(n,) mean of what is there, 0 where nothing is."""
    count = np.maximum((~np.isnan(x)).sum(axis=1), 1)
    return np.asarray(np.nan_to_num(x).sum(axis=1) / count)


def _mean_change(x: Floats) -> Floats:
    """(n,) mean absolute change a period, 1 for a row that never changed."""
    size = _mean_of_known(np.abs(np.diff(x, axis=1)))
    return np.where(size > 0, size, 1.0)
