"""A folder of runs: whatever happens to it, it is valid, and nothing counts twice."""

import dataclasses
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from catallax import InputError
from catallax.domains.production.measures import MEASURES
from catallax.execute.store import Store
from catallax.execute.store import store as store_module
from catallax.execute.store.files import LOCK, OURS, name_of
from catallax.execute.store.parquet import decode_columns, encode_rows
from catallax.study.sweep import RunRows
from catallax.whole import Unreadable
from tests.execute.store.conftest import rows

LAW = settings(max_examples=15)


def filled(folder, *parts) -> Store:
    """A store into which the parts were written one after the other."""
    store = Store(folder)
    with store.writing():
        for part in parts:
            store.write(part)
    return Store(folder)


@pytest.fixture
def some():
    """Three rows of different runs."""
    from catallax.study.sweep import RunRow

    one = RunRow("a" * 16, {"delay": 1.0}, "market", "market", 0, {"weeks": 8}, {"score": 0.5})
    return [dataclasses.replace(one, key=c * 16, seed=k) for k, c in enumerate("abc")]


@LAW
@given(rows())
def test_what_is_written_is_read(wanted):
    with tempfile.TemporaryDirectory() as folder:
        assert filled(folder, wanted).rows().rows == RunRows.of(wanted).rows


@LAW
@given(rows(), st.randoms(use_true_random=False), st.integers(0, 8))
def test_neither_order_nor_parts_nor_repetition_can_be_told(wanted, random, cut):
    shuffled = random.sample(wanted, len(wanted))
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        first = filled(one, wanted).rows()
        second = filled(two, shuffled[cut:], shuffled[:cut], wanted).rows()
    assert first.rows == second.rows


@LAW
@given(rows(), rows())
def test_folders_are_merged_by_copying_files(one, two):
    with tempfile.TemporaryDirectory() as a, tempfile.TemporaryDirectory() as b:
        filled(a, one), filled(b, two)
        for path in Path(b).glob("*.parquet"):
            assume(not (Path(a) / path.name).exists())  # the same runs, which take no other values
            (Path(a) / path.name).write_bytes(path.read_bytes())
        assert Store(a).rows().rows == (RunRows.of(one) + RunRows.of(two)).rows


def test_the_same_rows_make_the_same_file(tmp_path, some):
    files = []
    for name, part in (("a", some), ("b", some[::-1])):
        filled(tmp_path / name, part)
        (path,) = (tmp_path / name).glob("*.parquet")
        files.append((path.name, path.read_bytes()))
    assert files[0] == files[1]


def test_nothing_half_done_is_left_or_counted(tmp_path, some):
    store = filled(tmp_path, some)
    (tmp_path / "0.parquet.part").write_bytes(b"PAR1 half")
    assert len(Store(tmp_path).rows()) == 3
    with store.writing():
        pass
    assert not list(tmp_path.glob("*.part"))


def bent(raw: bytes) -> bytes:
    return raw[:99] + bytes([raw[99] ^ 1]) + raw[100:]


DAMAGE = {
    "cut off": lambda raw: raw[:-20],
    "empty": lambda raw: b"",
    "text": lambda raw: b"key,label\n1,2\n",
    "zeros": lambda raw: raw[:4] + bytes(200) + raw[204:],
    "a bit": bent,
}


@pytest.mark.parametrize(
    ("how", "old"), [*((how, False) for how in DAMAGE), ("cut off", True), ("a bit", True)]
)
def test_a_damaged_file_is_set_aside_in_plain_words(tmp_path, some, how, old):
    filled(tmp_path, some[:1], some[1:])
    (bad,) = (
        p for p in tmp_path.glob("*.parquet") if len(decode_columns(p.read_bytes())[0]["key"]) == 2
    )
    if old:
        bad = bad.rename(tmp_path / f"{'0' * 24}.parquet")
    bad.write_bytes(DAMAGE[how](bad.read_bytes()))
    reader = Store(tmp_path)
    assert [r.seed for r in reader.rows()] == [0]
    assert ("is" if old else "its bytes have changed") in reader.notes[0]
    assert bad.exists()  # who only reads changes nothing
    with (store := Store(tmp_path)).writing():
        store.write(some[1:])
    assert "set aside" in store.notes[1]
    assert bad.with_name(f"{bad.name}.aside").exists()
    assert len(Store(tmp_path).rows()) == 3


