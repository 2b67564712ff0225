"""The contract that the user asked for, from a file and from options.

Every setting has one dotted key (`channel.centre.delay`), the same in a contract file, after
`--set` and, for those that are used often, as an option of its own. Nothing heavy is imported
before it is needed.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, final, get_args, get_type_hints

from catallax.apps.options import Value, parsed, path_of, typed
from catallax.errors import InputError, unknown
from catallax.tomlfile import read_toml

if TYPE_CHECKING:
    from catallax.economy import Economy
    from catallax.experiments import Experiment
    from catallax.knowledge import LineLaw
    from catallax.run import Contract

ECONOMY = "us71"
SHOCK = {
    "kind": str, "resource": str, "week": int, "factor": float, "rate": float, "announced": bool,
}  # fmt: skip
MOST_TEXT = 30  # letters of an economy's name
KINDS = "kinds"  # the setting that holds laws by kind of report
SHORT = {"behaviour": "behaviour.kind"}  # what may stand for a key

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
    ("behaviour.kind", "unknown behaviour"),
    ("knowledge.pattern", "unknown pattern"),
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
    """Every key that a contract file may have and its type, in the order of the contract.

    A kind of report may have a law of its own: `channel.kinds.KIND.delay` and the like come beside
    these.
    """
    from catallax.knowledge import BehaviourLaw, ChannelLaw, KnowledgeLaw

    laws = {"knowledge": KnowledgeLaw, "channel": ChannelLaw, "behaviour": BehaviourLaw}
    dotted = {k: kind for name, law in laws.items() for k, kind in _dotted(name, law).items()}
    shock = {f"shock.{name}": kind for name, kind in SHOCK.items()}
    return {"economy": str, "weeks": int, "backlog": bool, **dotted, **shock}


def _dotted(name: str, kind: type) -> dict[str, type]:
    """The leaves of a dataclass of dataclasses by dotted name."""
    if not is_dataclass(kind):
        return {name: kind}
    hints = {name: _said(hint) for name, hint in get_type_hints(kind).items()}
    parts = [_dotted(f"{name}.{f.name}", hints[f.name]) for f in fields(kind) if f.name != KINDS]
    return {key: leaf for part in parts for key, leaf in part.items()}


def _said(hint: Any) -> Any:
    """The type of what a user may say for a setting; None is said by leaving it out."""
    kinds = [kind for kind in get_args(hint) if kind is not type(None)]
    return kinds[0] if len(kinds) == 1 and type(None) in get_args(hint) else hint


def settings(
    file: str | None, given: Mapping[str, str | None], assigned: Sequence[str] = ()
) -> dict[str, Setting]:
    """What a contract file and the command line say; the command line wins.

    given    : key -> text of the option `--key`, None if it was not used
    assigned : texts of `--set`, each KEY=VALUE

    Raises InputError for a file that cannot be read, unknown keys, values of the wrong type and
    a key that the command line gives twice.
    """
    used: dict[str, Setting] = {}
    for key, text in given.items():
        if text is not None:
            used[key] = Setting(parsed(f"--{key}", text, kind_of(key)), f"--{key}")
    for text in assigned:
        key, setting = _assigned(text, used)
        used[key] = setting
    return ({} if file is None else in_file(path_of("--contract", file))) | used


def _assigned(text: str, used: Mapping[str, Setting]) -> tuple[str, Setting]:
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


def in_file(file: str) -> dict[str, Setting]:
    """What a contract file says. Raises InputError as `settings` does."""
    return in_table(file, read_toml(file))


def in_table(file: str, table: Mapping[str, Any]) -> dict[str, Setting]:
    """What a table of a file says, with the keys of a contract file."""
    found = {}
    for name, value in _flat(table, ""):
        key, where = SHORT.get(name, name), f"{file}: {name}"
        try:
            kind = kind_of(key)
        except InputError as e:
            raise InputError(f"{file}: {e}") from e
        found[key] = Setting(typed(where, value, kind), where)
    return found


def kind_of(key: str) -> type:
    """The type of a key's value. Raises InputError for a key that no contract has."""
    known = keys()
    if key.startswith(f"channel.{KINDS}."):
        known |= _keys_of_kind(key.split(".")[2])
    if key not in known:
        raise unknown("key", key, known)
    return known[key]


