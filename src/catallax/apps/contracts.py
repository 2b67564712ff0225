"""The contract that the user asked for, from a file and from options.

Every setting has one dotted key (`channel.centre.delay`), the same in a contract file and as an
option. Nothing heavy is imported before it is needed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any, final, get_type_hints

from catallax.apps.options import Value, parsed, typed
from catallax.errors import InputError, unknown

if TYPE_CHECKING:
    from catallax.economy import Economy
    from catallax.experiments import Experiment
    from catallax.run import Contract

ECONOMY = "us71"
MOST_TEXT = 30  # letters of an economy's name


@final
@dataclass(frozen=True)
class Setting:
    """A value that the user gave to a key of the contract.

    value : of the key's type
    where : the user's own name for it: "--weeks", or "my.toml: weeks"
    """

    value: Value
    where: str


def keys() -> dict[str, type]:
    """Every key that a contract file may have and its type, in the order of the contract."""
    from catallax.knowledge import ChannelLaw, KnowledgeLaw

    laws = {**_dotted("knowledge", KnowledgeLaw), **_dotted("channel", ChannelLaw)}
    return {"economy": str, "weeks": int, **laws}


def _dotted(name: str, kind: type) -> dict[str, type]:
    """The leaves of a dataclass of dataclasses by dotted name."""
    if not is_dataclass(kind):
        return {name: kind}
    hints = get_type_hints(kind)
    parts = [_dotted(f"{name}.{f.name}", hints[f.name]) for f in fields(kind)]
    return {key: leaf for part in parts for key, leaf in part.items()}


def settings(file: str | None, given: Mapping[str, str | None]) -> dict[str, Setting]:
    """What a contract file and the command line say; the command line wins.

    given : key -> text of the option `--key`, None if it was not used

    Raises InputError for a file that cannot be read, unknown keys and values of the wrong type.
    """
    found = {} if file is None else _in_file(file)
    for key, text in given.items():
        if text is not None:
            found[key] = Setting(parsed(f"--{key}", text, keys()[key]), f"--{key}")
    return found


def _in_file(file: str) -> dict[str, Setting]:
    from catallax.experiments.tomlfile import read_toml

    found, known = {}, keys()
    for key, value in _flat(read_toml(file), ""):
        if key not in known:
            raise InputError(f"{file}: {unknown('key', key, known)}")
        where = f"{file}: {key}"
        found[key] = Setting(typed(where, value, known[key]), where)
    return found


def _flat(table: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, value


def contract_of(experiment: "Experiment", given: Mapping[str, Setting]) -> "Contract":
    """The experiment's contract with the user's settings; what is wrong has the user's name."""
    from catallax.knowledge import ChannelLaw, KnowledgeLaw, LineLaw

    weeks = {key: s.value for key, s in given.items() if key == "weeks"}
    try:
        line, centre = (LineLaw(**_part(f"channel.{name}", given)) for name in ("line", "centre"))
        return experiment.contract(
            _economy(given),
            **weeks,
            knowledge=KnowledgeLaw(**_part("knowledge", given)),
            channel=ChannelLaw(**_part("channel", given), line=line, centre=centre),
        )
    except InputError as e:
        raise InputError(_in_users_words(str(e), given)) from e


def _part(name: str, given: Mapping[str, Setting]) -> dict[str, Any]:
    """Values of the keys directly under `name`."""
    split = {key.rpartition("."): s.value for key, s in given.items()}
    return {last: value for (before, _, last), value in split.items() if before == name}


def _economy(given: Mapping[str, Setting]) -> "Economy":
    from catallax.run import economy_named

    name = str(given["economy"].value) if "economy" in given else ECONOMY
    if len(name) > MOST_TEXT:
        raise InputError(f"economy: {name!r} is too long for a name; `catallax list` shows all")
    return economy_named(name)


def _in_users_words(message: str, given: Mapping[str, Setting]) -> str:
    """`message` with the user's own name for the setting that it is about."""
    about = {"economy": "unknown economy", "weeks": "shock: falls"}
    for key, setting in given.items():
        if message.startswith(f"{key}: "):
            return setting.where + message.removeprefix(key)
        if message.startswith(about.get(key, "\0")):
            return f"{setting.where} {setting.value}: {message}"
    return message
