"""Estimates and names of mechanisms as people read them; plain numbers: `protocol.wording`."""

import math
from functools import lru_cache
from pathlib import PurePath

from catallax.protocol import Domain, domains
from catallax.protocol.mechanism_names import MechanismSpec, spec_of, values_of
from catallax.protocol.wording import (
    MINUS,
    NONE,
    NOTHING,
    counted,
    fixed,
    joined,
    number,
    opened,
    percent,
    some,
)
from catallax.study import Summary

__all__ = [
    "MINUS",
    "NONE",
    "count_decimals",
    "counted",
    "fixed",
    "format_estimate",
    "joined",
    "label_mechanism",
    "number",
    "opened",
    "percent",
    "round_to_interval",
    "some",
]


def round_to_interval(mean: float, low: float, high: float) -> tuple[str, str, str]:
    """A mean and the ends of its interval, to the digits that the interval leaves certain."""
    half = (high - low) / 2.0
    if abs(mean) >= 1e4 or half <= max(1e-7 * abs(mean), NOTHING):
        return number(mean), number(low), number(high)
    d = count_decimals(mean, half)
    return fixed(mean, d), fixed(low, d), fixed(high, d)


def count_decimals(mean: float, half: float) -> int:
    """Decimals for a mean known to +- `half`: three digits of either, but none of pure noise."""
    first = math.floor(math.log10(half))
    certain = -first if half >= 3 * 10.0**first else 1 - first
    three = 2 - math.floor(math.log10(max(abs(mean), NOTHING)))
    return min(max(certain, min(three, 1 - first), 0), 5)


def format_estimate(summary: Summary) -> str:
    """`0.9813 (0.9808 to 0.9817)`, the mean alone where seeds do not differ, or a dash."""
    if summary.mean is None or summary.ci95 is None:
        return number(summary.mean)
    mean, low, high = round_to_interval(summary.mean, *summary.ci95)
    return mean if low == high else f"{mean} ({low} to {high})"


@lru_cache
def label_mechanism(name: str, domain: Domain | None = None) -> str:
    """A mechanism's name for people: `base year (share 0.9)`; a file's without its folder.

    domain : whose mechanism it is; None for the first that has one of this name

    What the domain says always is said, be it given or the default.
    """
    spec = spec_of(name)
    plain = PurePath(spec.name).stem if spec.file else spec.name
    more = [*_list_unsaid_values(spec, domain or _find_home(spec)), *spec.variants]
    more += [f"{key} {value}" for key, value in spec.given]
    text = f"{plain} ({', '.join(more)})" if more else plain
    return text.replace("ai_", "AI ").replace("_", " ")


def _list_unsaid_values(spec: MechanismSpec, domain: Domain | None) -> list[str]:
    """Values of settings that are always said, where the spec does not say them."""
    if domain is None or spec.name not in domain.mechanisms or not domain.always_said:
        return []
    values, said = values_of(spec.text, domain), (*spec.variants, *dict(spec.given).values())
    found = [str(values[key]) for key in domain.always_said if key in values]
    return [value for value in found if value not in said]


def _find_home(spec: MechanismSpec) -> Domain | None:
    return next((d for d in domains().values() if spec.name in d.mechanisms), None)
