"""A shock of the user's own acts, is told, and is read back; what is no shock is refused."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pytest

from catallax import Contract, InputError, Run, Shock, Tariff, compare, simulate
from catallax.domains.prices_quantities import CostShift, PlantsContract
from catallax.domains.production.economy import KINDS, Disturbance, Reach, find_technology
from catallax.domains.production.pages import story
from catallax.domains.production.run import Recording, simulate_many
from catallax.protocol import Description, check_week, question_of, register_shock, shocks_in_force


@dataclass(frozen=True)
class Strike(Disturbance):
    """From `week` on every plant makes `share` of what it made."""

    kind: ClassVar[str] = "strike"

    week: int
    share: float
    announced: bool = False

    @property
    def slot(self):
        return "work"

    def check(self, economy, weeks):
        check_week(self.week, weeks)

    def apply(self, technology, economy):
        return replace(technology, z=technology.z * self.share)

    def describe(self, economy):
        return Description(
            "people strike", f"From week {self.week} on people strike.", "plants see"
        )

    def reach(self):
        return Reach()


@pytest.fixture
def strike():
    register_shock("strike", Strike)
    yield Strike(4, 0.5)
    del KINDS["strike"]


CALM = Contract("small:0", weeks=8)


def test_a_contract_of_any_domain_tells_what_happens_in_it(strike):
    plants = PlantsContract(2, shocks=(CostShift(1, 0.5), CostShift(3, -0.5)), weeks=8)
    for contract in (replace(CALM, shocks=(strike,)), plants):
        told = [shock.describe(contract.population) for shock in contract.shocks]
        assert list(contract.descriptions) == told
        assert question_of(contract.shocks, contract.population) == contract.title
    assert CALM.descriptions == ()
    assert [d.headline for d in plants.descriptions][1] == "the costs of all plants fall"


def test_it_acts(strike):
    struck = replace(CALM, shocks=(strike,))
    before, after = (simulate(c, "static_optimum", 1).series["utility"] for c in (CALM, struck))
    np.testing.assert_array_equal(before[:4], after[:4])
    assert np.all(after[5:] < 0.9 * before[5:])


def test_it_acts_side_by_side_as_alone(strike):
    contracts = [CALM, replace(CALM, shocks=(strike,))]
    alone = [simulate(c, "market", 3).bits for c in contracts]
    keep = Recording()
    assert [r.bits for r in simulate_many(contracts, "market", [3, 3], recording=keep)] == alone
    assert alone[0] != alone[1]


def test_it_is_in_the_hash_and_in_the_title(strike):
    struck = Contract("small:0", shocks=strike, weeks=8)  # one alone will do
    assert struck.to_dict()["shocks"] == [
        {"kind": "strike", "week": 4, "share": 0.5, "announced": False}
    ]
    assert struck.hash != CALM.hash
    assert struck.hash != replace(struck, shocks=(replace(strike, share=0.6),)).hash
    assert struck.title == "people strike and nobody was told before"
    assert struck.calm().hash == CALM.hash


def test_it_is_told_on_the_page(strike):
    found = compare("x", Contract("small:0", shocks=strike, weeks=60), ["market"], 1, workers=0)
    assert story.describe_shocks(found) == ["From week 4 on people strike."]
    assert "Plants see; everybody else" in story.describe_announcements(found)


def test_a_run_with_it_is_read_back(strike, tmp_path):
    run = simulate(Contract("small:0", shocks=strike, weeks=8), "market", 1)
    run.save(tmp_path / "run.npz")
    again = Run.load(tmp_path / "run.npz")
    assert again.contract.shocks == (strike,)
    assert again.hash == run.hash


def test_a_kind_that_nobody_made_known_is_refused(strike, tmp_path):
    run = simulate(Contract("small:0", shocks=strike, weeks=8), "market", 1)
    run.save(tmp_path / "run.npz")
    known = KINDS.pop("strike")
    with pytest.raises(InputError, match="unknown kind of shock 'strike'"):
        Run.load(tmp_path / "run.npz")
    KINDS["strike"] = known


def test_what_is_no_shock_is_refused_at_the_door():
    for given, says in (
        ("ore", "'ore' is no shock"),
        ([7], "int is no shock to an economy"),
        (Shock, "is no shock"),
    ):
        with pytest.raises(InputError, match=says):
            Contract("small:0", shocks=given)


def test_what_it_makes_has_to_be_a_technology():
    @dataclass(frozen=True)
    class Nothing(Strike):
        kind: ClassVar[str] = "nothing"

        def apply(self, technology, economy):
            return None

    contract = Contract("small:0", shocks=Nothing(0, 1.0), weeks=2)
    with pytest.raises(InputError, match="apply of Nothing gave no technology of 'small:0'"):
        find_technology(contract.economy, contract.shocks, 0)


def test_a_kind_is_taken_once():
    with pytest.raises(InputError, match="production has a kind of that name"):
        register_shock("resource", Strike)


def test_a_later_shock_to_a_slot_takes_the_place_of_an_earlier_one():
    ore, later, duty = Shock("ore", 1, 0.5), Shock("ore", 3, 0.8), Tariff("domestic", 2, 0.1)
    given = (later, duty, ore)
    assert shocks_in_force(given, 0) == []
    assert shocks_in_force(given, 2) == [ore, duty]
    assert shocks_in_force(given, 3) == [later, duty]


def test_a_heading_says_what_happens_and_who_is_told():
    economy = CALM.economy
    ore, known = Shock("ore", 1, 0.5), Shock("ore", 2, 2.0, announced=True)
    assert question_of((), economy) == "nothing happens from outside"
    assert question_of((ore,), economy) == "a resource becomes scarce and nobody is told why"
    assert question_of((known,), economy) == "a resource becomes plentiful and everybody was told"
    both = question_of((ore, known), economy)
    assert both.endswith("scarce and a resource becomes plentiful and not all of it was announced")
    mixed = question_of((ore, Strike(1, 0.5)), economy)
    assert mixed.endswith("and nobody was told before")
