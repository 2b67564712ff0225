"""No mechanism passes its bound, and the comparison says what it found."""

import json
import sys
from dataclasses import replace

import numpy as np
import pytest

from catallax.domains.production.economy import small
from catallax.domains.production.experiments import bound_gap, perfect_foresight, shortage
from catallax.domains.production.experiments.bound import MECHANISMS, Gap
from catallax.domains.production.experiments.bound import gap_of as gap
from catallax.domains.production.optimum import Foreseen
from catallax.domains.production.run import StaticOptimum, Stop
from catallax.errors import InputError, MissingExtra
from catallax.protocol import Measured

pytest.importorskip("clarabel")

TOL = 1e-6  # of the bound; see `optimum.foresight`


@pytest.mark.parametrize("mechanism", MECHANISMS)
@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("calm", [True, False])
def test_no_mechanism_passes_its_bound(mechanism, seed, calm):
    c = shortage(small(seed), weeks=15)
    found = gap(replace(c, shocks=()) if calm else c, mechanism, seed)
    assert found.welfare.value <= found.bound.value + TOL
    assert found.welfare.value <= found.efficiency.value + TOL
    # Only who sees everything comes close, and in a shortage not even the weekly optimum does.
    assert found.gap.value < 0.2
    if mechanism == "static_optimum":
        assert found.gap.value < (1e-3 if calm else 0.03)
    else:
        assert found.gap.value > 1e-3


@pytest.fixture(scope="module")
def gaps():
    told = []
    found = bound_gap(
        shortage(small(1), weeks=6),
        ("static_optimum", "market"),
        (3, 4),
        progress=lambda *step: told.append(step),
    )
    return found, told


def test_every_mechanism_meets_every_seed(gaps):
    found, told = gaps
    assert list(found.gaps) == ["static_optimum", "market"]
    assert [len(g) for g in found.gaps.values()] == [2, 2]
    assert [(done, of) for done, of, _ in told] == [(k, 6) for k in range(1, 7)]
    assert told[0][2] == "free bound, seed 3"
    assert told[-1][2] == "market, seed 4"
    assert found.oracles == {"static_optimum"}


def test_a_bound_that_leaves_nothing_is_above_all_others(gaps):
    found, _ = gaps
    for k, free in enumerate(found.free):
        assert all(g[k].bound.value < free.value for g in found.gaps.values())


def test_the_gap_is_the_share_of_the_bound_that_was_missed(gaps):
    found, _ = gaps
    by_hand = [1 - g.welfare.value / g.bound.value for g in found.gaps["market"]]
    assert found.summary("market", "gap").mean == pytest.approx(np.mean(by_hand), rel=1e-12)
    low, high = found.summary("market", "gap").ci95
    # Student's t of one degree of freedom at 97.5 %.
    assert (high - low) / 2 == pytest.approx(12.7062 * abs(np.diff(by_hand)[0]) / 2, rel=1e-5)


def test_it_goes_to_json(gaps):
    found, _ = gaps
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert plain["seeds"] == [3, 4]
    assert plain["mechanisms"]["static_optimum"]["kind"] == "oracle"
    assert plain["mechanisms"]["market"]["kind"] == "mechanism"
    assert plain["mechanisms"]["market"]["gap"]["mean"] == found.summary("market", "gap").mean
    assert plain["free_bound"]["mean"] == found.free_summary.mean


def test_what_is_undefined_has_a_reason(gaps):
    good, none = Measured(0.9), Measured(None, "stopped")
    assert Gap(good, none, good).gap == none
    assert Gap(good, good, none).gap == none
    found, _ = gaps
    summary = replace(found, gaps={"market": [Gap(none, none, none)] * 2}).summary("market", "gap")
    assert summary.mean is None
    assert "stopped (2 of 2 seeds)" in summary.reason


def test_a_run_that_stops_and_a_plan_that_is_not_found_are_results(monkeypatch):
    c = shortage(small(1), weeks=4)
    hopeless = StaticOptimum(tol=1e-300, limit=1)
    monkeypatch.setattr(
        "catallax.domains.production.experiments.bound.mechanism_named", lambda name: hopeless
    )
    assert Stop.UNSOLVED.name.lower() in gap(c, "static_optimum", 0).gap.reason
    monkeypatch.undo()
    plan = perfect_foresight(c, 0)
    monkeypatch.setattr(
        "catallax.domains.production.experiments.bound.foresight",
        lambda h: replace(plan, stop=Foreseen.UNSOLVED),
    )
    assert "stalled" in gap(c, "static_optimum", 0).gap.reason


def test_wrong_selections_are_refused_before_anything_is_run():
    c = shortage(small(0), weeks=4)
    for mechanisms, seeds in (((), (1,)), (("market",), ())):
        with pytest.raises(InputError, match="at least one mechanism and one seed"):
            bound_gap(c, mechanisms, seeds)
    with pytest.raises(InputError, match="unknown mechanism 'markt'"):
        bound_gap(c, ("market", "markt"), (1,))


def test_without_the_solver_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "clarabel", None)
    with pytest.raises(MissingExtra, match=r'pip install "catallax\[bound\]"'):
        perfect_foresight(shortage(small(0), weeks=2), 0)
