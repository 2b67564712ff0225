"""Forecasting methods by name, with those that need an extra."""

from collections.abc import Callable, Mapping, Sequence

from catallax.errors import InputError, unknown
from catallax.labs.forecasting.method import ForecastMethod
from catallax.labs.forecasting.naive import Last, SeasonalNaive
from catallax.labs.forecasting.smoothing import FittedEwma, FittedHoltWinters

CHOICE = "choice"
METHODS: Mapping[str, Callable[[int], ForecastMethod]] = {
    "last": lambda period: Last(),
    "seasonal_naive": SeasonalNaive,
    "ewma": lambda period: FittedEwma(),
    "holt_winters": FittedHoltWinters,
}
"""Every method that needs no extra, by name: given the periods of a season."""

DEFAULT = (*METHODS, CHOICE)


def _make_lightgbm(period: int) -> ForecastMethod:
    from catallax.labs.forecasting.lightgbm import LightGbm, import_lightgbm

    import_lightgbm()
    return LightGbm(period)


def _make_fracast(period: int) -> ForecastMethod:
    from catallax.labs.forecasting.fracast import Fracast, load_model

    load_model()
    return Fracast()


EVERY: Mapping[str, Callable[[int], ForecastMethod]] = {
    **METHODS, "lightgbm": _make_lightgbm, "fracast": _make_fracast,
}  # fmt: skip


def make_method(name: str, period: int) -> ForecastMethod:
    """The method called `name` with its default settings; InputError lists the known ones.

    period : periods of a season
    """
    if name not in METHODS:
        raise unknown("forecasting method", name, METHODS)
    return METHODS[name](period)


def make_methods(names: Sequence[str], period: int) -> dict[str, ForecastMethod]:
    """The methods called `names`, in their order, but for `choice`, which is among all of them.

    period : periods of a season

    Raises InputError for names that are unknown or there twice, and for a choice among nothing,
    and MissingExtra for a method whose package is not installed.
    """
    for name in names:
        if name != CHOICE and name not in EVERY:
            raise unknown("forecasting method", name, [*EVERY, CHOICE])
        if names.count(name) > 1:
            raise InputError(f"forecasting method {name!r} is there twice; give each once")
    found = {name: EVERY[name](period) for name in names if name != CHOICE}
    if not found:
        raise InputError(f"{CHOICE}: there is nothing to choose among; name other methods too")
    return found