def _keys_of_kind(kind: str) -> dict[str, type]:
    from catallax.knowledge import KINDS as KNOWN
    from catallax.knowledge import LineLaw

    if kind not in KNOWN:
        raise unknown("kind of report", kind, KNOWN)
    return _dotted(f"channel.{KINDS}.{kind}", LineLaw)


def _flat(table: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, value


def contract_of(
    experiment: "Experiment", given: Mapping[str, Setting], economy: "Economy | None" = None
) -> "Contract":
    """The experiment's contract with the user's settings; what is wrong has the user's name.

    economy : in place of the one that the settings name
    """
    from catallax.knowledge import BehaviourLaw, ChannelLaw, KnowledgeLaw, LineLaw

    plain = {key: s.value for key, s in given.items() if key == "weeks"}
    shock = _part("shock", given)
    for name in shock:
        _check_taken(experiment, name, given[f"shock.{name}"])
    try:
        line, centre = (LineLaw(**_part(f"channel.{name}", given)) for name in ("line", "centre"))
        contract = experiment.contract(
            economy or _economy(given),
            **plain,
            knowledge=KnowledgeLaw(**_part("knowledge", given)),
            channel=ChannelLaw(
                **_part("channel", given), line=line, centre=centre, kinds=_kinds(centre, given)
            ),
            **shock,
        )
        backlog = "backlog" in given and bool(given["backlog"].value)
        behaviour = BehaviourLaw(**_part("behaviour", given))
        return replace(contract, behaviour=behaviour, backlog=backlog)
    except InputError as e:
        raise InputError(_in_users_words(str(e), given)) from e


def _kinds(centre: "LineLaw", given: Mapping[str, Setting]) -> tuple[tuple[str, "LineLaw"], ...]:
    """Laws by kind of report; what the user leaves open is as on the centre's line."""
    before = f"channel.{KINDS}."
    named = {key.split(".")[2] for key in given if key.startswith(before)}
    return tuple((kind, replace(centre, **_part(before + kind, given))) for kind in named)


def _check_taken(experiment: "Experiment", name: str, setting: Setting) -> None:
    if name not in experiment.shock:
        takes = ", ".join(f"shock.{key}" for key in experiment.shock) or "no settings of a shock"
        raise InputError(
            f"{setting.where}: is not for {experiment.name}, which takes {takes}; "
            f"`catallax compare` takes any shock"
        )


def _part(name: str, given: Mapping[str, Setting]) -> dict[str, Any]:
    """Values of the keys directly under `name`."""
    split = {key.rpartition("."): s.value for key, s in given.items()}
    return {last: value for (before, _, last), value in split.items() if before == name}


def _economy(given: Mapping[str, Setting]) -> "Economy":
    from catallax.economy import economy_named, is_path

    name = str(given["economy"].value) if "economy" in given else ECONOMY
    if len(name) > MOST_TEXT and not is_path(name):
        raise InputError(f"economy: {name!r} is too long for a name; `catallax list` shows all")
    return economy_named(name, tell=_tell)


def _tell(note: str) -> None:
    """What was done to the user's table, where it spoils no output."""
    print("catallax:", note, file=sys.stderr)


def _in_users_words(message: str, given: Mapping[str, Setting]) -> str:
    """`message` with the user's own name for the setting that it is about."""
    for key, setting in given.items():
        if message.startswith(f"{key}: "):
            return setting.where + message.removeprefix(key)
    for key, start in ABOUT:
        if key in given and message.startswith(start):
            return f"{given[key].where} {given[key].value}: {message}"
    return message
