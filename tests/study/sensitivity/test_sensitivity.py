"""Which axes a result hangs on, by laws whose indices are known."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax.domains.production.experiments.questions import FREE
from catallax.errors import InputError
from catallax.protocol import NumberRange
from catallax.study.sensitivity import (
    measure_sensitivity,
    method_named,
    range_of,
    ranges_of,
)
from catallax.study.sweep import Base
from tests.domains.production.experiments.laws import MadeUp

SETTINGS: dict = {"economy": "small:0", "weeks": 60}
ONE = Base(FREE, SETTINGS, ("market",))
TWO = Base(FREE, SETTINGS, ("market", "ai_planner"))
AXES = ranges_of(("tacit=0..1", "novelty=0..1", "coverage=0..1"), FREE)
SEEDS = (0, 1)


class Corners:
    """A stand-in: every corner of the cube, and the slope along each axis."""

    name = "corners"

    def points(self, dimensions):
        return np.array(list(np.ndindex(*[2] * dimensions)), dtype=float)

    def indices(self, points, answers):
        slope = [answers[x == 1].mean() - answers[x == 0].mean() for x in points.T]
        return {"slope": (np.array(slope), np.full(len(slope), np.nan))}


def linear(point, label, seed):
    return 1.0 + 0.3 * point["tacit"] - 0.1 * point["novelty"] + 0.01 * seed


def test_the_measure_of_one_and_the_margin_of_two():
    one = measure_sensitivity(ONE, AXES, SEEDS, MadeUp(linear), Corners())
    slopes = {name: found["slope"].value for name, found in one.indices.items()}
    assert slopes == pytest.approx({"tacit": 0.3, "novelty": -0.1, "coverage": 0.0}, abs=1e-12)
    assert one.answers.mean() == pytest.approx(1.0 + 0.15 - 0.05 + 0.005)
    assert one.runs == 16

    def double(point, label, seed):
        return (2 if label == "market" else 1) * linear(point, label, seed)

    two = measure_sensitivity(TWO, AXES, SEEDS, MadeUp(double), Corners())
    np.testing.assert_allclose(two.answers, one.answers)
    json.dumps(two.to_dict(), allow_nan=False)


def test_failed_runs_count_as_nothing_and_are_told():
    found = measure_sensitivity(
        ONE, AXES, SEEDS, MadeUp(lambda p, m, s: None if p["tacit"] == 1 else 0.8), Corners()
    )
    assert (found.failed, found.indices["tacit"]["slope"].value) == (8, pytest.approx(-0.8))


def test_a_result_that_never_varies_has_no_indices_but_a_reason():
    found = measure_sensitivity(ONE, AXES, SEEDS, MadeUp(lambda p, m, s: 0.5), Corners())
    assert found.indices == {}
    assert found.reason == "the result is the same at every point"


def test_points_that_fall_together_are_run_once():
    gather = MadeUp(linear)
    axes = ranges_of(("tacit=0..1", "novelty=0.5..0.6", "resolution=8..9"), FREE)

    class Many(Corners):
        def points(self, dimensions):
            points = super().points(dimensions)
            points[:, 2] *= 0.4
            return points

        def indices(self, points, answers):
            return {}

    found = measure_sensitivity(ONE, axes, SEEDS, gather, Many())
    assert len(gather.asked) == 8
    assert len(found.answers) == 8


def ishigami(point, label, seed):
    """Of x in (-pi, pi)^3: S1 = 0.3139, 0.4424, 0; ST = 0.5576, 0.4424, 0.2437 (a = 7, b = 0.1)."""
    x = [np.pi * (2 * point[name] - 1) for name in AXES]
    return 20 + np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])


def test_sobols_indices_of_ishigamis_function():
    pytest.importorskip("SALib", reason="the extra `sensitivity` is not installed")
    found = measure_sensitivity(ONE, AXES, (0,), MadeUp(ishigami), method_named("sobol", 512, 1))
    names = list(AXES)
    known = {"S1": (0.3139, 0.4424, 0.0), "ST": (0.5576, 0.4424, 0.2437)}
    for index, truth in known.items():
        for name, value in zip(names, truth, strict=True):
            at = found.indices[name][index]
            assert at.half < 0.2
            assert abs(at.value - value) < max(1.5 * at.half, 0.01)


def test_morriss_effects_of_a_linear_law():
    pytest.importorskip("SALib", reason="the extra `sensitivity` is not installed")
    found = measure_sensitivity(ONE, AXES, SEEDS, MadeUp(linear), method_named("morris", 6, 1))
    effects = {name: (i["mu*"].value, i["mu"].value) for name, i in found.indices.items()}
    assert effects["tacit"] == pytest.approx((0.3, 0.3))
    assert effects["novelty"] == pytest.approx((0.1, -0.1))
    assert effects["coverage"] == pytest.approx((0.0, 0.0), abs=1e-12)
    assert found.indices["tacit"]["sigma"].value == pytest.approx(0.0, abs=1e-12)
    again = measure_sensitivity(ONE, AXES, SEEDS, MadeUp(linear), method_named("morris", 6, 1))
    np.testing.assert_array_equal(found.answers, again.answers)


@given(st.floats(0, 1), st.booleans())
def test_ranges_go_from_end_to_end(share, log):
    r = NumberRange(0.5, 8.0, log=log)
    value = r.value(share)
    assert 0.5 - 1e-12 <= value <= 8.0 + 1e-12
    assert (r.value(0.0), r.value(1.0)) == (0.5, pytest.approx(8.0))
    assert r.value(0.5) == pytest.approx(2.0 if log else 4.25)


def test_whole_numbers_are_equally_likely():
    _, r = range_of("delay=0..4", FREE)
    assert r.whole
    values = [r.value((k + 0.5) / 1000) for k in range(1000)]
    assert {v: values.count(v) for v in set(values)} == dict.fromkeys(range(5), 200)


def test_axes_have_ranges_of_their_own():
    assert range_of("drift", FREE) == ("drift", NumberRange(0.0, 0.04))
    assert range_of("delay", FREE) == ("delay", NumberRange(0.0, 8.0, whole=True))
    assert range_of("interval", FREE) == ("interval", NumberRange(1, 52, log=True, whole=True))
    assert range_of("market:kappa=0.01..0.1", FREE) == ("market:kappa", NumberRange(0.01, 0.1))
    assert range_of("market:kappa", FREE) == ("market:kappa", NumberRange(0.003, 0.3, log=True))
    assert range_of("market:beta", FREE) == ("market:beta", NumberRange(0.0, 0.5))
    for text, whole in (
        ("channel.centre.delay=0..3", True),
        ("channel.kinds.z.delay=0..3", True),
        ("channel.centre.resolution=4..8", True),
        ("ai_planner:interval = 1 .. 9", True),
        ("channel.centre.noise=0..1", False),
        ("economy.firms=10..20", True),
    ):
        assert range_of(text, FREE)[1].whole == whole, text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("tacid", "unknown axis 'tacid'"),
        ("tacit=1..0", "range 1 to 0 is empty"),
        ("tacit=1", r"expected NAME or NAME=LOW\.\.HIGH"),
        ("tacit=a..b", "'a' is not a number"),
        ("sigma=0..2", "give a lower end that is above 0 and below the upper one"),
        ("delegation", "has no range of its own"),
        ("channel.centre.delay", "has no range of its own"),
    ],
)
def test_wrong_ranges_are_refused(text, says):
    with pytest.raises(InputError, match=says):
        range_of(text, FREE)


def test_wrong_questions_are_refused():
    with pytest.raises(InputError, match="at least two axes"):
        measure_sensitivity(ONE, ranges_of(["tacit"], FREE), SEEDS, MadeUp(linear), Corners())
    with pytest.raises(InputError, match="one or two mechanisms"):
        measure_sensitivity(
            Base(FREE, SETTINGS, ("market", "ai_planner", "ai_market")), AXES, SEEDS,
            MadeUp(linear), Corners(),
        )  # fmt: skip
    with pytest.raises(InputError, match="unknown method 'fast'"):
        method_named("fast", 8, 1)
