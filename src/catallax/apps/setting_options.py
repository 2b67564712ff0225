"""Options made from settings: name, type, range, meaning and default stand on the setting alone."""

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, fields, make_dataclass
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, get_type_hints

from cyclopts import Group, Parameter

from catallax.apps.values import OptionValue, Tokens, value_text

if TYPE_CHECKING:
    from catallax.protocol import Setting

Base = TypeVar("Base")

TRUTHS = "true|false"
KEY = "key"  # of a field's metadata


def options_for(
    base: type[Base],
    settings: "Mapping[str, Setting]",
    group: Group,
    hidden: Iterable[str] = (),
) -> type[Base]:
    """The dataclass `base` with one more option a setting, None where it is not given.

    settings : dotted key -> setting
    hidden   : keys of those that `--help` does not show
    """
    unseen = set(hidden)
    made = [_make_field(key, known, group, key not in unseen) for key, known in settings.items()]
    # cyclopts takes no class of the standard library apart, and one without a module is one.
    return make_dataclass(
        base.__name__, made, bases=(base,), frozen=True, namespace={"__module__": __name__}
    )


def options_from(kind: type[Base], given: Mapping[str, OptionValue]) -> Base:
    """Options of a class that `options_for` made, with these values by dotted key."""
    names = {f.metadata[KEY]: f.name for f in fields(kind) if KEY in f.metadata}  # type: ignore[arg-type]
    return kind(**{names[key]: value for key, value in given.items()})


def option_keys(options: Any) -> list[str]:
    """Dotted keys of all settings that have an option of their own."""
    return [f.metadata[KEY] for f in fields(options) if KEY in f.metadata]


def given_options(options: Any) -> dict[str, OptionValue]:
    """Dotted key -> value of every setting that was given."""
    found = {f.metadata[KEY]: getattr(options, f.name) for f in fields(options) if f.metadata}
    return {key: value for key, value in found.items() if value is not None}


def add_options(command: Callable[..., Any], kind: type) -> Callable[..., Any]:
    """The command whose parameter of a base class of `kind` is of that class itself."""

    @wraps(command)
    def same(*words: Any, **options: Any) -> Any:
        return command(*words, **options)

    signature, hints = inspect.signature(command), get_type_hints(command, include_extras=True)
    taken = {name: kind for name, hint in hints.items() if hint in kind.__bases__}
    parameters = [
        p.replace(annotation=kind, default=kind()) if p.name in taken else p
        for p in signature.parameters.values()
    ]
    same.__annotations__ = {**hints, **taken}
    same.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return same


def short_names(keys: Iterable[str]) -> dict[str, str]:
    """What may stand for a key: the name of a part for that of its kind."""
    known = set(keys)
    short = {key.removesuffix(".kind"): key for key in known if key.endswith(".kind")}
    return {name: key for name, key in short.items() if name not in known}


def _make_field(key: str, setting: "Setting", group: Group, show: bool) -> tuple[str, Any, Any]:
    """Name, type and default of the field for a key."""
    default = None if setting.default is None else value_text(setting.default)
    parameter = Parameter(
        name=[f"--{key}", *(f"--{short}" for short in short_names([key]))],
        converter=_make_converter(setting),
        help=_write_help(setting),
        show_default=default or False,
        metavar=TRUTHS if setting.kind is bool else None,
        negative="",
        group=group,
        show=show,
    )
    named = "setting_" + re.sub(r"\W", "_", key)
    kind = _shown_type(setting) | None
    return named, Annotated[kind, parameter], field(default=None, metadata={KEY: key})


def _shown_type(setting: "Setting") -> Any:
    """The type that `--help` shows. A truth value is written out, as in a file."""
    if setting.choices:
        return Literal[setting.choices]
    return bool | str if setting.kind is bool else setting.kind


def _make_converter(setting: "Setting") -> Callable[[Any, Tokens], OptionValue]:
    def converted(_: Any, tokens: Tokens) -> OptionValue:
        return setting.value(tokens[0].keyword or "", tokens[0].value)

    return converted


def _write_help(setting: "Setting") -> str:
    """Meaning, unit and range: `length of a run, in weeks; 1 to 100000`."""
    said = f"{setting.meaning}, in {setting.unit}" if setting.unit else setting.meaning
    return said if setting.choices or not setting.range else f"{said}; {setting.range}"