def table(columns: dict, metadata: dict | None = None) -> bytes:
    """A file of Parquet, as another program may write it."""
    from io import BytesIO

    from arro3.core import Array, Table
    from arro3.io import write_parquet

    out = BytesIO()
    arrays: dict[str, Any] = {
        name: Array(values, type=kind) for name, (values, kind) in columns.items()
    }
    write_parquet(Table.from_pydict(arrays), out, key_value_metadata=metadata or {})
    return out.getvalue()


def changed(rows, **columns) -> bytes:
    """The file of rows, written by another program, with other values in some columns."""
    from arro3.core import DataType

    from catallax.execute.columns import FIXED, columns_of

    kinds = {
        str: DataType.utf8(),
        int: DataType.int64(),
        float: DataType.float64(),
        bool: DataType.bool(),
    }
    every = {
        name: (values, kinds[FIXED.get(name, float)]) for name, values in columns_of(rows).items()
    }
    for name, values in columns.items():
        kind = kinds[type(next(v for v in values if v is not None))]
        every[name] = values, kind
    return table(every)


NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"score": [0.5, NAN, 0.5]}, "column 'score': a measure is a finite number or nothing"),
        ({"score": [0.5, INF, 0.5]}, "column 'score': a measure is a finite number or nothing"),
        ({"score": ["a", "b", "c"]}, "column 'score': a measure is a finite number or nothing"),
        ({"extra": ["a", "b", "c"]}, "column 'extra': a measure is a finite number or nothing"),
        ({"seconds": [0.0, NAN, 0.0]}, "row 2: seconds nan is not a time"),
        ({"seed": [0.0, 1.0, 2.0]}, "column 'seed': holds other values than of type int"),
        ({"seed": [0, -1, 2]}, "row 2: seed -1 is not from 0 to"),
        ({"label": ["a", None, "c"]}, "column 'label': holds other values than of type str"),
        ({"key": ["a" * 16, "b", "c" * 16]}, "row 2: key 'b' is none"),
        ({"contract": ["[]"] * 3}, "row 1: contract: is not a table"),
        ({"contract": ['{"weeks": 9}'] * 3}, "row 1: the contract has hash"),
        ({"contract": ["[" * 99999] * 3}, "row 1: contract: tables lie too deep"),
        ({"contract": ['{"a":' * 30 + "1" + "}" * 30] * 3}, "row 1: contract: 'a' has the value"),
        ({"point": ['{"delay": NaN}'] * 3}, "row 1: point: NaN is not a number"),
        ({"point": ['{"delay": [1]}'] * 3}, "row 1: point: 'delay' has the value"),
        ({"reasons": ['{"score": 1}'] * 3}, "row 1: reasons: 'score' has the value"),
        ({"measures": ['{"score": ["a"]}'] * 3}, "row 1: measures: 'score' has the value"),
        ({"versions": ["{"] * 3}, "row 1: versions: Expecting"),
    ],
)  # fmt: skip
def test_rows_that_are_none_are_set_aside_even_where_the_bytes_are_right(
    tmp_path, some, columns, why
):
    raw = changed(some, **columns)
    (tmp_path / name_of(raw)).write_bytes(raw)
    store = Store(tmp_path)
    assert len(store.rows()) == 0
    assert why in store.notes[0]
    with store.writing():
        store.write(some)
    assert list(tmp_path.glob("*.aside"))
    assert len(Store(tmp_path).rows()) == 3


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"values": {"score": NAN}}, "column 'score': a measure is a finite number"),
        ({"values": {"score": True}}, "column 'score': a measure is a finite number"),
        ({"values": {"score": None}, "reasons": {"score": 3}}, "reasons: 'score' has the value 3"),
        ({"point": {"delay": INF}}, "point: Infinity is not a number"),
        ({"seed": 2**70}, "seed 1180591620717411303424 is not from 0 to 2^63"),
        ({"measures": {"score": ["a"]}}, "measures: 'score' has the value"),
        ({"contract": {"when": object}}, "not JSON serializable"),
    ],
)
def test_a_row_that_could_not_be_read_again_is_not_written_and_told(tmp_path, some, more, why):
    bad = dataclasses.replace(some[1], **more)
    store = filled(tmp_path, [some[0], bad, some[2]])
    assert [row.seed for row in store.rows()] == [0, 2]
    assert not store.notes
    with (again := Store(tmp_path)).writing():
        assert again.write([bad]) is None
    assert why in again.notes[0]


