"""Forecasting methods by name, with those that need an extra."""

from collections.abc import Callable, Mapping, Sequence

from catallax.errors import InputError, unknown
from catallax.labs.forecasting.method import Method
from catallax.labs.forecasting.naive import Last, SeasonalNaive
from catallax.labs.forecasting.smoothing import Ewma, HoltWinters

CHOICE = "choice"
METHODS: Mapping[str, Callable[[int], Method]] = {
    "last": lambda period: Last(),
    "seasonal_naive": SeasonalNaive,
    "ewma": lambda period: Ewma(),
    "holt_winters": HoltWinters,
}
"""Every method that needs no extra, by name: given the periods of a season."""

DEFAULT = (*METHODS, CHOICE)


def _lightgbm(period: int) -> Method:
    from catallax.labs.forecasting.lightgbm import LightGbm, lightgbm

    lightgbm()
    return LightGbm(period)


def _fracast(period: int) -> Method:
    from catallax.labs.forecasting.fracast import Fracast, model

    model()
    return Fracast()


EVERY: Mapping[str, Callable[[int], Method]] = {
    **METHODS, "lightgbm": _lightgbm, "fracast": _fracast,
}  # fmt: skip


def method_named(name: str, period: int) -> Method:
    """The method called `name` with its default settings; InputError lists the known ones.

    period : periods of a season
    """
    if name not in METHODS:
        raise unknown("forecasting method", name, METHODS)
    return METHODS[name](period)


def methods(names: Sequence[str], period: int) -> dict[str, Method]:
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
