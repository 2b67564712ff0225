"""Gathering: every run once, whatever is there already and whatever happens in between."""

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from catallax import InputError
from catallax.domains.production.experiments import FREE
from catallax.execute.row import FAILED
from catallax.execute.store import Store
from catallax.study.sweep import Base, Cell, Interrupted, Processes, Serial, gather
from catallax.study.sweep.grouped import group_rows

SEEDS = range(3)


def base(economy, *mechanisms) -> Base:
    return Base(FREE, {"economy": economy, "settle": 0, "weeks": 8}, mechanisms)


def cells_of(*intervals) -> list[Cell]:
    return [base("small:0", "market", "ai_planner").at({"interval": k}) for k in intervals]


def market(economy="small:0") -> list[Cell]:
    return [base(economy, "market").at({})]


class Counted:
    """This process, which counts the runs that it is asked for."""

    hands = 1

    def __init__(self, spoil=lambda seeds: None):
        self.runs, self.spoil = 0, spoil

    def run(self, function, jobs):
        for k, job in enumerate(jobs):
            self.runs += len(job[0])
            yield k, self.spoil(job[0].seeds) or function(*job)

    def close(self):
        """Nothing to do."""


def plain(rows):
    """The rows but for the time that they took."""
    return [replace(r, seconds=0.0) for r in rows]


def test_processes_give_the_bits_of_this_process():
    cells = cells_of(1, 4)
    with Processes(1) as processes:
        there = gather(cells, SEEDS, executor=processes)
    assert plain(gather(cells, SEEDS, executor=Serial())) == plain(there)
    assert len(there) == 12


def test_a_run_that_stands_at_several_points_is_run_once():
    counted = Counted()
    rows = gather(cells_of(1, 4), SEEDS, executor=counted)
    assert counted.runs == 9  # a market has no interval
    for interval in (1, 4):
        assert sorted(rows.at({"interval": interval}, "market")) == list(SEEDS)


def test_what_is_there_is_not_run_again(tmp_path):
    counted, again = Counted(), Counted()
    first = gather(cells_of(1), SEEDS, store=Store(tmp_path), executor=counted)
    files = {p.name: p.read_bytes() for p in tmp_path.glob("*.parquet")}
    second = gather(cells_of(1), SEEDS, store=Store(tmp_path), executor=again)
    assert (counted.runs, again.runs) == (6, 0)
    assert first.rows == second.rows
    assert files == {p.name: p.read_bytes() for p in tmp_path.glob("*.parquet")}


def test_only_what_is_missing_is_run_and_stands_where_it_was_asked_for(tmp_path):
    gather(cells_of(1), SEEDS, store=Store(tmp_path), executor=Counted())
    counted = Counted()
    gather(cells_of(1, 4), range(4), store=Store(tmp_path), executor=counted)
    assert counted.runs == 2 + 4  # a fourth seed of both, and the planner at interval 4
    stored = Store(tmp_path).rows()
    assert sorted(stored.at({"interval": 4}, "market")) == [0, 1, 2, 3]
    assert plain(stored) == plain(gather(cells_of(1, 4), range(4), executor=Serial()))


def test_progress_is_told_of_what_is_on_disk(tmp_path):
    told = []

    def tell(done, total, what):
        told.append((done, total))
        assert len({r.key for r in Store(tmp_path).rows()}) >= done

    gather(cells_of(1), SEEDS, store=Store(tmp_path), executor=Counted(), progress=tell)
    assert told[-1] == (6, 6)


@pytest.mark.parametrize("error", [ValueError("a bad day"), MemoryError()])
def test_a_run_that_fails_is_a_row_and_takes_no_other_along(tmp_path, error):
    counted = Counted(lambda seeds: error if 1 in seeds else None)
    rows = gather(market(), SEEDS, store=Store(tmp_path), executor=counted)
    by_seed = {r.seed: r for r in rows}
    assert by_seed[1].stop == FAILED
    assert type(error).__name__ in by_seed[1].reason
    assert set(by_seed[1].values.values()) == {None}
    assert by_seed[0].completed
    assert by_seed[2].completed
    assert plain(Store(tmp_path).rows()) == plain(rows)


def test_what_failed_is_run_again_only_if_asked(tmp_path):
    cells, spoilt = market(), Counted(lambda _: OSError("gone"))
    gather(cells, SEEDS, store=Store(tmp_path), executor=spoilt)
    idle, busy = Counted(), Counted()
    kept = gather(cells, SEEDS, store=Store(tmp_path), executor=idle)
    mended = gather(cells, SEEDS, store=Store(tmp_path), executor=busy, again=True)
    assert (idle.runs, busy.runs) == (0, 3)
    assert not any(r.completed for r in kept)
    assert all(r.completed for r in mended)
    assert plain(Store(tmp_path).rows()) == plain(mended)


