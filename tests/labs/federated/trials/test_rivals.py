"""Federated, pooled and local-only learning: the law, the errors, the bits and the weeks."""

import json
from dataclasses import replace

import numpy as np
import pytest

from catallax import InputError
from catallax.labs.federated import FedAvg, Participation, TrainingLine, train_pooled
from catallax.labs.federated.trials import (
    LearningProblem,
    compare_ways,
    draw_rows,
    map_border,
    measure_costs,
    train_every_way,
)
from catallax.labs.federated.trials.border import find_crossing
from catallax.labs.federated.trials.law import ORDERS, PRICES, SURPRISE
from catallax.streams import Streams

QUIET = LearningProblem(clients=6, weeks=400, spread=0.0, line=TrainingLine())


def test_rows_follow_their_laws():
    """Residuals of the true law have the s.d. of e; 5 standard errors."""
    drawn = draw_rows(replace(QUIET, spread=0.5), Streams(0))
    c = drawn.clients
    off = (c.features * drawn.truth[c.of_example]).sum(axis=1) - c.targets
    assert off.std() == pytest.approx(SURPRISE / ORDERS, rel=5 / np.sqrt(2 * off.size))
    assert len(np.unique(drawn.truth[:, 1])) == 6
    assert drawn.prices.std() == pytest.approx(1.0, rel=0.1)
    calm = draw_rows(QUIET, Streams(0))
    assert np.ptp(calm.truth, axis=0) == pytest.approx(np.zeros(3), abs=1e-15)
    # Public standard deviations are those of orders and prices where rows do not differ.
    assert calm.orders.std() == pytest.approx(1.0, rel=0.1)


def test_a_row_has_the_same_past_whoever_else_is_there():
    few, many = (draw_rows(replace(QUIET, clients=n), Streams(3)) for n in (2, 6))
    assert np.array_equal(few.orders, many.orders[:2])


def test_the_error_of_the_truth_is_zero_and_of_nothing_what_is_explained():
    drawn = draw_rows(QUIET, Streams(1))
    assert drawn.error(drawn.truth).max() == 0.0
    # Nothing known: variance of orders less that of e, over that of e.
    expected = (ORDERS**2 - SURPRISE**2) / SURPRISE**2
    assert drawn.error(np.zeros(3)).mean() == pytest.approx(expected, rel=0.2)


def test_reports_are_blurred_in_logs():
    drawn = draw_rows(replace(QUIET, weeks=4000), Streams(2))
    orders, prices = drawn.reported(TrainingLine(noise=0.1), Streams(2))
    for heard, said, unit in ((orders, drawn.orders, ORDERS), (prices, drawn.prices, PRICES)):
        off = (heard - said) * unit
        assert off.std() == pytest.approx(0.1, rel=5 / np.sqrt(2 * off.size))
    exact = drawn.reported(TrainingLine(), Streams(2))
    assert exact[0] == pytest.approx(drawn.orders, abs=1e-15)


def test_alike_and_undisturbed_all_data_are_better_than_one_s_own():
    """Sampling error is three coefficients over the examples: 6 times as many pooled."""
    found = [train_every_way(QUIET, s) for s in range(12)]
    last = {w: np.mean([f[w].error[-1] for f in found]) for w in found[0]}
    assert last["local"] == pytest.approx(3 / 400, rel=0.4)
    assert last["pooled"] == pytest.approx(3 / 2400, rel=0.6)
    assert last["fedavg"] == pytest.approx(last["pooled"], rel=0.05)


def test_whoever_pools_reports_corrects_for_their_noise():
    """A coefficient of blurred features shrinks towards nothing; corrected it does not."""
    loud = LearningProblem(
        clients=20, weeks=1000, spread=0.0, line=TrainingLine(noise=0.2), rounds=60
    )
    models = []
    for corrects in (True, False):
        setting = replace(loud, corrects=corrects)
        drawn = draw_rows(setting, Streams(0))
        heard = drawn.heard(setting.line, Streams(0))
        models.append(
            train_pooled(setting.training(FedAvg()), setting.pooling, heard, Streams(0))[-1]
        )
    assert models[0] == pytest.approx(drawn.truth[0], abs=0.05)
    assert abs(models[1][2] / drawn.truth[0, 2]) < 0.8


def test_bits_and_weeks_by_hand():
    setting = LearningProblem(clients=4, weeks=10, rounds=3, delay=2.0)
    found = train_every_way(setting, 0)
    pooled, fed, local = found["pooled"], found["fedavg"], found["local"]
    assert pooled.bits[-1] == pytest.approx(4 * (21 * 16 + 2) + 4 * 3 * 16)
    assert pooled.weeks.tolist() == [0, 4, 4, 4]
    # A round's model, updates and counts; then the model that it ends with.
    each, last = 4 * 3 * 16 + 4 * (4 * 16 + 2), 4 * 3 * 16
    assert fed.bits == pytest.approx([0, each + last, 2 * each + last, 3 * each + last])
    assert fed.weeks.tolist() == [0, 6, 10, 14]
    assert not local.bits.any()
    assert fed.meter.total.bits_delivered == pytest.approx(fed.bits[-1])
    assert set(fed.meter.kinds) == {"model", "update"}
    assert set(pooled.meter.kinds) == {"data", "model"}


