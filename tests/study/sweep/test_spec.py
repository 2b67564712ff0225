"""A sweep as it is written down: what it varies, and how a wrong one is refused."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax import InputError
from catallax.study.sweep.cells import Cell, requests_at
from catallax.study.sweep.spec import Listed, Span, SweepFile, SweepSpec, spec_of_file
from catallax.tomlfile import read_as

KINDS = {"delay": float, "noise": float, "interval": int, "delegation": str}
TWO = (("delay", Span(0.0, 8.0, count=3)), ("delegation", Listed(("retail", "in_kind"))))


def spec(**said) -> SweepSpec:
    made = read_as("", SweepFile, {"name": "a", "experiment": "tin", **said})
    return spec_of_file(made, "file", KINDS.__getitem__)


def test_a_grid_has_every_combination_once():
    points = SweepSpec("a", "tin", TWO).points()
    assert len(points) == 6
    assert points[0] == {"delay": 0.0, "delegation": "retail"}
    assert points[-1] == {"delay": 8.0, "delegation": "in_kind"}


def test_a_sweep_without_axes_is_one_point():
    assert SweepSpec("a", "tin", ()).points() == [{}]
    assert SweepSpec("a", "tin", (), design="latin", samples=4).points() == [{}]


@pytest.mark.parametrize("design", ["latin", "sobol"])
def test_samples_lie_evenly_and_are_the_same_for_the_same_seed(design):
    made = [
        SweepSpec("a", "tin", TWO, design=design, samples=16, seed=k).points() for k in (0, 0, 1)
    ]
    assert made[0] == made[1] != made[2]
    delays = sorted(p["delay"] for p in made[0])
    assert [int(d * 2) for d in delays] == list(range(16))  # one in each sixteenth
    assert sum(p["delegation"] == "retail" for p in made[0]) == 8


@given(st.integers(0, 50), st.integers(1, 50), st.booleans(), st.floats(0, 1))
def test_values_lie_between_the_ends_and_whole_ends_give_whole_numbers(low, more, log, u):
    low += log  # which has no logarithm at 0
    value = Span(low, low + more, log).at(u)
    assert isinstance(value, int)
    assert low <= value <= low + more
    assert low <= Span(float(low), float(low + more), log).at(u) <= low + more


def test_whole_numbers_come_equally_often():
    found = [Span(1, 4).at(u) for u in (np.arange(4000) + 0.5) / 4000]
    assert np.bincount(found)[1:].tolist() == [1000] * 4


def test_steps_in_logs_are_ratios():
    grid = Span(0.001, 0.1, log=True, count=3).grid()
    assert grid == pytest.approx((0.001, 0.01, 0.1))


def test_what_is_written_is_what_is_read():
    found = spec(
        axes={"delay": [0, 1.5], "interval": {"low": 1, "high": 52, "log": True, "count": 4}},
        seeds=[3, 5],
        mechanisms=["market"],
    )
    assert found.axes == (
        ("delay", Listed((0, 1.5))),
        ("interval", Span(1, 52, log=True, count=4)),
    )
    assert (found.seeds, found.mechanisms) == ("3,5", ("market",))
    assert spec(seeds=8).seeds == "8"
    assert spec(seeds=[8]).seeds == "8-8"


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"axis": {}}, "unknown key 'axis'. Did you mean 'axes'"),
        ({"axes": {"delay": []}}, r"axes.delay: is empty; write \[first, second"),
        ({"mechanisms": []}, r"^mechanisms: is empty; write \[\"first\", .*the experiment's own$"),
        ({"axes": {"delay": ["long"]}}, "axes.delay: 'long' is not a number"),
        ({"axes": {"interval": [1.5]}}, "axes.interval: 1.5 is not a whole number"),
        ({"axes": {"interval": [4, 4]}}, "axes.interval: has a value twice"),
        ({"axes": {"delay": {"low": 0, "hihg": 1}}}, "axes.delay: .*Did you mean 'high'"),
        ({"axes": {"delay": {"low": 2, "high": 1}}}, "axes.delay: low: 2 is not below high"),
        ({"axes": {"delay": {"low": 0, "high": 1, "log": True}}}, "axes.delay: .*no logarithm"),
        ({"axes": {"delegation": {"low": 0, "high": 1}}}, "axes.delegation: has words"),
        ({"design": "gird"}, "design: .*Did you mean 'grid'"),
        ({"design": "sobol", "samples": 12}, "samples: 12 is not a power of 2.*give 8 or 16"),
        ({"design": "latin"}, "samples: 0 is out of range"),
        ({"samples": 4}, "samples: a grid has none"),
        ({"seed": -1}, "seed: -1 is out of range"),
        ({"seeds": ["a"]}, r"seeds\[0\]: 'a' is not a whole number"),
        ({"mechanisms": "market"}, "mechanisms: 'market' is not a list"),
    ],
)
def test_a_wrong_one_is_refused_with_the_key_that_is_wrong(said, message):
    with pytest.raises(InputError, match=message):
        spec(**said)


def test_a_grid_needs_the_number_of_values():
    with pytest.raises(InputError, match=r"axes\.delay: count: is missing"):
        SweepSpec("a", "tin", (("delay", Span(0.0, 1.0)),)).points()


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"axes": {"delay": {"low": 0, "high": 1, "count": 10**9}}}, "count: 1000000000 is out of"),
        ({"axes": {"delay": {"low": 0, "high": 1, "count": -2}}}, "count: -2 is out of range"),
        ({"axes": {"interval": {"low": 1, "high": 10**400}}}, "interval.high: has 1,329 bits"),
        ({"axes": {"interval": {"low": -(10**400), "high": 1}}}, "interval.low: has 1,329 bits"),
        (
            {"axes": {k: {"low": 0.0, "high": 1.0, "count": 99_999} for k in ("delay", "noise")}},
            "axes: a grid of 9,999,800,001 points is too large, at most 100,000; give fewer",
        ),
        ({"design": "latin", "samples": 10**12}, "samples: 1000000000000 is out of range"),
    ],
)
def test_what_is_too_large_is_refused_before_it_is_built(said, message):
    tracemalloc.start()
    with pytest.raises(InputError, match=message):
        spec(**said).points()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000


def test_a_grid_of_whole_numbers_is_as_large_as_it_is():
    many = Span(1, 4, count=90_000)
    assert len(SweepSpec("a", "tin", (("interval", many), ("delay", many))).points()) == 16


def test_too_many_runs_are_refused_before_they_are_built():
    cell = Cell({}, None, {"market": "market"})
    with pytest.raises(InputError, match="2,000,000 runs are too many at once, at most 1,000,000"):
        requests_at([cell] * 2000, range(1000))
