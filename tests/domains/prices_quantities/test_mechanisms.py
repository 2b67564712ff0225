"""What is announced, how plants answer, what is counted, and what stops a run."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pytest

from catallax.domains.prices_quantities import (
    DOMAIN,
    CommonKnowledge,
    CostShift,
    Instrument,
    PlantsContract,
    PlantView,
    TradedInstrument,
    full_information,
    habit,
    hybrid,
    licences,
    price,
    quantity,
)
from catallax.domains.prices_quantities.mechanisms import Announcement
from catallax.domains.prices_quantities.run import PlantsStop
from catallax.errors import InputError
from catallax.protocol.mechanism_names import mechanism_named

CONTRACT = PlantsContract(5, weeks=30, correlation=0.2)
OBJECTS = (
    price(),
    quantity(),
    hybrid(),
    hybrid(0.5),
    licences(),
    licences(True),
    habit(),
    full_information(),
)


def test_at_a_price_every_marginal_cost_is_the_price() -> None:
    run = CONTRACT.simulate(price(), 1)
    told = run.series["heard_price"]
    assert np.allclose(run.series["marginal_cost"], told[:, None], atol=1e-12)
    assert run.series["output"].std() > 0.1


def test_a_quota_is_filled_whatever_it_costs() -> None:
    run = CONTRACT.simulate(quantity(), 1)
    assert np.array_equal(
        run.series["output"], np.repeat(run.series["heard_quota"][:, None], 5, axis=1)
    )
    # (B′ − c)/(C″ − n B″) = 1/(1 + 5)
    assert run.series["heard_quota"] == pytest.approx(1.0 / 6.0)


def test_with_both_marginal_cost_leaves_the_band_nowhere_and_output_moves_only_at_its_ends() -> (
    None
):
    run = CONTRACT.simulate(hybrid(), 1)
    names = ("quota", "penalty", "subsidy")
    quota, penalty, subsidy = (run.series[f"heard_{name}"][:, None] for name in names)
    cost, output = run.series["marginal_cost"], run.series["output"]
    assert np.all(subsidy < penalty)
    assert np.all((cost <= penalty + 1e-12) & (cost >= subsidy - 1e-12))
    short, beyond = output < quota - 1e-12, output > quota + 1e-12
    assert short.any()
    assert beyond.any()
    assert (~short & ~beyond).any()
    assert np.allclose(cost[short], np.broadcast_to(penalty, cost.shape)[short])
    assert np.allclose(cost[beyond], np.broadcast_to(subsidy, cost.shape)[beyond])


def test_a_hybrid_without_a_band_is_a_price_and_with_a_wide_one_a_quota() -> None:
    for band, other in ((0.0, price()), (1e6, quantity())):
        found = CONTRACT.simulate(hybrid(band), 2).series["output"]
        assert np.allclose(found, CONTRACT.simulate(other, 2).series["output"], atol=1e-12)


def test_licences_change_hands_until_marginal_costs_are_equal_and_none_is_made() -> None:
    run = CONTRACT.simulate(licences(), 1)
    cost, price = run.series["marginal_cost"], run.series["heard_exchange"][:, None]
    assert np.allclose(cost, price, atol=1e-12)
    total = 5 * run.series["heard_quota"]
    assert np.allclose(run.series["output"].sum(axis=1), total, atol=1e-12)
    assert price.std() > 0.1


def test_a_valve_bounds_the_price_of_a_licence() -> None:
    run = replace(CONTRACT, weeks=300).simulate(licences(valve=True), 1)
    names = ("exchange", "penalty", "subsidy", "quota")
    price, penalty, subsidy, quota = (run.series[f"heard_{name}"] for name in names)
    paid = np.clip(price, subsidy, penalty)
    assert np.allclose(run.series["marginal_cost"], paid[:, None], atol=1e-12)
    mean = run.series["output"].mean(axis=1)
    short, beyond = price > penalty, price < subsidy
    assert short.any()
    assert beyond.any()
    assert np.all(mean[short] < quota[short])
    assert np.all(mean[beyond] > quota[beyond])
    assert np.allclose(mean[~short & ~beyond], quota[~short & ~beyond], atol=1e-12)


def test_one_plant_has_nobody_to_trade_with() -> None:
    alone = replace(CONTRACT, plants=1)
    for traded, own in ((licences(), quantity()), (licences(valve=True), hybrid())):
        one, other = (alone.simulate(m, 2).series["output"] for m in (traded, own))
        assert np.allclose(one, other, atol=1e-9)


def test_habit_is_the_base_year() -> None:
    run = CONTRACT.simulate(habit(), 1)
    assert not run.series["output"].any()
    assert not run.series["welfare"].any()


def test_everybody_meets_the_same_costs() -> None:
    """Marginal cost less what output adds to it is what was drawn."""
    drawn = [
        np.asarray(run.series["marginal_cost"] - CONTRACT.cost_slope * run.series["output"])
        for run in (CONTRACT.simulate(m, 4) for m in OBJECTS)
    ]
    for costs in drawn[1:]:
        assert np.allclose(costs, drawn[0], atol=1e-12)
    other = CONTRACT.simulate(quantity(), 5).series["marginal_cost"]
    assert not np.allclose(other, CONTRACT.simulate(quantity(), 4).series["marginal_cost"])


def test_a_plants_costs_stay_when_others_join() -> None:
    few, many = (replace(CONTRACT, plants=n).simulate(habit(), 3) for n in (5, 8))
    assert np.array_equal(few.series["marginal_cost"], many.series["marginal_cost"][:, :5])


@pytest.mark.parametrize("correlation", [0.0, 0.5, 1.0])
def test_costs_are_drawn_as_the_contract_says(correlation: float) -> None:
    contract = PlantsContract(3, sigma=2.0, correlation=correlation, weeks=20_000)
    costs = contract.simulate(habit(), 0).series["marginal_cost"]
    assert costs.mean() == pytest.approx(0.0, abs=0.05)
    assert costs.std() == pytest.approx(2.0, rel=0.02)
    found = np.asarray(np.corrcoef(costs.T))
    assert found[np.triu_indices(3, 1)] == pytest.approx(correlation, abs=0.03)


@pytest.mark.parametrize(
    ("mechanism", "numbers", "bids"),
    [
        ("price", 1, 0),
        ("quantity", 1, 0),
        ("hybrid", 3, 0),
        ("licences", 2, 1),
        ("licences:valve", 4, 1),
        ("habit", 0, 0),
    ],
)
def test_every_number_is_counted(mechanism: str, numbers: int, bids: int) -> None:
    run = CONTRACT.simulate(mechanism, 0)
    assert len([name for name in run.series if name.startswith("heard_")]) == numbers
    assert run.deliveries == 30 * 5 * (bool(numbers) + 2 * bids)
    assert run.traffic == pytest.approx(30 * 5 * (64 * (numbers + bids) + bids * np.log2(5)))


def test_a_run_is_a_pure_function_of_what_it_is_made_from() -> None:
    shocked = replace(CONTRACT, shocks=(CostShift(7, 0.5),))
    for mechanism in OBJECTS:
        one, two = (shocked.simulate(mechanism, 6) for _ in range(2))
        assert one.bits == two.bits
        assert one.hash == two.hash
        assert one.bits != shocked.simulate(mechanism, 7).bits
    assert len({shocked.simulate(m, 6).hash for m in OBJECTS}) == len(OBJECTS)
    assert shocked.simulate("hybrid:band=0.5", 6).bits == shocked.simulate(hybrid(0.5), 6).bits


def test_the_fingerprint_covers_every_number() -> None:
    run = CONTRACT.simulate(price(), 6)
    for name, values in run.series.items():
        changed = values.copy()
        changed.flat[-1] = np.nextafter(changed.flat[-1], np.inf)
        assert replace(run, series={**run.series, name: changed}).bits != run.bits
    assert replace(run, deliveries=run.deliveries + 1).bits != run.bits
    assert replace(run, traffic=run.traffic + 1).bits != run.bits


def test_before_an_unannounced_shift_nothing_differs_and_after_it_something_does() -> None:
    shocked = replace(CONTRACT, shocks=(CostShift(7, 0.5),))
    for mechanism in OBJECTS:
        one, two = shocked.simulate(mechanism, 6), CONTRACT.simulate(mechanism, 6)
        for name in ("welfare", "output", "best"):
            assert np.array_equal(one.series[name][:7], two.series[name][:7])
        assert not np.any(np.isclose(one.series["best"][7:], two.series["best"][7:]))
        moved = one.series["output"] != two.series["output"]
        assert moved[7:].any() == (mechanism not in (quantity(), habit()))


def test_a_run_says_what_it_is() -> None:
    run = CONTRACT.simulate("price", 3)
    assert repr(run) == "PlantsRun(price, 5 plants, seed 3, 30 weeks, completed)"
    assert run.oracle is False
    assert CONTRACT.simulate("full_information", 3).oracle is True
    assert run.versions["catallax"]


@dataclass(frozen=True)
class Odd(Instrument):
    """Says and answers what it is told to."""

    name: ClassVar[str] = "odd"

    said: object = None
    answer: object = None

    def announce(self, public: CommonKnowledge) -> Announcement:
        return {} if self.said is None else {"price": self.said}  # type: ignore[dict-item]

    def act(self, view: PlantView) -> np.ndarray:
        return np.zeros_like(view.cost) if self.answer is None else self.answer  # type: ignore[return-value]


@dataclass(frozen=True)
class OddTrader(TradedInstrument):
    """Bids what it is told to, or says what is the exchange's to say."""

    name: ClassVar[str] = "odd_trader"

    offer: object = None

    def announce(self, public: CommonKnowledge) -> Announcement:
        return {"exchange": np.zeros(public.weeks)} if self.offer is None else {}

    def bid(self, view: PlantView) -> np.ndarray:
        return self.offer  # type: ignore[return-value]

    def act(self, view: PlantView) -> np.ndarray:
        return np.zeros_like(view.cost)


