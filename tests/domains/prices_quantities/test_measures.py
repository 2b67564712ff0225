"""The measures, against numbers worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from catallax.domains.prices_quantities import DOMAIN, CostShift, PlantsContract
from catallax.domains.prices_quantities.run import PlantsRun, PlantsStop
from catallax.protocol import measure_run

CONTRACT = PlantsContract(2, weeks=2)
RUN = PlantsRun(
    CONTRACT,
    "made",
    {},
    0,
    False,
    series={
        "output": np.array([[1.0, 3.0], [-1.0, 1.0]]),
        "marginal_cost": np.array([[1.0, 3.0], [5.0, 5.0]]),
        "marginal_benefit": np.array([1.0, 5.0]),
        "welfare": np.array([1.0, -2.0]),
        "best": np.array([2.0, 0.0]),
        "planned": np.array([0.5, -1.0]),
    },
    deliveries=4,
    traffic=256,
)


def measured(run: PlantsRun, twin: PlantsRun | None = None) -> dict:
    return measure_run(DOMAIN.measures.values(), run, run, twin)


def test_every_measure_by_hand() -> None:
    found = {name: m.value for name, m in measured(RUN, RUN).items()}
    assert found == {
        "welfare": -0.5,
        "share": -0.5,
        "loss": 1.5,
        "advantage": -0.25,
        "output": 1.0,
        "spread": 0.5,
        "wedge": 0.5,
        "shock_loss": None,
        "messages": 2.0,
        "bits": 128.0,
    }


def test_what_a_shock_costs_is_the_loss_over_that_of_the_twin() -> None:
    shocked = replace(RUN, contract=replace(CONTRACT, shocks=(CostShift(1, 0.5),)))
    twin = replace(RUN, series={**RUN.series, "best": np.array([7.0, -1.5])})
    # From week 1 on: (0 − −2) − (−1.5 − −2).
    assert measured(shocked, twin)["shock_loss"].value == pytest.approx(1.5)
    stopped = replace(twin, stop=PlantsStop.BAD_ACT)
    assert measured(shocked, stopped)["shock_loss"].reason == "the unshocked twin stopped early"
    assert "no shock" in measured(RUN, RUN)["shock_loss"].reason


def test_there_is_no_share_of_nothing() -> None:
    empty = replace(RUN, series={**RUN.series, "best": np.zeros(2)})
    assert "gains nothing" in measured(empty)["share"].reason


def test_an_oracle_says_nothing_and_a_stopped_run_has_no_measures() -> None:
    assert measured(replace(RUN, oracle=True), RUN)["bits"].reason == "an oracle sends no messages"
    found = measured(replace(RUN, stop=PlantsStop.BAD_ACT, reason="is nan in week 1"), None)
    assert {m.value for m in found.values()} == {None}
    assert found["welfare"].reason == "bad_act: is nan in week 1"


def test_measures_say_what_they_are() -> None:
    assert DOMAIN.judged_by == "welfare"
    for measure in DOMAIN.measures.values():
        assert measure.source
        assert measure.unit
        assert measure.text.endswith(".")
        assert measure.failed is None
