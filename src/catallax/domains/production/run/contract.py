"""Everything but the mechanism: what must be equal for results to be compared."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, final

from catallax.domains.production.economy import (
    RESOURCE,
    Disturbance,
    Economy,
    economy_named,
    read_shock,
)
from catallax.domains.production.economy.origin import name_in_hashes, name_today
from catallax.domains.production.knowledge import KINDS as REPORTS
from catallax.domains.production.knowledge import BehaviourLaw, ChannelLaw, KnowledgeLaw, LineLaw
from catallax.errors import InputError, unknown
from catallax.protocol import PRODUCTION, AbstractContract, Value, question_of
from catallax.protocol.settings import ASSUMED, OFF, check_settings, setting

if TYPE_CHECKING:
    from catallax.domains.production.mechanisms import Mechanism
    from catallax.domains.production.run.oracle import Oracle
    from catallax.domains.production.run.record import Run

__all__ = ["RESOURCE", "Contract"]

POPULATION = "economy"  # the key of the economy, and what keys of its making begin with
KINDS = "kinds"  # laws by kind of report, under `channel`
MADE = {"firms": "", "sigma": "sigma="}  # key under the economy -> how its name says it


@final
@dataclass(frozen=True, eq=False)
class Contract(AbstractContract):
    """The same economy, knowledge, channel, behaviour and shocks for every mechanism.

    economy   : an `Economy`, or the name of one
    knowledge : how facts differ and how much of them is tacit
    channel   : what it takes to say something
    behaviour : how what agents say differs from what they know; its kind alone will do
    shocks    : what happens from outside, each a `Shock`, a `Tariff` or a `Disturbance` of the
                user's own; one alone will do

    Raises InputError for a shock outside the run or settings out of range.
    """

    economy: Economy
    knowledge: KnowledgeLaw = field(default_factory=KnowledgeLaw)
    channel: ChannelLaw = field(default_factory=ChannelLaw)
    behaviour: BehaviourLaw = field(default_factory=BehaviourLaw)
    shocks: tuple[Disturbance, ...] = ()
    weeks: int = setting(312, "length of a run", unit="weeks", low=1, high=100_000, source=ASSUMED)
    backlog: bool = setting(
        False, "whether unfilled orders wait with the seller or lapse", source=OFF
    )
    settle: int = setting(
        104,
        "length of the time before week 0, in which the economy settles under its institution: "
        "without shocks, and counted in no score",
        unit="weeks",
        low=0,
        high=100_000,
        source="assumption: who gropes for a start should not do it while the clock runs",
    )

    if TYPE_CHECKING:  # what may be given, beyond what the fields then hold

        def __init__(
            self,
            economy: Economy | str,
            knowledge: KnowledgeLaw = ...,
            channel: ChannelLaw = ...,
            behaviour: BehaviourLaw | str = ...,
            shocks: Disturbance | Sequence[Disturbance] = ...,
            weeks: int = ...,
            backlog: bool = ...,
            settle: int = ...,
        ) -> None: ...

    def __post_init__(self) -> None:
        self._coerce()
        check_settings(self, "")
        for shock in self.shocks:
            shock.check(self.economy, self.weeks)

    def _coerce(self) -> None:
        """Take names for what they stand for; InputError for what stands for nothing."""
        if isinstance(self.economy, str):
            object.__setattr__(self, "economy", economy_named(self.economy))
        if isinstance(self.behaviour, str):
            object.__setattr__(self, "behaviour", BehaviourLaw(self.behaviour))
        given = (self.shocks,) if isinstance(self.shocks, Disturbance) else self.shocks
        object.__setattr__(self, "shocks", _check_shocks(given))
        for name, kind in _TYPES.items():
            value = getattr(self, name)
            if not isinstance(value, kind):
                raise InputError(
                    f"{name}: {type(value).__name__} is no {kind.__name__}; give a "
                    f"catallax.{kind.__name__}"
                )

    def __repr__(self) -> str:
        return f"Contract({self.economy.name}, {self.weeks} weeks, hash {self.hash})"

    @property
    def domain(self) -> str:
        """The production economy."""
        return PRODUCTION

    @property
    def title(self) -> str:
        """What happens from outside and whether anybody is told."""
        return question_of(self.shocks, self.economy)

    @property
    def place(self) -> str:
        """Name of the economy."""
        return self.economy.name

    @property
    def population(self) -> Economy:
        """The economy."""
        return self.economy

    def calm(self) -> "Contract":
        """The same without shocks."""
        return replace(self, shocks=())

    def simulate(self, mechanism: "Mechanism | Oracle | str", seed: int) -> "Run":
        """One run, as `catallax.simulate` gives it."""
        from catallax.domains.production.run.simulate import simulate

        return simulate(self, mechanism, seed)

    def setting(self, key: str) -> Value:
        """The value under a dotted key, such as `channel.centre.delay`.

        `economy` is its name; elasticities (`economy.sigma`) are 1 times their own.

        Raises InputError that lists the known keys.
        """
        first, _, rest = key.partition(".")
        if first == POPULATION:
            return _read_economy_setting(self.economy, rest, key)
        part: Any = self
        for word in key.split("."):
            if isinstance(part, ChannelLaw) and word == KINDS:
                part = _ReportLaws(part)
                continue
            part = _find_part(part, word, key)
        if is_dataclass(part):
            raise InputError(
                f"{key}: has parts; name one of {', '.join(f.name for f in fields(part))}"
            )
        found: Value = part
        return found

    def with_setting(self, key: str, value: Value) -> "Contract":
        """The contract with the value under a dotted key; the shocks stay as they are.

        `economy` takes a name, `economy.firms` and `economy.sigma` what may stand behind it.
        `channel.kinds.KIND.delay` and the like give a kind of report a law of its own, which is
        the centre line's in all that is left open.

        Raises InputError that names the key and the known ones.
        """
        if key.partition(".")[0] == POPULATION:
            return replace(
                self, economy=economy_named(compose_economy_name(self.economy.name, {key: value}))
            )
        return replace(self, **_replace_part(self, key.split("."), value, key))

    def to_dict(self) -> dict[str, Any]:
        """The contract as plain values; the economy by name and digest."""
        return {
            "economy": {"name": name_in_hashes(self.economy.name), "digest": self.economy.digest},
            "knowledge": asdict(self.knowledge),
            "channel": {
                **asdict(self.channel),
                "kinds": {kind: asdict(law) for kind, law in self.channel.kinds},
            },
            "behaviour": asdict(self.behaviour),
            "shocks": [s.to_dict() for s in self.shocks],
            "weeks": self.weeks,
            "backlog": self.backlog,
            "settle": self.settle,
        }

    @staticmethod
    def from_dict(plain: Mapping[str, Any], economy: Economy | None = None) -> "Contract":
        """The contract of `to_dict`; `economy` must be given unless it is a built-in one.

        A contract that was written before a setting existed gets the value that it ran with: no
        error of measuring, since its lines had the noise, and no weeks to settle in.

        Raises InputError when the economy's numbers are not those the contract was made with, and
        for a kind of shock that nobody made known.
        """
        name, digest = plain["economy"]["name"], plain["economy"]["digest"]
        found = economy_named(name_today(name)) if economy is None else economy
        if found.digest != digest:
            raise InputError(
                f"contract: economy {name!r} has digest {found.digest}, expected {digest}; "
                f"give the economy that the contract was made with"
            )
        channel = plain["channel"]
        line, centre = (LineLaw(**channel[k]) for k in ("line", "centre"))
        kinds = tuple((kind, LineLaw(**law)) for kind, law in channel.get("kinds", {}).items())
        behaviour = plain["behaviour"]
        return Contract(
            found,
            KnowledgeLaw(**plain["knowledge"]),
            ChannelLaw(channel["rounds"], line, centre, kinds, channel.get("measuring", 0.0)),
            BehaviourLaw(**({"kind": behaviour} if isinstance(behaviour, str) else behaviour)),
            tuple(read_shock(s) for s in plain["shocks"]),
            plain["weeks"],
            backlog=plain.get("backlog", False),
            settle=plain.get("settle", 0),
        )


_TYPES: Mapping[str, type] = {
    "economy": Economy,
    "knowledge": KnowledgeLaw,
    "channel": ChannelLaw,
    "behaviour": BehaviourLaw,
}


def _check_shocks(given: Any) -> tuple[Disturbance, ...]:
    if isinstance(given, str) or not hasattr(given, "__iter__"):
        raise InputError(f"shocks: {given!r} is no shock; give a Shock, a Tariff or a list of them")
    shocks = tuple(given)
    for shock in shocks:
        if not isinstance(shock, Disturbance):
            raise InputError(
                f"shocks: {type(shock).__name__} is no shock to an economy; expected Shock, Tariff "
                f"or a subclass of catallax.domains.production.economy.Disturbance"
            )
    return shocks


def compose_economy_name(name: str, given: Mapping[str, Value]) -> str:
    """The name of an economy under other settings: its own name, number of firms, elasticities.

    given : `economy`, `economy.firms` or `economy.sigma` -> value

    Raises InputError for another key.
    """
    for key in given:
        if key != POPULATION and key.removeprefix(f"{POPULATION}.") not in MADE:
            raise unknown("key", key, [POPULATION, *(f"{POPULATION}.{part}" for part in MADE)])
    found = str(given.get(POPULATION, name))
    for part, word in MADE.items():
        if f"{POPULATION}.{part}" in given:
            found = f"{found}:{word}{given[f'{POPULATION}.{part}']}"
    return found


def _read_economy_setting(economy: Economy, rest: str, key: str) -> Value:
    values: dict[str, Value] = {"": economy.name, "sigma": 1.0}
    values["firms"] = economy.network.plants.stop - economy.network.plants.start
    if rest not in values:
        raise unknown("key", key, [POPULATION, *(f"{POPULATION}.{part}" for part in MADE)])
    return values[rest]


@final
class _ReportLaws:
    """Laws by kind of report: those of a channel, or the centre line's."""

    def __init__(self, channel: ChannelLaw) -> None:
        self.channel = channel

    def of(self, kind: str) -> LineLaw:
        """The law of a kind of report; InputError for an unknown one."""
        if kind not in REPORTS:
            raise unknown("kind of report", kind, REPORTS)
        return self.channel.own.get(kind, self.channel.centre)


def _find_part(part: Any, word: str, key: str) -> Any:
    if isinstance(part, _ReportLaws):
        return part.of(word)
    known = [f.name for f in fields(part)] if is_dataclass(part) else []
    if word not in known:
        raise InputError(f"{key}: {unknown('key', word, known)}")
    return getattr(part, word)


def _replace_part(part: Any, path: list[str], value: Value, key: str) -> dict[str, Any]:
    if isinstance(part, ChannelLaw) and path[0] == KINDS and len(path) == 3:
        law = part.own.get(path[1], part.centre)
        own = replace(law, **_replace_part(law, path[2:], value, key))
        return {KINDS: tuple({**part.own, path[1]: own}.items())}
    known = {f.name: getattr(part, f.name) for f in fields(part)}
    if path[0] not in known:
        raise InputError(f"{key}: {unknown('key', path[0], known)}")
    inner = known[path[0]]
    if len(path) == 1:
        return {path[0]: value}
    if not is_dataclass(inner) or isinstance(inner, type):
        raise InputError(f"{key}: {path[0]} has no parts; leave out .{'.'.join(path[1:])}")
    return {path[0]: replace(inner, **_replace_part(inner, path[1:], value, key))}
