"""Settings that were renamed: hashes and files keep the name they began with.

A renamed setting is made by `setting(..., hash_name="heed")`. Its hash name stands in hashes of
runs, in stores, in saved runs and in records of tuning, so all of them hold. People see the new
name everywhere. Whoever still gives the old one, in a spec, in a TOML file or in Python, is
understood and told the new one by an `OldNameWarning`.
"""

from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from functools import wraps
from typing import Any, TypeVar

from catallax.errors import InputError, warn_of_old_name
from catallax.protocol.settings import Setting, settings_in

K = TypeVar("K", bound=type)
V = TypeVar("V")


def current_name(key: str, known: Mapping[str, Setting]) -> str:
    """The name of the setting that `key` means, by its name or its hash name; else `key` itself."""
    if key in known:
        return key
    return next((name for name, s in known.items() if s.hash_name == key), key)


def accept_name(key: str, known: Mapping[str, Setting], where: str) -> str:
    """The same for a key that a user gave, who is told where it is no longer called that.

    where : the user's name for what has the setting: "market", "tuning.toml: mechanisms.market"
    """
    name = current_name(key, known)
    if name != key:
        warn_of_old_name(where, key, name)
    return name


def accept_names(given: Mapping[str, V], known: Mapping[str, Setting], where: str) -> dict[str, V]:
    """The same for all that a user gave; InputError for a setting that is given by both names."""
    named: dict[str, V] = {}
    for key, value in given.items():
        name = accept_name(key, known, where)
        if name in named:
            old = known[name].hash_name
            raise InputError(f"{where}: {old} and {name} are one setting; give {name} alone")
        named[name] = value
    return named


def by_hash_name(values: Mapping[str, V], known: Mapping[str, Setting]) -> dict[str, V]:
    """Values by the names that stand in hashes and files, from values by present names."""
    return {known[k].hash_name or k if k in known else k: v for k, v in values.items()}


def by_current_name(values: Mapping[str, V], known: Mapping[str, Setting]) -> dict[str, V]:
    """Values by present names, from values by the names that stand in hashes and files."""
    return {current_name(key, known): value for key, value in values.items()}


def hashed_settings(part: object) -> dict[str, Any]:
    """The fields of a dataclass as plain values, by the names that stand in hashes and files.

    {} for what is not a dataclass, and for a class.
    """
    if not is_dataclass(part) or isinstance(part, type):
        return {}
    plain = asdict(part)
    for f in fields(part):
        if is_dataclass(getattr(part, f.name)):
            plain[f.name] = hashed_settings(getattr(part, f.name))
    return by_hash_name(plain, settings_in(type(part)))


def accept_hash_names(kind: K) -> K:
    """Let a dataclass be made, and read, by the hash names of its settings too.

    It stands above `@dataclass`. Raises InputError, when one is made, for a setting that is given
    by both names.
    """
    init = kind.__init__  # type: ignore[misc]

    @wraps(init)
    def make(self: Any, *args: Any, **given: Any) -> None:
        init(self, *args, **accept_names(given, settings_in(kind), kind.__name__))

    def read(self: Any, key: str) -> Any:
        name = key if key.startswith("_") else current_name(key, settings_in(kind))
        if name == key:
            raise AttributeError(f"{kind.__name__!r} object has no attribute {key!r}")
        return getattr(self, accept_name(key, settings_in(kind), kind.__name__))

    kind.__init__ = make  # type: ignore[misc]
    kind.__getattr__ = read  # type: ignore[attr-defined]
    return kind