def test_a_text_that_no_file_can_hold_is_written_as_it_can_be(tmp_path, some):
    named = dataclasses.replace(some[0], label="\udcff.py", reason="\ud800")
    (row,) = filled(tmp_path, [named]).rows()
    assert (row.label, row.reason) == ("\\udcff.py", "\\ud800")


def test_a_table_of_something_else_is_no_run(tmp_path):
    from arro3.core import DataType

    raw = table({"key": (["a"], DataType.utf8())})
    (tmp_path / name_of(raw)).write_bytes(raw)
    store = Store(tmp_path)
    assert len(store.rows()) == 0
    assert "there is no column 'label'" in store.notes[0]


def test_values_that_were_changed_are_noticed_by_their_own_hash(some):
    from io import BytesIO

    from arro3.io import read_parquet, write_parquet

    reader = read_parquet(BytesIO(encode_rows(some)))
    metadata = {k.decode(): v.decode() for k, v in reader.schema.metadata.items()}
    table = reader.read_all().slice(0, 2)
    out = BytesIO()
    write_parquet(table, out, key_value_metadata={"catallax": metadata["catallax"]})
    with pytest.raises(Unreadable, match="its values have changed"):
        decode_columns(out.getvalue())


# ---------------------------------------------------------------- what stands in the folder


def test_files_of_before_are_read_and_named_anew_by_the_next_writer(tmp_path, some):
    filled(tmp_path, some[:1], some[1:])
    for k, path in enumerate(sorted(tmp_path.glob("*.parquet"))):
        path.rename(tmp_path / f"{k:024x}.parquet")
    store = Store(tmp_path)
    assert store.rows().rows == RunRows.of(some).rows
    assert not store.notes
    with store.writing():
        pass
    assert all(OURS.fullmatch(p.name) for p in tmp_path.glob("*.parquet"))
    assert Store(tmp_path).rows().rows == RunRows.of(some).rows


def test_a_file_of_before_that_kills_its_reader_is_set_aside(tmp_path, some, monkeypatch):
    from tests.execute.store import deadly

    filled(tmp_path, some[:1])
    (path,) = tmp_path.glob("*.parquet")
    path.rename(tmp_path / f"{0:024x}.parquet")
    monkeypatch.setattr("catallax.execute.store.files.columns_here", deadly.columns_here)
    store = Store(tmp_path)
    assert len(store.rows()) == 0
    assert "whoever reads it crashes or takes too long" in store.notes[0]


def test_what_others_made_is_taken_in_when_asked_for_and_says_so(tmp_path, some):
    filled(tmp_path / "a", some[:2])
    foreign = tmp_path / "a" / "merged.parquet"
    foreign.write_bytes(changed(some[1:]))
    store = Store(tmp_path / "a")
    assert len(store.rows()) == 2  # nothing of it is trusted in silence
    assert (
        "was not written by Catallax; `catallax results FOLDER --bring-in FILE`" in store.notes[0]
    )
    assert store.bring_in(foreign) == 2
    again = Store(tmp_path / "a")
    assert [row.imported for row in again.rows()] == ["", "", "merged.parquet"]
    assert (
        "1 of its runs were brought in from files that Catallax did not write (merged"
        in again.notes[0]
    )
    bad = tmp_path / "bad.parquet"
    bad.write_bytes(changed(some, score=[NAN] * 3))
    with pytest.raises(InputError, match="finite number or nothing; nothing is brought in"):
        store.bring_in(bad)


