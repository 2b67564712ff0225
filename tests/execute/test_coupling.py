"""A contract that takes a series of another run: that one is run first, and it is in the key."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from catallax import Contract, InputError, compare
from catallax.execute import execute, keys_of, requests_of
from catallax.execute.entry import entry_of
from catallax.execute.store import Store
from catallax.protocol import (
    Broken,
    Measure,
    Measured,
    RunInput,
    plain_domain,
    read_contract,
    register_domain,
)
from catallax.study.sweep import Base, gather

WEEKS = 6


@dataclass(frozen=True)
class Times:
    """Multiplies. by : any number"""

    by: float = 2.0
    name: ClassVar[str] = "times"


def rain(settings: dict[str, Any], mechanism: Any, seed: int) -> dict[str, Any]:
    """Rain by week; it fails where it is multiplied by nothing."""
    if mechanism.by == 0:
        raise Broken("no rain at all")
    drops = np.random.default_rng(seed).random((settings["weeks"], 3))
    return {"rain": mechanism.by * settings["wet"] * drops}


def harvest(settings: dict[str, Any], mechanism: Any, seed: int) -> dict[str, Any]:
    """Harvest of a week: the rain of that week over three fields, times."""
    return {"harvest": mechanism.by * settings["rain"].sum(axis=1)[: settings["weeks"]]}


def total(series: str) -> Measure:
    return Measure("total", "units", "higher", "All of it.", "here",
                   lambda run, twin: Measured(float(run.series[series].sum())))  # fmt: skip


@pytest.fixture
def sky():
    return register_domain(
        plain_domain("sky", "rain", {"weeks": WEEKS, "wet": 1.0}, rain, {"times": Times},
                     [total("rain")])
    )  # fmt: skip


@pytest.fixture
def farm(sky):
    usual = RunInput(sky.experiments["sky"].build({}), "times", "rain")
    return register_domain(
        plain_domain("farm", "harvest", {"weeks": WEEKS}, harvest, {"times": Times},
                     [total("harvest")], inputs={"rain": usual})
    )  # fmt: skip


@pytest.fixture
def contract(farm):
    return farm.experiments["farm"].build({})


def totals(contract: Any, seeds=(0, 1), **more: Any) -> list[float | None]:
    found = execute(requests_of(contract, ["times"], seeds), workers=0, **more)
    return [row.values["total"] for row in found.rows]


def by_hand(seed: int, rain: float = 2.0, harvest: float = 2.0) -> float:
    return float(harvest * rain * np.random.default_rng(seed).random((WEEKS, 3)).sum())


def test_the_series_is_that_of_the_same_seed(contract):
    assert totals(contract) == pytest.approx([by_hand(0), by_hand(1)], rel=1e-12)


def test_the_series_of_a_fixed_seed_is_the_same_for_all(contract):
    fixed = contract.with_setting("inputs.rain.seed", 7)
    assert totals(fixed) == pytest.approx([by_hand(7)] * 2, rel=1e-12)


def test_a_contract_by_itself_runs_what_it_takes(contract):
    alone = [contract.simulate(Times(), seed).series["harvest"].sum() for seed in (0, 1)]
    assert alone == totals(contract)


def test_workers_change_no_bit(contract):
    asked = requests_of(contract, ["times"], range(5))
    one, two = (execute(asked, workers=w, traced=True) for w in (0, 2))
    assert [t.ending for t in one.traces] == [t.ending for t in two.traces]


def test_another_run_is_run_once_and_counted(contract):
    asked = requests_of(contract, ["times", "times:by=3"], (0, 1))
    assert execute(asked, workers=0).ran == 6
    fixed = requests_of(contract.with_setting("inputs.rain.seed", 7), ["times"], range(4))
    assert execute(fixed, workers=0).ran == 5


def test_the_other_run_is_in_hash_and_key(contract):
    def mark(c: Any) -> tuple[str, str]:
        return c.hash, keys_of(c, entry_of("times", c.domain), [0])[0]

    marks = {mark(contract)} | {
        mark(contract.with_setting(f"inputs.rain.{key}", value))
        for key, value in (
            ("mechanism", "times:by=3"), ("seed", 7), ("wet", 0.5), ("series", "drops"),
        )
    }  # fmt: skip
    assert len(marks) == len({h for h, _ in marks}) == len({k for _, k in marks}) == 5
    assert mark(contract) in marks


def test_the_key_hangs_on_the_other_domains_code(contract, sky, monkeypatch):
    before = keys_of(contract, entry_of("times", "farm"), [0])
    monkeypatch.setattr("catallax.execute.request.code_of", lambda d: f"changed {d.name}")
    sky_only = keys_of(contract, entry_of("times", "farm"), [0])
    monkeypatch.setattr(
        "catallax.execute.request.code_of",
        lambda d: f"changed {d.name}" + " twice" * (d.name == "sky"),
    )
    assert len({*before, *sky_only, *keys_of(contract, entry_of("times", "farm"), [0])}) == 3


def test_the_contract_comes_back_from_plain_values(contract):
    changed = contract.with_setting("inputs.rain.mechanism", "times:by=3")
    again = read_contract(json.loads(json.dumps(changed.to_dict())))
    assert again.hash == changed.hash
    assert totals(again, (0,)) == pytest.approx([by_hand(0, rain=3.0)], rel=1e-12)


def test_with_a_store_nothing_is_run_twice(contract, tmp_path: Path):
    assert totals(contract, store=Store(tmp_path)) == totals(contract)
    asked = requests_of(contract, ["times"], (0, 1))
    assert execute(asked, workers=0, store=Store(tmp_path)).ran == 0
    more = requests_of(contract, ["times:by=3"], (0, 1))
    found = execute(more, workers=0, store=Store(tmp_path))
    assert found.ran == 2  # the rain is there
    assert [r.values["total"] for r in found.rows] == pytest.approx(
        [by_hand(0, harvest=3.0), by_hand(1, harvest=3.0)], rel=1e-12
    )


def test_what_ends_early_leaves_a_row_with_the_reason(contract):
    dry = contract.with_setting("inputs.rain.mechanism", "times:by=0")
    (row,) = execute(requests_of(dry, ["times"], (0,)), workers=0).rows
    assert row.stop == "FAILED"
    assert "no rain at all" in row.reason
    assert "inputs.rain" in row.reason
    with pytest.raises(InputError, match="no rain at all"):
        compare("dry", dry, ["times"], 1, workers=0)


def test_an_unknown_series_names_the_known(contract):
    with pytest.raises(InputError, match=r"snow.*rain"):
        compare("x", contract.with_setting("inputs.rain.series", "snow"), ["times"], 1, workers=0)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("inputs.rain.mechanism", "sun", "sun"),
        ("inputs.rain.seed", -1, "seed"),
        ("inputs.snow.seed", 1, "inputs.snow.seed"),
        ("inputs.rain.wit", 1.0, "wet"),
        ("weeks", 60, r"inputs.rain.weeks=60"),
    ],
)
def test_what_does_not_fit_is_told(contract, key, value, says):
    with pytest.raises(InputError, match=says):
        contract.with_setting(key, value)


def test_who_takes_nothing_refuses_a_series():
    with pytest.raises(InputError, match="takes no series"):
        Contract("us15", weeks=4).with_series({"rain": np.zeros(4)})


def test_an_experiment_of_any_domain_can_be_what_is_taken(farm):
    settings = {"inputs.rain.experiment": "tin", "inputs.rain.economy": "us15",
                "inputs.rain.weeks": 54, "inputs.rain.mechanism": "market",
                "inputs.rain.series": "utility"}  # fmt: skip
    taken = farm.experiments["farm"].build(settings)
    run = Contract.simulate(taken.inputs["rain"].contract, "market", 0)
    expected = 2.0 * run.series["utility"].sum(axis=1)[:WEEKS].sum()
    assert totals(taken, (0,)) == pytest.approx([expected], rel=1e-12)


def test_a_run_that_takes_can_be_taken(farm, contract):
    inn = register_domain(
        plain_domain("inn", "bread", {"weeks": WEEKS},
                     lambda s, m, seed: {"bread": m.by * s["harvest"][: s["weeks"]]},
                     {"times": Times}, [total("bread")],
                     inputs={"harvest": RunInput(contract, "times", "harvest")})
    )  # fmt: skip
    bread = inn.experiments["inn"].build({})
    assert totals(bread) == pytest.approx([2 * by_hand(0), 2 * by_hand(1)], rel=1e-12)


def test_what_is_taken_can_be_an_axis(farm):
    base = Base(farm.experiments["farm"], {}, ("times",))
    cells = [base.at({"inputs.rain.mechanism": f"times:by={by}"}) for by in (1, 5)]
    rows = gather(cells, (0,), executor=None)
    found = sorted(row.values["total"] for row in rows)
    assert found == pytest.approx([by_hand(0, rain=1.0), by_hand(0, rain=5.0)], rel=1e-12)


def test_an_input_is_a_value(contract):
    (taken,) = contract.inputs.values()
    assert taken.contract.hash in str(taken)
    assert "the same seed" in str(taken)
    assert "seed 3" in str(replace(taken, seed=3))


def test_the_name_of_an_input_is_not_looked_for_in_another_ones_keys(sky):
    usual = RunInput(sky.experiments["sky"].build({}), "times", "rain")
    domain = register_domain(
        plain_domain("sea", "waves", {"weeks": WEEKS}, harvest, {"times": Times},
                     [total("harvest")], inputs={"rain": usual, "by": usual})
    )  # fmt: skip
    settings = {"inputs.rain.mechanism": "times:by=3", "inputs.by.seed": 7}
    with pytest.raises(InputError, match=r"inputs\.rain.*'by\.wet'"):
        domain.experiments["sea"].build({**settings, "inputs.rain.by.wet": 0.5})
    taken = domain.experiments["sea"].build(settings).inputs
    assert (taken["rain"].mechanism, taken["rain"].seed) == ("times:by=3", None)
    assert (taken["by"].mechanism, taken["by"].seed) == ("times", 7)
