"""What happens to an economy from outside. Nobody is told unless a shock is announced."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, ClassVar, final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.economy.economy import Economy
from catallax.domains.production.network import Event, Technology
from catallax.errors import InputError
from catallax.protocol import AbstractShock, Description, check_week, shock_from, shocks_in_force
from catallax.protocol.settings import (
    OFF,
    check_settings,
    describe_setting,
    keep_as_floats,
    setting,
)
from catallax.protocol.wording import percent

TARIFFS = ("foreign", "domestic")
LARGEST_RATE = 100.0
RESOURCE = "resource"  # the kind of a shock that is no tariff
FIRST_WEEK = "first week of the change, counted from 0"
TOLD = "whether everybody knows of it from week 0 on"


@final
@dataclass(frozen=True)
class Reach:
    """What a shock touches, so that measures and pages look in the right place.

    resources : names of endowments whose flow changes
    border    : "foreign" where exports, "domestic" where imports meet it; "" for neither
    rate      : of the duty there, share of the price
    """

    resources: tuple[str, ...] = ()
    border: str = ""
    rate: float = 0.0


class Disturbance(AbstractShock[Economy, Technology]):
    """A shock to the production economy: it changes the technology of the base year.

    `apply` gets the technology under the shocks before it, and must leave alone what it does not
    change: arrays are shared.
    """

    @abstractmethod
    def reach(self) -> Reach:
        """What it touches; `Reach()` if neither a resource nor trade with abroad."""


@final
@dataclass(frozen=True)
class Shock(Disturbance):
    """From `week` on, the endowment called `resource` yields `factor` of its base-year flow.

    A later shock to the same resource takes the place of an earlier one.
    """

    kind: ClassVar[str] = RESOURCE

    resource: str = field(metadata=describe_setting("name of the endowment whose flow changes"))
    week: int = field(metadata=describe_setting(FIRST_WEEK, low=0))
    factor: float = field(
        metadata=describe_setting("new flow over that of the base year", above=0.0)
    )
    announced: bool = setting(False, TOLD, source=OFF)

    def __post_init__(self) -> None:
        keep_as_floats(self)
        check_settings(self, "shock.")

    @property
    def slot(self) -> str:
        """The resource."""
        return f"{RESOURCE} {self.resource}"

    def check(self, economy: Economy, weeks: int) -> None:
        """Raise InputError unless the shock names an endowment and falls inside the run."""
        net = economy.network
        if net.row(self.resource) >= net.endowments.stop:
            known = ", ".join(net.names[net.endowments])
            raise InputError(
                f"shock: {self.resource!r} is not an endowment; the endowments are {known}"
            )
        check_week(self.week, weeks)

    def apply(self, technology: Technology, economy: Economy) -> Technology:
        """The technology with the resource's new flow."""
        row, supply = economy.network.row(self.resource), technology.supply.copy()
        supply[row] = economy.technology.supply[row] * self.factor
        return replace(technology, supply=supply)

    def describe(self, economy: Economy) -> Description:
        """The shock in words."""
        less = self.factor <= 1
        return Description(
            f"a resource becomes {'scarce' if less else 'plentiful'}",
            f"In week {self.week} the weekly flow of “{self.resource}” "
            f"{_describe_change(self.factor)} and stays there.",
            f"whoever owns the resource sees {'less' if less else 'more'} of it come in",
            "nobody is told why",
        )

    def reach(self) -> Reach:
        """The resource."""
        return Reach((self.resource,))


def _describe_change(factor: float) -> str:
    words = {0.5: "halves", 2.0: "doubles", 1.0: "does not change"}
    if factor in words:
        return words[factor]
    return f"{'falls' if factor < 1 else 'rises'} to {percent(factor)}"