def test_a_batch_in_which_one_fails_is_done_again_seed_by_seed():
    counted = Counted(lambda seeds: ValueError("one of us") if 5 in seeds else None)
    rows = gather(market("synthetic:1"), range(40), executor=counted)
    assert [r.seed for r in rows if r.stop == FAILED] == [5]
    assert counted.runs == 40 + 5  # the batch of five in which it stood, once more


def test_ctrl_c_leaves_what_is_finished_and_says_how_far_it_is(tmp_path):
    cells = market()

    def stop(seeds):
        if seeds == (2,):
            raise KeyboardInterrupt

    store = Store(tmp_path)
    with pytest.raises(Interrupted, match=rf"2 of 3 runs are in {tmp_path}; the same command"):
        gather(cells, SEEDS, store=store, executor=Counted(stop))
    counted = Counted()
    gather(cells, SEEDS, store=Store(tmp_path), executor=counted)
    assert counted.runs == 1


def test_a_full_disk_is_told_with_how_far_things_are(tmp_path, monkeypatch):
    def full(path, raw):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("catallax.execute.store.files.put_whole", full)
    with pytest.raises(InputError, match=r"No space left.*0 of 6 runs are in it; the same command"):
        gather(cells_of(1), SEEDS, store=Store(tmp_path), executor=Counted())
    monkeypatch.undo()
    assert len(gather(cells_of(1), SEEDS, store=Store(tmp_path), executor=Counted())) == 6


SWEEP = """
import sys
from catallax.domains.production.experiments import FREE
from catallax.execute.store import Store
from catallax.study.sweep.grouped import group_rows
from catallax.study.sweep import Base, Processes, gather

if __name__ == "__main__":
    base = Base(FREE, {"economy": "small:0", "settle": 0, "weeks": 8}, ["market", "five_year_plan"])
    cells = [base.at({"delay": d}) for d in (0.0, 1.0)]
    with Processes(1) as processes:
        print("begun", flush=True)
        rows = gather(cells, range(20), store=Store(sys.argv[1]), executor=processes)
    print(len(rows), sum(r.completed for r in rows))
"""


@pytest.fixture
def begun(tmp_path):
    """Begin a sweep in a process of its own, in a folder."""
    script, started = tmp_path / "sweep.py", []
    script.write_text(SWEEP)

    def begin(folder) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, script, folder], stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def parent(pid: int) -> int:
    """Of a process; 0 for one that has ended, whether or not anybody has taken note."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return 0 if fields[0] == "Z" else int(fields[1])


def workers(pid: int) -> list[int]:
    """Those of its processes that do runs."""
    there = [int(p.name) for p in Path("/proc").glob("[0-9]*")]
    lines = {p: Path(f"/proc/{p}/cmdline").read_text() for p in there if parent(p) == pid}
    return [p for p, line in lines.items() if "spawn_main" in line]


def until(there, seconds: float = 60.0):
    """What `there` gives, as soon as it gives something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := there():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not come about")


linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")


@linux
@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(k, marks=pytest.mark.slow) for k in range(1, 12))]
)
def test_whoever_is_killed_at_any_moment_a_sweep_is_finished_with_every_run_once(
    begun, tmp_path, seed
):
    draw, folder = random.Random(seed), tmp_path / "runs"
    process = begun(folder)
    mine = until(lambda: workers(process.pid))
    time.sleep(draw.uniform(0.0, 4.0))
    process.send_signal(signal.SIGKILL)  # the whole sweep
    process.wait()
    until(lambda: not any(parent(p) for p in mine))
    there = len(Store(folder).rows())
    process = begun(folder)
    victims = until(lambda: workers(process.pid) or process.poll() is not None)
    time.sleep(draw.uniform(0.0, 3.0))
    if process.poll() is None and parent(victims[0]):
        os.kill(victims[0], signal.SIGKILL)  # one of those who do the runs
    assert process.stdout is not None
    assert process.stdout.read().split() == ["80", "80"]
    store = Store(folder)
    assert there <= len(store.rows()) == 80
    assert store.notes == []


TABLE = """product,name,a,b,consumption,investment,exports,imports
a,Corn,4,6,{home},4,{abroad},1
b,Bread,2,5,20,3,2,2
compensation,,16,12,,,,
taxes,,1,1,,,,
surplus,,5,6,,,,
"""


def test_a_table_that_is_edited_between_two_sweeps_is_not_averaged_with_itself(tmp_path):
    table, store = tmp_path / "own.csv", Store(tmp_path / "runs")
    for home, abroad in ((12, 3), (10, 5)):
        table.write_text(TABLE.format(home=home, abroad=abroad))
        base = Base(FREE, {"economy": str(table), "weeks": 56}, ["market"])
        gather([base.at({"delay": d}) for d in (0.0, 1.0)], (0, 1), store=store, workers=0)
    groups = group_rows(store.rows(), ["label", "delay"])
    assert [(g.by["delay"], len(g.rows)) for g in groups] == [(0, 2), (0, 2), (1, 2), (1, 2)]
    assert len({g.by["economy.digest"] for g in groups}) == 2