def hostile(folder: Path) -> list[str]:
    """What may stand in a folder under a name of ours, though it is not a file of ours."""
    folder.mkdir(exist_ok=True)
    (folder / "dangling.parquet").symlink_to(folder / "nothing")
    (folder / "loop.parquet").symlink_to(folder / "loop.parquet")
    os.mkfifo(folder / "pipe.parquet")
    (folder / "folder.parquet").mkdir()
    (folder / "folder.parquet" / "inside").write_text("x")
    (folder / "empty.parquet").write_bytes(b"")
    (folder / f"{'0' * 32}.parquet").symlink_to("/dev/zero")
    with (folder / f"{'1' * 32}.parquet").open("wb") as file:
        file.truncate(3 << 30)
    (folder / os.fsdecode(b"\xff\n.parquet")).write_bytes(b"PAR1")
    (folder / "0.parquet.part").mkdir()
    return [p.name for p in folder.glob("*.parquet")]


@pytest.mark.parametrize("inside", [".", "traces"])
def test_what_is_no_file_is_told_and_set_aside_and_nobody_waits_for_it(tmp_path, some, inside):
    names = hostile(tmp_path / inside)
    store = Store(tmp_path)
    assert len(store.rows()) == 0
    assert store.traces(["a" * 16]) == {}
    said = " ".join(store.notes)
    for why in (
        "is a link to nothing", "is a pipe and no file", "is a folder and no file",
        "is a device and no file", "is too large: 3,221,225,472 bytes", "Too many levels",
        "udcff",
    ):  # fmt: skip
        assert why in said
    assert all(note.isprintable() for note in store.notes)
    with store.writing():
        store.write(some)
    assert len(list((tmp_path / inside).glob("*.aside"))) == len(names)
    assert len(Store(tmp_path).rows()) == 3
    assert not Store(tmp_path).notes


def test_what_was_set_aside_is_not_written_over(tmp_path, some):
    for k in range(3):
        filled(tmp_path, some)
        (path,) = tmp_path.glob("*.parquet")
        path.write_bytes(bytes([k]))
    filled(tmp_path, some)
    assert {p.read_bytes() for p in tmp_path.glob("*.aside*")} == {b"\0", b"\1", b"\2"}


def test_a_file_that_may_not_be_read_is_told(tmp_path, some, monkeypatch):
    filled(tmp_path, some)
    (path,) = tmp_path.glob("*.parquet")
    opened = os.open

    def refused(name, *rest, **more):
        if str(name) == str(path):
            raise PermissionError(13, "Permission denied")
        return opened(name, *rest, **more)

    monkeypatch.setattr(os, "open", refused)
    store = Store(tmp_path)
    assert len(store.rows()) == 0
    assert "cannot be read (Permission denied); its runs are not counted" in store.notes[0]


def test_a_folder_that_cannot_be_looked_into_is_told(tmp_path, monkeypatch):
    def refused(folder):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refused)
    with pytest.raises(InputError, match=r"cannot be looked into \(Permission denied\)"):
        Store(tmp_path).rows()


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["pipe", "folder"])
def test_a_lock_that_is_no_file_is_told(tmp_path, make):
    make(tmp_path / LOCK)
    refused(tmp_path, "writer.lock|cannot be written to")


def test_a_row_that_was_run_anew_counts_in_place_of_the_old_whoever_stood_beside_it(tmp_path, some):
    """Measures of the user's own code: the old row has as many, and its text may come first."""
    old, new = (
        dataclasses.replace(some[0], values={"score": v}, measures={"score": ["", code]})
        for v, code in ((0.1, "0"), (0.9, "1"))
    )
    for first, second in ((old, new), (new, old)):
        folder = tmp_path / first.measures["score"][1]
        filled(folder, [first, some[1]])
        filled(folder, [second])
        rows = Store(folder).rows()
        assert [row.values["score"] for row in rows] == [second.values["score"], 0.5]
        failed = dataclasses.replace(second, stop="FAILED", values={"score": None})
        filled(folder, [failed])
        assert Store(folder).rows().rows == rows.rows  # nothing good is lost to a run that failed


