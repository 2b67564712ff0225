"""Files in TOML, and what they say made into frozen values: pydantic checks, we say what is wrong.

pydantic takes part of a second to import, so it is imported once a file is read.
"""

import json
import re
import tomllib
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import (
    TYPE_CHECKING,
    Any,
    TypeVar,
    Union,
    final,
    get_args,
    get_origin,
    get_type_hints,
)

from catallax.errors import InputError, unknown
from catallax.whole import read_given

if TYPE_CHECKING:
    from pydantic import TypeAdapter, ValidationError
    from pydantic_core import ErrorDetails

Made = TypeVar("Made")
Place = tuple[str | int, ...]

ABSENT = "missing"  # pydantic's name for a key that has to be there
UNKNOWN = "unexpected_keyword_argument"  # pydantic's name for a key that a dataclass has not
EXPECTED = {
    "int_type": "a whole number",
    "float_type": "a number",
    "string_type": "text in quotes",
    "bool_type": "true or false",
    "dict_type": "a table",
    "dataclass_type": "a table",
    "list_type": "a list",
    "tuple_type": "a list",
}
"""pydantic's name of an error -> what was expected."""
MOST = 1_000_000  # bytes of a file; all that ships has 40,000 at most
BITS = 64  # of a whole number
DEEPEST = 32  # tables and lists in each other, and parts of a name with points
_LONG_NAME = re.compile(
    rb"""(?:(?:(?<![\w-])[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){%d}""" % DEEPEST
)
"""For each part of a name the parser looks at all before it; this looks at each letter once."""
WRITTEN = {"a table": "write { key = value, ... }", "a list": "write [first, second, ...]"}


def read_toml(file: Path | str) -> dict[str, Any]:
    """What the file says; InputError if it cannot be read, is not TOML, or is beyond bounds.

    It has at most `MOST` bytes, and tables and lists at most `DEEPEST` deep in each other.
    """
    raw = read_given(
        Path(file), MOST, "a TOML file", "keep settings in it and data in tables of their own"
    )
    if _LONG_NAME.search(raw):
        raise InputError(f"{file}: has a name of over {DEEPEST} parts; {_FLAT}")
    try:
        said = tomllib.loads(raw.decode())
    except UnicodeDecodeError as e:
        raise InputError(f"{file}: is not text in UTF-8; expected a TOML file") from e
    except RecursionError as e:
        raise InputError(f"{file}: is not valid TOML: lists lie too deep in each other") from e
    except ValueError as e:  # TOMLDecodeError is one, and so is a number of too many digits
        raise InputError(f"{file}: is not valid TOML: {e}") from e
    if _is_deep(said):
        raise InputError(f"{file}: tables or lists lie over {DEEPEST} deep in each other; {_FLAT}")
    return said


_FLAT = "no setting lies that deep"


def _is_deep(said: dict[str, Any]) -> bool:
    """Whether something in it lies deeper than `DEEPEST`; whatever its depth, it is found out."""
    level: list[Any] = [said]
    for _ in range(DEEPEST):
        parts = (x.values() if isinstance(x, dict) else x for x in level)
        level = [x for inside in parts for x in inside if isinstance(x, dict | list)]
    return bool(level)


def read_as(where: str, kind: Any, plain: object) -> Any:
    """A value of `kind` from what a TOML file says: a dataclass of dataclasses, a number, a list.

    where : the user's name for it, empty for the file itself
    kind  : dataclass or any other type that pydantic knows. Whole numbers pass for numbers, and
            nothing else for anything else

    Raises InputError, which begins with the place that is wrong: for an unknown key with the
    nearest known one, a missing one, a value of another type, and whatever the dataclass refuses.
    """
    from pydantic import ValidationError

    _check_plain(where, plain)
    try:
        made = _adapter(kind).validate_json(json.dumps(plain), strict=True, extra="forbid")
    except ValidationError as e:
        raise InputError(_told(where, kind, plain, e)) from e
    return made


@lru_cache
def _adapter(kind: Any) -> "TypeAdapter[Any]":
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def _check_plain(where: str, plain: object) -> None:
    """Refuse what TOML has and no setting is: dates, and numbers without end or of many digits."""
    for path, value in _leaves(plain):
        if isinstance(value, int) and value.bit_length() > BITS:
            raise InputError(
                f"{_place(where, path)}: has {value.bit_length():,} bits; expected a whole number "
                f"of at most {BITS}"
            )
        if isinstance(value, float) and not isfinite(value):
            raise InputError(f"{_place(where, path)}: {value!r} is not a finite number")
        if not isinstance(value, bool | int | float | str):
            raise InputError(f"{_place(where, path)}: {value} is a date; put text between quotes")


def _leaves(plain: object, path: Place = ()) -> Iterator[tuple[Place, object]]:
    if isinstance(plain, dict | list | tuple):
        inside = plain.items() if isinstance(plain, dict) else enumerate(plain)
        for key, value in inside:
            yield from _leaves(value, (*path, key))
    else:
        yield path, plain


