"""Every method at every origin."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.errors import InputError
from catallax.learning.forecast import LEVELS, Method, Panel, rolled
from catallax.protocol import Progress


@final
@dataclass(frozen=True, eq=False)
class Run:
    """Forecasts (o, n, h, q) of one method at its origins, and seconds that each took."""

    values: Floats
    levels: tuple[float, ...]
    seconds: float

    def at(self, level: float) -> Floats:
        """(o, n, h) quantiles at one level."""
        return np.asarray(self.values[..., self.levels.index(level)])


def able(
    panel: Panel, asked: Mapping[str, Method], horizon: int, first: int
) -> tuple[dict[str, Method], dict[str, str]]:
    """Methods to which the history before the first origin is enough; of others, why not."""
    known = (~np.isnan(panel.series[:, :first])).sum(axis=1)
    row, have = panel.names[int(known.argmin())], int(known.min())
    fit: dict[str, Method] = {}
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


def runs_of(
    panel: Panel,
    fit: Mapping[str, Method],
    horizon: int,
    at: Sequence[int],
    progress: Progress | None,
) -> dict[str, Run]:
    """Every method at every origin."""
    tell = _Steps(len(fit) * len(at), progress)
    runs = {}
    for name, method in fit.items():
        low, high = method.span
        levels = tuple(x for x in LEVELS if low <= x <= high)
        began = time.perf_counter()
        values = rolled(panel.series, method, horizon, at, levels, partial(tell, name))
        runs[name] = Run(values, levels, (time.perf_counter() - began) / len(at))
    return runs


@final
class _Steps:
    """Counts what is finished and tells of it."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.done, self.total, self.progress = 0, total, progress

    def __call__(self, what: str) -> None:
        self.done += 1
        if self.progress is not None:
            self.progress(self.done, self.total, what)
