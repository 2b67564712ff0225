"""Forecasting methods side by side on real series (`catallax forecast-bench`)."""

from catallax.labs.forecasting.bench import forecast_bench
from catallax.labs.forecasting.methods import CHOICE, DEFAULT, EVERY, methods
from catallax.labs.forecasting.read import read_panel
from catallax.labs.forecasting.result import Bench, Chose, Scored

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