@final
@dataclass(frozen=True)
class _Wrong:
    """An error of pydantic's, where it stands in the file, and the type of the table around it."""

    path: Place
    around: Any
    details: "ErrorDetails"

    @property
    def nearness(self) -> tuple[int, bool, bool]:
        """How near it is to the mistake: deep inside, a key too many, not a type as such."""
        kind = self.details["type"]
        return len(self.path), kind == UNKNOWN, kind not in EXPECTED


def _told(where: str, kind: Any, plain: object, error: "ValidationError") -> str:
    """The first error; of a value that could be of several types that of the nearest one."""
    found = [_located(kind, plain, details) for details in error.errors(include_url=False)]
    misspelt = [w for w in found if w.details["type"] == UNKNOWN]
    # What is missing is often there under another name.
    first = (misspelt if misspelt and found[0].details["type"] == ABSENT else found)[0].path
    same = [w for w in found if w.path[: len(first)] == first or _siblings(w.path, first)]
    nearest = max(same, key=lambda w: w.nearness)
    types = [w.details["type"] for w in same if w.path == nearest.path]
    return _sentence(where, nearest, [EXPECTED[kind] for kind in types if kind in EXPECTED])


def _siblings(one: Place, other: Place) -> bool:
    """Whether two places lie in one table."""
    return one[:-1] == other[:-1]


def _located(kind: Any, plain: Any, details: "ErrorDetails") -> _Wrong:
    """Follow pydantic's path; what is no key of the file is its name for one of several types."""
    path: list[str | int] = []
    around = kind
    for part in details["loc"]:
        last = details["type"] == ABSENT and part == details["loc"][-1]
        if last or _has(plain, part):
            path.append(part)
            around, kind = kind, _inside(kind, part)
            plain = None if last else plain[part]
        else:
            kind = _alternative(kind, str(part))
    return _Wrong(tuple(path), around, details)


def _has(plain: Any, part: str | int) -> bool:
    if isinstance(plain, dict):
        return part in plain
    return isinstance(plain, list | tuple) and isinstance(part, int) and part < len(plain)


def _alternatives(kind: Any) -> Sequence[Any]:
    return get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,)


def _alternative(kind: Any, name: str) -> Any:
    """The dataclass of this name among several types; all of them if there is none."""
    named = [
        a for a in _alternatives(kind) if is_dataclass(a) and getattr(a, "__name__", "") == name
    ]
    return named[0] if named else kind


def _inside(kind: Any, part: str | int) -> Any:
    """The type of a field, an entry or an element."""
    for option in _alternatives(kind):
        if is_dataclass(option) and part in get_type_hints(option):
            return get_type_hints(option)[str(part)]
        arguments = [a for a in get_args(option) if a is not Ellipsis]
        if arguments:
            return arguments[-1]
    return None


def _sentence(where: str, wrong: _Wrong, expected: Sequence[str]) -> str:
    """What is wrong and where; of a wrong type all that are right."""
    kind, value = wrong.details["type"], wrong.details["input"]
    if kind in (UNKNOWN, ABSENT):
        return _wrong_key(where, wrong)
    place = _place(where, wrong.path)
    if kind == "value_error":
        return _joined(place, str(wrong.details["ctx"]["error"]))
    if kind == "literal_error":
        words = wrong.details["ctx"]["expected"].replace(" or ", ", ")
        return _joined(place, f"{value!r} is not one of {words}")
    if kind not in EXPECTED:
        return _joined(place, wrong.details["msg"])
    names = list(dict.fromkeys(expected))
    if "a number" in names:  # which a whole one is
        names = [name for name in names if name != EXPECTED["int_type"]]
    how = f"; {WRITTEN[names[0]]}" if len(names) == 1 and names[0] in WRITTEN else ""
    return _joined(place, f"{value!r} is not {' or '.join(names)}{how}")


def filled(where: str, values: tuple[Made, ...]) -> tuple[Made, ...]:
    """`values` if there are any; InputError if a list in a file is empty."""
    if not values:
        raise InputError(f"{where}: [] is not a list with something in it; {WRITTEN['a list']}")
    return values


def _wrong_key(where: str, wrong: _Wrong) -> str:
    """A key that no table of this kind has, or one that it needs."""
    *before, key = wrong.path
    known = [f for a in _alternatives(wrong.around) if is_dataclass(a) for f in fields(a) if f.init]
    if wrong.details["type"] != ABSENT:
        return _joined(
            _place(where, before), str(unknown("key", str(key), [f.name for f in known]))
        )
    needed = [f.name for f in known if f.default is MISSING and f.default_factory is MISSING]
    says = f"{key} is missing; give all of {', '.join(needed)}"
    return _joined(_place(where, before), says)


def _place(where: str, path: Sequence[str | int]) -> str:
    """The user's name for a place: `map.toml: contracts[0].weeks`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    joint = "" if not where or where.endswith(": ") or text.startswith("[") else "."
    return f"{where}{joint}{text}" if text else where


def _joined(place: str, says: str) -> str:
    return f"{place.removesuffix(': ')}: {says}" if place else says


def dotted(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted key and value of all that a table and the tables in it hold; {} for an empty one."""
    for name, value in table.items():
        if isinstance(value, dict) and value:
            yield from dotted(value, f"{before}{name}.")
        else:
            yield before + name, value
