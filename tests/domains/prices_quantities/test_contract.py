"""The contract: settings that teach, one hash on every machine, shocks that are read back."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pytest

from catallax.domains.prices_quantities import CostShift, PlantsContract, PlantsShock
from catallax.domains.prices_quantities.curves import BenefitCost
from catallax.domains.prices_quantities.shocks import SHOCKS
from catallax.domains.production.economy import Shock
from catallax.errors import InputError
from catallax.protocol import (
    Description,
    domain_of,
    experiment_named,
    read_contract,
    register_shock,
)

SHIFTED = PlantsContract(
    3, benefit_slope=-2.5, correlation=0.25, shocks=(CostShift(4, -0.5), CostShift(8, 1.0, True))
)


@pytest.mark.parametrize("contract", [PlantsContract(), SHIFTED])
def test_what_to_dict_writes_is_read_back(contract: PlantsContract) -> None:
    plain = json.loads(json.dumps(contract.to_dict()))
    again = read_contract(plain)
    assert again == contract
    assert again.hash == contract.hash
    assert domain_of(again).name == "prices_quantities"


def test_one_shock_alone_will_do() -> None:
    settings: dict[str, Any] = {"shocks": CostShift(3)}
    assert PlantsContract(**settings).shocks == (CostShift(3),)


def test_whole_numbers_and_numbers_are_one_contract() -> None:
    assert PlantsContract(benefit_slope=-2).hash == PlantsContract(benefit_slope=-2.0).hash
    assert CostShift(3, 1) == CostShift(3, 1.0)


def test_every_setting_is_in_the_hash() -> None:
    other = {"plants": 7, "weeks": 9, "benefit_slope": -0.75}
    hashes = {PlantsContract().hash, PlantsContract(shocks=(CostShift(3),)).hash}
    settings = [key for key in PlantsContract().to_dict() if key not in ("domain", "shocks")]
    for key in settings:
        hashes.add(PlantsContract().with_setting(key, other.get(key, 0.75)).hash)
    assert len(hashes) == 2 + len(settings)


HASHES = """
from catallax.domains.prices_quantities import CostShift, PlantsContract
contract = PlantsContract(3, benefit_slope=-2.5, shocks=(CostShift(4, -0.5),))
print(contract.hash, contract.simulate("hybrid:band=0.5", 3).hash)
"""


def test_hashes_are_the_same_in_every_process() -> None:
    found = {
        subprocess.run(
            [sys.executable, "-c", HASHES],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    contract = PlantsContract(3, benefit_slope=-2.5, shocks=(CostShift(4, -0.5),))
    assert found == {f"{contract.hash} {contract.simulate('hybrid:band=0.5', 3).hash}\n"}


def test_a_hash_is_made_of_what_the_user_wrote() -> None:
    """The contract's hash does not change from one machine, or one week's work, to the next."""
    assert PlantsContract().hash == "79db4f5407f4221a"


HALF: Any = 2.5


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"plants": 0}, "plants: 0 is out of range, expected 1 or more"),
        ({"plants": 2.5}, "plants: 2.5 is not a whole number; expected 1 or more (n, number"),
        ({"plants": True}, "plants: True is not a whole number"),
        ({"weeks": 0}, "weeks: 0 is out of range"),
        ({"weeks": 10_000_000}, "weeks: 10000000 is out of range, expected 833333 at most"),
        ({"cost_slope": 0}, "cost_slope: 0.0 is out of range, expected above 0 (C″"),
        ({"cost_slope": "steep"}, "cost_slope: 'steep' is not a number; expected above 0"),
        ({"sigma": -1}, "sigma: -1.0 is out of range, expected 0 or more"),
        ({"sigma": float("nan")}, "sigma: nan is out of range, expected 0 or more"),
        ({"correlation": 1.1}, "correlation: 1.1 is out of range, expected 0 to 1"),
        ({"sigma_belief": 0}, "sigma_belief: 0.0 is out of range"),
        ({"benefit_slope": 0.5, "plants": 2}, "expected a number below 0.5: else more output is"),
        ({"benefit_slope": 0.3, "plants": 2, "cost_slope_belief": 0.5}, "a number below 0.25"),
        ({"shocks": "flood"}, "shocks: str is no shock to plants; give a CostShift"),
        ({"shocks": Shock("ore", 3, 0.5)}, "shocks: Shock is no shock to plants"),
        ({"shocks": CostShift(52)}, "shock: falls in week 52, but the run has weeks 0 to 51"),
        ({"shocks": (HALF,)}, "shocks: float is no shock to plants"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(settings: dict, says: str) -> None:
    with pytest.raises(InputError) as e:
        PlantsContract(**settings)
    assert says in str(e.value)


@pytest.mark.parametrize(
    ("shift", "says"),
    [
        ((HALF, 1.0), "shock.week: 2.5 is not a whole number; expected 0 or more"),
        ((-1, 1.0), "shock.week: -1 is out of range, expected 0 or more"),
        ((2, float("inf")), "shock.shift: inf is out of range, expected a finite number (rise of"),
    ],
)
def test_a_shift_that_cannot_be_is_refused(shift: tuple[Any, float], says: str) -> None:
    with pytest.raises(InputError) as e:
        CostShift(*shift)
    assert says in str(e.value)


def test_rising_marginal_benefit_is_taken_as_long_as_a_plan_can_be_best() -> None:
    assert PlantsContract(2, benefit_slope=0.49).place == "2 plants"


def test_unknown_settings_name_the_nearest() -> None:
    for ask in (
        lambda: PlantsContract().setting("benefitslope"),
        lambda: PlantsContract().with_setting("benefitslope", -1.0),
        lambda: read_contract({"domain": "prices_quantities", "benefitslope": -1.0}),
    ):
        with pytest.raises(InputError, match="Did you mean 'benefit_slope'"):
            ask()


def test_settings_are_read_and_changed_by_name() -> None:
    changed = SHIFTED.with_setting("benefit_slope", -4)
    assert changed.setting("benefit_slope") == -4.0
    assert changed.shocks == SHIFTED.shocks
    assert SHIFTED.setting("benefit_slope") == -2.5


def test_a_shock_of_a_kind_that_nobody_knows_is_refused() -> None:
    plain = {**SHIFTED.to_dict(), "shocks": [{"kind": "flood", "week": 3}]}
    with pytest.raises(InputError, match=r"unknown kind of shock 'flood'.*Known: cost"):
        read_contract(plain)


def test_a_shock_with_fields_that_its_kind_lacks_is_refused() -> None:
    plain = {**SHIFTED.to_dict(), "shocks": [{"kind": "cost", "depth": 3}]}
    with pytest.raises(InputError, match=r"shock of kind 'cost'.*depth"):
        read_contract(plain)


def test_what_happens_is_told_in_words() -> None:
    assert PlantsContract().title == "nothing happens from outside"
    untold = PlantsContract(shocks=(CostShift(4, 0.5),))
    assert untold.title == "the costs of all plants rise and the centre is not told"
    (told,) = (shock.describe(untold) for shock in untold.shocks)
    assert "week 4" in told.sentence
    assert "higher by 0.5" in told.sentence
    assert "lower by 0.5" in CostShift(4, -0.5).describe(untold).sentence
    assert PlantsContract(shocks=(CostShift(4, announced=True),)).title.endswith(
        "everybody was told"
    )


def test_without_shocks_is_calm() -> None:
    assert SHIFTED.calm() == replace(SHIFTED, shocks=())


def test_a_later_shift_takes_the_place_of_an_earlier_one() -> None:
    costs = SHIFTED.curves.cost
    assert costs[:4].tolist() == [0.0] * 4
    assert costs[4:8].tolist() == [-0.5] * 4
    assert set(costs[8:].tolist()) == {1.0}


def test_the_centre_knows_announced_shifts_and_has_its_own_beliefs() -> None:
    told = replace(SHIFTED, sigma_belief=2.0, cost_slope_belief=0.5).public_curves
    assert told.cost[:8].tolist() == [0.0] * 8
    assert set(told.cost[8:].tolist()) == {1.0}
    assert set(told.sigma.tolist()) == {2.0}
    assert set(told.cost_slope.tolist()) == {0.5}


@dataclass(frozen=True)
class Unrest(PlantsShock):
    """Costs scatter more from a week on."""

    kind: ClassVar[str] = "unrest"

    week: int
    factor: float
    announced: bool = False

    @property
    def slot(self) -> str:
        return "scatter"

    def check(self, population: PlantsContract, weeks: int) -> None:
        pass

    def apply(self, technology: BenefitCost, population: PlantsContract) -> BenefitCost:
        return replace(technology, sigma=technology.sigma * self.factor)

    def describe(self, population: PlantsContract) -> Description:
        return Description("costs scatter", "Costs scatter more.", "plants")


def test_a_shock_of_the_users_own_acts_and_is_read_back() -> None:
    register_shock("unrest", Unrest, "prices_quantities")
    try:
        contract = PlantsContract(shocks=(Unrest(26, 3.0), CostShift(10, 0.5)))
        assert read_contract(contract.to_dict()) == contract
        curves = contract.curves
        assert (curves.sigma[25], curves.sigma[26]) == (1.0, 3.0)
        assert (curves.cost[9], curves.cost[10], curves.cost[51]) == (0.0, 0.5, 0.5)
        spread = contract.simulate("quantity", 0).series["marginal_cost"].std(axis=1)
        assert spread[26:].mean() > 2.0 * spread[:26].mean()
    finally:
        del SHOCKS["unrest"]


def test_a_shock_whose_apply_gives_something_else_is_refused() -> None:
    @dataclass(frozen=True)
    class Broken(Unrest):
        def apply(self, technology: BenefitCost, population: PlantsContract) -> BenefitCost:
            return None  # type: ignore[return-value]

    with pytest.raises(InputError, match="apply of Broken gave NoneType"):
        PlantsContract(shocks=(Broken(3, 2.0),)).simulate("price", 0)


def test_the_experiment_builds_contracts_from_settings() -> None:
    experiment = experiment_named("prices_quantities")
    assert experiment.build({}) == PlantsContract()
    settings = {"plants": 3, "benefit_slope": -2.0, "shock.shift": 0.5, "shock.week": 4}
    assert experiment.build(settings) == PlantsContract(
        3, benefit_slope=-2.0, shocks=(CostShift(4, 0.5),)
    )
    assert experiment.setting_of("shock.announced").kind is bool
    assert experiment.setting_of("plants").kind is int
    assert experiment.setting_of("sigma").kind is float
    for ask in (experiment.setting_of, lambda key: experiment.build({key: 1})):
        with pytest.raises(InputError, match=r"Did you mean 'shock\.week'"):
            ask("shock.weak")
