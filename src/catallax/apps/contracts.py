"""The contract that the user asked for, from a file and from options.

Every setting has one dotted key (`channel.centre.delay`), the same in a contract file, after
`--set` and, for those that are used often, as an option of its own. Nothing heavy is imported
before it is needed.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

from catallax.apps.options import Value, parsed, path_of, typed
from catallax.errors import InputError
from catallax.tomlfile import read_toml

if TYPE_CHECKING:
    from catallax.protocol import AbstractContract, Experiment
    from catallax.run import Contract

KindOf = Callable[[str], type]

MOST_TEXT = 30  # letters of an economy's name
SHORT = {"behaviour": "behaviour.kind"}  # what may stand for a key

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
class Setting:
    """A value that the user gave to a key of the contract.

    value : of the key's type
    where : the user's own name for it: "--weeks", or "my.toml: weeks"
    """

    value: Value
    where: str


def settings(
    file: str | None,
    given: Mapping[str, str | None],
    assigned: Sequence[str] = (),
    experiment: "Experiment | None" = None,
) -> dict[str, Setting]:
    """What a contract file and the command line say; the command line wins.

    given      : key -> text of the option `--key`, None if it was not used
    assigned   : texts of `--set`, each KEY=VALUE
    experiment : whose keys are meant; None for those of the production economy

    Raises InputError for a file that cannot be read, unknown keys, values of the wrong type and
    a key that the command line gives twice.
    """
    used, kind_of = dict[str, Setting](), _kinds_of(experiment)
    for key, text in given.items():
        if text is not None:
            used[key] = Setting(_parsed(f"--{key}", key, text, kind_of), f"--{key}")
    for text in assigned:
        key, setting = _assigned(text, used, kind_of)
        used[key] = setting
    return ({} if file is None else in_file(path_of("--contract", file), experiment)) | used


def _kinds_of(experiment: "Experiment | None") -> KindOf:
    if experiment is not None:
        return lambda key: experiment.setting_of(key).kind
    from catallax.experiments.contracts import setting_of

    return lambda key: setting_of(key).kind


def _parsed(where: str, key: str, text: str, kind_of: KindOf) -> Value:
    """The option's text as a value of its key's type."""
    try:
        kind = kind_of(key)
    except InputError as e:
        raise InputError(f"{where}: {e}") from e
    return parsed(where, text, kind)


def _assigned(text: str, used: Mapping[str, Setting], kind_of: KindOf) -> tuple[str, Setting]:
    """Key and value of KEY=VALUE, unless the key is unknown or `used` has it already."""
    name, equals, value = text.partition("=")
    if not equals:
        raise InputError(f"--set {text!r}: expected KEY=VALUE, such as channel.centre.delay=4")
    key = SHORT.get(name, name)
    if key in used:
        raise InputError(f"--set {text!r}: {key} is also given by {used[key].where}; give it once")
    try:
        kind = kind_of(key)
    except InputError as e:
        raise InputError(f"--set {text!r}: {e}") from e
    return key, Setting(parsed(f"--set {name}", value, kind), f"--set {name}")


def in_file(file: str, experiment: "Experiment | None" = None) -> dict[str, Setting]:
    """What a contract file says. Raises InputError as `settings` does."""
    return in_table(file, read_toml(file), experiment)


def in_table(
    file: str, table: Mapping[str, Any], experiment: "Experiment | None" = None
) -> dict[str, Setting]:
    """What a table of a file says, with the keys of a contract file."""
    found, kind_of = {}, _kinds_of(experiment)
    for name, value in _flat(table, ""):
        key, where = SHORT.get(name, name), f"{file}: {name}"
        try:
            kind = kind_of(key)
        except InputError as e:
            raise InputError(f"{file}: {e}") from e
        found[key] = Setting(typed(where, value, kind), where)
    return found


def _flat(table: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, value


def contract_of(experiment: "Experiment", given: Mapping[str, Setting]) -> "AbstractContract":
    """The experiment's contract with the user's settings; what is wrong has the user's name."""
    try:
        if "economy" in given:
            _check_length(str(given["economy"].value))
        return experiment.build({key: s.value for key, s in given.items()}, tell=_tell)
    except InputError as e:
        raise InputError(in_users_words(str(e), given)) from e


def economy_contract(experiment: "Experiment", given: Mapping[str, Setting]) -> "Contract":
    """The same of the production economy, for what is known of no other domain.

    Raises InputError for a contract of another one.
    """
    from catallax.run import Contract

    made = contract_of(experiment, given)
    if not isinstance(made, Contract):
        raise InputError(
            f"{experiment.name}: is of the domain {experiment.domain}; this command is about the "
            f"production economy"
        )
    return made


def _check_length(name: str) -> None:
    from catallax.economy import is_path

    if len(name) > MOST_TEXT and not is_path(name):
        raise InputError(f"economy: {name!r} is too long for a name; `catallax list` shows all")


def _tell(note: str) -> None:
    """What was done to the user's table, where it spoils no output."""
    print("catallax:", note, file=sys.stderr)


def in_users_words(message: str, given: Mapping[str, Setting]) -> str:
    """`message` with the user's own name for the setting that it is about."""
    for key, setting in given.items():
        if message.startswith(f"{key}: "):
            return setting.where + message.removeprefix(key)
    for key, start in ABOUT:
        if key in given and message.startswith(start):
            return f"{given[key].where} {given[key].value}: {message}"
    return message
