"""Estimates and names of mechanisms as people read them; plain numbers: `protocol.wording`."""

import math
from functools import lru_cache
from pathlib import PurePath

from catallax.experiments import Summary
from catallax.experiments.registry import values_of
from catallax.mechanisms import REGISTRY
from catallax.protocol.specs import spec_of
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

__all__ = [
    "MINUS",
    "NONE",
    "counted",
    "decimals",
    "estimate",
    "fixed",
    "joined",
    "label",
    "number",
    "opened",
    "percent",
    "some",
    "spread",
]


def spread(mean: float, low: float, high: float) -> tuple[str, str, str]:
    """A mean and the ends of its interval, to the digits that the interval leaves certain."""
    half = (high - low) / 2.0
    if abs(mean) >= 1e4 or half <= max(1e-7 * abs(mean), NOTHING):
        return number(mean), number(low), number(high)
    d = decimals(mean, half)
    return fixed(mean, d), fixed(low, d), fixed(high, d)


def decimals(mean: float, half: float) -> int:
    """Decimals for a mean known to +- `half`: three digits of either, but none of pure noise."""
    first = math.floor(math.log10(half))
    certain = -first if half >= 3 * 10.0**first else 1 - first
    three = 2 - math.floor(math.log10(max(abs(mean), NOTHING)))
    return min(max(certain, min(three, 1 - first), 0), 5)


def estimate(summary: Summary) -> str:
    """`0.9813 (0.9808 to 0.9817)`, the mean alone for one seed, or a dash."""
    if summary.mean is None or summary.ci95 is None:
        return number(summary.mean)
    mean, low, high = spread(summary.mean, *summary.ci95)
    return f"{mean} ({low} to {high})"


@lru_cache
def label(name: str) -> str:
    """A mechanism's name for people: `five year plan (retail, rigid)`; a file's without its folder.

    A planner's delegation is always named, be it given or its default.
    """
    spec = spec_of(name)
    plain = PurePath(spec.name).stem if spec.file else spec.name
    chosen = values_of(name).get("delegation") if spec.name in REGISTRY else None
    silent = chosen is not None and chosen not in (*spec.variants, *dict(spec.given).values())
    more = [str(chosen)] * silent
    more += [*spec.variants, *(f"{key} {value}" for key, value in spec.given)]
    text = f"{plain} ({', '.join(more)})" if more else plain
    return text.replace("ai_", "AI ").replace("_", " ")
