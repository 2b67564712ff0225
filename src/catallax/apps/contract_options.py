"""The settings of a contract as options: those of the experiment that the command line names."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, make_dataclass
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

from cyclopts import Group, Parameter

from catallax.apps.values import KINDS, File, Texts, Value

if TYPE_CHECKING:
    from catallax.protocol import Experiment

GROUP = Group("Contract", help="What is held equal for every mechanism.", sort_key=2)
PARAMETER = "contract"  # of commands that have these options
KEY = "key"  # of a field's metadata


@Parameter(name="*")
@dataclass(frozen=True)
class ContractOptions:
    """What the user wants of the contract; `options_of` adds one option a setting."""

    file: Annotated[
        File | None,
        Parameter(
            name="--contract",
            group=GROUP,
            help="TOML file with settings of the contract; options win over it",
        ),
    ] = None
    assigned: Annotated[
        Texts,
        Parameter(
            name="--set",
            group=GROUP,
            metavar="KEY=VALUE",
            help="any setting by its dotted key; may be repeated",
            show_default=False,
        ),
    ] = ()

    @property
    def given(self) -> dict[str, Value]:
        """Dotted key -> value of every setting that was given as an option of its own."""
        found = {f.metadata[KEY]: getattr(self, f.name) for f in fields(self) if f.metadata}
        return {key: value for key, value in found.items() if value is not None}


DEFAULT_CONTRACT = ContractOptions()


def options_of(experiment: "Experiment") -> type[ContractOptions]:
    """`ContractOptions` with an option for every setting of the experiment's contracts.

    Settings that only other experiments of its domain have are taken as well, unseen: so the
    experiment itself can say that they are not for it.
    """
    shown = dict.fromkeys(experiment.keys)
    options = [
        _option(experiment, key, show=key in shown) for key in {**shown, **_others(experiment)}
    ]
    return make_dataclass(
        "SettingOptions", options, bases=(ContractOptions,), frozen=True,
        namespace={"__module__": __name__},
    )  # fmt: skip


def options_from(experiment: "Experiment", given: Mapping[str, Value]) -> ContractOptions:
    """The options of an experiment with these values, by dotted key."""
    kind = options_of(experiment)
    names = {f.metadata[KEY]: f.name for f in fields(kind) if f.metadata}
    values: dict[str, Any] = {names[key]: value for key, value in given.items()}
    return kind(**values)


def short_names(keys: Iterable[str]) -> dict[str, str]:
    """What may stand for a key: the name of a part for that of its kind."""
    known = set(keys)
    return {
        key.removesuffix(".kind"): key
        for key in known
        if key.endswith(".kind") and key.removesuffix(".kind") not in known
    }


def _others(experiment: "Experiment") -> dict[str, None]:
    from catallax.protocol import domain_named

    domain = domain_named(experiment.domain)
    return {key: None for other in domain.experiments.values() for key in other.keys}


def _option(experiment: "Experiment", key: str, *, show: bool) -> tuple[str, Any, Any]:
    """Name, type and default of the field for a key."""
    kind = KINDS[experiment.kind_of(key)] | None
    names = [f"--{key}", *(f"--{s}" for s, k in short_names([key]).items() if k == key)]
    parameter = Parameter(name=names, group=GROUP, show=show)
    default = field(default=None, metadata={KEY: key})
    return "setting_" + re.sub(r"\W", "_", key), Annotated[kind, parameter], default


def with_settings(command: Callable[..., Any], experiment: "Experiment") -> Callable[..., Any]:
    """The command whose options of a contract are those of the experiment."""

    @wraps(command)
    def same(*words: Any, **options: Any) -> Any:
        return command(*words, **options)

    hints = get_type_hints(command, include_extras=True)
    same.__annotations__ = {**hints, PARAMETER: options_of(experiment)}
    return same
