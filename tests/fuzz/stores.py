"""Stores to which something has happened."""

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import final

from hypothesis import strategies as st

from catallax.errors import InputError
from catallax.execute import RunRequest, RunRow, execute, requests_of
from catallax.execute.store import Store
from catallax.execute.store.files import LOCK, name_of
from catallax.protocol import domain_in
from tests.fuzz.hunting import Kind, Pieces
from tests.fuzz.said import TINY


@final
@dataclass(frozen=True)
class Event:
    """What happens to one file.

    what  : name of it, in `EVENTS` or `RARE`
    which : share of the way through the folder's files, 0 to 1
    at    : share of the way through the file
    bit   : 0 to 7
    """

    what: str
    which: float
    at: float
    bit: int


def _flip(path: Path, event: Event) -> None:
    raw = bytearray(path.read_bytes())
    raw[int(event.at * (len(raw) - 1))] ^= 1 << event.bit
    path.write_bytes(raw)


def _cut(path: Path, event: Event) -> None:
    path.write_bytes(path.read_bytes()[: int(event.at * (path.stat().st_size - 1))])


def _zero(path: Path, event: Event) -> None:
    raw = bytearray(path.read_bytes())
    at = int(event.at * (len(raw) - 1))
    raw[at : at + 64] = bytes(len(raw[at : at + 64]))
    path.write_bytes(raw)


def _is(make: Callable[[Path], object]) -> Callable[[Path, Event], None]:
    """Something else stands under the name."""

    def replaced(path: Path, event: Event) -> None:
        path.unlink()
        make(path)

    return replaced


def _link(path: Path, event: Event) -> None:
    """The file lies elsewhere, and a link leads to it."""
    elsewhere = path.rename(path.with_suffix(".kept"))
    path.symlink_to(elsewhere)


def _nonsense(path: Path, event: Event) -> None:
    """A file whose name is right, and which no run of ours has written."""
    raw = path.read_bytes()[: int(event.at * 200)]
    (path.parent / name_of(raw)).write_bytes(raw)


EVENTS: Mapping[str, Callable[[Path, Event], object]] = {
    "flip": _flip,
    "cut": _cut,
    "zero": _zero,
    "grow": lambda path, event: path.write_bytes(path.read_bytes() + b"PAR1"),
    "empty": lambda path, event: path.write_bytes(b""),
    "delete": lambda path, event: path.unlink(),
    "copy": lambda path, event: shutil.copy(path, path.with_name(f"{event.bit:032x}.parquet")),
    "folder": _is(lambda path: path.mkdir()),
    "pipe": _is(os.mkfifo),
    "nowhere": _is(lambda path: path.symlink_to("nowhere")),
    "itself": _is(lambda path: path.symlink_to(path.name)),
    "device": _is(lambda path: path.symlink_to("/dev/zero")),
    "link": _link,
    "nonsense": _nonsense,
    "half": lambda path, event: path.with_name(f"{path.name}.part").write_bytes(b"PAR1"),
    "half folder": lambda path, event: path.with_name(f"{path.name}.part").mkdir(exist_ok=True),
    "aside": lambda path, event: path.with_name(f"{path.name}.aside").mkdir(exist_ok=True),
    "lock": lambda path, event: (path.parent / LOCK).write_bytes(b"\xff\x00"),
}
RARE: Mapping[str, Callable[[Path, Event], object]] = {
    "rename": lambda path, event: path.rename(path.with_name(f"of {event.bit}.parquet")),
    "old": lambda path, event: path.rename(path.with_name(f"{event.bit:024x}.parquet")),
}
"""What makes a process of its own be started, which takes its time."""
FOLDER: Mapping[str, Callable[[Path, Event], object]] = {
    "lock is a pipe": lambda path, event: os.mkfifo(path.parent / LOCK),
    "lock is a folder": lambda path, event: (path.parent / LOCK).mkdir(),
}
"""After which nobody can write to the folder before somebody has mended it."""
DAMAGE = {
    "flip", "cut", "zero", "grow", "empty", "folder", "pipe", "nowhere", "itself",
    "device",
}  # fmt: skip


@cache
def template() -> tuple[Path, list[RunRequest], list[RunRow]]:
    """A folder of runs with their traces, in several files, what was asked for, and its rows."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    domain = domain_in(TINY)
    make = domain.experiments["tiny"].build
    asked = [
        requests_of(make({"rate": rate}), ["save", "spend"], range(2)) for rate in (0.1, 0.2, 0.3)
    ]
    for some in asked:
        execute(some, store=Store(folder), workers=0, traced=True)
    every = [request for some in asked for request in some]
    rows = execute(every, store=Store(folder), workers=0, traced=True).rows
    (folder / LOCK).unlink()
    return folder, every, list(rows)


def play(pieces: Pieces, folder: Path) -> None:
    """What is there is what was written; the rest is told, set aside and run again."""
    kept, asked, first = template()
    there = folder / "kept"
    shutil.copytree(kept, there)
    touched = [_happened(there, event) for event in pieces]
    wanted = {row.place: row for row in first}
    _check_read(there, wanted, touched)
    try:
        again = execute(asked, store=Store(there), workers=0, traced=True)
    except InputError:
        assert any(event.what in FOLDER for event in pieces)
        return
    assert [_plain(row) for row in again.rows] == [_plain(row) for row in first]
    assert None not in again.traces
    store = Store(there)
    assert {row.place: _plain(row) for row in store.rows()} == {
        place: _plain(row) for place, row in wanted.items()
    }
    assert not store.notes, store.notes
    assert execute(asked, store=store, workers=0, traced=True).ran == 0


def _happened(there: Path, event: Event) -> Path | None:
    """Let an event happen; the file that cannot be used since, if there is one."""
    every = {**EVENTS, **RARE, **FOLDER}
    files = sorted(p for p in there.rglob("*.parquet") if p.is_file() and not p.is_symlink())
    files = [path for path in files if path.stat().st_size > 8]
    if not files:
        return None
    path = files[min(int(event.which * len(files)), len(files) - 1)]
    if event.what in FOLDER and (path.parent / LOCK).exists():
        return None
    with suppress(OSError):  # then it cannot happen
        every[event.what](path, event)
    return path if event.what in DAMAGE else None


def _check_read(there: Path, wanted: Mapping[str, RunRow], touched: list[Path | None]) -> None:
    store = Store(there)
    for row in store.rows():
        assert wanted.get(row.place) == row, f"not what was written: {row}"
    store.traces([row.key for row in wanted.values()])
    for path in touched:
        if path is not None and not _is_as_it_was(path, there):
            assert any(str(path) in note for note in store.notes), f"nothing said of {path.name}"


def _is_as_it_was(path: Path, there: Path) -> bool:
    """Whether a file is gone, or has its bytes again, as after the same flip twice."""
    if not os.path.lexists(path):
        return True
    before = template()[0] / path.relative_to(there)
    ordinary = path.is_file() and not path.is_symlink() and before.exists()
    return ordinary and path.read_bytes() == before.read_bytes()


def _plain(row: RunRow) -> RunRow:
    return replace(row, seconds=0.0)


@st.composite
def events(draw: st.DrawFn) -> list[Event]:
    """Some events; one list in thirty has what takes its time, and one what nobody can mend."""
    more = {11: RARE, 23: FOLDER}.get(draw(st.integers(0, 29)), {})
    share, names = st.floats(0, 1), sorted({**EVENTS, **more})
    event = st.builds(Event, st.sampled_from(names), share, share, st.integers(0, 7))
    return draw(st.lists(event, min_size=1, max_size=4))


STORES = Kind("stores", events(), play, 0.15)
