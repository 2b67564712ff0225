"""Comparisons over seeds: what is summarised, and that one bad mechanism does not spoil them."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from catallax import InputError, compare, generate, tin
from catallax.domains.production.economy import Shock, disaggregate
from catallax.domains.production.measures import MEASURES
from catallax.domains.production.measures.scarcity import list_scarce_goods
from catallax.domains.production.observing import observe
from catallax.domains.production.run import Contract, Recording, Run, simulate
from catallax.protocol.mechanism_names import mechanism_named
from catallax.study import Comparison

BREAKS = """
from catallax.domains.production.mechanisms import Agents, Mechanism
from catallax.domains.production.network import Act, Table

class Rows(Agents):
    def start(self, view):
        return Table(), Table()
    def report(self, view, said):
        return Table(), said
    def act(self, view, done):
        sign = -1.0 if view.t >= {week} else 1.0
        return Act(sign * view.inbox.value.link["ask"]), done

def mechanism():
    return Mechanism("breaks", Rows())
"""


@pytest.fixture(scope="module")
def small() -> Comparison:
    contract = replace(tin(generate(2, products=6, households=2), weeks=110), settle=0)
    return compare("tin", contract, ["static_optimum", "market"], [0, 1, 2], workers=0)


def test_outcomes_come_in_the_order_of_the_seeds(small: Comparison) -> None:
    assert [o.seed for o in small.outcomes["market"]] == [0, 1, 2]
    assert small.oracle("static_optimum")
    assert not small.oracle("market")


def test_above_two_thousand_rows_every_measure_is_there_and_watched_rows_are_kept() -> None:
    """Few products and many firms, so that few links make many rows."""
    whole = generate(2, products=4, firms=1, households=2, inputs=2)
    economy = disaggregate(whole, firms=2000, suppliers=1)
    assert economy.network.n > Recording().rows
    contract = Contract(economy, shocks=(Shock("ore", 53, 0.9),), weeks=54, settle=0)
    every = tuple(MEASURES.values())
    (found,) = observe(contract, mechanism_named("market"), [0], every, traced=True)
    for name in ("score", "cover", "waste", "gdp", "hhi", "price_dispersion"):
        assert found.measured[name].value is not None, found.measured[name].reason
    few = Recording(goods=list_scarce_goods(contract))
    run = found.run
    assert isinstance(run, Run)
    np.testing.assert_array_equal(run.rows, few.watched(economy))
    assert run.series["stock"].shape == (54, len(run.rows))
    assert len(run.rows) < economy.network.n
    assert found.trace is not None
    assert len(found.trace.vectors["cut"]) > 0


def test_processes_change_no_bit(small: Comparison) -> None:
    again = compare("tin", small.contract, ["static_optimum", "market"], [0, 1, 2], workers=2)
    for name, outcomes in small.outcomes.items():
        for one, two in zip(outcomes, again.outcomes[name], strict=True):
            assert one.trace.ending == two.trace.ending
            assert one.trace.twin == two.trace.twin
            assert one.trace.to_dict() == two.trace.to_dict()


def test_a_twin_is_the_same_run_until_the_shock(small: Comparison) -> None:
    for name, outcomes in small.outcomes.items():
        for o in outcomes:
            contracts, made = (small.contract, small.contract.calm()), mechanism_named(name)
            runs = [simulate(held, made, o.seed) for held in contracts]
            assert [r.hash for r in runs] == [o.trace.ending.run, o.trace.twin.run]
            with_shock, without = (r.series["utility"] for r in runs)
            assert with_shock[:53].tobytes() == without[:53].tobytes()
            assert not np.array_equal(with_shock[53:], without[53:])


def test_the_intervals_are_students(small: Comparison) -> None:
    x = np.array([o.measures["score"].value for o in small.outcomes["market"]])
    found = small.summary("market", "score")
    half = 4.302652729696142 * x.std(ddof=1) / np.sqrt(3)  # t of 2 degrees of freedom, 97.5 %
    assert found.mean == pytest.approx(x.mean(), rel=1e-12)
    assert found.ci95 == pytest.approx((x.mean() - half, x.mean() + half), rel=1e-9)


@pytest.mark.parametrize("week", [0, 70])
def test_a_mechanism_that_breaks_a_rule_is_a_result(tmp_path: Path, week: int) -> None:
    path = tmp_path / "breaks.py"
    path.write_text(BREAKS.replace("{week}", str(week)))
    contract = replace(tin(generate(2, products=6, households=2), weeks=80), settle=0)
    found = compare("tin", contract, [str(path), "market"], [0, 1], workers=0).to_dict()
    broken = found["mechanisms"][str(path)]
    assert broken["score"]["mean"] is None
    assert f"week {week}" in broken["score"]["reason"]
    assert broken["adaptation_lag"]["mean"] is None
    assert found["mechanisms"]["market"]["score"]["mean"] > 0.9
    json.dumps(found, allow_nan=False)


def test_an_empty_selection_is_refused(small: Comparison) -> None:
    with pytest.raises(InputError, match="at least one"):
        compare("tin", small.contract, [], [0])
    with pytest.raises(InputError, match="at least one"):
        compare("tin", small.contract, ["market"], [])


def test_an_unknown_mechanism_names_the_nearest() -> None:
    with pytest.raises(InputError, match="market"):
        mechanism_named("markt")


def test_a_response_is_detectable_beyond_two_standard_errors(
    small: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four seeds whose responses peak at a mean of -1: s.d. 0.8 is an error of 0.4, 1.2 of 0.6."""

    def responses(sd: float) -> np.ndarray:
        paths = np.zeros((4, len(small.weeks)))
        paths[:, -1] = -1 + sd * np.sqrt(0.75) * np.array([1, -1, 1, -1])
        return paths

    monkeypatch.setattr(Comparison, "paths", lambda *_: responses(0.8))
    assert small.detectable("market", "response")
    monkeypatch.setattr(Comparison, "paths", lambda *_: responses(1.2))
    assert not small.detectable("market", "response")
    assert "not detectable" in small.summary("market", "adaptation_lag").reason