@final
@dataclass(frozen=True)
class Tariff(Disturbance):
    """From `week` on, a duty of `rate` on exports (foreign) or on imports (domestic).

    A *foreign* tariff is levied abroad and its revenue stays there: what we export is worth
    1/(1 + rate) of what it was to those who turn it into imports, so that much of it is lost on
    the way. A *domestic* one is paid on top of the price by whoever buys an import, and reaches
    our households the same week in proportion to their base-year incomes: nothing is lost, but
    buyers see a price that is not the good's. A later tariff of the same kind takes the place of
    an earlier one; rate 0 ends it.
    """

    kind: str = field(
        metadata=describe_setting(
            "where the duty is levied: foreign, abroad on exports; domestic, at home on imports",
            choices=TARIFFS,
        )
    )
    week: int = field(metadata=describe_setting(FIRST_WEEK, low=0))
    rate: float = field(
        metadata=describe_setting(
            "duty as a share of the price: 0.25 is 25 %", low=0.0, high=LARGEST_RATE
        )
    )
    announced: bool = setting(False, TOLD, source=OFF)

    def __post_init__(self) -> None:
        keep_as_floats(self)
        check_settings(self, "shock.")

    @property
    def slot(self) -> str:
        """The border."""
        return f"{self.kind} tariff"

    def check(self, economy: Economy, weeks: int) -> None:
        """Raise InputError unless the economy trades and the tariff falls inside the run."""
        check_week(self.week, weeks)
        traded = economy.exports if self.kind == "foreign" else economy.imports
        if not traded.any():
            raise InputError(
                f"tariff: economy {economy.name!r} has no rest of the world to trade with; choose "
                f"one with imports, that is plants that hire nobody at home, such as us71 or us15"
            )

    def apply(self, technology: Technology, economy: Economy) -> Technology:
        """The technology whose exports are worth less, or whose imports cost a duty."""
        if not self.rate:
            return technology
        if self.kind == "foreign":
            worth = np.where(economy.exports, 1.0 / (1.0 + self.rate), 1.0)
            return replace(technology, kept=technology.kept * worth)
        return replace(technology, tariff=np.where(economy.imports, self.rate, 0.0))

    def describe(self, economy: Economy) -> Description:
        """The tariff in words."""
        foreign = self.kind == "foreign"
        return Description(
            "exports are taxed abroad" if foreign else "imports are taxed at home",
            self._sentence(),
            "those who turn exports into imports get less for them"
            if foreign
            else "whoever buys an import pays the duty",
            mark="tariff",
        )

    def _sentence(self) -> str:
        if self.rate == 0:
            return f"From week {self.week} on there is no {self.kind} tariff."
        if self.kind == "foreign":
            return (
                f"From week {self.week} on a tariff of {percent(self.rate)} is levied abroad on "
                f"all exports. Its revenue stays there, so that they buy "
                f"{percent(1 / (1 + self.rate))} of what they bought: the terms of trade worsen "
                f"for everybody."
            )
        return (
            f"From week {self.week} on whoever buys an import pays a tariff of "
            f"{percent(self.rate)} on top of its price. The revenue reaches final users the same "
            f"week in proportion to their base-year incomes: nothing is lost, but buyers see a "
            f"price that is not the good’s."
        )

    def reach(self) -> Reach:
        """The border."""
        return Reach(border=self.kind, rate=self.rate)


KINDS: dict[str, Callable[..., Disturbance]] = {
    RESOURCE: Shock,
    **{border: partial(Tariff, border) for border in TARIFFS},
}
"""Kind of shock -> function of its plain fields; `protocol.register_shock` adds a user's own."""


def read_shock(plain: Mapping[str, Any]) -> Disturbance:
    """The shock that `to_dict` wrote; one without a kind is a resource's.

    Raises InputError for a kind that nobody made known, and for fields that it does not have.
    """
    return shock_from(plain, KINDS, RESOURCE)


def find_rate(shocks: Sequence[Disturbance], border: str, t: int) -> float:
    """The rate of the duty at a border, "foreign" or "domestic", in week `t`; 0 for none."""
    reached = [s.reach() for s in list_in_force(shocks, t)]
    return next((r.rate for r in reversed(reached) if r.border == border), 0.0)


def list_in_force(shocks: Sequence[Disturbance], t: int) -> list[Disturbance]:
    """The shocks that hold in week `t`, one a slot, in the order in which their slots began."""
    return [s for s in shocks_in_force(shocks, t) if isinstance(s, Disturbance)]


def find_technology(economy: Economy, shocks: Sequence[Disturbance], t: int) -> Technology:
    """The base-year technology under what has happened from outside by week `t`.

    Raises InputError where a shock makes something that is no technology of this economy.
    """
    technology = economy.technology
    for shock in list_in_force(shocks, t):
        technology = _check_technology(shock.apply(technology, economy), shock, economy)
    return technology


def _check_technology(made: object, shock: Disturbance, economy: Economy) -> Technology:
    if isinstance(made, Technology) and made.network is economy.network:
        return made
    raise InputError(
        f"shock: apply of {type(shock).__name__} gave no technology of {economy.name!r}; return "
        f"dataclasses.replace(technology, ...)"
    )


def find_supply(economy: Economy, shocks: Sequence[Disturbance], t: int) -> Floats:
    """(n,) flow of each endowment in week `t`; the same for every mechanism."""
    return find_technology(economy, shocks, t).supply


def list_announcements(economy: Economy, shocks: Iterable[Disturbance]) -> tuple[Event, ...]:
    """What is announced of `shocks`: one event for each week in which something changes."""
    told = [s for s in shocks if s.announced]
    return tuple(_make_event(economy, told, week) for week in sorted({s.week for s in told}))


def _make_event(economy: Economy, told: Sequence[Disturbance], week: int) -> Event:
    base, then = economy.technology, find_technology(economy, told, week)
    there = base.supply > 0
    supply = np.where(there, then.supply / np.where(there, base.supply, 1.0), 1.0)
    return Event(week, supply, then.kept / base.kept, then.tariff)
