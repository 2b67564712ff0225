"""Where compiled code is kept, what kernels refuse, and how they are made ready."""

import os
import shutil
import signal
from pathlib import Path

import numpy as np
import pytest

from catallax.errors import InputError
from catallax.kernels import cache, jit, ready, sums, threads
from catallax.kernels.switch import compiled, plain


@pytest.fixture
def elsewhere(monkeypatch, tmp_path):
    """An empty cache of compiled code."""
    monkeypatch.setenv(cache.CACHE, str(tmp_path))
    jit.folder.cache_clear()
    yield tmp_path
    jit.folder.cache_clear()


def test_the_folder_is_named_by_every_kernels_source(elsewhere, monkeypatch, tmp_path):
    first = jit.folder()
    assert first.parent == elsewhere
    copy = tmp_path / "kernels"
    copy.mkdir()
    for source in Path(jit.__file__).parent.glob("*.py"):
        (copy / source.name).write_bytes(source.read_bytes())
    monkeypatch.setattr(jit, "__file__", str(copy / "jit.py"))
    jit.folder.cache_clear()
    assert jit.folder() == first
    called = copy / "elementary.py"
    called.write_text(called.read_text() + "\n# changed\n")
    jit.folder.cache_clear()
    assert jit.folder() != first


def test_a_kernel_is_kept_there_and_other_code_is_not_disturbed(elsewhere):
    import numba

    before = numba.config.CACHE_DIR
    mine = jit.Kernel(sums.by_good.function)
    out = np.empty(1)
    mine(np.array([0, 2], dtype=np.uint64), np.array([1.0, 2.0]), out, 0, 1)
    assert out[0] == 3.0
    assert list(jit.folder().rglob("*.nbi"))
    assert before == numba.config.CACHE_DIR


def test_a_kernel_takes_its_own_kinds_of_array_and_no_other():
    first, out = np.array([0, 2], dtype=np.uint64), np.empty(1)
    sums.by_good(first, np.array([1.0, 2.0]), out, 0, 1)
    for wrong in (np.array([1, 2]), np.array([1.0, 2.0], dtype=np.float32), np.ones((2, 2))):
        with pytest.raises(TypeError):
            sums.by_good(first, wrong, out, 0, 1)
    shared = np.ones(4)[::2]
    with pytest.raises(TypeError):
        sums.by_good(first, shared, out, 0, 1)
    out.setflags(write=False)
    with pytest.raises(TypeError):
        sums.by_good(first, np.array([1.0, 2.0]), out, 0, 1)


def test_kernels_are_made_ready_once(elsewhere, monkeypatch):
    monkeypatch.setattr(ready, "_names", lambda: [("sums", "by_good"), ("sums", "by_row")])
    assert ready.cold()
    told = []
    ready.prepare(lambda *what: told.append(what))
    assert [t[:2] for t in told] == [(1, 2), (2, 2)]
    assert {t[2] for t in told} == {"sums.by_good", "sums.by_row"}
    assert not ready.cold()
    assert len(list(jit.folder().rglob("*.nbi"))) == 2


def dying(module, name):
    """Compiles all but one loop, at which it is killed."""
    if name == "by_row":
        os.kill(os.getpid(), signal.SIGKILL)
    ready._kernel(module, name).compiled  # noqa: B018


def test_a_process_that_dies_while_it_compiles_leaves_the_loop_to_the_run(elsewhere, monkeypatch):
    """As where memory runs out: nothing waits, nothing ends, and it is tried again next time."""
    monkeypatch.setattr(ready, "_names", lambda: [("sums", "by_good"), ("sums", "by_row")])
    monkeypatch.setattr(ready, "_compile", dying)
    told = []
    ready.prepare(lambda *what: told.append(what))
    assert [t[:2] for t in told] == [(1, 2), (2, 2)]
    assert ready.cold()
    assert len(list(jit.folder().rglob("*.nbi"))) == 1


def wrong(module, name):
    raise RuntimeError(f"{module}.{name} cannot be compiled")


def test_a_loop_that_cannot_be_compiled_is_an_error(elsewhere, monkeypatch):
    monkeypatch.setattr(ready, "_names", lambda: [("sums", "by_good")])
    monkeypatch.setattr(ready, "_compile", wrong)
    with pytest.raises(RuntimeError, match=r"sums\.by_good cannot be compiled"):
        ready.prepare(lambda *_: None)
    assert ready.cold()


def test_where_no_process_can_be_started_runs_compile_what_they_call(elsewhere, monkeypatch):
    def full(self):
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("multiprocessing.process.BaseProcess.start", full)
    ready.prepare(lambda *_: None)
    assert ready.cold()


def test_files_of_another_place_or_time_are_compiled_anew_and_told(elsewhere, monkeypatch):
    """Numba does so whatever is in them, one after the other and in silence if nobody prepares."""
    monkeypatch.setattr(ready, "_names", list)
    jit.folder().mkdir()
    ready.prepare(lambda *_: None)
    assert not ready.cold()
    copy = elsewhere / "kernels"
    shutil.copytree(Path(ready.__file__).parent, copy)  # with their times
    monkeypatch.setattr(ready, "__file__", str(copy / "ready.py"))
    assert ready.cold()
    ready.prepare(lambda *_: None)
    assert not ready.cold()
    os.utime(copy / "sums.py", (1.0, 1.0))
    assert ready.cold()


def test_every_kernel_is_among_those_made_ready():
    names = set(ready._names())
    assert {("spending", "costs"), ("week", "dealt"), ("messages", "blur")} <= names
    assert len(names) > 30


def test_plain_numpy_inside_a_block():
    assert compiled()
    with plain():
        assert not compiled()
        assert not ready.cold()
        with plain():
            assert not compiled()
        assert not compiled()
    assert compiled()


@pytest.mark.parametrize("wrong", ["0", "-1", "two", "1.5", ""])
def test_a_wrong_number_of_threads_is_refused(monkeypatch, wrong):
    monkeypatch.setenv(threads.THREADS, wrong)
    with pytest.raises(InputError, match=threads.THREADS):
        threads.count()


def test_a_loop_inside_a_shared_loop_has_one_thread(monkeypatch):
    monkeypatch.setenv(threads.THREADS, "2")
    monkeypatch.setattr(threads, "GRAIN", 0)
    inner = []

    def work(first, stop):
        threads.over(10, 10, lambda a, b: inner.append((threads.count(), a, b)))

    threads.over(4, 4, work)
    assert inner == [(1, 0, 10)] * 4
