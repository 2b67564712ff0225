"""What a comparison of forecasting methods came to."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.study.statistics import half_width

UNSCALED = "no row changes {} before the first origin, so there is no scale for errors"
NOTHING_CAME = "nothing is known of what came at a step"
ALL_ZERO = "all that came is 0, so there is nothing to hold errors against"
NO_INTERVAL = "it does not give this interval"


@final
@dataclass(frozen=True, eq=False)
class MethodScore:
    """How good one method was, over all origins, rows and steps.

    mase     : (n,) mean absolute scaled error of each row, NaN for rows without a scale
    pinball  : (n,) mean quantile loss of each row, scaled alike, levels 0.1 to 0.9, times two
    steps    : (h,) mean absolute scaled error at each step ahead
    wape     : sum of absolute errors over the sum of absolute values; of use in one unit only
    covered  : share of what came within the central intervals, by their nominal share; None
               where the method does not give them
    seconds  : of a forecast of the whole panel, by the clock; of `choice`, all methods at all
               origins that it looked at included
    """

    mase: Floats
    pinball: Floats
    steps: Floats
    wape: float
    covered: Mapping[float, float | None]
    seconds: float

    @property
    def mean_mase(self) -> float | None:
        """Mean over rows that have a scale; None where none has."""
        return _average(self.mase)

    @property
    def mean_pinball(self) -> float | None:
        """Mean over rows that have a scale; None where none has."""
        return _average(self.pinball)


@final
@dataclass(frozen=True, eq=False)
class ChoiceSummary:
    """What `choice` came to, over all origins.

    share  : method -> share of rows that it was given
    weight : method -> mean weight of a row's own record against the panel's, 0 to 1
    """

    share: Mapping[str, float]
    weight: Mapping[str, float]


@final
@dataclass(frozen=True, eq=False)
class BenchResult:
    """Forecasting methods side by side on one panel.

    title          : of the panel
    shape          : its rows and periods
    first, last    : what is known at the first and last origin, by the name of its last period
    lag            : periods apart of the changes whose mean is the scale of a row
    unscaled       : rows that have no scale, for they never change before the first origin
    scored         : method -> how good it was
    left_out       : method -> why it was not run
    chose          : what `choice` came to, if it was among them
    """

    title: str
    shape: tuple[int, int]
    horizon: int
    origins: int
    period: int
    first: str
    last: str
    lag: int
    unscaled: int
    scored: Mapping[str, MethodScore]
    left_out: Mapping[str, str]
    chose: ChoiceSummary | None = None

    @property
    def best(self) -> str | None:
        """The method of the lowest mean absolute scaled error; None where no row has a scale."""
        means = {name: scored.mean_mase for name, scored in self.scored.items()}
        known = {name: mean for name, mean in means.items() if mean is not None}
        return min(known, key=known.__getitem__) if known else None

    def behind(self, name: str) -> tuple[float | None, float | None]:
        """How much higher a method's error is than the best one's, and half its 95 % interval.

        Student's t over paired differences of rows; no interval with fewer than two, and nothing
        where no row has a scale. Rows share their weeks, so this says how sure it is for other rows
        in these weeks, not for other weeks.
        """
        if self.best is None:
            return None, None
        apart = self.scored[name].mase - self.scored[self.best].mase
        apart = apart[~np.isnan(apart)]
        return _average(apart), float(half_width(apart)) if len(apart) > 1 else None

    def reasons(self, name: str) -> dict[str, str]:
        """Which numbers of a method have no value -> why."""
        scored, found = self.scored[name], dict[str, str]()
        if scored.mean_mase is None:
            over = "from one period to the next" if self.lag == 1 else f"over {self.lag} periods"
            found = dict.fromkeys(("mase", "pinball", "mase_by_step"), UNSCALED.format(over))
        elif not np.isfinite(scored.steps).all():
            found["mase_by_step"] = NOTHING_CAME
        if not isfinite(scored.wape):
            found["wape"] = ALL_ZERO
        none = [f"{share:g}" for share, value in scored.covered.items() if value is None]
        return found | {f"coverage {share}": NO_INTERVAL for share in none}

    def to_dict(self) -> dict[str, Any]:
        """As plain values; what is undefined is None."""
        plain: dict[str, Any] = {
            "title": self.title, "rows": self.shape[0], "periods": self.shape[1],
            "horizon": self.horizon, "origins": self.origins, "period": self.period,
            "first_origin": self.first, "last_origin": self.last,
            "scale_lag": self.lag, "rows_without_scale": self.unscaled,
            "best": self.best,
            "methods": {name: self._plain(name) for name in self.scored},
            "left_out": dict(self.left_out),
        }  # fmt: skip
        if self.chose is not None:
            chose = {"share": dict(self.chose.share), "own_weight": dict(self.chose.weight)}
            plain["choice"] = chose
        return plain

    def _plain(self, name: str) -> dict[str, Any]:
        s, (behind, half) = self.scored[name], self.behind(name)
        return {
            "mase": s.mean_mase,
            "behind_best": {"mean": behind, "half_width": half},
            "wape": s.wape if isfinite(s.wape) else None,
            "pinball": s.mean_pinball,
            "coverage": {f"{share:g}": value for share, value in s.covered.items()},
            "mase_by_step": [x if isfinite(x) else None for x in s.steps.tolist()],
            "seconds": s.seconds,
            "reasons": self.reasons(name),
        }


def _average(values: Floats) -> float | None:
    """Mean of what is known; None where nothing is."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else None
