"""Everything but the mechanism: what must be equal for results to be compared."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, final

from catallax.economy import Disturbance, Economy, Shock, Tariff, generate, us15, us71
from catallax.errors import InputError, unknown
from catallax.knowledge import ChannelLaw, KnowledgeLaw, LineLaw

BEHAVIOURS = ("truthful",)
RESOURCE = "resource"  # the kind of a shock that is no tariff

_REAL: dict[str, Callable[[], Economy]] = {"us71": us71, "us15": us15}


def economy_named(name: str) -> Economy:
    """The built-in economy `name`: us71, us15 or made:SEED. Raises InputError otherwise."""
    if name in _REAL:
        return _REAL[name]()
    kind, _, seed = name.partition(":")
    if kind == "made" and seed.isdecimal():
        return generate(int(seed))
    raise unknown("economy", name, [*_REAL, "made:SEED (SEED a whole number)"])


@final
@dataclass(frozen=True, eq=False)
class Contract:
    """The same economy, knowledge, channel, behaviour and shocks for every mechanism.

    economy   : an `Economy`
    knowledge : how facts differ and how much of them is tacit
    channel   : what it takes to say something
    behaviour : what agents say beside what they know; "truthful"
    shocks    : what happens from outside, each a `Shock` or a `Tariff`
    weeks     : length of a run, >= 1

    Raises InputError for a shock outside the run or settings out of range.
    """

    economy: Economy
    knowledge: KnowledgeLaw = field(default_factory=KnowledgeLaw)
    channel: ChannelLaw = field(default_factory=ChannelLaw)
    behaviour: str = "truthful"
    shocks: tuple[Disturbance, ...] = ()
    weeks: int = 312

    def __post_init__(self) -> None:
        if not 1 <= self.weeks <= 100_000:
            raise InputError(f"weeks: {self.weeks} is out of range, expected 1 to 100000")
        if self.behaviour not in BEHAVIOURS:
            raise unknown("behaviour", self.behaviour, BEHAVIOURS)
        for shock in self.shocks:
            shock.check(self.economy, self.weeks)

    def __repr__(self) -> str:
        return f"Contract({self.economy.name}, {self.weeks} weeks, hash {self.hash})"

    def to_dict(self) -> dict[str, Any]:
        """The contract as plain values; the economy by name and digest."""
        return {
            "economy": {"name": self.economy.name, "digest": self.economy.digest},
            "knowledge": asdict(self.knowledge),
            "channel": asdict(self.channel),
            "behaviour": self.behaviour,
            "shocks": [_plain(s) for s in self.shocks],
            "weeks": self.weeks,
        }

    @cached_property
    def hash(self) -> str:
        """Equal hashes are equal contracts."""
        text = json.dumps(self.to_dict(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @staticmethod
    def from_dict(plain: dict[str, Any], economy: Economy | None = None) -> "Contract":
        """The contract of `to_dict`; `economy` must be given unless it is a built-in one.

        Raises InputError when the economy's numbers are not those the contract was made with.
        """
        name, digest = plain["economy"]["name"], plain["economy"]["digest"]
        found = economy_named(name) if economy is None else economy
        if found.digest != digest:
            raise InputError(
                f"contract: economy {name!r} has digest {found.digest}, expected {digest}; "
                f"give the economy that the contract was made with"
            )
        channel = plain["channel"]
        lines = [LineLaw(**channel[k]) for k in ("line", "centre")]
        return Contract(
            found,
            KnowledgeLaw(**plain["knowledge"]),
            ChannelLaw(channel["rounds"], *lines),
            plain["behaviour"],
            tuple(_shock(s) for s in plain["shocks"]),
            plain["weeks"],
        )


def _plain(shock: Disturbance) -> dict[str, Any]:
    """A shock's fields; a tariff's kind tells it from a shortfall, whose kind is "resource"."""
    return {"kind": RESOURCE} | asdict(shock)


def _shock(plain: dict[str, Any]) -> Disturbance:
    if plain.get("kind", RESOURCE) != RESOURCE:
        return Tariff(**plain)
    return Shock(**{k: v for k, v in plain.items() if k != "kind"})
