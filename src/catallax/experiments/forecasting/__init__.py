"""Forecasting methods side by side on real series (`catallax forecast-bench`)."""

from catallax.experiments.forecasting.bench import forecast_bench
from catallax.experiments.forecasting.methods import CHOICE, DEFAULT, EVERY, methods
from catallax.experiments.forecasting.read import read_panel
from catallax.experiments.forecasting.result import Bench, Chose, Scored

__all__ = [
    "CHOICE",
    "DEFAULT",
    "EVERY",
    "Bench",
    "Chose",
    "Scored",
    "forecast_bench",
    "methods",
    "read_panel",
]
