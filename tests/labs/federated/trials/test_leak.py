"""A listener finds what it should: all in single weeks, nothing under masks."""

import json
from dataclasses import replace

import numpy as np
import pytest

from catallax import InputError
from catallax.labs.federated import Plain, TrainingLine
from catallax.labs.federated.trials import KINDS, LearningProblem, MessageKind, measure_leaks
from catallax.labs.federated.trials.law import ORDERS
from catallax.labs.federated.trials.leak import reconstruct_orders

SETTING = LearningProblem(clients=4, weeks=26)
BY_NAME = {kind.name: kind for kind in KINDS}


def seen(name, seeds=1, setting=SETTING):
    return measure_leaks(setting, range(seeds), kinds=[BY_NAME[name]])


def test_reports_tell_all_but_the_noise():
    found = seen("reports", 4)
    expected = 1 - (0.05 / ORDERS) ** 2
    assert found.r2("reports").mean == pytest.approx(expected, abs=0.005)
    loud = seen("reports", 4, replace(SETTING, line=TrainingLine(noise=0.5)))
    assert loud.r2("reports").mean < 0.8


def test_updates_from_single_weeks_tell_everything_over_an_exact_line():
    exact = replace(SETTING, line=TrainingLine())
    assert reconstruct_orders(exact, MessageKind("x", 1, 1, Plain()), 0).r2.value > 0.999


def test_the_more_weeks_and_steps_the_less_is_told():
    one, several, two, many = (
        seen(f"updates from {x}").r2(f"updates from {x}").mean
        for x in ("1 week", "1 week, 5 steps", "2 weeks", "13 weeks")
    )
    assert one > 0.97
    assert one > several > two > many
    assert many < 0.4


def test_behind_masks_there_is_nothing():
    name = "masked, from 1 week"
    found = seen(name)
    assert abs(found.r2(name).mean) < 1e-3
    # 104 numbers: 4 standard errors of no correlation.
    together = np.mean([t.correlation.value for t in found.found[name]])
    assert abs(together) < 4 / np.sqrt(104)
    assert found.bits[name] > 50 * seen("updates from 1 week", 1).bits["updates from 1 week"]


def test_behind_noise_of_one_s_own_there_is_little():
    name = "clipped, noised, from 13 weeks"
    found = seen(name)
    assert abs(found.r2(name).mean) < 0.1
    assert found.epsilon[name] == pytest.approx(15.456, abs=0.001)


def test_it_goes_to_json():
    plain = json.loads(json.dumps(seen("reports").to_dict(), allow_nan=False))
    assert plain["reports"]["epsilon"] is None
    assert plain["reports"]["bits"] == 2 * 16 + np.log2(4)
    with pytest.raises(InputError, match="at least one seed"):
        measure_leaks(SETTING, ())
