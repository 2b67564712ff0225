"""Mechanisms named with settings and variants."""

import pickle
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax import InputError, compare, five_year_plan, generate, market, tin
from catallax.domains.production.mechanisms import REGISTRY, VARIANTS, Market
from catallax.protocol.makers import settings_of
from catallax.protocol.mechanism_names import every_mechanism, mechanism_named, spec_of, values_of
from catallax.protocol.settings import settings_in
from catallax.show.words import label_mechanism

MINE = """
from dataclasses import dataclass
from typing import Literal
from catallax.domains.production.mechanisms import Agents, Mechanism
from catallax.domains.production.network import Act, Table

@dataclass(frozen=True)
class Mine(Agents):
    share: float = 1
    loud: bool = False
    style: Literal["plain", "grand"] = "plain"
    rows: tuple = ()

    def start(self, view):
        return Table(), Table()
    def report(self, view, said):
        return Table(), said
    def act(self, view, done):
        return Act(ask=self.share * view.inbox.value.link["ask"]), done

def mechanism(PARAMETERS):
    return Mechanism("mine", Mine(GIVEN))
"""


@pytest.fixture
def mine(tmp_path: Path):
    def write(parameters: str, given: str) -> str:
        path = tmp_path / "mine.py"
        path.write_text(MINE.replace("PARAMETERS", parameters).replace("GIVEN", given))
        return str(path)

    return write


unit = st.floats(0, 1)


@given(kappa=unit, cover=st.floats(0, 52))
def test_a_setting_reaches_the_mechanism_to_the_bit(kappa, cover):
    made = mechanism_named(f"market:kappa={kappa!r}:cover={cover!r}")
    assert made == market(kappa=kappa, cover=cover)


@given(period=st.integers(1, 10**6))
def test_a_whole_number_stays_one(period):
    made = mechanism_named(f"five_year_plan:period={period}")
    assert made == five_year_plan(period=period)
    assert type(made.centre.period) is int


def test_the_rigid_plan_is_revised_every_five_years():
    assert mechanism_named("five_year_plan:rigid").centre.period == 260


def test_a_value_that_is_given_wins_over_the_variants():
    made = mechanism_named("five_year_plan:rigid:period=104:smoothing=0.7")
    assert (made.centre.period, made.centre.smoothing) == (104, 0.7)


@pytest.mark.parametrize("text", every_mechanism())
def test_every_mechanism_and_variant_can_be_named(text):
    made = mechanism_named(text)
    assert made.name in REGISTRY
    spec = spec_of(text)
    for word in spec.variants:
        for key, value in VARIANTS[made.name][word].items():
            assert values_of(text)[key] == value


def test_every_mechanism_is_every_registered_one_and_the_variants_that_differ_from_it():
    plain = {name: values_of(name) for name in REGISTRY}
    words = {f"{name}:{word}" for name, known in VARIANTS.items() for word in known}
    different = {text for text in words if values_of(text) != plain[text.partition(":")[0]]}
    assert set(every_mechanism()) == {*REGISTRY, *different}
    assert len(words - different) == 2, "each planner's default is one of its delegations"


def test_the_settings_of_a_mechanism_are_the_fields_of_its_parts():
    found = settings_of(market)
    assert {k: s.default for k, s in found.items()} == {f.name: f.default for f in fields(Market)}
    assert found == settings_in(Market)
    assert found["kappa"].range == "0 to 1"


@pytest.mark.parametrize(
    ("parameters", "given"),
    [
        ("share: float = 1, loud: bool = False, style: str = 'plain'", "share, loud, style"),
        ("**settings", "**settings"),
    ],
)
def test_a_users_file_takes_settings(mine, parameters, given):
    path = mine(parameters, given)
    agents = mechanism_named(f"{path}:share=0.5:loud=True:style=grand").agents
    assert (agents.share, agents.loud, agents.style) == (0.5, True, "grand")
    assert set(values_of(path)) == {"share", "loud", "style"}


def test_a_choice_lists_its_words(mine):
    path = mine("**settings", "**settings")
    with pytest.raises(InputError, match=r"'grnd'.*Did you mean 'grand'.*plain, grand"):
        mechanism_named(f"{path}:style=grnd")
    with pytest.raises(InputError, match="loud: 'yes' is not true or false"):
        mechanism_named(f"{path}:loud=yes")


def test_a_users_file_without_settings_says_so(mine):
    path = mine("", "")
    with pytest.raises(InputError, match=r"unknown setting.*'share'.*No setting"):
        mechanism_named(f"{path}:share=0.5")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("market:kapa=1", "Did you mean 'kappa'.*Known: kappa, theta"),
        (
            "market:kappa=x",
            r"kappa: 'x' is not a number; expected 0 to 1 \(change of a plant's log price",
        ),
        ("market:kappa=nan", "kappa: nan is out of range, expected 0 to 1"),
        ("market:kappa=3", "kappa: 3.0 is out of range, expected 0 to 1"),
        ("market:kappa=0.1:kappa=0.2", "sets kappa twice"),
        ("ai_market:rigid", "No variant of ai_market is known.*key=value"),
        ("market:", "is not a setting; write name:key=value"),
        ("market:=3", "is not a setting; write name:key=value"),
        ("markt:kappa=0.1", "unknown mechanism 'markt'.*'market'"),
        ("five_year_plan:rigd", "Did you mean 'rigid'"),
        ("five_year_plan:period=1.5", "'1.5' is not a whole number"),
        ("five_year_plan:rigid:rigid", "sets period twice"),
        ("static_optimum:kappa=1", "unknown setting of static_optimum"),
    ],
)
def test_what_is_wrong_is_named(text, says):
    with pytest.raises(InputError, match=says):
        mechanism_named(text)


def test_a_path_may_hold_colons():
    assert spec_of(r"C:\lab\mine.py").name == r"C:\lab\mine.py"
    spec = spec_of(r"C:\lab\mine.py:share=0.5")
    assert (spec.name, spec.given) == (r"C:\lab\mine.py", (("share", "0.5"),))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("market", "market"),
        ("five_year_plan:rigid", "five year plan (retail, rigid)"),
        ("market:kappa=0.05:price_error=0.5", "market (kappa 0.05, price error 0.5)"),
        ("here/my_own.py:share=0.5", "my own (share 0.5)"),
    ],
)
def test_labels_are_for_people(text, shown):
    assert label_mechanism(text) == shown


def test_specs_pass_to_other_processes_and_give_the_same_runs():
    contract = tin(generate(2, products=6, households=2), weeks=60)
    names = ["market:kappa=0.05", "five_year_plan:rigid"]
    here, there = (compare("tin", contract, names, [0], workers=w) for w in (0, 2))
    for name in names:
        one, two = (c.outcomes[name][0].trace for c in (here, there))
        assert one.ending == two.ending
        assert pickle.dumps(one.settings) == pickle.dumps(two.settings)
    assert here.outcomes[names[0]][0].trace.settings["kappa"] == 0.05
    assert list(here.to_dict()["mechanisms"]) == names