LATE = np.where(np.arange(30) == 4, np.nan, 0.0)


@pytest.mark.parametrize(
    ("odd", "stop", "reason"),
    [
        (
            Odd(said=3.0),
            PlantsStop.BAD_ANNOUNCEMENT,
            "price is float, expected an array of float64",
        ),
        (
            Odd(said=np.zeros(29)),
            PlantsStop.BAD_ANNOUNCEMENT,
            "price has shape (29,), expected (30,)",
        ),
        (Odd(said=LATE), PlantsStop.BAD_ANNOUNCEMENT, "price is nan in week 4"),
        (Odd(answer=np.zeros((30, 4))), PlantsStop.BAD_ACT, "has shape (30, 4), expected (30, 5)"),
        (
            Odd(answer=np.repeat(LATE[:, None], 5, axis=1)),
            PlantsStop.BAD_ACT,
            "is nan in week 4 for plant 0",
        ),
        (OddTrader(), PlantsStop.BAD_ANNOUNCEMENT, "exchange is the exchange's number"),
        (OddTrader(offer=np.zeros(5)), PlantsStop.BAD_BID, "has shape (5,), expected (30, 5)"),
        (Odd(answer=np.zeros((30, 5), int)), PlantsStop.BAD_ACT, "expected an array of float64"),
    ],
)
def test_an_answer_that_is_none_stops_the_run(
    odd: Instrument, stop: PlantsStop, reason: str
) -> None:
    run = CONTRACT.simulate(odd, 0)
    assert run.stop is stop
    assert reason in run.reason
    assert not run.completed
    assert not run.series


