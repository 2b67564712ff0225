"""The contract that the user asked for, from a file and from options.

Every setting has one dotted key (`channel.centre.delay`), the same in a contract file and as an
option. Nothing heavy is imported before it is needed.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, final, get_type_hints

from catallax.apps.options import Value, parsed, typed
from catallax.errors import InputError, unknown

if TYPE_CHECKING:
    from catallax.economy import Economy
    from catallax.experiments import Experiment
    from catallax.run import Contract

ECONOMY = "us71"
SHOCK = {
    "kind": str, "resource": str, "week": int, "factor": float, "rate": float, "announced": bool,
}  # fmt: skip
MOST_TEXT = 30  # letters of an economy's name

# key -> how a message about it begins; where two settings may be to blame the nearer comes first
ABOUT = (
    ("economy", "unknown economy"),
    ("shock.week", "shock: falls"),
    ("weeks", "shock: falls"),
    ("shock.kind", "unknown tariff"),
    ("shock.kind", "unknown shock.kind"),
    ("shock.resource", "unknown row"),
    ("shock.resource", "shock: '"),
    ("shock.factor", "shock: factor"),
    ("shock.rate", "tariff: rate"),
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


def keys() -> dict[str, type]:
    """Every key that a contract file may have and its type, in the order of the contract."""
    from catallax.knowledge import ChannelLaw, KnowledgeLaw

    laws = {**_dotted("knowledge", KnowledgeLaw), **_dotted("channel", ChannelLaw)}
    shock = {f"shock.{name}": kind for name, kind in SHOCK.items()}
    return {"economy": str, "weeks": int, **laws, **shock}


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
    found, known = {}, keys()
    for key, value in _flat(_toml(file), ""):
        if key not in known:
            raise InputError(f"{file}: {unknown('key', key, known)}")
        where = f"{file}: {key}"
        found[key] = Setting(typed(where, value, known[key]), where)
    return found


def _toml(file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(Path(file).read_bytes().decode())
    except OSError as e:
        raise InputError(f"{file}: cannot be read ({e.strerror}); expected a TOML file") from e
    except UnicodeDecodeError as e:
        raise InputError(f"{file}: is not text in UTF-8; expected a TOML file") from e
    except tomllib.TOMLDecodeError as e:
        raise InputError(f"{file}: is not valid TOML: {e}") from e


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
    shock = _part("shock", given)
    for name in shock:
        _check_taken(experiment, name, given[f"shock.{name}"])
    try:
        line, centre = (LineLaw(**_part(f"channel.{name}", given)) for name in ("line", "centre"))
        return experiment.contract(
            _economy(given),
            **weeks,
            knowledge=KnowledgeLaw(**_part("knowledge", given)),
            channel=ChannelLaw(**_part("channel", given), line=line, centre=centre),
            **shock,
        )
    except InputError as e:
        raise InputError(_in_users_words(str(e), given)) from e


def _check_taken(experiment: "Experiment", name: str, setting: Setting) -> None:
    if name not in experiment.shock:
        takes = ", ".join(f"shock.{key}" for key in experiment.shock)
        raise InputError(
            f"{setting.where}: is not for {experiment.name}, which takes {takes}; "
            f"`catallax compare` takes any shock"
        )


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
    for key, setting in given.items():
        if message.startswith(f"{key}: "):
            return setting.where + message.removeprefix(key)
    for key, start in ABOUT:
        if key in given and message.startswith(start):
            return f"{given[key].where} {given[key].value}: {message}"
    return message
