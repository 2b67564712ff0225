"""Numbers, names and lists as people read them."""

import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import PurePath

from catallax.experiments import Summary
from catallax.experiments.registry import values_of
from catallax.experiments.specs import spec_of
from catallax.mechanisms import REGISTRY

NONE = "–"
MINUS = "−"
_POWERS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_UNITS = ((1e9, "G"), (1e6, "M"), (1e3, "k"))
_NOTHING = 1e-12


def number(x: float | None, digits: int = 4) -> str:
    """`x` in at most `digits` significant digits; 484 k for 483,714; a dash for no number."""
    if x is None or not math.isfinite(x):
        return NONE
    size = abs(x)
    if size < _NOTHING:
        return "0"
    if size < 1e-4:
        return _tiny(x)
    for unit, letter in _UNITS:
        if size >= max(unit, 1e4):
            return f"{_signed(f'{x / unit:.3g}')} {letter}"
    return _signed(f"{x:.{max(digits, len(str(int(size))))}g}")  # never 2.5e+02


def fixed(x: float, decimals: int) -> str:
    """`x` with that many decimals, and no minus before a zero."""
    text = f"{x:.{decimals}f}"
    return _signed(text if float(text) else text.removeprefix("-"))


def percent(share: float, digits: int = 3) -> str:
    """A share in per cent."""
    return f"{number(100.0 * share, digits)} %"


def spread(mean: float, low: float, high: float) -> tuple[str, str, str]:
    """A mean and the ends of its interval, to the digits that the interval leaves certain."""
    half = (high - low) / 2.0
    if abs(mean) >= 1e4 or half <= max(1e-7 * abs(mean), _NOTHING):
        return number(mean), number(low), number(high)
    d = decimals(mean, half)
    return fixed(mean, d), fixed(low, d), fixed(high, d)


def decimals(mean: float, half: float) -> int:
    """Decimals for a mean known to +- `half`: three digits of either, but none of pure noise."""
    first = math.floor(math.log10(half))
    certain = -first if half >= 3 * 10.0**first else 1 - first
    three = 2 - math.floor(math.log10(max(abs(mean), _NOTHING)))
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


def joined(parts: Sequence[str], word: str = "and") -> str:
    """`a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def some(names: Sequence[str]) -> str:
    """The first three of `names`, and that there are others."""
    return joined([*names[:3], *(["others"] if len(names) > 3 else [])])


def counted(count: int, thing: str) -> str:
    """`1 seed`, `8 seeds`."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def opened(text: str) -> str:
    """`text` with a capital letter first."""
    return text[:1].upper() + text[1:]


def _signed(text: str) -> str:
    return text.replace("-", MINUS)


def _tiny(x: float) -> str:
    factor, power = f"{x:.1e}".split("e")
    return f"{_signed(factor)} × 10{str(int(power)).translate(_POWERS)}"
