"""Which axes a result hangs on: Sobol's indices and Morris's elementary effects."""

from collections.abc import Callable, Mapping

from catallax.errors import unknown
from catallax.study.sensitivity.method import SensitivityMethod
from catallax.study.sensitivity.ranges import range_of, ranges_of, usual_ranges
from catallax.study.sensitivity.sensitivity import (
    Sensitivity,
    SensitivityIndex,
    measure_sensitivity,
)

__all__ = [
    "METHODS",
    "Sensitivity",
    "SensitivityIndex",
    "SensitivityMethod",
    "measure_sensitivity",
    "method_named",
    "range_of",
    "ranges_of",
    "usual_ranges",
]


def _make_sobol(count: int, seed: int) -> SensitivityMethod:
    from catallax.adapters.salib import Sobol

    return Sobol(count, seed)


def _make_morris(count: int, seed: int) -> SensitivityMethod:
    from catallax.adapters.salib import Morris

    return Morris(count, seed)


METHODS: Mapping[str, Callable[[int, int], SensitivityMethod]] = {
    "sobol": _make_sobol,
    "morris": _make_morris,
}


def method_named(name: str, count: int, seed: int) -> SensitivityMethod:
    """The method called `name`. InputError lists the known ones; MissingExtra without SALib."""
    if name not in METHODS:
        raise unknown("method", name, METHODS)
    return METHODS[name](count, seed)
