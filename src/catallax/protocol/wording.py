"""Numbers and lists as people read them: the words of every domain and every page."""

import math
from collections.abc import Sequence

NONE = "–"
MINUS = "−"
NOTHING = 1e-12  # less is written as 0
_POWERS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_UNITS = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def number(x: float | None, digits: int = 4) -> str:
    """`x` in at most `digits` significant digits; 484 k for 483,714; a dash for no number."""
    if x is None or not math.isfinite(x):
        return NONE
    size = abs(x)
    if size < NOTHING:
        return "0"
    if size < 1e-4 or size >= 1e15:
        return _write_in_powers(x, max(digits - 3, 1))
    for unit, letter in _UNITS:
        if size >= max(unit, 1e4):
            return f"{_print_minus(f'{x / unit:.3g}')} {letter}"
    return _print_minus(f"{x:.{max(digits, len(str(int(size))))}g}")  # never 2.5e+02


def fixed(x: float, decimals: int) -> str:
    """`x` with that many decimals, and no minus before a zero."""
    text = f"{x:.{decimals}f}"
    return _print_minus(text if float(text) else text.removeprefix("-"))


def percent(share: float, digits: int = 3) -> str:
    """A share in per cent."""
    return f"{number(100.0 * share, digits)} %"


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


def _print_minus(text: str) -> str:
    return text.replace("-", MINUS)


def _write_in_powers(x: float, decimals: int) -> str:
    factor, power = f"{x:.{decimals}e}".split("e")
    return f"{_print_minus(factor)} × 10{str(int(power)).translate(_POWERS)}"
