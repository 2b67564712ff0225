"""What happens to the plants from outside, and what holds in each week."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, ClassVar, final

import numpy as np

from catallax.domains.prices_quantities.curves import BenefitCost
from catallax.errors import InputError
from catallax.protocol import AbstractShock, Description, check_week, shocks_in_force
from catallax.protocol.settings import ASSUMED, OFF, check_settings, keep_as_floats, setting
from catallax.protocol.wording import number

if TYPE_CHECKING:
    from catallax.domains.prices_quantities.contract import PlantsContract


class PlantsShock(AbstractShock["PlantsContract", BenefitCost]):
    """A change of benefits or costs. `apply` gets fields of one entry, that of its week."""


@final
@dataclass(frozen=True)
class CostShift(PlantsShock):
    """From `week` on, every plant's marginal cost is higher by `shift`.

    Each plant knows its own costs at once. The centre knows of the shift only if it is announced.
    A later shift takes the place of an earlier one.
    """

    kind: ClassVar[str] = "cost"

    week: int = setting(26, "first week of the change, counted from 0", low=0, source=ASSUMED)
    shift: float = setting(
        1.0,
        "rise of every plant's marginal cost; negative where costs fall",
        unit="money per unit",
        source="assumption: the default s.d. of costs",
    )
    announced: bool = setting(
        False, "whether everybody knows of it from the start of the run", source=OFF
    )

    def __post_init__(self) -> None:
        keep_as_floats(self)
        check_settings(self, "shock.")

    @property
    def slot(self) -> str:
        """The level of costs."""
        return "cost level"

    def check(self, population: "PlantsContract", weeks: int) -> None:
        """Raise InputError unless the shift falls inside the run."""
        check_week(self.week, weeks)

    def apply(self, technology: BenefitCost, population: "PlantsContract") -> BenefitCost:
        """The same with the shift on top of marginal costs."""
        return replace(technology, cost=technology.cost + self.shift)

    def describe(self, population: "PlantsContract") -> Description:
        """The shift in words."""
        way = "rise" if self.shift >= 0 else "fall"
        return Description(
            f"the costs of all plants {way}",
            f"From week {self.week} on the marginal cost of every plant is "
            f"{'higher' if self.shift >= 0 else 'lower'} by {number(abs(self.shift))}.",
            "each plant sees its own costs at once",
            "the centre is not told",
        )


SHOCKS: dict[str, Callable[..., AbstractShock[Any, Any]]] = {CostShift.kind: CostShift}
"""Kind of shock -> function of its plain fields; `protocol.register_shock` adds a user's own."""


def find_curves_by_week(contract: "PlantsContract", shocks: Sequence[PlantsShock]) -> BenefitCost:
    """Benefits and costs in every week of a run under these shocks; each field (weeks,)."""
    starts = sorted({0, *(s.week for s in shocks)})
    spans = np.diff([*starts, contract.weeks])
    parts = [_find_curves_at(contract, shocks, week) for week in starts]
    return BenefitCost(
        *(np.repeat([getattr(p, f.name)[0] for p in parts], spans) for f in fields(BenefitCost))
    )


def _find_curves_at(
    contract: "PlantsContract", shocks: Sequence[PlantsShock], week: int
) -> BenefitCost:
    curves = contract.base_curves
    for shock in shocks_in_force(shocks, week):
        curves = shock.apply(curves, contract)
        if not isinstance(curves, BenefitCost):
            raise InputError(
                f"shock: apply of {type(shock).__name__} gave {type(curves).__name__}; return "
                f"dataclasses.replace(technology, ...)"
            )
    return curves
