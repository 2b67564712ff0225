"""Runs as data frames and arrays with named axes; without the extra it is named."""

import sys

import pytest

from catallax import MissingExtra
from catallax.study.sweep import RunRow, RunRows

LABELS = ("market", "ai_planner")
ROWS = RunRows.of(
    RunRow(f"{d}{m}{s}", {"delay": d}, m, m, s, {}, {"score": d + s, "gdp": None}, {"gdp": "short"})
    for d in (0.0, 1.0) for m in LABELS for s in range(3)
    if (d, m, s) != (1.0, "market", 2)
)  # fmt: skip


@pytest.mark.parametrize(("module", "method"), [("pandas", "to_pandas"), ("xarray", "to_xarray")])
def test_without_the_library_the_extra_is_named(monkeypatch, module, method):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra, match=r'pip install "catallax\[frames\]"'):
        getattr(ROWS, method)()


def test_a_frame_has_a_row_a_run():
    pytest.importorskip("pandas", reason="the extra `frames` is not installed")
    found = ROWS.to_pandas()
    assert len(found) == len(ROWS) == 11
    means = found.groupby(["point.delay", "label"]).score.mean()
    assert means[1.0, "ai_planner"] == 2.0
    assert means[1.0, "market"] == 1.5
    assert found.gdp.isna().all()


def test_arrays_have_the_axes_of_the_map_and_nothing_where_nothing_was_run():
    pytest.importorskip("xarray", reason="the extra `frames` is not installed")
    found = ROWS.to_xarray().score
    assert found.dims == ("delay", "label", "seed")
    assert float(found.sel(delay=1.0, label="ai_planner", seed=2)) == 3.0
    assert bool(found.sel(delay=1.0, label="market", seed=2).isnull())
    assert int(found.count()) == 11
