"""Rolling origins: forecasts made at one point in time after another, of what came later.

An origin is the number of periods that are known (Tashman 2000).
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.errors import InputError
from catallax.labs.forecasting.method import LEVELS, ForecastMethod, forecast
from catallax.labs.forecasting.panel import Panel
from catallax.protocol import Progress


def choose_origins(length: int, horizon: int, count: int) -> range:
    """The last `count` origins, one period apart, whose `horizon` periods are all there.

    Raises InputError where the history is too short to have any period before the first.
    """
    last = length - horizon
    if last - count + 1 < 1:
        raise InputError(
            f"forecast: {length} periods are too few for {count} origins with {horizon} periods "
            f"after each; expected at least {count + horizon}; give a longer history, a shorter "
            f"horizon or fewer origins"
        )
    return range(last - count + 1, last + 1)


def roll_forecasts(
    series: Floats,
    method: ForecastMethod,
    horizon: int,
    at: Sequence[int],
    levels: Sequence[float],
    done: Callable[[], None] = lambda: None,
) -> Floats:
    """Quantiles (o, n, h, q), each made from what was known at its origin and from nothing else.

    done : called after each origin
    """
    found = []
    for origin in at:
        found.append(forecast(series[:, :origin], horizon, method, levels).values)
        done()
    return np.stack(found)


def collect_outcomes(series: Floats, horizon: int, at: Sequence[int]) -> Floats:
    """(o, n, h) what came after each origin."""
    return np.stack([series[:, o : o + horizon] for o in at])


@final
@dataclass(frozen=True, eq=False)
class RolledForecasts:
    """Forecasts (o, n, h, q) of one method at its origins, and seconds that each took."""

    values: Floats
    levels: tuple[float, ...]
    seconds: float

    def at(self, level: float) -> Floats:
        """(o, n, h) quantiles at one level."""
        return np.asarray(self.values[..., self.levels.index(level)])


def find_able(
    panel: Panel, asked: Mapping[str, ForecastMethod], horizon: int, first: int
) -> tuple[dict[str, ForecastMethod], dict[str, str]]:
    """Methods to which the history before the first origin is enough; of others, why not."""
    known = (~np.isnan(panel.series[:, :first])).sum(axis=1)
    row, have = panel.names[int(known.argmin())], int(known.min())
    fit: dict[str, ForecastMethod] = {}
    left_out: dict[str, str] = {}
    for name, method in asked.items():
        need = method.least(horizon)
        if have < need:
            left_out[name] = (
                f"{name} needs {need} values of every row before the first origin; "
                f"row {row!r} has {have}"
            )
        else:
            fit[name] = method
    if not fit:
        raise InputError(
            f"forecast-bench: {'; '.join(left_out.values())}; give a longer history, a shorter "
            f"horizon or period, or fewer origins, or leave rows out"
        )
    return fit, left_out


def roll_every_method(
    panel: Panel,
    fit: Mapping[str, ForecastMethod],
    horizon: int,
    at: Sequence[int],
    progress: Progress | None,
) -> dict[str, RolledForecasts]:
    """Every method at every origin."""
    tell = _ProgressCounter(len(fit) * len(at), progress)
    runs = {}
    for name, method in fit.items():
        low, high = method.span
        levels = tuple(x for x in LEVELS if low <= x <= high)
        began = time.perf_counter()
        values = roll_forecasts(panel.series, method, horizon, at, levels, partial(tell, name))
        runs[name] = RolledForecasts(values, levels, (time.perf_counter() - began) / len(at))
    return runs


@final
class _ProgressCounter:
    """Counts what is finished and tells of it."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.done, self.total, self.progress = 0, total, progress

    def __call__(self, what: str) -> None:
        self.done += 1
        if self.progress is not None:
            self.progress(self.done, self.total, what)
