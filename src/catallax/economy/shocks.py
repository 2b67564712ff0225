"""What happens to an economy from outside. Nobody is told unless a shock is announced."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import final

import numpy as np

from catallax.economy.economy import Economy
from catallax.errors import InputError, unknown
from catallax.network import Event, Floats, Technology

TARIFFS = ("foreign", "domestic")
LARGEST_RATE = 100.0


@final
@dataclass(frozen=True)
class Shock:
    """From `week` on, the endowment called `resource` yields `factor` of its base-year flow.

    A later shock to the same resource takes the place of an earlier one.

    resource  : name of an endowment row
    week      : first week at the new flow, >= 0
    factor    : new flow over base-year flow, > 0
    announced : whether everybody knows of it from the start of the run
    """

    resource: str
    week: int
    factor: float
    announced: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "factor", float(self.factor))

    def check(self, economy: Economy, weeks: int) -> None:
        """Raise InputError unless the shock names an endowment and falls inside the run."""
        net = economy.network
        if net.row(self.resource) >= net.endowments.stop:
            known = ", ".join(net.names[net.endowments])
            raise InputError(
                f"shock: {self.resource!r} is not an endowment; the endowments are {known}"
            )
        _check_week(self.week, weeks)
        if not 0 < self.factor < float("inf"):
            raise InputError(f"shock: factor {self.factor} must be a finite number above 0")


@final
@dataclass(frozen=True)
class Tariff:
    """From `week` on, a duty of `rate` on exports (foreign) or on imports (domestic).

    A *foreign* tariff is levied abroad and its revenue stays there: what we export is worth
    1/(1 + rate) of what it was to those who turn it into imports, so that much of it is lost on
    the way. A *domestic* one is paid on top of the price by whoever buys an import, and reaches
    our households the same week in proportion to their base-year incomes: nothing is lost, but
    buyers see a price that is not the good's. A later tariff of the same kind takes the place of
    an earlier one; rate 0 ends it.

    kind      : "foreign" or "domestic"
    week      : first week of the duty, >= 0
    rate      : share of the price, 0 to 100
    announced : whether everybody knows of it from the start of the run
    """

    kind: str
    week: int
    rate: float
    announced: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "rate", float(self.rate))

    def check(self, economy: Economy, weeks: int) -> None:
        """Raise InputError unless the economy trades and the tariff falls inside the run."""
        if self.kind not in TARIFFS:
            raise unknown("tariff", self.kind, TARIFFS)
        _check_week(self.week, weeks)
        if not 0 <= self.rate <= LARGEST_RATE:
            raise InputError(
                f"tariff: rate {self.rate} is out of range, expected 0 to {LARGEST_RATE:g} "
                f"(0.25 is 25 %)"
            )
        traded = economy.exports if self.kind == "foreign" else economy.imports
        if not traded.any():
            raise InputError(
                f"tariff: economy {economy.name!r} has no rest of the world to trade with; choose "
                f"one with imports, that is plants that hire nobody at home, such as us71 or us15"
            )


Disturbance = Shock | Tariff


def _check_week(week: int, weeks: int) -> None:
    if not 0 <= week < weeks:
        raise InputError(
            f"shock: falls in week {week}, but the run has weeks 0 to {weeks - 1}; "
            f"ask for more than {week} weeks"
        )


def supply_at(economy: Economy, shocks: Iterable[Disturbance], t: int) -> Floats:
    """(n,) flow of each endowment in week `t`; the same for every mechanism."""
    base = economy.technology.supply
    supply = base.copy()
    for shock in _so_far(shocks, t):
        if isinstance(shock, Shock):
            row = economy.network.row(shock.resource)
            supply[row] = base[row] * shock.factor
    return supply


def rate_at(shocks: Iterable[Disturbance], kind: str, t: int) -> float:
    """The rate of the tariff of a kind in week `t`; 0 where there is none."""
    rates = [s.rate for s in _so_far(shocks, t) if isinstance(s, Tariff) and s.kind == kind]
    return rates[-1] if rates else 0.0


def technology_at(economy: Economy, shocks: Sequence[Disturbance], t: int) -> Technology:
    """The base-year technology under what has happened from outside by week `t`."""
    base = economy.technology
    foreign, domestic = (rate_at(shocks, kind, t) for kind in TARIFFS)
    worth = np.where(economy.exports, 1.0 / (1.0 + foreign), 1.0)
    return replace(
        base,
        supply=supply_at(economy, shocks, t),
        kept=base.kept * worth if foreign else base.kept,
        tariff=np.where(economy.imports, domestic, 0.0) if domestic else base.tariff,
    )


def announced(economy: Economy, shocks: Iterable[Disturbance]) -> tuple[Event, ...]:
    """What is announced of `shocks`: one event for each week in which something changes."""
    told = [s for s in shocks if s.announced]
    return tuple(_event(economy, told, week) for week in sorted({s.week for s in told}))


def _event(economy: Economy, told: Sequence[Disturbance], week: int) -> Event:
    base, then = economy.technology, technology_at(economy, told, week)
    there = base.supply > 0
    supply = np.where(there, then.supply / np.where(there, base.supply, 1.0), 1.0)
    return Event(week, supply, then.kept / base.kept, then.tariff)


def _so_far(shocks: Iterable[Disturbance], t: int) -> list[Disturbance]:
    return sorted((s for s in shocks if s.week <= t), key=lambda s: s.week)
