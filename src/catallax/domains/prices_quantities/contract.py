"""What is held equal: plants, what their output is worth, what it costs, who knows what."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING, Any, Self, final

import numpy as np

from catallax.domains.prices_quantities.curves import BenefitCost
from catallax.domains.prices_quantities.shocks import (
    SHOCKS,
    PlantsShock,
    curves_by_week,
)
from catallax.errors import InputError, unknown
from catallax.protocol import AbstractContract, Value, question_of, shock_from
from catallax.protocol.wording import counted

if TYPE_CHECKING:
    from catallax.domains.prices_quantities.run import PlantsRun

NAME = "prices_quantities"
MOST_NUMBERS = 10_000_000  # plants times weeks


@final
@dataclass(frozen=True)
class PlantsContract(AbstractContract):
    """Plants whose costs only they know, and a benefit of their total output that all know.

    Quantities are counted from the base year's on and prices from the expected marginal cost
    there. The default lies on the border, at B″ = −C″, so that it favours neither side.

    plants            : number of plants, >= 1
    benefit           : marginal benefit at base-year output over expected marginal cost, money per
                        unit
    benefit_slope     : B″, slope of the marginal benefit of total output, money per unit²; any
                        number below cost_slope / plants
    cost_slope        : C″, slope of a plant's marginal cost, > 0, money per unit²
    sigma             : s.d. of a plant's marginal cost, drawn every week, >= 0, money per unit
    correlation       : of marginal costs between plants, 0 to 1
    sigma_belief      : what the centre takes sigma for, as a multiple of it, > 0
    cost_slope_belief : what the centre takes C″ for, as a multiple of it, > 0
    shocks            : what happens from outside, each a `CostShift` or a `PlantsShock` of the
                        user's own; one alone will do
    weeks             : length of a run, >= 1; every week is a draw of its own

    Raises InputError for settings out of range and a shock outside the run.
    """

    plants: int = 12
    benefit: float = 1.0
    benefit_slope: float = -1.0
    cost_slope: float = 1.0
    sigma: float = 1.0
    correlation: float = 0.0
    sigma_belief: float = 1.0
    cost_slope_belief: float = 1.0
    shocks: tuple[PlantsShock, ...] = ()
    weeks: int = 52

    def __post_init__(self) -> None:
        for key, kind in KINDS.items():
            object.__setattr__(self, key, _typed(key, kind, getattr(self, key)))
        object.__setattr__(self, "shocks", _checked_shocks(self.shocks))
        self._check_ranges()
        for shock in self.shocks:
            shock.check(self, self.weeks)

    def _check_ranges(self) -> None:
        for key in ("plants", "weeks"):
            _check(key, getattr(self, key) >= 1, getattr(self, key), "1 or more")
        for key in ("cost_slope", "sigma_belief", "cost_slope_belief"):
            _check(key, getattr(self, key) > 0, getattr(self, key), "a number above 0")
        _check("sigma", self.sigma >= 0, self.sigma, "0 or more")
        _check("correlation", 0 <= self.correlation <= 1, self.correlation, "0 to 1")
        most = self.cost_slope * min(1.0, self.cost_slope_belief) / self.plants
        below = f"a number below {most:g}: else more output is always better and no plan is best"
        _check("benefit_slope", self.benefit_slope < most, self.benefit_slope, below)
        size = self.plants * self.weeks
        _check("weeks", size <= MOST_NUMBERS, self.weeks, f"{MOST_NUMBERS // self.plants} at most")

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
        return curves_by_week(self, self.shocks)

    @cached_property
    def public_curves(self) -> BenefitCost:
        """The same as the centre believes them: announced shocks, and its own slope and sigma."""
        told = curves_by_week(self, [s for s in self.shocks if s.announced])
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
        plain = {key: getattr(self, key) for key in KINDS}
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


KINDS: Mapping[str, type] = {
    f.name: type(f.default) for f in fields(PlantsContract) if f.name != "shocks"
}
"""Setting -> type of its value."""


def _typed(key: str, kind: type, value: Any) -> Value:
    whole = kind is int
    if isinstance(value, bool) or not isinstance(value, int | (int if whole else float)):
        raise InputError(
            f"{key}: {value!r} is not a {'whole ' * whole}number; give one such as "
            f"{52 if whole else 0.5}"
        )
    if not isfinite(value):
        raise InputError(f"{key}: {value} is not finite; give a number such as 0.5")
    return value if whole else float(value)


def _check(key: str, fits: bool, value: Value, expected: str) -> None:
    if not fits:
        raise InputError(f"{key}: {value} is out of range, expected {expected}")


def _check_key(key: str) -> None:
    if key not in KINDS:
        raise unknown("key", key, KINDS)


def _checked_shocks(given: Any) -> tuple[PlantsShock, ...]:
    shocks = (given,) if isinstance(given, PlantsShock) else given
    for shock in shocks if isinstance(shocks, list | tuple) else (shocks,):
        if not isinstance(shock, PlantsShock):
            raise InputError(
                f"shocks: {type(shock).__name__} is no shock to plants; give a CostShift, a "
                f"PlantsShock of your own, or a list of them"
            )
    return tuple(shocks)
