"""A smoke run of the Leontief benchmark at a tiny size; no time is asserted."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

PATH = Path(__file__).parents[2] / "benchmarks" / "leontief.py"


@pytest.fixture(scope="module")
def bench():
    spec = importlib.util.spec_from_file_location("benchmark_of_leontief", PATH)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_smoke(bench):
    records = {r.name: r.value for r in bench.measure(100, 20, 8, sizes=(60, 120), checks=(60,))}
    assert all(np.isfinite(v) for v in records.values())
    assert records["programme (iterate): gap"] <= 1e-8
    highs, ours = (records[f"programme ({m}): scale at 60"] for m in ("highs", "iterate"))
    assert ours == pytest.approx(highs, rel=1e-7)
    assert records["balances, float32: cost"] > 0
    assert records["balances, shuffled: read"] == records["balances: read"]


def test_shuffling_loses_no_entry(bench):
    links = bench.draw(50, 10, 5)
    moved = links.shuffled()
    assert not np.array_equal(links.technique, moved.technique)
    for a, b in ((links.technique, moved.technique), (links.amount, moved.amount)):
        np.testing.assert_array_equal(np.sort(a), np.sort(b))
