"""Fracast-0, a small pretrained model of series; its weights come inside its package."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.extras import extra
from catallax.labs.forecasting.method import ForecastMethod

BATCH = 32  # rows at once: fastest of 8 to 64 on two cores; a row alone takes megabytes


@final
@dataclass(frozen=True)
class Fracast(ForecastMethod):
    """Zero-shot: nothing is fitted, each row is read alone, up to 2,048 periods back.

    A convolutional network of 85,001 parameters, trained by its authors on public and made series.
    It gives nine quantiles from 0.1 to 0.9; between them they are interpolated, and where they
    cross they are put in order (Chernozhukov, Fernández-Val and Galichon 2010).
    """

    @property
    def name(self) -> str:
        """`fracast`."""
        return "fracast"

    @property
    def span(self) -> tuple[float, float]:
        """What the network was trained to give."""
        return 0.1, 0.9

    def least(self, horizon: int) -> int:
        """What the network asks for."""
        return 8

    def quantiles(self, series: Floats, horizon: int, levels: Sequence[float]) -> Floats:
        """What the network says, batch by batch."""
        network = load_model()
        parts = [series[i : i + BATCH] for i in range(0, len(series), BATCH)]
        said = np.concatenate([network.forecast_batch(p, horizon=horizon) for p in parts])
        return _interpolate(np.sort(said.astype(np.float64), axis=2), network.quantiles, levels)


@cache
def load_model() -> Any:
    """The network with its weights, read once from the installed package."""
    module = extra("fracast", "forecasting by the pretrained model Fracast", "pretrained")
    return module.FracastModel.from_pretrained(device="cpu")


def _interpolate(values: Floats, given: Sequence[float], levels: Sequence[float]) -> Floats:
    """Quantiles at `levels` from those at the levels `given`, linear between them."""
    at = np.interp(levels, given, np.arange(len(given)))
    low = np.floor(at).astype(np.intp)
    high = np.ceil(at).astype(np.intp)
    return np.asarray(values[..., low] + (at - low) * (values[..., high] - values[..., low]))