def test_stragglers_cost_fedavg_more_than_fedprox():
    slow = LearningProblem(
        clients=10, rounds=6, mu=0.0, participation=Participation(stragglers=0.9)
    )
    errors = {
        w: np.mean([train_every_way(slow, s)[w].error[-1] for s in range(8)])
        for w in ("fedavg", "fedprox")
    }
    assert errors["fedprox"] < errors["fedavg"]


def test_the_comparison_says_what_it_found():
    told = []
    found = compare_ways(
        LearningProblem(clients=3, weeks=8, rounds=4), (1, 2), progress=lambda *x: told.append(x)
    )
    assert told == [(1, 2, "seed 1"), (2, 2, "seed 2")]
    assert found.shown == (1, 2, 4)
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert [row["rounds"] for row in plain["fedprox"]] == [1, 2, 4]
    by_hand = np.mean([train_every_way(found.problem, s)["pooled"].error[2] for s in (1, 2)])
    assert found.error("pooled", 2).mean == pytest.approx(by_hand, rel=1e-12)
    with pytest.raises(InputError, match="at least one seed"):
        compare_ways(LearningProblem(), ())


def test_a_model_that_diverges_is_a_result():
    wild = LearningProblem(clients=3, weeks=8, rounds=60)
    wild = replace(wild, local=replace(wild.local, rate=20.0))
    found = compare_ways(wild, (0, 1))
    for way in ("pooled", "local"):
        assert "grew beyond all bounds (2 of 2 seeds)" in found.error(way, 60).reason
    # What is said over the line is bounded, so that a common model goes astray but is not lost.
    assert found.error("fedavg", 60).mean > 1
    exact = compare_ways(replace(wild, line=TrainingLine()), (0, 1))
    assert "grew beyond all bounds (2 of 2 seeds)" in exact.error("fedavg", 60).reason


def test_a_crossing_is_found_between_its_neighbours():
    values = (0.1, 0.2, 0.4)
    assert find_crossing(values, np.array([1.0, 1.0, -1.0]), "x").value == pytest.approx(
        0.2 * np.sqrt(2)
    )
    assert find_crossing(values, np.array([3.0, -1.0, -1.0]), "x").value == pytest.approx(
        0.1 * 2**0.75
    )
    # The last change counts.
    last = find_crossing(values, np.array([-1.0, 1.0, -1.0]), "x").value
    assert last == pytest.approx(0.2 * np.sqrt(2))
    assert (
        "x errs more than federated from 0.1 to 0.4"
        in find_crossing(values, np.ones(3), "x").reason
    )
    assert "less" in find_crossing(values, -np.ones(3), "x").reason
    assert "bounds" in find_crossing(values, np.array([1.0, np.nan, 1.0]), "x").reason


def test_the_border_falls_as_rows_see_more():
    found = map_border(LearningProblem(clients=8, rounds=10), "spread", range(4), weeks=(13, 104))
    few, many = (found.crossing(k) for k in range(2))
    assert few.ci95[0] > many.ci95[1]
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert plain["rival"] == "local"
    assert plain["crossing"]["13"]["mean"] == few.mean
    gap = found.error("local", 0, 2).mean - found.error("fedavg", 0, 2).mean
    assert found.gap(0, 2).mean == pytest.approx(gap, rel=1e-9)


def test_noise_hurts_pooled_reports_more_than_updates_unless_it_is_corrected_for():
    setting = LearningProblem(clients=8, weeks=104, spread=0.0)
    found = {
        corrects: map_border(
            replace(setting, corrects=corrects), "noise", range(4), weeks=(104,), values=(0.01, 0.2)
        )
        for corrects in (True, False)
    }
    assert found[False].rival == "pooled"
    hurt = found[False].gap(0, 1)
    assert hurt.ci95[0] > 0
    assert abs(found[False].gap(0, 0).mean) < 0.1 * hurt.mean
    assert abs(found[True].gap(0, 1).mean) < 0.5 * hurt.mean


def test_wrong_borders_are_refused():
    with pytest.raises(InputError, match=r"unknown axis 'spred'\. Did you mean 'spread'"):
        map_border(LearningProblem(), "spred")
    with pytest.raises(InputError, match="at least two values above 0"):
        map_border(LearningProblem(), values=(0.0, 1.0))


def test_noise_in_the_sum_costs_error_and_buys_epsilon():
    found = measure_costs(LearningProblem(clients=8, rounds=10), range(4), noises=(0.0, 2.0, 8.0))
    errors = [found.error(n).mean for n in (0.0, 2.0, 8.0)]
    assert errors == sorted(errors)
    assert found.epsilon(0.0) is None
    assert found.epsilon(8.0) < found.epsilon(2.0)
    json.dumps(found.to_dict(), allow_nan=False)


@pytest.mark.parametrize("values", [{"clients": 1}, {"weeks": 3}, {"spread": 4.0}, {"delay": -1.0}])
def test_bad_settings_are_refused(values):
    with pytest.raises(InputError, match=rf"federated\.{next(iter(values))}: .* is out of range"):
        LearningProblem(**values)
