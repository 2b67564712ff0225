"""What happens to an economy from outside. Nobody is told unless a shock is announced."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import final

from catallax.economy.economy import Economy
from catallax.errors import InputError
from catallax.network import Floats


@final
@dataclass(frozen=True)
class Shock:
    """From `week` on, the endowment called `resource` yields `factor` of its base-year flow.

    A later shock to the same resource takes the place of an earlier one.

    resource : name of an endowment row
    week     : first week at the new flow, >= 0
    factor   : new flow over base-year flow, > 0
    """

    resource: str
    week: int
    factor: float

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
        if not 0 <= self.week < weeks:
            raise InputError(
                f"shock: falls in week {self.week}, but the run has weeks 0 to {weeks - 1}; "
                f"ask for more than {self.week} weeks"
            )
        if not 0 < self.factor < float("inf"):
            raise InputError(f"shock: factor {self.factor} must be a finite number above 0")


def supply_at(economy: Economy, shocks: Iterable[Shock], t: int) -> Floats:
    """(n,) flow of each endowment in week `t`; the same for every mechanism."""
    base = economy.technology.supply
    supply = base.copy()
    for shock in sorted(shocks, key=lambda s: s.week):
        if t >= shock.week:
            row = economy.network.row(shock.resource)
            supply[row] = base[row] * shock.factor
    return supply
