"""Forecasting methods side by side on one panel, by rolling origins.

All are judged at the same origins. Where `choice` is among them, the others also forecast at
earlier ones, and at each origin it chooses by forecasts whose periods were over by then.
"""

import time
from collections.abc import Mapping, Sequence

import numpy as np

from catallax.errors import InputError
from catallax.labs.forecasting.choice import SEEN, choose, pick, record_errors
from catallax.labs.forecasting.method import LEVELS, check_series
from catallax.labs.forecasting.methods import CHOICE, make_methods
from catallax.labs.forecasting.panel import Panel
from catallax.labs.forecasting.result import BenchResult, ChoiceSummary
from catallax.labs.forecasting.rolling import (
    RolledForecasts,
    choose_origins,
    collect_outcomes,
    find_able,
    roll_every_method,
)
from catallax.labs.forecasting.scores import Judge, measure_scale
from catallax.protocol import Progress


def forecast_bench(
    panel: Panel,
    names: Sequence[str],
    *,
    horizon: int = 8,
    count: int = 8,
    period: int = 52,
    progress: Progress | None = None,
) -> BenchResult:
    """Forecast the panel by every method at the last `count` origins, one period apart.

    horizon  : periods ahead, >= 1
    period   : periods of a season, >= 1
    progress : called with (done, all, what was finished)

    A method that needs more history than there is is left out, with the reason. Raises InputError
    where none is left, for bad names, and for a panel that cannot be forecast at all.
    """
    for what, value in {"horizon": horizon, "origins": count, "period": period}.items():
        if value < 1:
            raise InputError(f"forecast-bench: {what} is {value}, expected at least 1")
    asked = make_methods(names, period)
    choosing = CHOICE in names
    check_series(panel.series, 1, panel.title, panel.names)
    before = horizon + SEEN - 1 if choosing else 0
    at = choose_origins(panel.series.shape[1], horizon, before + count)
    fit, left_out = find_able(panel, asked, horizon, at[0])
    runs = roll_every_method(panel, fit, horizon, at, progress)
    chose = None
    if choosing:
        runs[CHOICE], chose = _choose_rolled(panel, runs, horizon, at, count)
    judge = Judge(panel.series, horizon, at[-count:], period)
    scored = {name: judge.scored(runs[name]) for name in names if name in runs}
    return BenchResult(
        title=panel.title,
        shape=(len(panel.names), len(panel.periods)),
        horizon=horizon,
        origins=count,
        period=period,
        first=panel.periods[judge.at[0] - 1],
        last=panel.periods[judge.at[-1] - 1],
        lag=judge.lag,
        unscaled=int(np.isnan(judge.size).sum()),
        scored=scored,
        left_out=left_out,
        chose=chose,
    )


def _choose_rolled(
    panel: Panel, runs: Mapping[str, RolledForecasts], horizon: int, at: range, count: int
) -> tuple[RolledForecasts, ChoiceSummary]:
    """What the choice at each of the last `count` origins forecasts, and what it chose."""
    began = time.perf_counter()
    levels = tuple(x for x in LEVELS if all(x in run.levels for run in runs.values()))
    points = np.stack([run.at(0.5) for run in runs.values()])
    actual = collect_outcomes(panel.series, horizon, at)
    picks, weights, values = [], [], []
    for j in range(len(at) - count, len(at)):
        over = j - horizon + 1  # origins before this one whose horizon is over
        seen = slice(over - SEEN, over)
        size = measure_scale(panel.series[:, : at[over - SEEN]], 1)
        chosen = choose(record_errors(points[:, seen], actual[seen], size), horizon)
        said = [run.values[j][..., [run.levels.index(x) for x in levels]] for run in runs.values()]
        values.append(pick(np.stack(said), chosen.pick))
        picks.append(np.bincount(chosen.pick, minlength=len(runs)) / len(chosen.pick))
        weights.append(chosen.weight)
    seconds = (SEEN + 1) * sum(run.seconds for run in runs.values())
    seconds += (time.perf_counter() - began) / count
    share = dict(zip(runs, np.mean(picks, axis=0).tolist(), strict=True))
    weight = dict(zip(runs, np.mean(weights, axis=0).tolist(), strict=True))
    return RolledForecasts(np.stack(values), levels, seconds), ChoiceSummary(share, weight)
