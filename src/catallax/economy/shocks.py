"""What happens to an economy from outside. Nobody is told unless a shock is announced."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.economy.economy import Economy
from catallax.errors import InputError
from catallax.network import Event, Floats


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


def _check_week(week: int, weeks: int) -> None:
    if not 0 <= week < weeks:
        raise InputError(
            f"shock: falls in week {week}, but the run has weeks 0 to {weeks - 1}; "
            f"ask for more than {week} weeks"
        )


def supply_at(economy: Economy, shocks: Iterable[Shock], t: int) -> Floats:
    """(n,) flow of each endowment in week `t`; the same for every mechanism."""
    base = economy.technology.supply
    supply = base.copy()
    for shock in sorted(shocks, key=lambda s: s.week):
        if t >= shock.week:
            row = economy.network.row(shock.resource)
            supply[row] = base[row] * shock.factor
    return supply


def announced(economy: Economy, shocks: Iterable[Shock]) -> tuple[Event, ...]:
    """What is announced of `shocks`: one event for each week in which something changes."""
    told = [s for s in shocks if s.announced]
    base = economy.technology.supply
    some = np.where(base > 0, base, 1.0)
    return tuple(
        Event(
            week,
            np.where(base > 0, supply_at(economy, told, week) / some, 1.0),
            np.ones(economy.network.m),
            np.zeros(economy.network.m),
        )
        for week in sorted({s.week for s in told})
    )
