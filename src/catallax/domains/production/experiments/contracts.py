"""Settings become a contract: by dotted key, or as a file of tuning says them."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import cache, partial
from typing import Any, final, get_type_hints

from catallax.domains.production.economy import Shock, Tariff, economy_named
from catallax.domains.production.economy.named import MOST_SIGMA
from catallax.domains.production.economy.origin import name_in_hashes
from catallax.domains.production.knowledge import KINDS as REPORTS
from catallax.domains.production.knowledge import BehaviourLaw, ChannelLaw, KnowledgeLaw, LineLaw
from catallax.domains.production.run import Contract
from catallax.domains.production.run.contract import KINDS, MADE, POPULATION, compose_economy_name
from catallax.errors import InputError, about, unknown
from catallax.protocol import PRODUCTION, Experiment, Setting, Value, settings_in
from catallax.tomlfile import read_as

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

ContractSettings = Mapping[str, Value]


def make_experiment(
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
    own = _find_own_settings(contract, shock) | dict(said or {})
    return Experiment(
        name,
        title,
        mechanisms,
        partial(_build_contract, name, contract, tuple(shock)),
        partial(_find_own_setting, own),
        tuple(k for k in list_keys() if not k.startswith("shock.") or k.split(".")[1] in shock),
        PRODUCTION,
        contract,
    )


@cache
def list_keys() -> Mapping[str, Setting]:
    """Every key that a contract can have and its setting, in the order of the contract.

    A kind of report may have a law of its own: `channel.kinds.KIND.delay` and the like come beside
    these, and `economy.firms` and `economy.sigma`, which may also stand in the economy's name.
    """
    dotted = {k: known for name, law in LAWS.items() for k, known in _list_dotted(name, law)}
    shock = {**settings_in(Tariff), **settings_in(Shock)}
    order = ("kind", "resource", "week", "factor", "rate", "announced")
    whole = settings_in(Contract)
    return {
        POPULATION: ECONOMY,
        "weeks": whole["weeks"],
        "backlog": whole["backlog"],
        "settle": whole["settle"],
        **dotted,
        **{f"shock.{name}": shock[name] for name in order},
    }


def find_setting(key: str) -> Setting:
    """The setting under a key. Raises InputError for a key that no contract has."""
    known = dict(list_keys())
    if key.startswith(f"channel.{KINDS}."):
        known |= _list_report_keys(key.split(".")[2])
    if key.startswith(f"{POPULATION}."):
        known |= {f"{POPULATION}.{part}": MADE_SETTINGS[part] for part in MADE}
    if key not in known:
        raise unknown("key", key, known)
    return known[key]


def _find_own_settings(
    contract: Callable[..., Contract], shock: Sequence[str]
) -> dict[str, Setting]:
    """Settings whose defaults are those of the function that makes the contract."""
    parameters = inspect.signature(contract).parameters
    taken = {"weeks": "weeks", **{f"shock.{name}": name for name in shock}}
    return {k: replace(list_keys()[k], default=parameters[p].default) for k, p in taken.items()}


def _find_own_setting(own: Mapping[str, Setting], key: str) -> Setting:
    return own[key] if key in own else find_setting(key)


def _list_dotted(name: str, law: type) -> Iterator[tuple[str, Setting]]:
    """The settings of a law and of the laws in it, by dotted name."""
    hints, own = get_type_hints(law), settings_in(law)
    for f in fields(law):
        if f.name in own:
            yield f"{name}.{f.name}", own[f.name]
        elif f.name != KINDS:
            yield from _list_dotted(f"{name}.{f.name}", hints[f.name])


def _list_report_keys(kind: str) -> dict[str, Setting]:
    if kind not in REPORTS:
        raise unknown("kind of report", kind, REPORTS)
    return dict(_list_dotted(f"channel.{KINDS}.{kind}", LineLaw))


def _build_contract(
    name: str,
    make: Callable[..., Contract],
    shock: tuple[str, ...],
    settings: ContractSettings,
    tell: Callable[[str], None] | None = None,
) -> Contract:
    for key in settings:
        find_setting(key)
        if key.startswith("shock.") and key.removeprefix("shock.") not in shock:
            raise InputError(f"{key}: {_explain_not_taken(name, shock)}")
    made = {k: v for k, v in settings.items() if k.partition(".")[0] == POPULATION}
    line, centre = (
        LineLaw(**_pick_under(f"channel.{which}", settings)) for which in ("line", "centre")
    )
    laws = _pick_under("channel", settings)
    contract = make(
        economy_named(compose_economy_name(DEFAULT, made), tell),
        **{k: v for k, v in settings.items() if k == "weeks"},
        knowledge=KnowledgeLaw(**_pick_under("knowledge", settings)),
        channel=ChannelLaw(
            **laws, line=line, centre=centre, kinds=_read_report_laws(centre, settings)
        ),
        **_pick_under("shock", settings),
    )
    behaviour = BehaviourLaw(**_pick_under("behaviour", settings))
    whole: dict[str, Any] = {k: settings[k] for k in ("backlog", "settle") if k in settings}
    return replace(contract, behaviour=behaviour, **whole)


def _explain_not_taken(name: str, shock: Sequence[str]) -> str:
    takes = ", ".join(f"shock.{key}" for key in shock) or "no settings of a shock"
    return f"is not for {name}, which takes {takes}; `catallax compare` takes any shock"


def _read_report_laws(
    centre: LineLaw, settings: ContractSettings
) -> tuple[tuple[str, LineLaw], ...]:
    """Laws by kind of report; what is left open is as on the centre's line."""
    before = f"channel.{KINDS}."
    named = dict.fromkeys(key.split(".")[2] for key in settings if key.startswith(before))
    return tuple((kind, replace(centre, **_pick_under(before + kind, settings))) for kind in named)


def _pick_under(name: str, settings: ContractSettings) -> dict[str, Any]:
    """Values of the keys directly under `name`."""
    split = {key.rpartition("."): value for key, value in settings.items()}
    return {last: value for (before, _, last), value in split.items() if before == name}


@final
@dataclass(frozen=True)
class _TrainingEconomy:
    """What a file says of an economy to train on, with default laws.

    name    : what it is called in the record
    economy : us15, us71 or synthetic:SEED
    weeks   : of a run
    settle  : weeks before week 0; the contract's default if left out
    shocks  : what happens from outside
    why     : why this one; no part of what is declared
    """

    name: str
    economy: str
    weeks: int
    settle: int | None = None
    shocks: tuple[Shock, ...] = ()
    why: str = ""


def read_training_contract(where: str, table: Mapping[str, Any]) -> tuple[Contract, dict[str, Any]]:
    """The contract of a table with name, economy, weeks and shocks, and all that it says.

    where : the user's name for the table

    Raises InputError for what is missing or wrong, an unknown economy and a shock outside the run.
    """
    found: _TrainingEconomy = read_as(where, _TrainingEconomy, table)
    with about(where):
        contract = Contract(found.economy, shocks=found.shocks, weeks=found.weeks)
        settled = contract if found.settle is None else replace(contract, settle=found.settle)
    plain = {k: v for k, v in asdict(found).items() if v is not None}
    return settled, {**plain, "economy": name_in_hashes(found.economy)}
