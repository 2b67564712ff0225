"""What figures are held against: targets, the exact Leontief optimum, repair, STREAM, bytes."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csc_array

from benchmarks.contracts import plants
from benchmarks.figure import Figure, ratio
from benchmarks.growth import _exponents
from benchmarks.market_stream import bytes_touched
from benchmarks.programme import write_programme
from benchmarks.session import Failed, Session, best_median, in_turn, run_json
from benchmarks.stream import triad

PEER = Path(__file__).parents[2] / "benchmarks" / "peers" / "highs.py"


def peer():
    """The script of HiGHS, whose repair needs no HiGHS."""
    spec = importlib.util.spec_from_file_location("highs_peer", PEER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def figure(value, **more):
    return Figure("speed", "ours", "small", value, "1/s", "", **more)


@pytest.mark.parametrize(
    ("value", "target", "below", "reached"),
    [
        (10.0, 10.0, False, True),
        (9.9, 10.0, False, False),
        (10.0, 10.0, True, True),
        (10.1, 10.0, True, False),
        (None, 10.0, False, None),
        (1.0, None, False, None),
    ],
)
def test_reached(value, target, below, reached):
    f = figure(value, target=target, below=below)
    assert f.reached is reached
    assert Figure.from_plain(f.plain()) == f


def test_a_ratio_is_of_both():
    theirs = Figure("speed", "theirs", "small", 4.0, "1/s", "")
    found = ratio("times", figure(10.0), theirs, 2.0)
    assert (found.value, found.system, found.reached) == (2.5, "ours / theirs", True)
    assert ratio("times", figure(None), theirs).value is None


def test_ways_take_turns():
    order = []
    ways = {k: (lambda k=k: order.append(k) or len(order)) for k in "ab"}
    assert in_turn(2, ways) == {"a": [1, 3], "b": [2, 4]}
    assert order == list("abab")
    assert best_median([[3.0, 1.0, 2.0], [5.0, 1.0, 9.0]]) == 2.0


@pytest.fixture(scope="module")
def programme(tmp_path_factory):
    """A small programme, as it is handed over, and its best scale."""
    path = tmp_path_factory.mktemp("programme") / "p.npz"
    best = write_programme(plants(60), path)
    return dict(np.load(path)), best


def solved(p):
    """The same programme by scipy's HiGHS: its scale and its plan."""
    n, rows = int(p["n"]), int(p["n"] + p["resources"])
    a = csc_array((p["value"], p["index"], p["start"]), shape=(rows, n + 1)).toarray()
    upper = np.vstack([-a[:n], a[n:]])
    limit = np.concatenate([np.zeros(n), np.ones(rows - n)])
    found = linprog(-np.eye(n + 1)[n], A_ub=upper, b_ub=limit, method="highs")
    return -found.fun, found.x[:n]


def test_the_exact_optimum_is_the_programmes(programme):
    p, best = programme
    value, plan = solved(p)
    assert abs(best - 1.0) > 1e-3  # the base year is no answer
    assert value == pytest.approx(best, rel=1e-9)
    assert peer().shortfall(plan, p) < 1e-9


def test_a_plan_is_judged_by_its_worst_product(programme):
    p, _ = programme
    _, plan = solved(p)
    module = peer()
    # Everything a tenth smaller: every product a tenth short.
    assert module.shortfall(0.9 * plan, p) == pytest.approx(0.1, rel=1e-6)
    # Everything a tenth larger overuses resources and is scaled back: nothing is short.
    assert module.shortfall(1.1 * plan, p) < 1e-9
    # One product made half as much: it lacks more than half of its deliveries, whatever the rest.
    worst = int(np.argmax(p["demand"]))
    less = np.where(np.arange(len(plan)) == worst, 0.5, 1.0) * plan
    assert module.shortfall(less, p) > 0.5
    # Beyond what resources allow, how large the plan is on paper makes no difference.
    assert module.shortfall(3.0 * less, p) == pytest.approx(module.shortfall(1.5 * less, p))
    assert module.shortfall(np.zeros(len(plan)), p) == 1.0


def test_the_triad_reads_and_writes():
    pytest.importorskip("numba")
    assert triad(1000, 1) > 0


def test_bytes_of_an_update():
    """By hand: 15 row numbers twice; 7 numbers on a home's 10 links; 12 on a firm's 11."""
    home, firm = 10 * 7, 11 * 12
    assert bytes_touched() == pytest.approx(8 * (2 * 15 + (10 * home + firm) / 11))


def test_exponents_of_known_growth():
    whole, steep = _exponents("time of it", {10: 1.0, 100: 10.0**1.2, 1000: 10.0**2})
    assert whole.value == pytest.approx(1.0)
    assert steep.value == pytest.approx(1.2)
    assert whole.reached


def test_a_child_that_fails_says_what_it_wrote():
    with pytest.raises(Failed, match="KeyError: 'nothing'"):
        Session().child("nothing")
    with pytest.raises(Failed, match="exit code 3"):
        run_json(["python", "-c", "raise SystemExit(3)"], {})
    with pytest.raises(Failed, match="peers are left out"):
        Session().peer("bam")
