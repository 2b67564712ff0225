"""The contract that the user asked for, and the command line that makes a result again.

Every setting has one dotted key (`channel.centre.delay`), the same in a contract file, after
`--set` and as an option of its own. Nothing heavy is imported before it is needed.
"""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, final

from catallax.apps.contract_options import ContractOptions, given_options, option_keys, short_names
from catallax.apps.progress import print_note
from catallax.apps.values import OptionValue, value_text
from catallax.errors import InputError, about
from catallax.tomlfile import dotted, read_as, read_toml

if TYPE_CHECKING:
    from catallax.domains.production.run import Contract
    from catallax.protocol import AbstractContract, Experiment

MOST_TEXT = 30  # letters of an economy's name

# key -> how a message about it begins; where two settings may be to blame the nearer comes first
ABOUT = (
    ("economy", "unknown economy"),
    ("shock.week", "shock: falls"),
    ("weeks", "shock: falls"),
    ("shock.kind", "unknown shock.kind"),
    ("shock.resource", "unknown row"),
    ("shock.resource", "shock: '"),
    ("economy", "tariff: economy"),
)


@final
@dataclass(frozen=True)
class Given:
    """A value that the user gave to a key of the contract.

    value : of the key's type
    where : the user's own name for it: "--weeks", or "my.toml: weeks"
    """

    value: OptionValue
    where: str


def read_settings(
    options: ContractOptions,
    experiment: "Experiment",
    usual: Mapping[str, OptionValue] | None = None,
) -> dict[str, Given]:
    """What a contract file and the command line say; the command line wins.

    experiment : whose keys are meant
    usual      : key -> value, of a command whose defaults are not the experiment's

    Raises InputError for a file that cannot be read, unknown keys, values of the wrong type and
    a key that the command line gives twice.
    """
    found = {key: Given(value, f"--{key}") for key, value in (usual or {}).items()}
    if options.file is not None:
        found |= in_file(options.file, experiment)
    used = {key: Given(value, f"--{key}") for key, value in given_options(options).items()}
    for text in options.assigned:
        key, setting = _read_assignment(text, used, experiment)
        used[key] = setting
    return found | used


def _read_assignment(
    text: str, used: Mapping[str, Given], experiment: "Experiment"
) -> tuple[str, Given]:
    """Key and value of KEY=VALUE, unless the key is unknown or `used` has it already."""
    name, equals, value = text.partition("=")
    if not equals:
        raise InputError(f"--set {text!r}: expected KEY=VALUE, such as channel.centre.delay=4")
    key = short_names(experiment.keys).get(name, name)
    if key in used:
        raise InputError(f"--set {text!r}: {key} is also given by {used[key].where}; give it once")
    with about(f"--set {text!r}"):
        setting = experiment.setting_of(key)
    return key, Given(setting.value(f"--set {name}", value), f"--set {name}")


def in_file(file: Path, experiment: "Experiment") -> dict[str, Given]:
    """What a contract file says. Raises InputError as `settings` does."""
    return in_table(str(file), read_toml(file), experiment)


def in_table(file: str, table: Mapping[str, Any], experiment: "Experiment") -> dict[str, Given]:
    """What a table of a file says, with the keys of a contract file."""
    found, short = {}, short_names(experiment.keys)
    for name, value in dotted(table):
        key, where = short.get(name, name), f"{file}: {name}"
        if value == {} and key not in experiment.keys:
            continue  # a table of which nothing is said
        with about(file):
            setting = experiment.setting_of(key)
        found[key] = Given(read_as(where, setting.kind, value), where)
    return found


def contract_of(experiment: "Experiment", given: Mapping[str, Given]) -> "AbstractContract":
    """The experiment's contract with the user's settings; what is wrong has the user's name."""
    try:
        if "economy" in given:
            _check_length(str(given["economy"].value))
        return experiment.build({key: s.value for key, s in given.items()}, tell=_say_note)
    except InputError as e:
        raise InputError(in_users_words(str(e), given)) from e


def economy_contract(experiment: "Experiment", given: Mapping[str, Given]) -> "Contract":
    """The same of the production economy, for what is known of no other domain.

    Raises InputError for a contract of another one.
    """
    from catallax.domains.production.run import Contract

    made = contract_of(experiment, given)
    if not isinstance(made, Contract):
        raise InputError(
            f"{experiment.name}: is of the domain {experiment.domain}; this command is about the "
            f"production economy"
        )
    return made


def _check_length(name: str) -> None:
    from catallax.domains.production.economy import is_path

    if len(name) > MOST_TEXT and not is_path(name):
        raise InputError(f"economy: {name!r} is too long for a name; `catallax list` shows all")


def _say_note(note: str) -> None:
    """What was done to the user's table, where it spoils no output."""
    print_note(f"catallax: {note}")


def in_users_words(message: str, given: Mapping[str, Given]) -> str:
    """`message` with the user's own name for the setting that it is about."""
    for key, setting in given.items():
        if message.startswith(f"{key}: "):
            return setting.where + message.removeprefix(key)
    for key, start in ABOUT:
        if key in given and message.startswith(start):
            return f"{given[key].where} {given[key].value}: {message}"
    return message


def command_line(
    words: Sequence[str],
    options: Mapping[str, str | None],
    given: Mapping[str, Given],
    contract: ContractOptions,
) -> str:
    """The command that does the same without a contract file.

    words    : the command and its arguments
    options  : name -> value, None where the option was not used
    given    : settings of the contract
    contract : which of them have options of their own
    """
    told = [word for key, value in options.items() if value for word in (f"--{key}", value)]
    own = option_keys(contract)
    for key in [k for k in own if k in given]:
        told += [f"--{key}", value_text(given[key].value)]
    for key in [k for k in given if k not in own]:
        told += ["--set", f"{key}={value_text(given[key].value)}"]
    return shlex.join(["catallax", *words, *told])
