"""Experiments on the production economy: settings by dotted key become a contract."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from functools import cache, partial
from typing import Any, get_type_hints

from catallax.domains.production.economy import Shock, Tariff, economy_named
from catallax.domains.production.economy.named import MOST_SIGMA
from catallax.domains.production.knowledge import KINDS as REPORTS
from catallax.domains.production.knowledge import BehaviourLaw, ChannelLaw, KnowledgeLaw, LineLaw
from catallax.domains.production.run import Contract
from catallax.domains.production.run.contract import KINDS, MADE, POPULATION, economy_name
from catallax.errors import InputError, unknown
from catallax.protocol import PRODUCTION, Experiment, Setting, Value, settings_in

DEFAULT = "us71"  # the economy
ECONOMY = Setting(
    str,
    DEFAULT,
    meaning="whom it is about: us71, us15, synthetic:SEED, small:SEED, town:HOUSEHOLDS or a path; "
    "with :FIRMSxHOUSEHOLDS behind it plants and incomes are split",
    source="assumption: the most detailed table that is built in",
)
MADE_SETTINGS: Mapping[str, Setting] = {
    "firms": Setting(int, None, meaning="number of plants after splitting", low=1),
    "sigma": Setting(
        float, 1.0, meaning="elasticities of plants over their own", low=0.0, high=MOST_SIGMA
    ),
}
"""What may stand in an economy's name, as a key of its own under `economy`."""

LAWS: Mapping[str, type] = {
    "knowledge": KnowledgeLaw, "channel": ChannelLaw, "behaviour": BehaviourLaw,
}  # fmt: skip

Settings = Mapping[str, Value]


def experiment_of(
    name: str,
    title: str,
    mechanisms: tuple[str, ...],
    contract: Callable[..., Contract],
    shock: Sequence[str] = (),
    said: Mapping[str, Setting] | None = None,
) -> Experiment:
    """The experiment of a function (economy, weeks=, knowledge=, channel=, ...) -> contract.

    shock : what else the function takes: settings of its shock, such as "week" and "factor"
    said  : key -> setting, where it is not that of the law or shock with the function's default
    """
    own = _own(contract, shock) | dict(said or {})
    return Experiment(
        name,
        title,
        mechanisms,
        partial(_build, name, contract, tuple(shock)),
        partial(_setting_of, own),
        tuple(k for k in keys() if not k.startswith("shock.") or k.split(".")[1] in shock),
        PRODUCTION,
        contract,
    )


@cache
def keys() -> Mapping[str, Setting]:
    """Every key that a contract can have and its setting, in the order of the contract.

    A kind of report may have a law of its own: `channel.kinds.KIND.delay` and the like come beside
    these, and `economy.firms` and `economy.sigma`, which may also stand in the economy's name.
    """
    dotted = {k: known for name, law in LAWS.items() for k, known in _dotted(name, law)}
    shock = {**settings_in(Tariff), **settings_in(Shock)}
    order = ("kind", "resource", "week", "factor", "rate", "announced")
    whole = settings_in(Contract)
    return {
        POPULATION: ECONOMY,
        "weeks": whole["weeks"],
        "backlog": whole["backlog"],
        **dotted,
        **{f"shock.{name}": shock[name] for name in order},
    }


def setting_of(key: str) -> Setting:
    """The setting under a key. Raises InputError for a key that no contract has."""
    known = dict(keys())
    if key.startswith(f"channel.{KINDS}."):
        known |= _keys_of_report(key.split(".")[2])
    if key.startswith(f"{POPULATION}."):
        known |= {f"{POPULATION}.{part}": MADE_SETTINGS[part] for part in MADE}
    if key not in known:
        raise unknown("key", key, known)
    return known[key]


def _own(contract: Callable[..., Contract], shock: Sequence[str]) -> dict[str, Setting]:
    """Settings whose defaults are those of the function that makes the contract."""
    parameters = inspect.signature(contract).parameters
    taken = {"weeks": "weeks", **{f"shock.{name}": name for name in shock}}
    return {k: replace(keys()[k], default=parameters[p].default) for k, p in taken.items()}


def _setting_of(own: Mapping[str, Setting], key: str) -> Setting:
    return own[key] if key in own else setting_of(key)


def _dotted(name: str, law: type) -> Iterator[tuple[str, Setting]]:
    """The settings of a law and of the laws in it, by dotted name."""
    hints, own = get_type_hints(law), settings_in(law)
    for f in fields(law):
        if f.name in own:
            yield f"{name}.{f.name}", own[f.name]
        elif f.name != KINDS:
            yield from _dotted(f"{name}.{f.name}", hints[f.name])


def _keys_of_report(kind: str) -> dict[str, Setting]:
    if kind not in REPORTS:
        raise unknown("kind of report", kind, REPORTS)
    return dict(_dotted(f"channel.{KINDS}.{kind}", LineLaw))


def _build(
    name: str,
    make: Callable[..., Contract],
    shock: tuple[str, ...],
    settings: Settings,
    tell: Callable[[str], None] | None = None,
) -> Contract:
    for key in settings:
        setting_of(key)
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
