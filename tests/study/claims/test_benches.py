"""What is tried without an institution."""

from dataclasses import replace

import numpy as np
import pytest

from catallax import Contract, KnowledgeLaw, generate
from catallax.labs.benches import NEAR
from catallax.labs.federated.trials import LearningProblem, train_every_way
from catallax.study.claims.samples import bench_named

POINT = {"weeks": 13, "spread": 0.3, "delay": 1.0}


def test_time_and_bits_until_as_good_are_those_of_the_rivals():
    """Pooling takes one report and one answer: two weeks."""
    setting = replace(LearningProblem(), weeks=13, spread=0.3, delay=1.0)
    found = train_every_way(setting, 3)
    pooled, shared = found["pooled"], found["fedavg"]
    there = int(np.flatnonzero(shared.error <= NEAR * pooled.error[-1])[0])
    assert bench_named("training_time")(POINT, None, 3).value == pytest.approx(
        2.0 / shared.weeks[there] - 1.0
    )
    there_pooled = int(np.flatnonzero(pooled.error <= NEAR * pooled.error[-1])[0])
    assert bench_named("training_bits")(POINT, None, 3).value == pytest.approx(
        pooled.bits[there_pooled] / shared.bits[there] - 1.0
    )


def test_messages_without_delay_have_no_ratio_of_times():
    found = bench_named("training_time")({**POINT, "delay": 0.0}, None, 0)
    assert found.value is None
    assert "take no time" in found.reason


def test_market_and_exchange_end_at_one_price():
    point = {"regions": 3, "delay": 1.0}
    assert abs(bench_named("price_gap")(point, None, 0).value) < 1e-3
    bits = bench_named("price_bits")(point, None, 0).value
    assert -1.0 < bits < 0.0


@pytest.mark.parametrize(("novelty", "low", "high"), [(0.0, 0.5, 1.0), (1.0, -1.0, 0.2)])
def test_what_history_tells_is_foretold_and_what_is_new_is_not(novelty, low, high):
    law = KnowledgeLaw(drift=0.03, novelty=novelty)
    found = bench_named("skill")({}, Contract(generate(3), law, weeks=156), 0).value
    assert low < found < high
