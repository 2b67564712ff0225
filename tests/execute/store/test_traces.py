"""A comparison with a store goes on where it was, and its page is made from what is kept."""

import json
from pathlib import Path

import numpy as np
import pytest

from catallax import Contract, compare
from catallax.domains.production.economy import Shock
from catallax.execute.store import Store
from catallax.protocol import Trace, domain_in
from catallax.show import to_json
from catallax.show.page import build_page
from catallax.study import Comparison

COMMONS = Path(__file__).parents[3] / "examples" / "commons.py"
CONTRACT = Contract("us15", shocks=(Shock("labour", 53, 0.9),), weeks=60)
NAMES = ["static_optimum", "market"]


def compared(folder: Path, seeds: int = 2) -> tuple[Comparison, int]:
    """The comparison, and the number of runs that were made for it."""
    ran = [0]
    found = compare(
        "mine", CONTRACT, NAMES, seeds, workers=0, store=Store(folder),
        progress=lambda done, total, what: ran.append(done),
    )  # fmt: skip
    return found, ran[-1]


def shown(comparison: Comparison) -> tuple[str, str]:
    return to_json(comparison), build_page(comparison, command="catallax compare")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kept.runs"


def test_the_same_comparison_again_runs_nothing_and_shows_the_same(folder: Path) -> None:
    first, ran = compared(folder)
    again, none = compared(folder)
    assert (ran, none) == (4, 0)
    assert shown(again) == shown(first)


def test_more_seeds_run_only_what_is_missing(folder: Path) -> None:
    compared(folder, 1)
    more, ran = compared(folder, 3)
    assert ran == 4
    assert json.loads(to_json(more))["seeds"] == [0, 1, 2]


def test_a_run_without_its_trace_is_run_again(folder: Path) -> None:
    first, _ = compared(folder, 1)
    for file in (folder / "traces").glob("*.parquet"):
        file.unlink()
    again, ran = compared(folder, 1)
    assert ran == 2
    assert [o.trace.ending for o in again.outcomes["market"]] == [
        o.trace.ending for o in first.outcomes["market"]
    ]


def test_a_damaged_file_of_traces_is_set_aside_and_told(folder: Path) -> None:
    compared(folder, 1)
    (file,) = (folder / "traces").glob("*.parquet")
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 0xFF
    file.write_bytes(bytes(raw))
    store = Store(folder)
    compare("mine", CONTRACT, NAMES, 1, workers=0, store=store)
    assert any(file.name in note for note in store.notes)
    assert list((folder / "traces").glob("*.aside"))


def test_a_trace_comes_back_to_the_last_bit(folder: Path) -> None:
    first, _ = compared(folder, 1)
    again, _ = compared(folder, 1)
    one, two = (c.outcomes["market"][0].trace for c in (first, again))
    assert one.lines.keys() == two.lines.keys() != set()
    for name, line in one.lines.items():
        assert line.tobytes() == two.lines[name].tobytes()
    assert one.traffic == two.traffic != {}


@pytest.mark.parametrize(
    "broken",
    [
        {"weeks": [0.0, 1.0]},
        {"traffic": {"ask": [1.0, 2.0]}},
        {"lines": {"efficiency": ["one"]}},
        {"lines": {"efficiency": [[1.0], [2.0]]}},
        {"ending": {"run": 3}},
    ],
)
def test_what_is_no_trace_is_refused(folder: Path, broken: dict[str, object]) -> None:
    first, _ = compared(folder, 1)
    plain = json.loads(json.dumps(first.outcomes["market"][0].trace.to_dict()))
    Trace.from_dict(plain)
    with pytest.raises((ValueError, TypeError)):
        Trace.from_dict(plain | broken)


def test_a_gap_is_null_in_the_file_and_nan_in_the_line() -> None:
    found, _ = (compare("x", CONTRACT.calm(), ["market"], 1, workers=0), 0)
    trace = found.outcomes["market"][0].trace
    gap = np.array(trace.lines["efficiency"])
    gap[3] = np.nan
    plain = Trace(
        trace.ending, trace.twin, trace.settings, trace.weeks, {"efficiency": gap}
    ).to_dict()
    assert json.loads(json.dumps(plain, allow_nan=False))["lines"]["efficiency"][3] is None
    assert np.isnan(Trace.from_dict(plain).lines["efficiency"][3])


def test_a_domain_that_says_nothing_traces_what_has_one_number_a_week() -> None:
    contract = domain_in(COMMONS).experiments["commons"].build({"weeks": 700})
    found = compare("fish", contract, ["quota"], 1, workers=0)
    trace = found.outcomes["quota"][0].trace
    assert set(trace.lines) == {"stock", "caught"}
    assert len(trace.weeks) == 600
    assert trace.weeks[-1] == 699
