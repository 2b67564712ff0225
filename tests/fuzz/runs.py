"""Files of one run to which something has happened."""

import io
import json
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, final

import numpy as np
from hypothesis import strategies as st

from catallax.domains.production.economy import Shock, small
from catallax.domains.production.mechanisms import market
from catallax.domains.production.run import Contract, Run, simulate
from catallax.errors import InputError
from tests.fuzz.hunting import Kind, Pieces

ECONOMY = small(3)
VALUES: tuple[Any, ...] = (
    None, 0, -1, 1.5, 1e308, float("nan"), "", "market", [], {}, [1], {"a": 1}, True, 10**30,
    "\x00",
)  # fmt: skip


@final
@dataclass(frozen=True)
class Change:
    """Something that happens to the file.

    what  : bytes or head
    at    : share of the way through it
    value : bit, or a value of the head
    """

    what: str
    at: float
    value: Any


@cache
def saved() -> tuple[bytes, Run]:
    """The bytes of a file, and the run in it."""
    contract = Contract(ECONOMY, shocks=(Shock("labour", 3, 0.9),), weeks=6)
    run = simulate(contract, market(), 1)
    with tempfile.TemporaryDirectory() as folder:
        run.save(Path(folder) / "run.npz")
        return (Path(folder) / "run.npz").read_bytes(), run


def play(pieces: Pieces, folder: Path) -> None:
    """The file is refused, or the run that comes of it is the one that was saved."""
    raw, run = saved()
    for change in pieces:
        raw = _changed(raw, change)
    path = folder / "run.npz"
    path.write_bytes(raw)
    try:
        again = Run.load(path, ECONOMY)
    except InputError as e:
        check_told(e, path)
        return
    assert (again.bits, again.hash, again.stop, again.reason, again.oracle) == (
        run.bits, run.hash, run.stop, run.reason, run.oracle,
    )  # fmt: skip
    assert np.array_equal(again.rows, run.rows)
    assert np.array_equal(again.links, run.links)


def check_told(error: InputError, path: Path) -> None:
    """An error names the file, in one line."""
    assert str(error).startswith(str(path)), error
    assert "\n" not in str(error), error


def _changed(raw: bytes, change: Change) -> bytes:
    at = int(change.at * (len(raw) - 1))
    if change.what == "bit":
        return raw[:at] + bytes([raw[at] ^ (1 << change.value)]) + raw[at + 1 :] if raw else raw
    if change.what == "cut":
        return raw[:at]
    if change.what == "put":
        return raw[:at] + change.value + raw[at + len(change.value) :]
    try:
        return _with_head(raw, change)
    except Exception:  # it is no zip any more
        return raw


def _with_head(raw: bytes, change: Change) -> bytes:
    """The file with another value somewhere in its head, and all checksums right."""
    with np.load(io.BytesIO(raw)) as old:
        members = {name: old[name] for name in old.files}
    head = json.loads(bytes(members["head"]))
    places = list(_places(head))
    table, key = places[int(change.at * (len(places) - 1))]
    if change.what == "drop":
        table.pop(key)
    else:
        table[key] = change.value
    members["head"] = np.frombuffer(json.dumps(head).encode(), np.uint8)
    out = io.BytesIO()
    np.savez(out, **members)
    return out.getvalue()


def _places(table: Any) -> Any:
    """Every table or list in the head with every key of it."""
    for key, value in table.items() if isinstance(table, dict) else enumerate(table):
        yield table, key
        if isinstance(value, dict | list):
            yield from _places(value)


SHARE = st.floats(0, 1)
CHANGES = st.one_of(
    st.builds(Change, st.just("bit"), SHARE, st.integers(0, 7)),
    st.builds(Change, st.just("cut"), SHARE, st.none()),
    st.builds(Change, st.just("put"), SHARE, st.binary(min_size=1, max_size=8)),
    st.builds(Change, st.just("set"), SHARE, st.sampled_from(VALUES)),
    st.builds(Change, st.just("drop"), SHARE, st.none()),
)
RUNS = Kind("run files", st.lists(CHANGES, min_size=1, max_size=3), play, 0.25)
