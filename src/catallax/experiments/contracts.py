"""Experiments on the production economy: settings by dotted key become a contract."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import partial
from typing import Any, get_args, get_type_hints

from catallax.economy import economy_named
from catallax.errors import InputError, unknown
from catallax.knowledge import KINDS as REPORTS
from catallax.knowledge import BehaviourLaw, ChannelLaw, KnowledgeLaw, LineLaw
from catallax.protocol import PRODUCTION, Experiment, Value
from catallax.run import Contract
from catallax.run.contract import KINDS, MADE, POPULATION, economy_name

DEFAULT = "us71"  # the economy
SHOCK: Mapping[str, type] = {
    "kind": str, "resource": str, "week": int, "factor": float, "rate": float, "announced": bool,
}  # fmt: skip
LAWS: Mapping[str, type] = {
    "knowledge": KnowledgeLaw, "channel": ChannelLaw, "behaviour": BehaviourLaw,
}  # fmt: skip
MADE_KINDS: Mapping[str, type] = {"firms": int, "sigma": float}

Settings = Mapping[str, Value]


def experiment_of(
    name: str,
    title: str,
    mechanisms: tuple[str, ...],
    contract: Callable[..., Contract],
    shock: Sequence[str] = (),
) -> Experiment:
    """The experiment of a function (economy, weeks=, knowledge=, channel=, ...) -> contract.

    shock : what else the function takes: settings of its shock, such as "week" and "factor"
    """
    return Experiment(
        name,
        title,
        mechanisms,
        partial(_build, name, contract, tuple(shock)),
        kind_of,
        tuple(k for k in keys() if not k.startswith("shock.") or k.split(".")[1] in shock),
        PRODUCTION,
        contract,
    )


def keys() -> dict[str, type]:
    """Every key that a contract can have and its type, in the order of the contract.

    A kind of report may have a law of its own: `channel.kinds.KIND.delay` and the like come beside
    these, and `economy.firms` and `economy.sigma`, which may also stand in the economy's name.
    """
    dotted = {k: kind for name, law in LAWS.items() for k, kind in _dotted(name, law).items()}
    shock = {f"shock.{name}": kind for name, kind in SHOCK.items()}
    return {POPULATION: str, "weeks": int, "backlog": bool, **dotted, **shock}


def kind_of(key: str) -> type:
    """The type of a key's value. Raises InputError for a key that no contract has."""
    known = keys()
    if key.startswith(f"channel.{KINDS}."):
        known |= _keys_of_report(key.split(".")[2])
    if key.startswith(f"{POPULATION}."):
        known |= {f"{POPULATION}.{part}": MADE_KINDS[part] for part in MADE}
    if key not in known:
        raise unknown("key", key, known)
    return known[key]


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


def _keys_of_report(kind: str) -> dict[str, type]:
    if kind not in REPORTS:
        raise unknown("kind of report", kind, REPORTS)
    return _dotted(f"channel.{KINDS}.{kind}", LineLaw)


def _build(
    name: str,
    make: Callable[..., Contract],
    shock: tuple[str, ...],
    settings: Settings,
    tell: Callable[[str], None] | None = None,
) -> Contract:
    for key in settings:
        kind_of(key)
        if key.startswith("shock.") and key.removeprefix("shock.") not in shock:
            raise InputError(f"{key}: {_not_taken(name, shock)}")
    made = {k: v for k, v in settings.items() if k.partition(".")[0] == POPULATION}
    line, centre = (LineLaw(**_part(f"channel.{which}", settings)) for which in ("line", "centre"))
    laws = _part("channel", settings)
    contract = make(
        economy_named(economy_name(DEFAULT, made), tell),
        **{k: v for k, v in settings.items() if k == "weeks"},
        knowledge=KnowledgeLaw(**_part("knowledge", settings)),
        channel=ChannelLaw(**laws, line=line, centre=centre, kinds=_kinds(centre, settings)),
        **_part("shock", settings),
    )
    behaviour = BehaviourLaw(**_part("behaviour", settings))
    return replace(contract, behaviour=behaviour, backlog=bool(settings.get("backlog", False)))


def _not_taken(name: str, shock: Sequence[str]) -> str:
    takes = ", ".join(f"shock.{key}" for key in shock) or "no settings of a shock"
    return f"is not for {name}, which takes {takes}; `catallax compare` takes any shock"


def _kinds(centre: LineLaw, settings: Settings) -> tuple[tuple[str, LineLaw], ...]:
    """Laws by kind of report; what is left open is as on the centre's line."""
    before = f"channel.{KINDS}."
    named = dict.fromkeys(key.split(".")[2] for key in settings if key.startswith(before))
    return tuple((kind, replace(centre, **_part(before + kind, settings))) for kind in named)


def _part(name: str, settings: Settings) -> dict[str, Any]:
    """Values of the keys directly under `name`."""
    split = {key.rpartition("."): value for key, value in settings.items()}
    return {last: value for (before, _, last), value in split.items() if before == name}