@pytest.mark.parametrize("flips", [40, pytest.param(2000, marks=pytest.mark.slow)])
def test_no_flipped_bit_is_read(tmp_path, some, flips):
    """Each flip is found before any reader sees it; the row beside it counts on."""
    import random

    filled(tmp_path, some[:1], some[1:])
    paths = sorted(tmp_path.glob("*.parquet"))
    draw = random.Random(flips)
    for _ in range(flips):
        path = draw.choice(paths)
        raw = path.read_bytes()
        bad = bytearray(raw)
        bad[draw.randrange(len(raw))] ^= 1 << draw.randrange(8)
        path.write_bytes(bad)
        store = Store(tmp_path)
        assert len(store.rows()) in (1, 2)
        assert f"{path}: is not what was written" in store.notes[0]
        path.write_bytes(raw)
    assert Store(tmp_path).rows().rows == RunRows.of(some).rows


def test_many_small_files_become_one(tmp_path, some, monkeypatch):
    monkeypatch.setattr(store_module, "MOST", 2)
    filled(tmp_path, *([row] for row in some))
    assert len(list(tmp_path.glob("*.parquet"))) == 1
    assert Store(tmp_path).rows().rows == RunRows.of(some).rows


def test_a_small_file_that_already_holds_all_runs_outlives_the_others(tmp_path, some, monkeypatch):
    """Files are named after their runs: the one that is made of all has the name of one of them."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)  # slow, and no part of this
    whole = [dataclasses.replace(some[0], key=f"{k:016x}", seed=k) for k in range(70)]
    filled(tmp_path, whole, *([row] for row in whole))
    assert len(list(tmp_path.glob("*.parquet"))) < 70  # small files were joined
    assert Store(tmp_path).rows().rows == RunRows.of(whole).rows


def refused(folder, why: str) -> None:
    """Writing to the folder is refused, and the message says why."""
    with pytest.raises(InputError, match=why), Store(folder).writing():
        pass


def test_one_writer_at_a_time_and_the_message_says_who(tmp_path):
    with Store(tmp_path).writing():
        refused(tmp_path, f"process {os.getpid()} on .* is writing")
    with Store(tmp_path).writing():
        pass
    assert (tmp_path / LOCK).exists()


HOLDER = """
import sys, time
from catallax.execute.store import Store
with Store(sys.argv[1]).writing():
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_writer_that_was_killed_blocks_nobody(tmp_path):
    held = subprocess.Popen(
        [sys.executable, "-c", HOLDER, tmp_path], stdout=subprocess.PIPE, text=True
    )
    with held:
        assert held.stdout is not None
        assert held.stdout.readline() == "held\n"
        refused(tmp_path, f"process {held.pid} on")
        held.kill()
    with Store(tmp_path).writing():
        pass


def test_no_room_is_told_and_leaves_nothing(tmp_path, some, monkeypatch):
    store = filled(tmp_path, some[:1])

    def full(descriptor):
        assert len(list(tmp_path.glob("*.parquet"))) == 1  # what is half written has another name
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with (
        pytest.raises(InputError, match=r"cannot be written to \(No space left on device\)"),
        store.writing(),
    ):
        store.write(some)
    monkeypatch.undo()
    assert len(Store(tmp_path).rows()) == 1
    assert not list(tmp_path.glob("*.part"))


def test_a_folder_that_cannot_be_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="is a file; give a folder"):
        Store(tmp_path / "file")
    with pytest.raises(InputError, match="file: is a file; give a folder"):
        Store(tmp_path / "file" / "below" / "far")
    (tmp_path / "link").symlink_to(tmp_path / "nothing")
    with pytest.raises(InputError, match="link: is a link to nothing; give a folder"):
        Store(tmp_path / "link")


def test_measures_have_columns_of_their_own():
    from catallax.execute.columns import FIXED

    assert not FIXED.keys() & MEASURES.keys()


def test_duckdb_reads_the_folder_as_it_is(tmp_path, some):
    duckdb = pytest.importorskip("duckdb")
    filled(tmp_path, some[:1], some[1:])
    found = duckdb.sql(
        f"select label, point->>'delay' as delay, count(*), avg(score) "
        f"from '{tmp_path}/*.parquet' group by all"
    ).fetchall()
    assert found == [("market", "1.0", 3, 0.5)]
