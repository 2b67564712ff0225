"""What is held equal: plants, what their output is worth, what it costs, who knows what."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, final

import numpy as np

from catallax.domains.prices_quantities.curves import BenefitCost
from catallax.domains.prices_quantities.shocks import (
    SHOCKS,
    PlantsShock,
    find_curves_by_week,
)
from catallax.errors import InputError, unknown
from catallax.protocol import AbstractContract, Value, question_of, shock_from
from catallax.protocol.settings import (
    ASSUMED,
    Setting,
    check_settings,
    keep_as_floats,
    setting,
    settings_in,
)
from catallax.protocol.wording import counted

if TYPE_CHECKING:
    from catallax.domains.prices_quantities.run import PlantsRun

NAME = "prices_quantities"
TRUE = "assumption: the centre does not err"
MOST_NUMBERS = 10_000_000  # plants times weeks


@final
@dataclass(frozen=True)
class PlantsContract(AbstractContract):
    """Plants whose costs only they know, and a benefit of their total output that all know.

    Quantities are counted from the base year's on and prices from the expected marginal cost
    there. The default lies on the border, at B″ = −C″, so that it favours neither side.

    shocks : what happens from outside, each a `CostShift` or a `PlantsShock` of the user's own; one
             alone will do

    Raises InputError for settings out of range and a shock outside the run.
    """

    plants: int = setting(12, "n, number of plants", low=1, source=ASSUMED)
    benefit: float = setting(
        1.0,
        "B′, marginal benefit at base-year output over expected marginal cost; the advantage of "
        "prices does not depend on it",
        unit="money per unit",
        source="the setting of the validated numbers (Weitzman 1974)",
    )
    benefit_slope: float = setting(
        -1.0,
        "B″, slope of the marginal benefit of total output; any number below cost_slope / plants",
        unit="money per unit²",
        source="assumption: on the border, so that neither side is favoured",
    )
    cost_slope: float = setting(
        1.0,
        "C″, slope of a plant's marginal cost",
        unit="money per unit²",
        above=0.0,
        source="units are free",
    )
    sigma: float = setting(
        1.0,
        "σ, s.d. of a plant's marginal cost, drawn every week",
        unit="money per unit",
        low=0.0,
        source="units are free",
    )
    correlation: float = setting(
        0.0,
        "ρ, correlation of marginal costs between plants",
        low=0.0,
        high=1.0,
        source="assumption: independent plants",
    )
    sigma_belief: float = setting(
        1.0, "what the centre takes sigma for, as a multiple of it", above=0.0, source=TRUE
    )
    cost_slope_belief: float = setting(
        1.0, "what the centre takes C″ for, as a multiple of it", above=0.0, source=TRUE
    )
    shocks: tuple[PlantsShock, ...] = ()
    weeks: int = setting(
        52,
        "length of a run; every week is a draw of its own",
        unit="weeks",
        low=1,
        source=ASSUMED,
    )

    def __post_init__(self) -> None:
        keep_as_floats(self)
        check_settings(self, "")
        object.__setattr__(self, "shocks", _check_shocks(self.shocks))
        self._check_together()
        for shock in self.shocks:
            shock.check(self, self.weeks)

    def _check_together(self) -> None:
        """Raise InputError for settings that do not go together."""
        most = self.cost_slope * min(1.0, self.cost_slope_belief) / self.plants
        if self.benefit_slope >= most:
            raise InputError(
                f"benefit_slope: {self.benefit_slope} is out of range, expected a number below "
                f"{most:g}: else more output is always better and no plan is best"
            )
        if self.plants * self.weeks > MOST_NUMBERS:
            raise InputError(
                f"weeks: {self.weeks} is out of range, expected {MOST_NUMBERS // self.plants} at "
                f"most"
            )

    @property
    def domain(self) -> str:
        """Prices against quantities."""
        return NAME

    @property
    def title(self) -> str:
        """What happens from outside and whether anybody is told."""
        return question_of(self.shocks, self)

    @property
    def place(self) -> str:
        """How many plants there are."""
        return counted(self.plants, "plant")

    @cached_property
    def base_curves(self) -> BenefitCost:
        """Benefits and costs without shocks; each field (1,)."""
        values = (self.benefit, self.benefit_slope, 0.0, self.cost_slope, self.sigma)
        return BenefitCost(*(np.array([value]) for value in values))

    @cached_property
    def curves(self) -> BenefitCost:
        """Benefits and costs in every week; each field (weeks,)."""
        return find_curves_by_week(self, self.shocks)

    @cached_property
    def public_curves(self) -> BenefitCost:
        """The same as the centre believes them: announced shocks, and its own slope and sigma."""
        told = find_curves_by_week(self, [s for s in self.shocks if s.announced])
        slope, sigma = self.cost_slope_belief, self.sigma_belief
        return replace(told, cost_slope=told.cost_slope * slope, sigma=told.sigma * sigma)

    def calm(self) -> Self:
        """The same without shocks."""
        return replace(self, shocks=())

    def simulate(self, mechanism: Any, seed: int) -> "PlantsRun":
        """One run of a mechanism, by name or as an object, on a seed >= 0.

        Raises InputError for what is no mechanism of this domain.
        """
        from catallax.domains.prices_quantities.simulate import simulate

        return simulate(self, mechanism, seed)

    def setting(self, key: str) -> Value:
        """The value of a setting; InputError lists the known ones."""
        _check_key(key)
        found: Value = getattr(self, key)
        return found

    def with_setting(self, key: str, value: Value) -> Self:
        """The contract with another value of a setting; the shocks stay as they are."""
        _check_key(key)
        changes: dict[str, Any] = {key: value}
        return replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """The contract as plain values."""
        plain = {key: getattr(self, key) for key in SETTINGS}
        return {"domain": NAME, **plain, "shocks": [s.to_dict() for s in self.shocks]}

    @staticmethod
    def from_dict(plain: Mapping[str, Any]) -> "PlantsContract":
        """The contract of `to_dict`; a setting that is left out has its default.

        Raises InputError for unknown settings and for a kind of shock that nobody made known.
        """
        given = {key: value for key, value in plain.items() if key not in ("domain", "shocks")}
        for key in given:
            _check_key(key)
        shocks: Any = tuple(shock_from(s, SHOCKS) for s in plain.get("shocks", ()))
        return PlantsContract(**given, shocks=shocks)


SETTINGS: Mapping[str, Setting] = {
    name: known for name, known in settings_in(PlantsContract).items() if name != "shocks"
}
"""Key -> setting, in their order."""


def _check_key(key: str) -> None:
    if key not in SETTINGS:
        raise unknown("key", key, SETTINGS)


def _check_shocks(given: Any) -> tuple[PlantsShock, ...]:
    shocks = (given,) if isinstance(given, PlantsShock) else given
    for shock in shocks if isinstance(shocks, list | tuple) else (shocks,):
        if not isinstance(shock, PlantsShock):
            raise InputError(
                f"shocks: {type(shock).__name__} is no shock to plants; give a CostShift, a "
                f"PlantsShock of your own, or a list of them"
            )
    return tuple(shocks)
