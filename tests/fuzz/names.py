"""Names of economies and mechanisms, and panels of series."""

import json
import warnings
from pathlib import Path

from hypothesis import strategies as st

from catallax.domains.production.economy import economy_named
from catallax.errors import InputError
from catallax.execute import entry_of
from catallax.labs.forecasting import forecast_bench, read_panel
from catallax.protocol import PRODUCTION, domain_in
from tests.fuzz.hunting import Kind, Pieces
from tests.fuzz.said import TINY

PARTS = st.one_of(
    st.sampled_from(
        "us15 us71 made small town market save spend ai_planner : x 0 7 12 60 9999999999 -1 1.5 "
        "nan inf sigma= share= kappa= =0.5 0.5 own.csv .toml / .. \\ ² ٣ \x00 é \udcff tiny.py "
        "1e999 rigid,".split(" ")
    ),
    st.sampled_from(["", " ", "\n", "9" * 5000, ":" * 50]),
    st.text(max_size=3),
)


def play_name(pieces: Pieces, folder: Path) -> None:
    """A name stands for something, or is refused."""
    text = "".join(pieces)
    for make in (
        economy_named,
        lambda name: entry_of(name, PRODUCTION),
        lambda name: entry_of(name, domain_in(TINY)),
    ):
        try:
            make(text)
        except InputError:
            continue


NAMES = Kind("names", st.lists(PARTS, min_size=1, max_size=5), play_name, 0.06)

CELLS = st.one_of(
    st.sampled_from(["0", "5", "", "1", "-3", "1e300", "nan", "1e-320", "x", "-0.0", " 7 "]),
    st.floats(-100, 100).map(str),
)
ROWS = st.one_of(
    st.tuples(CELLS, CELLS),
    st.sampled_from([("0", "0"), ("5", "5"), ("", ""), ("0", "3")]),
    st.sampled_from([("5",), (), ("1", "2", "3")]),
)


def play_panel(pieces: Pieces, folder: Path) -> None:
    """A panel is forecast, and what has no value is null with a reason; or it is refused."""
    path = folder / "panel.csv"
    lines = [",".join((f"p{k}", *row)) for k, row in enumerate(pieces)]
    path.write_text("\n".join(["period,a,b", *lines, ""]))
    try:
        panel = read_panel(path)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            bench = forecast_bench(panel, ["last", "ewma", "choice"], horizon=2, count=2, period=2)
    except InputError:
        return
    plain = json.loads(json.dumps(bench.to_dict(), allow_nan=False))
    for method in plain["methods"].values():
        for name in ("mase", "pinball", "wape"):
            assert (method[name] is None) == (name in method["reasons"])


SERIES = st.one_of(
    st.lists(ROWS, min_size=1, max_size=30),
    st.lists(st.tuples(*[st.sampled_from(["0", "5", "", "2.5"])] * 2), min_size=12, max_size=30),
    st.tuples(st.sampled_from(["0", "5", "-1e99"]), st.integers(10, 30)).map(
        lambda given: [(given[0], given[0])] * given[1]
    ),
)
PANELS = Kind("panels", SERIES, play_panel, 0.1)
