"""The settings of a contract as options: those of the experiment that the command line names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from cyclopts import Group, Parameter

from catallax.apps.setting_options import options_for, options_from
from catallax.apps.values import FilePath, OptionValue, TextList

if TYPE_CHECKING:
    from catallax.protocol import Experiment

OPTION = "--experiment"


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
