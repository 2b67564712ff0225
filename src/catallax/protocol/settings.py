"""The settings of a mechanism: which there are, of what kind, and values for them from text."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from math import isfinite
from typing import Any, Literal, final, get_args, get_origin, get_type_hints

from catallax.errors import InputError, unknown
from catallax.protocol.contract import Value

Make = Callable[..., Any]

ENTRY = re.compile(r"^ *(\w+) *: (.+(?:\n {4,}(?!\w+ *:).+)*)", re.MULTILINE)
DIGITS = 12  # of a computed value: powers and logs differ between processors in the last ones
KINDS = {bool: "true or false", int: "a whole number", float: "a number", str: "a word"}


@final
@dataclass(frozen=True)
class Setting:
    """A setting that can be given by name.

    kind    : bool, int, float or str
    default : its value when it is not given
    choices : the words that are allowed; none if it is no choice
    meaning : what it is, with unit and range, from the docstring
    """

    kind: type
    default: Value
    choices: tuple[str, ...] = ()
    meaning: str = ""

    def value(self, where: str, text: str) -> Value:
        """`text` as a value; `where` is the user's name for it. InputError says what was expected.

        The range is checked by the mechanism itself.
        """
        if self.choices and text not in self.choices:
            raise InputError(f"{where}: {unknown('choice', text, self.choices)}")
        try:
            return _TO[self.kind](text)
        except ValueError as e:
            about = f" ({self.meaning})" if self.meaning else ""
            raise InputError(f"{where}: {text!r} is not {KINDS[self.kind]}{about}") from e


def shortened(value: float) -> float:
    """A computed value with so few digits that it is the same on every processor.

    Values enter the hash of a contract, and the last bits of a power hang on the instruction set.
    """
    return float(f"{value:.{DIGITS}g}")


def settings_of(make: Make) -> dict[str, Setting]:
    """Settings that the function `make` takes by keyword and has a default for.

    They are its own parameters and, where it passes on whatever it is given, the fields of the
    agents and the centre that it makes.
    """
    parameters = inspect.signature(make).parameters.values()
    found = dict(_named(make, parameters))
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        for part in parts(make()):
            found = dict(_fields(make, part)) | found
    return found


def parts(made: object) -> tuple[object, ...]:
    """What holds the settings: the mechanism's parts in their order, each before its own parts.

    A mechanism with agents and a centre has these as fields; one that is a plain value is its own
    only part.
    """
    return (made, *_inside(made))


def _inside(part: object) -> Iterator[object]:
    """Values among the fields of a dataclass that are made of fields themselves."""
    if is_dataclass(part):
        for f in fields(part):
            value = getattr(part, f.name)
            if is_dataclass(value) and not isinstance(value, type):
                yield value
                yield from _inside(value)


def meanings(value: object) -> dict[str, str]:
    """What the docstring of a class, or of its instance, says of each of its settings."""
    doc = (value if callable(value) else type(value)).__doc__ or ""
    return {name: " ".join(text.split()).replace(">=", "≥") for name, text in ENTRY.findall(doc)}


def _named(make: Make, parameters: Any) -> Iterator[tuple[str, Setting]]:
    meaning = meanings(make)
    for p in parameters:
        if p.kind in (p.KEYWORD_ONLY, p.POSITIONAL_OR_KEYWORD):
            yield from _setting(p.name, p.default, _hints(make).get(p.name), meaning)


def _fields(make: Make, part: object) -> Iterator[tuple[str, Setting]]:
    """Fields of `part` that `make` passes on to it."""
    if not is_dataclass(part):
        return
    hints, meaning = _hints(type(part)), meanings(type(part))
    for f in fields(part):
        default = getattr(part, f.name)
        if f.init and _takes(make, f.name, default):
            yield from _setting(f.name, default, hints.get(f.name), meaning)


def _takes(make: Make, name: str, default: object) -> bool:
    try:
        make(**{name: default})
    except (TypeError, InputError):
        return False
    return True


def _setting(
    name: str, default: object, hint: object, meaning: Mapping[str, str]
) -> Iterator[tuple[str, Setting]]:
    """One setting, or none if it is of a kind that cannot be written as a word."""
    choices = get_args(hint) if get_origin(hint) is Literal else ()
    kind = hint if isinstance(hint, type) and hint in KINDS else type(default)
    if kind in KINDS and isinstance(default, bool | int | float | str):
        yield name, Setting(kind, default, choices, meaning.get(name, ""))


def _hints(thing: Any) -> dict[str, Any]:
    """Types of fields or parameters; none where a user's annotations cannot be understood."""
    try:
        return get_type_hints(thing)
    except Exception:
        return {}


def _bool(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


def _float(text: str) -> float:
    if not isfinite(float(text)):
        raise ValueError(text)
    return float(text)


_TO: Mapping[type, Callable[[str], Value]] = {bool: _bool, int: int, float: _float, str: str}
