"""Settings as options: name, type, range, meaning and default stand on the setting alone.

`options_for` makes options from any settings, `options_of` from those of the contracts of an
experiment, which the command line names.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, make_dataclass
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, get_type_hints

from cyclopts import Group, Parameter

from catallax.apps.values import FilePath, OptionValue, TextList, Tokens, value_text

if TYPE_CHECKING:
    from catallax.protocol import Experiment, Setting

Base = TypeVar("Base")

TRUTHS = "true|false"
KEY = "key"  # of a field's metadata
OPTION = "--experiment"


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


def named_by_argument(words: Sequence[str], flags: Iterable[str]) -> "Experiment | None":
    """The experiment that the first argument names; None if there is none."""
    name = first_argument(words, flags)
    if name is None:
        return None
    from catallax.protocol import experiment_named

    return experiment_named(name)


def named_by_option(words: Sequence[str]) -> "Experiment":
    """The experiment behind `--experiment`; without one any contract of the economy."""
    from catallax.domains.production.experiments import FREE
    from catallax.protocol import experiment_named

    name = option_value(words, OPTION)
    return FREE if name is None else experiment_named(name)


def first_argument(words: Sequence[str], flags: Iterable[str]) -> str | None:
    """The first word that is neither an option nor the value of one; None if there is none.

    flags : options without a value
    """
    alone, rest = set(flags), iter(words)
    for word in rest:
        if word == "--":
            return next(rest, None)
        if not word.startswith("-"):
            return word
        if "=" not in word and word not in alone:
            next(rest, None)
    return None


def option_value(words: Sequence[str], name: str) -> str | None:
    """What stands behind the last option of this name; None if it is not there."""
    found = None
    for k, word in enumerate(words):
        if word == name and k + 1 < len(words):
            found = words[k + 1]
        elif word.startswith(f"{name}="):
            found = word.partition("=")[2]
    return found


GROUP = Group("Contract", help="What is held equal for every mechanism.", sort_key=2)


@Parameter(name="*")
@dataclass(frozen=True)
class ContractOptions:
    """What the user wants of the contract; `options_of` adds one option a setting."""

    file: Annotated[
        FilePath | None,
        Parameter(
            name="--contract",
            group=GROUP,
            help="TOML file with settings of the contract; options win over it",
        ),
    ] = None
    assigned: Annotated[
        TextList,
        Parameter(
            name="--set",
            group=GROUP,
            metavar="KEY=VALUE",
            help="any setting by its dotted key; may be repeated",
            show_default=False,
        ),
    ] = ()


DEFAULT_CONTRACT = ContractOptions()


def options_of(experiment: "Experiment", own: Iterable[str] = ()) -> type[ContractOptions]:
    """`ContractOptions` with an option for every setting of the experiment's contracts.

    own : options of the command itself; a setting of such a name is left to `--set`

    Settings that only other experiments of its domain have are taken as well, unseen: so the
    experiment itself can say that they are not for it.
    """
    from catallax.protocol import domain_named

    every = domain_named(experiment.domain).experiments.values()
    others = {key: other for other in every for key in other.keys if key not in experiment.keys}
    hidden = {key: other.setting_of(key) for key, other in others.items()}
    taken, every_setting = set(own), {**experiment.settings, **hidden}
    free = {key: known for key, known in every_setting.items() if f"--{key}" not in taken}
    return options_for(ContractOptions, free, GROUP, hidden)


def contract_options(experiment: "Experiment", given: Mapping[str, OptionValue]) -> ContractOptions:
    """The options of an experiment with these values, by dotted key."""
    return options_from(options_of(experiment), given)


def options_by_argument(
    words: Sequence[str], own: Mapping[str, bool]
) -> type[ContractOptions] | None:
    """The options of the experiment that the first argument names; None if there is none."""
    experiment = named_by_argument(words, [name for name, alone in own.items() if alone])
    return None if experiment is None else options_of(experiment, own)


def options_by_option(words: Sequence[str], own: Mapping[str, bool]) -> type[ContractOptions]:
    """The options of the experiment behind `--experiment`."""
    return options_of(named_by_option(words), own)
