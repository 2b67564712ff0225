"""Files in TOML, and what they say made into frozen values."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from catallax.errors import InputError, unknown

Made = TypeVar("Made")
_KINDS = {int: "a whole number", float: "a finite number", str: "text in quotes"}


def read_toml(file: Path | str) -> dict[str, Any]:
    """What the file says; InputError if it cannot be read or is not TOML."""
    try:
        return tomllib.loads(Path(file).read_bytes().decode())
    except UnicodeDecodeError as e:
        raise InputError(f"{file}: is not text in UTF-8; expected a TOML file") from e
    except tomllib.TOMLDecodeError as e:
        raise InputError(f"{file}: is not valid TOML: {e}") from e
    except RecursionError as e:
        raise InputError(f"{file}: is not valid TOML: lists lie too deep in each other") from e
    except (OSError, ValueError) as e:  # ValueError: no path at all, with a zero byte in it
        why = getattr(e, "strerror", e)
        raise InputError(f"{file}: cannot be read ({why}); expected a TOML file") from e


def made_of(where: str, kind: type[Made], plain: object) -> Made:
    """The dataclass `kind` from a table of TOML; its int, float and str fields are checked.

    where : the user's name for the table, empty for the file itself

    Raises InputError for what is unknown, missing or of the wrong type.
    """
    table = table_of(where, plain)
    about, within = (f"{where}: ", f"{where}.") if where else ("", "")
    hints, known = get_type_hints(kind), {f.name: f for f in fields(kind)}  # type: ignore[arg-type]
    for key in table:
        if key not in known:
            raise InputError(f"{about}{unknown('key', key, known)}")
    missing = [k for k, f in known.items() if f.default is MISSING and k not in table]
    if missing:
        needed = [k for k, f in known.items() if f.default is MISSING]
        raise InputError(f"{about}{missing[0]} is missing; give all of {', '.join(needed)}")
    return kind(**{k: typed_as(within + k, hints[k], v) for k, v in table.items()})


def table_of(where: str, plain: object) -> Mapping[str, Any]:
    """`plain` if it is a table."""
    if not isinstance(plain, dict):
        raise InputError(f"{where}: {plain!r} is not a table; write {{ key = value, ... }}")
    return plain


def dotted(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted key and value of all that a table and the tables in it hold."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from dotted(value, f"{before}{name}.")
        else:
            yield before + name, value


def list_of(where: str, plain: object) -> list[Any]:
    """`plain` if it is a list with something in it."""
    if not isinstance(plain, list) or not plain:
        what = f"{where}: {plain!r} is not a list with something in it"
        raise InputError(f"{what}; write [first, second, ...]")
    return plain


def typed_as(where: str, kind: Any, value: Any) -> Any:
    """`value` if it is of the kind; whole numbers pass for numbers, kinds unknown here always."""
    if kind not in _KINDS:
        return value
    right = (int, float) if kind is float else kind
    if isinstance(value, bool) or not isinstance(value, right):
        raise InputError(f"{where}: {value!r} is not {_KINDS[kind]}")
    if isinstance(value, float) and not isfinite(value):
        raise InputError(f"{where}: {value!r} is not {_KINDS[kind]}")
    return value