@dataclass(frozen=True)
class Keeping(Instrument):
    """Keeps what it hands over, and writes into it when it is next called."""

    name: ClassVar[str] = "keeping"
    kept: list[np.ndarray]

    def announce(self, public: CommonKnowledge) -> Announcement:
        self.overwrite()
        self.kept.append(np.zeros(public.weeks))
        return {"price": self.kept[-1]}

    def act(self, view: PlantView) -> np.ndarray:
        self.overwrite()
        self.kept.append(view.heard["price"] + 1.0)
        return self.kept[-1]

    def overwrite(self) -> None:
        for array in self.kept:
            array[:] = 7.0


def test_what_was_handed_over_is_out_of_reach() -> None:
    mechanism = Keeping([])
    first = CONTRACT.simulate(mechanism, 0)
    again = CONTRACT.simulate(mechanism, 1)
    for run in (first, again):
        assert (run.series["heard_price"] == 0.0).all()
        assert (run.series["output"] == 1.0).all()
    assert (mechanism.kept[1] == 7.0).all()


def test_what_is_no_mechanism_is_refused() -> None:
    with pytest.raises(InputError, match="is no mechanism of prices_quantities; give a name such"):
        CONTRACT.simulate(3, 0)
    with pytest.raises(InputError, match="Did you mean 'quantity'"):
        CONTRACT.simulate("quantify", 0)
    with pytest.raises(InputError, match="seed: -1 is negative"):
        CONTRACT.simulate("price", -1)
    with pytest.raises(InputError, match=r"band: -1\.0 is out of range"):
        mechanism_named("hybrid:band=-1", DOMAIN)
