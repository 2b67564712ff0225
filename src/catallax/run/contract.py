"""Everything but the mechanism: what must be equal for results to be compared."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, final

from catallax.economy import Disturbance, Economy, Shock, Tariff, economy_named
from catallax.errors import InputError
from catallax.knowledge import BehaviourLaw, ChannelLaw, KnowledgeLaw, LineLaw

RESOURCE = "resource"  # the kind of a shock that is no tariff


@final
@dataclass(frozen=True, eq=False)
class Contract:
    """The same economy, knowledge, channel, behaviour and shocks for every mechanism.

    economy   : an `Economy`
    knowledge : how facts differ and how much of them is tacit
    channel   : what it takes to say something
    behaviour : how what agents say differs from what they know; its kind alone will do
    shocks    : what happens from outside, each a `Shock` or a `Tariff`
    weeks     : length of a run, >= 1
    backlog   : whether unfilled orders wait with the seller (`economy.backlog`) or lapse

    Raises InputError for a shock outside the run or settings out of range.
    """

    economy: Economy
    knowledge: KnowledgeLaw = field(default_factory=KnowledgeLaw)
    channel: ChannelLaw = field(default_factory=ChannelLaw)
    behaviour: BehaviourLaw = field(default_factory=BehaviourLaw)
    shocks: tuple[Disturbance, ...] = ()
    weeks: int = 312
    backlog: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.weeks <= 100_000:
            raise InputError(f"weeks: {self.weeks} is out of range, expected 1 to 100000")
        if isinstance(self.behaviour, str):
            object.__setattr__(self, "behaviour", BehaviourLaw(self.behaviour))
        if not isinstance(self.backlog, bool):
            raise InputError(f"backlog: {self.backlog!r} is not a truth value; give True or False")
        for shock in self.shocks:
            shock.check(self.economy, self.weeks)

    def __repr__(self) -> str:
        return f"Contract({self.economy.name}, {self.weeks} weeks, hash {self.hash})"

    def to_dict(self) -> dict[str, Any]:
        """The contract as plain values; the economy by name and digest."""
        return {
            "economy": {"name": self.economy.name, "digest": self.economy.digest},
            "knowledge": asdict(self.knowledge),
            "channel": {
                **asdict(self.channel),
                "kinds": {kind: asdict(law) for kind, law in self.channel.kinds},
            },
            "behaviour": asdict(self.behaviour),
            "shocks": [_plain(s) for s in self.shocks],
            "weeks": self.weeks,
            "backlog": self.backlog,
        }

    @cached_property
    def hash(self) -> str:
        """Equal hashes are equal contracts."""
        text = json.dumps(self.to_dict(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @staticmethod
    def from_dict(plain: dict[str, Any], economy: Economy | None = None) -> "Contract":
        """The contract of `to_dict`; `economy` must be given unless it is a built-in one.

        A contract that was written before a setting existed gets that setting's default.
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
        line, centre = (LineLaw(**channel[k]) for k in ("line", "centre"))
        kinds = tuple((kind, LineLaw(**law)) for kind, law in channel.get("kinds", {}).items())
        behaviour = plain["behaviour"]
        return Contract(
            found,
            KnowledgeLaw(**plain["knowledge"]),
            ChannelLaw(channel["rounds"], line, centre, kinds),
            BehaviourLaw(**({"kind": behaviour} if isinstance(behaviour, str) else behaviour)),
            tuple(_shock(s) for s in plain["shocks"]),
            plain["weeks"],
            backlog=plain.get("backlog", False),
        )


def _plain(shock: Disturbance) -> dict[str, Any]:
    """A shock's fields; a tariff's kind tells it from a shortfall, whose kind is "resource"."""
    return {"kind": RESOURCE} | asdict(shock)


def _shock(plain: dict[str, Any]) -> Disturbance:
    if plain.get("kind", RESOURCE) != RESOURCE:
        return Tariff(**plain)
    return Shock(**{k: v for k, v in plain.items() if k != "kind"})
