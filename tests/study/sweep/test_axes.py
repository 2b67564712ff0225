"""Every axis does what it says, to every mechanism that it is about."""

import itertools

import pytest

from catallax.domains.production.experiments.questions import FREE
from catallax.domains.production.mechanisms import REGISTRY
from catallax.domains.production.run import simulate
from catallax.errors import InputError
from catallax.execute import execute, requests_of
from catallax.protocol import domain_named
from catallax.protocol.mechanism_names import every_mechanism, mechanism_named, values_of
from catallax.study.sweep import Base, Cell, RunRows, axis
from catallax.study.sweep.axes import has_setting, with_key, with_setting
from catallax.study.sweep.cells import gather

WEEKS = 6
AXES = domain_named("production").axes


def base(*mechanisms: str) -> Base:
    return Base(FREE, {"economy": "small:0", "settle": 0, "weeks": WEEKS}, mechanisms)


def at(name: str, value) -> Cell:
    """Every registered mechanism that the axis is about, with small numbers of firms."""
    settings = axis(name).settings
    named = [m for m in REGISTRY if not settings or any(has_setting(m, s) for s in settings)]
    if name == "size":
        return Base(FREE, {"economy": "synthetic:7", "settle": 0, "weeks": WEEKS}, named).at(
            {name: 60}
        )
    return base(*named).at({name: value})


@pytest.mark.parametrize("name", AXES)
def test_both_ends_of_every_axis_run_with_every_mechanism_it_is_about(name):
    values = AXES[name].values
    cells = [at(name, v) for v in dict.fromkeys((values[0], values[-1]))]
    for cell, m in itertools.product(cells, cells[0].mechanisms):
        run = simulate(cell.contract, mechanism_named(cell.mechanisms[m]))
        assert run.completed, f"{m} at {cell.point}: {run.reason}"


@pytest.mark.parametrize("name", [n for n in AXES if n != "size"])
def test_every_value_of_an_axis_is_another_contract_or_another_mechanism(name):
    cells = [at(name, v) for v in AXES[name].values]
    label = next(iter(cells[0].mechanisms))
    seen = {(c.contract.hash, c.mechanisms[label]) for c in cells}
    assert len(seen) == len(cells)


def test_the_axes_of_settings_reach_whom_they_should():
    assert [m for m in REGISTRY if has_setting(m, "reprice")] == [
        "market", "ai_market", "federated_market",
    ]  # fmt: skip
    texts = base(*REGISTRY).at({"interval": 4, "reprice": 0.5}).mechanisms
    assert texts == {
        "market": "market:reprice=0.5",
        "ai_market": "ai_market:reprice=0.5",
        "federated_market": "federated_market:reprice=0.5",
        "ai_planner": "ai_planner:interval=4",
        "five_year_plan": "five_year_plan:period=4",
        "habit": "habit",
    }


def test_an_axis_that_nobody_here_has_is_refused():
    with pytest.raises(InputError, match="reprice: is a setting of none of ai_planner"):
        base("ai_planner").at({"reprice": 0.5})


@pytest.mark.parametrize("name", every_mechanism())
@pytest.mark.parametrize("word", ["in_kind", "own_mix", "retail"])
def test_a_delegation_comes_with_its_own_gains_unless_a_variant_says_otherwise(name, word):
    text = with_setting(name, "delegation", word)
    values = values_of(text)
    if not has_setting(name, "delegation") or name.rpartition(":")[2] in (
        "in_kind", "own_mix", "retail",
    ):  # fmt: skip
        assert text == name
    elif ":" not in name:
        assert values == values_of(f"{name}:{word}")
    else:
        assert values["delegation"] == word


def test_a_kind_of_report_gets_a_law_of_its_own():
    contract = base("market").at({}).contract
    late = with_key(contract, "channel.kinds.z.delay", 4.0)
    both = with_key(late, "channel.kinds.z.noise", 0.2)
    law = both.channel.own["z"]
    assert (law.delay, law.noise, law.resolution) == (4.0, 0.2, 16)
    assert base("market").at({"channel.kinds.z.delay": 4.0}).contract.hash == late.hash
    for key, says in (
        ("channel.kinds.foo.delay", "unknown kind of report 'foo'"),
        ("channel.kinds.z.dealy", "unknown key 'dealy'"),
        ("channel.kinds.z", "has no parts"),
    ):
        with pytest.raises(InputError, match=says):
            with_key(contract, key, 1.0)


def test_a_run_that_stands_at_two_points_of_a_map_is_found_at_both():
    cells = [base("market", "ai_planner").at({"interval": v}) for v in (1, 4)]
    rows = gather(cells, [0], workers=0)
    assert len(rows) == 4
    one, two = (rows.at({"interval": v}, "market")[0] for v in (1, 4))
    assert one.key == two.key
    assert RunRows.of([*rows, *rows]).rows == rows.rows


def test_the_order_in_which_rows_came_does_not_tell():
    cell = base("market").at({"delay": 2.0})
    asked = requests_of(cell.contract, ["market"], (0, 1))
    rows = execute(asked, workers=0).rows
    assert [row.seed for row in rows] == [0, 1]
    assert RunRows.of(rows).rows == RunRows.of(rows[::-1]).rows
