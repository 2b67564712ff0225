"""A folder of runs: whatever happens to it, it is valid, and nothing counts twice."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from catallax import InputError
from catallax.experiments.store import Store
from catallax.experiments.store import store as store_module
from catallax.experiments.store.lock import LOCK
from catallax.experiments.store.parquet import Unreadable, read, written
from catallax.experiments.sweep import Rows
from catallax.measures import MEASURES
from tests.experiments.store.conftest import rows

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
    import dataclasses

    from catallax.experiments.sweep import Row

    one = Row("a" * 16, {"delay": 1.0}, "market", "market", 0, {"weeks": 8}, {"score": 0.5})
    return [dataclasses.replace(one, key=c * 16, seed=k) for k, c in enumerate("abc")]


@LAW
@given(rows())
def test_what_is_written_is_read(wanted):
    with tempfile.TemporaryDirectory() as folder:
        assert filled(folder, wanted).rows().rows == Rows.of(wanted).rows


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
        assert Store(a).rows().rows == (Rows.of(one) + Rows.of(two)).rows


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


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (lambda raw: raw[:-20], "cut off"),
        (lambda raw: raw[: len(raw) // 2], "cut off"),
        (lambda raw: b"", "no file of Parquet"),
        (lambda raw: b"key,label\n1,2\n", "no file of Parquet"),
        (lambda raw: raw[:4] + bytes(200) + raw[204:], "damaged"),
    ],
)
def test_a_torn_or_foreign_file_is_set_aside_in_plain_words(tmp_path, some, damage, why):
    store = filled(tmp_path, some[:1], some[1:])
    bad = next(
        tmp_path / p.name for p in tmp_path.glob("*.parquet") if len(read(p.read_bytes())) == 2
    )
    bad.write_bytes(damage(bad.read_bytes()))
    reader = Store(tmp_path)
    assert [r.seed for r in reader.rows()] == [0]
    assert why in reader.notes[0]
    assert bad.exists()  # who only reads changes nothing
    with (store := Store(tmp_path)).writing():
        store.write(some[1:])
    assert "set aside" in store.notes[1]
    assert bad.with_name(f"{bad.name}.aside").exists()
    assert len(Store(tmp_path).rows()) == 3


def test_a_table_of_something_else_is_no_run():
    from io import BytesIO

    from arro3.core import Array, DataType, Table
    from arro3.io import write_parquet

    out = BytesIO()
    write_parquet(Table.from_pydict({"key": Array(["a"], type=DataType.utf8())}), out)
    with pytest.raises(Unreadable, match="no column 'label'"):
        read(out.getvalue())


def test_values_that_were_changed_are_noticed(some):
    from io import BytesIO

    from arro3.io import read_parquet, write_parquet

    reader = read_parquet(BytesIO(written(some)))
    metadata = {k.decode(): v.decode() for k, v in reader.schema.metadata.items()}
    table = reader.read_all().slice(0, 2)
    out = BytesIO()
    write_parquet(table, out, key_value_metadata={"catallax": metadata["catallax"]})
    with pytest.raises(Unreadable, match="not those that were written"):
        read(out.getvalue())


def test_many_small_files_become_one(tmp_path, some, monkeypatch):
    monkeypatch.setattr(store_module, "MOST", 2)
    filled(tmp_path, *([row] for row in some))
    assert len(list(tmp_path.glob("*.parquet"))) == 1
    assert Store(tmp_path).rows().rows == Rows.of(some).rows


def test_a_small_file_that_already_holds_all_runs_outlives_the_others(tmp_path, some, monkeypatch):
    """Files are named after their runs: the one that is made of all has the name of one of them."""
    import dataclasses

    monkeypatch.setattr(os, "fsync", lambda descriptor: None)  # slow, and no part of this
    whole = [dataclasses.replace(some[0], key=f"{k:016x}", seed=k) for k in range(70)]
    filled(tmp_path, whole, *([row] for row in whole))
    assert len(list(tmp_path.glob("*.parquet"))) < 70  # small files were joined
    assert Store(tmp_path).rows().rows == Rows.of(whole).rows


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
from catallax.experiments.store import Store
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
    refused(tmp_path / "file" / "below", "cannot be written to")


def test_measures_have_columns_of_their_own():
    from catallax.experiments.execute.columns import FIXED

    assert not FIXED.keys() & MEASURES.keys()


def test_duckdb_reads_the_folder_as_it_is(tmp_path, some):
    duckdb = pytest.importorskip("duckdb")
    filled(tmp_path, some[:1], some[1:])
    found = duckdb.sql(
        f"select label, point->>'delay' as delay, count(*), avg(score) "
        f"from '{tmp_path}/*.parquet' group by all"
    ).fetchall()
    assert found == [("market", "1.0", 3, 0.5)]
