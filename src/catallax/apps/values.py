"""Types of what the user writes on the command line, and how cyclopts makes values of them.

A converter raises ValueError with a sentence that goes on where the option's name and a colon
stand: `'soon' is not a whole number; give one such as 52`. `parse_errors` puts the name before it.
"""

import re
from collections.abc import Callable, Sequence
from math import isfinite
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter, Token

from catallax.errors import InputError

SEEDS = tuple(range(8))
ALL = "all"
MOST_SEEDS = 100_000

OptionValue = bool | int | float | str
Tokens = Sequence[Token]

_TRUTHS = {"true": True, "false": False}
_SPAN = re.compile(r"\s*([0-9]{1,18})\s*(?:-\s*([0-9]{1,18})\s*)?")
_EXPECTED = {
    int: "a whole number; give one such as 52",
    float: "a number; give one such as 0.25",
    str: "text; put it between quotes",
    bool: "true or false",
}


def parse_value(text: str, kind: type) -> OptionValue:
    """`text` as a bool, an int, a finite float or itself; InputError says what was expected."""
    try:
        value: OptionValue = _TRUTHS[text.lower()] if kind is bool else kind(text)
    except (ValueError, KeyError) as e:
        raise type_error(text, kind) from e
    if isinstance(value, float) and not isfinite(value):
        raise InputError(f"{text} is not finite; give a finite number")
    return value


def type_error(value: object, kind: type) -> InputError:
    """The error for a value that is not of the kind: bool, int, float or str."""
    return InputError(f"{value!r} is not {_EXPECTED[kind]}")


def value_text(value: OptionValue) -> str:
    """The shortest text from which `parse_value` makes the value."""
    return str(value).lower() if isinstance(value, bool) else str(value).removesuffix(".0")


def seeds_of(text: str) -> tuple[int, ...]:
    """Seeds from a count ("8" is 0 to 7), a list ("3,5,9"), a range ("100-119") or a mixture.

    Raises InputError for anything else, for no seed at all, and for a seed given twice.
    """
    spans = [_read_span(part) for part in text.split(",")]
    if text.strip().isdecimal():
        spans = [range(spans[0].start)]
    count = sum(len(span) for span in spans)
    if not 1 <= count <= MOST_SEEDS:
        raise _seeds_error(f"{text!r} makes {count} seeds, expected 1 to {MOST_SEEDS}")
    seeds = tuple(seed for span in spans for seed in span)
    if len(set(seeds)) < count:
        raise _seeds_error(f"{text!r} names a seed twice")
    return seeds


def _read_span(part: str) -> range:
    match = _SPAN.fullmatch(part)
    if match is None:
        raise _seeds_error(f"{part!r} is not a seed")
    first, last = int(match[1]), int(match[2] or match[1])
    if last < first:
        raise _seeds_error(f"{part!r} ends before it begins")
    return range(first, last + 1)


def _seeds_error(what: str) -> InputError:
    return InputError(
        f"{what}; give a count such as 8 (seeds 0 to 7), a list such as 3,5,9 or a range such as "
        f"100-119"
    )


def seeds_text(seeds: Sequence[int]) -> str:
    """The shortest text from which `seeds_of` makes the same seeds."""
    first, last = seeds[0], seeds[-1]
    if tuple(seeds) != tuple(range(first, last + 1)):
        return ",".join(str(seed) for seed in seeds)
    return f"{first}-{last}" if first else str(last + 1)


def _scalar_converter(kind: type) -> Callable[[Any, Tokens], Any]:
    """The converter of one word."""
    return lambda _, tokens: parse_value(tokens[0].value, kind)


def _convert_seeds(_: Any, tokens: Tokens) -> tuple[int, ...]:
    return seeds_of(tokens[0].value)


def _convert_names(_: Any, tokens: Tokens) -> tuple[str, ...]:
    """Words with commas between them; the option may be repeated."""
    words = tuple(word.strip() for token in tokens for word in token.value.split(","))
    if not all(words):
        raise ValueError(
            f"{','.join(words)!r}: a name is missing; write names with commas between them"
        )
    return words


def _convert_texts(_: Any, tokens: Tokens) -> tuple[str, ...]:
    """One text each time that the option is given."""
    return tuple(token.value for token in tokens)


def _convert_path(_: Any, tokens: Tokens) -> Path:
    text = tokens[0].value
    if not text.strip():
        raise ValueError(f"{text!r} names no file or folder; give a path")
    return Path(text)


def _show_default_by(text: Callable[[Any], str]) -> Callable[[Any], str | None]:
    """How `--help` shows a default; None is none."""
    return lambda value: None if value is None else text(value)


def check_within(low: float, high: float) -> Callable[[Any, Any], None]:
    """The check that a number lies between two others, both allowed."""

    def check(_: Any, value: Any) -> None:
        if value is not None and not low <= value <= high:
            raise ValueError(f"{value} is out of range, expected {low} to {high}")

    return check


Whole = Annotated[int, Parameter(converter=_scalar_converter(int))]
Number = Annotated[float, Parameter(converter=_scalar_converter(float))]
Flag = Annotated[bool, Parameter(negative="", show_default=False)]
FilePath = Annotated[Path, Parameter(converter=_convert_path, metavar="FILE")]
FolderPath = Annotated[Path, Parameter(converter=_convert_path, metavar="FOLDER")]
NameList = Annotated[
    tuple[str, ...],
    Parameter(
        converter=_convert_names,
        metavar="NAME,NAME",
        negative="",
        show_default=_show_default_by(",".join),
    ),
]
TextList = Annotated[tuple[str, ...], Parameter(converter=_convert_texts, negative="")]
SeedSet = Annotated[
    tuple[int, ...],
    Parameter(
        converter=_convert_seeds,
        metavar="SEEDS",
        negative="",
        show_default=_show_default_by(seeds_text),
        allow_repeating=False,  # a count and a list said one after the other mean nothing
    ),
]
