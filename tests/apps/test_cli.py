"""What the command line does when all is well, and when a run breaks in between."""

import io
import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import catallax
from catallax.apps import progress
from catallax.domains.production.barrier.trials import draw_trials
from catallax.domains.production.experiments import EXPERIMENTS, experiment
from catallax.domains.production.measures import MEASURES
from catallax.protocol import Offence
from catallax.protocol.mechanism_names import every_mechanism

QUICK = ("run", "tin", "--economy", "synthetic:1", "--settle", "0", "--weeks", "56")
ONE = (*QUICK, "--seeds", "1", "--workers", "0", "--mechanisms")
TWO = (*QUICK, "--seeds", "2", "--mechanisms", "market,static_optimum")
REQUIRED = "score efficiency area_lost adaptation_lag messages bits waste fill_rate gini".split()

LOUD = """
from __future__ import annotations
from dataclasses import dataclass
from catallax.domains.production.mechanisms import Agents, Market, Mechanism

@dataclass(frozen=True)
class Loud(Agents):
    inner: Market = Market()

    def start(self, view):
        return self.inner.start(view)

    def report(self, view, said):
        return self.inner.report(view, said)

    def act(self, view, done):
        ACT
        return self.inner.act(view, done)

print("heard when read")

def mechanism():
    return Mechanism("loud", Loud())
"""


@pytest.fixture
def loud(folder: Path):
    """Write a user's mechanism file that prints, with a line of our choice in its `act`."""

    def write(act: str = "pass", name: str = "loud.py") -> str:
        (folder / name).write_text(LOUD.replace("ACT", act))
        return name

    return write


def python(*words: str, **more) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, check=False, timeout=300, **more
    )


def without_seconds(value):
    if isinstance(value, dict):
        return {k: without_seconds(v) for k, v in value.items() if k != "seconds"}
    return value


def numbers(value):
    """All numbers in a JSON value."""
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from numbers(part)
    elif isinstance(value, float):
        yield value


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """The JSON of a run of three mechanisms in one process, and what was left in its folder."""
    folder = tmp_path_factory.mktemp("plain")
    words = ("-m", "catallax", *QUICK, "--seeds", "2", "--workers", "0", "--json")
    return python(*words, cwd=folder), sorted(folder.iterdir())


# what a run shows and writes


def test_json_is_one_object_with_what_is_needed(plain):
    done, left = plain
    assert (done.returncode, left) == (0, [])
    found = json.loads(done.stdout)
    assert found["experiment"] == "tin"
    assert re.fullmatch("[0-9a-f]{16}", found["contract"]["hash"])
    assert found["contract"]["weeks"] == 56
    assert found["seeds"] == [0, 1]
    assert set(found["mechanisms"]) == set(experiment("tin").mechanisms)
    kinds = {name: m["kind"] for name, m in found["mechanisms"].items()}
    assert kinds == {
        "static_optimum": "oracle",
        "market": "mechanism",
        "ai_planner": "mechanism",
        "five_year_plan": "mechanism",
        "habit": "mechanism",
    }
    assert (found["way"]["from"], found["way"]["to"]) == ("habit", "static_optimum")
    assert set(found["way"]["mechanisms"]) == set(kinds)


def test_json_gives_every_measure_with_interval_and_unit_or_a_reason(plain):
    for mechanism in json.loads(plain[0].stdout)["mechanisms"].values():
        for name in REQUIRED:
            measure = mechanism[name]
            assert measure["unit"] == MEASURES[name].unit
            if measure["mean"] is None:
                assert measure["ci95"] is None
                assert measure["reason"]
            else:
                low, high = measure["ci95"]
                assert low <= measure["mean"] <= high


def test_json_holds_no_number_that_json_does_not_know(plain):
    assert "NaN" not in plain[0].stdout
    assert "Infinity" not in plain[0].stdout
    assert all(abs(x) < 1e300 for x in numbers(json.loads(plain[0].stdout)))


def test_with_json_the_plan_and_the_progress_go_to_standard_error(plain):
    assert "synthetic:1, 56 weeks, 2 seeds (0 to 1), contract" in plain[0].stderr
    assert "10 of 10 done" in plain[0].stderr


def test_in_one_process_and_in_two_the_results_are_the_same(plain, folder):
    two = python("-m", "catallax", *QUICK, "--seeds", "2", "--workers", "2", "--json", "--quiet")
    assert two.stderr == ""
    assert without_seconds(json.loads(two.stdout)) == without_seconds(json.loads(plain[0].stdout))


def test_the_same_command_gives_the_same_json(call):
    one, two = (json.loads(call(*ONE, "market", "--json").out) for _ in range(2))
    assert without_seconds(one) == without_seconds(two)


def test_overrides_reach_the_run(call, folder):
    (folder / "my.toml").write_text("weeks = 99\n[channel]\nline = {delay = 2}\n")
    said = call(*ONE, "market", "--json", "--contract", "my.toml", "--channel.line.coverage", "0.9")
    found = json.loads(said.out)["contract"]
    assert found["weeks"] == 56
    assert found["channel"]["line"]["delay"] == 2
    assert found["channel"]["line"]["coverage"] == 0.9
    assert found["hash"] != json.loads(call(*ONE, "market", "--json").out)["contract"]["hash"]


def test_a_run_shows_plan_and_table_and_writes_the_report(call, folder):
    said = call(*ONE, "market,five_year_plan")
    assert said.code == 0
    assert said.err.startswith("tin: a resource becomes scarce and nobody is told why\n")
    assert "synthetic:1, 56 weeks, seed 0, contract" in said.err
    assert "market" in said.out
    assert said.out.endswith("\nReport: tin.html\n")
    assert "2 of 2 done (five_year_plan, seed 0)" in said.err
    assert [path.name for path in folder.iterdir()] == ["tin.html"]
    page = (folder / "tin.html").read_text(encoding="utf-8")
    assert "catallax run tin --mechanisms market,five_year_plan --seeds 1" in page


def test_quiet_leaves_the_table_and_the_place_of_the_report(call):
    said = call(*ONE, "market", "--quiet", "--out", "made/here")
    assert (said.code, said.err) == (0, "")
    assert "nobody is told why" not in said.out
    assert said.out.endswith(f"Report: {Path('made/here/tin.html')}\n")
    assert Path("made/here/tin.html").stat().st_size > 0


def test_json_with_a_folder_also_writes_the_report(call, folder):
    said = call(*ONE, "market", "--json", "--out", "here")
    assert json.loads(said.out)["experiment"] == "tin"
    assert [path.name for path in (folder / "here").iterdir()] == ["tin.html"]


def test_a_report_that_cannot_be_finished_leaves_nothing(call, folder, monkeypatch):
    def no_room(file):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("catallax.whole.os.fsync", no_room)
    said = call(*ONE, "market", "--json", "--quiet", "--out", ".")
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        "catallax: tin.html: cannot be written (No space left on device); make room\n"
    )
    assert list(folder.iterdir()) == []


def test_a_narrow_alphabet_ends_no_run(folder):
    narrow = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = python("-m", "catallax", *ONE, "market", env=narrow)
    assert (done.returncode, done.stdout[-17:]) == (0, "Report: tin.html\n")


# compare

FREE = (
    "compare",
    "--economy",
    "synthetic:1",
    "--settle",
    "0",
    "--seeds",
    "2",
    "--workers",
    "0",
    "--weeks",
)
CALM = (*FREE, "20")


def test_compare_shows_both_tables_and_writes_its_report(call, folder):
    said = call(*CALM, "--mechanisms", "market,five_year_plan")
    assert said.code == 0
    assert said.err.startswith("compare: nothing happens from outside\n")
    assert "compare on synthetic:1: 20 weeks, 2 seeds" in said.out
    assert "Difference from market" in said.out
    assert said.out.endswith("\nReport: compare.html\n")
    assert [path.name for path in folder.iterdir()] == ["compare.html"]
    page = (folder / "compare.html").read_text(encoding="utf-8")
    assert "Market and five year plan (retail) under one contract" in page
    assert "catallax compare --mechanisms market,five_year_plan --seeds 2" in page


def test_compare_as_json_has_the_paired_differences(call, folder):
    found = json.loads(call(*FREE, "60", "--json").out)
    assert found["experiment"] == "compare"
    assert found["contract"]["shocks"] == []
    assert list(found["mechanisms"]) == [
        "market",
        "ai_planner",
        "five_year_plan",
        "habit",
        "static_optimum",
    ]
    assert found["differences"]["from"] == "market"
    gap = found["differences"]["mechanisms"]["five_year_plan"]["score"]
    means = [found["mechanisms"][m]["score"]["mean"] for m in ("five_year_plan", "market")]
    assert gap["mean"] == pytest.approx(means[0] - means[1])
    assert gap["ci95"][0] < gap["mean"] < gap["ci95"][1]
    assert list(folder.iterdir()) == []


def test_compare_takes_a_users_mechanism_and_a_shock(call, loud):
    words = ("--mechanisms", f"market,{loud()}", "--shock.resource", "ore", "--shock.week", "5")
    found = json.loads(call(*CALM, *words, "--json").out)
    assert found["contract"]["shocks"] == [
        {"kind": "resource", "resource": "ore", "week": 5, "factor": 0.5, "announced": False}
    ]
    gaps = found["differences"]["mechanisms"]["loud.py"]
    # The user's mechanism is the market with a print in it.
    assert all(g["mean"] in (0.0, None) for g in gaps.values())


def test_one_mechanism_is_compared_with_nothing(call):
    assert "Each less" not in call(*CALM, "--mechanisms", "market").out


# users' own mechanisms


@pytest.mark.parametrize("workers", ["0", "2"])
def test_what_a_users_mechanism_prints_stays_out_of_the_json(workers, loud, folder):
    words = (*QUICK, "--seeds", "2", "--mechanisms", loud("print('acts')"), "--workers", workers)
    done = python("-m", "catallax", *words, "--json")
    assert set(json.loads(done.stdout)["mechanisms"]) == {"loud.py"}
    assert "acts" in done.stderr
    assert [path.name for path in folder.iterdir()] == ["loud.py"]


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_users_mechanism_that_fails_in_a_run_is_named_with_its_line(workers, call, loud, folder):
    name = loud("{}['price'] if view.t == 9 else None")
    words = (*QUICK, "--seeds", "2", "--quiet", "--workers", workers, "--mechanisms", name)
    said = call(*words, "--json")
    assert (said.code, said.out) == (2, "")
    assert said.err.splitlines()[-1] == "catallax: loud.py, line 17, in act: KeyError: 'price'"
    assert [path.name for path in folder.iterdir()] == ["loud.py"]


def test_a_mechanism_of_which_every_run_stops_early_is_told_and_is_a_failure(call, loud):
    name = loud("act, done = self.inner.act(view, done); act.ask[0] = -1; return act, done")
    said = call(*ONE, f"{name},market", "--json")
    assert said.code == 1
    assert f"catallax: {name}: none of its runs came to its end: week 0: " in said.err
    stopped = json.loads(said.out)["mechanisms"][name]
    assert all(stopped[m]["mean"] is None for m in REQUIRED)
    assert "bad_act: week 0" in stopped["score"]["reason"]
    table = call(*ONE, f"{name},market")
    assert table.code == 1
    assert "bad_act" in table.out
    assert call(*ONE, "market").code == 0


def test_an_error_of_our_own_keeps_its_traceback(call, monkeypatch):
    def compare(*words, **options):
        raise ZeroDivisionError

    monkeypatch.setattr("catallax.study.compare", compare)
    with pytest.raises(ZeroDivisionError):
        call(*ONE, "market")


# check


def test_check_passes_an_honest_mechanism(call):
    said = call("check", "market", "--seed", "7")
    assert (said.code, said.err) == (0, "")
    first, *runs, last = said.out.splitlines()
    assert re.fullmatch(r"passed: (\d+) of \1 calls made again, each from .* given", first)
    assert len(runs) == 4
    assert last == "The same runs again: catallax check market --seed 7"


def test_check_tells_what_leaks(call, loud):
    name = loud(
        "act, done = self.inner.act(view, done); act.ask[:] = act.ask.mean(); return act, done"
    )
    said = call("check", name, "--seed", "3")
    assert (said.code, said.err) == (1, "")
    head, what, mend, again = said.out.splitlines()
    assert head == f"{name}: did not pass"
    week = -draw_trials(3)[0].contract.settle
    act = rf"1\. row \d+ \(.*\), act in week {week}: alone, .* its act\.ask\[0\] is"
    assert re.match(act, what)
    assert mend == f"   To mend it: {Offence.DIFFERS.value}."
    assert again == f"The same runs again: catallax check {name} --seed 3"


def test_check_on_a_contract_of_the_users_own(call, loud, folder):
    (folder / "my.toml").write_text('economy = "small:0"\nweeks = 5\nbehaviour = "strategic"\n')
    said = call("check", "market", "--contract", "my.toml", "--seed", "3")
    assert said.code == 0, said.err
    assert "the contract that was given" in said.out
    assert said.out.endswith("--seed 3 --contract my.toml\n")
    (folder / "my.toml").write_text("weekz = 5\n")
    said = call("check", "market", "--contract", "my.toml")
    assert (said.code, said.out) == (2, "")
    assert "my.toml" in said.err
    assert "Did you mean 'weeks'?" in said.err


def test_check_as_json(call, loud):
    said = call("check", loud(), "--json", "--seed", "3")
    assert said.code == 0
    found = json.loads(said.out)
    assert found["replayed"] == found["calls"] > 0
    assert len(found["runs"]) == 4
    told = ("source", "passed", "seed", "findings", "lines")
    assert [found[k] for k in told] == ["loud.py", True, 3, [], []]
    leak = loud(
        "act, done = self.inner.act(view, done); act.ask[:] = view.rows.n; return act, done"
    )
    said = call("check", leak, "--json", "--seed", "3")
    assert said.code == 1
    (one,) = json.loads(said.out)["findings"]
    first = -draw_trials(3)[0].contract.settle
    assert (one["offence"], one["verb"], one["week"]) == ("differs", "act", first)
    assert one["mend"] == Offence.DIFFERS.value


PLAN = """
from dataclasses import dataclass
from catallax.domains.production.mechanisms import Centre, DirectedAgents, FiveYearPlan, Mechanism

@dataclass
class Own:
    memory: object

class Office(Centre):
    def start(self, public, rng):
        return Own(FiveYearPlan().start(public, rng))

    def decide(self, heard, t, own):
        said, memory = FiveYearPlan().decide(heard, t, own.memory)
        return said, Own(memory)

def mechanism():
    return Mechanism("office", DirectedAgents(candid=False), Office())
"""


def test_check_knows_what_a_users_centre_remembers(folder):
    (folder / "office.py").write_text(PLAN)
    done = python("-m", "catallax", "check", "office.py", "--seed", "3")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("passed: ")


# list, explain, version, help


def test_list_shows_all_that_can_be_named(call):
    said = call("list")
    assert (said.code, said.err) == (0, "")
    for name in (*EXPERIMENTS, *every_mechanism(), "static_optimum", "us71", "us15", *MEASURES):
        assert re.search(rf"(?m)^  {name}  +\S", said.out), name


def test_the_version(call):
    assert call("--version").out == f"{catallax.__version__}\n"
    assert python("-m", "catallax", "--version").stdout == f"{catallax.__version__}\n"


@pytest.mark.parametrize(
    "words", [[], ["--help"], ["run", "--help"], ["compare", "--help"], ["check", "--help"]]
)
def test_help(words, call):
    said = call(*words)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("Usage: catallax")


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["sweep", "--help"]])
def test_help_imports_nothing_heavy(words):
    # The package's own `__init__` is set aside: this is about what the command line imports.
    code = f"""
import sys, types
package = types.ModuleType("catallax")
package.__path__, package.__version__ = {[str(Path(catallax.__file__).parent)]}, "0"
sys.modules["catallax"] = package
from catallax.apps.cli import main
try:
    main({words})
except SystemExit as ended:
    assert ended.code == 0
heavy = ("scipy", "numpy", "pydantic", "catallax.domains", "catallax.study", "catallax.execute")
print([name for name in heavy if name in sys.modules])
"""
    done = python("-c", code)
    assert done.stdout.splitlines()[-1:] == ["[]"], done.stderr


# interruptions


def test_an_interruption_is_one_line(call, monkeypatch):
    def compare(*words, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("catallax.study.compare", compare)
    said = call(*ONE, "market", "--json", "--quiet")
    assert (said.code, said.out) == (130, "")
    assert said.err == (
        "catallax: interrupted: nothing done, nothing kept; with --store FOLDER the same command "
        "goes on where it was stopped\n"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="there are no process groups there")
def test_ctrl_c_ends_the_workers_too(folder):
    words = (
        "run",
        "tin",
        "--economy",
        "synthetic:1",
        "--weeks",
        "60",
        "--mechanisms",
        "market",
        "--seeds",
        "200",
        "--workers",
        "2",
    )
    with subprocess.Popen(
        [sys.executable, "-m", "catallax", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        assert running.stderr is not None
        while " of 200 done" not in running.stderr.readline():
            pass
        os.killpg(running.pid, signal.SIGINT)
        began = time.monotonic()
        left = running.stderr.read()
    assert running.returncode == 130
    assert re.fullmatch(
        r"catallax: interrupted: \d+ of 200 done, nothing kept; with --store FOLDER the same "
        r"command goes on where it was stopped\n",
        left.splitlines(keepends=True)[-1],
    )
    assert time.monotonic() - began < 10
    assert list(folder.iterdir()) == []


def test_the_handler_of_interruptions_is_put_back():
    before = signal.getsignal(signal.SIGINT)
    with progress.interruptible():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before
    assert multiprocessing.active_children() == []


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break otherwise there")
def test_a_reader_that_goes_away_is_no_error():
    words = "-c", "from catallax.apps.cli import main; main(['list'])"
    with subprocess.Popen(
        [sys.executable, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == ""
    assert running.returncode == 141


# progress


def test_plain_lines_come_now_and_then_and_at_the_end(capsys):
    now = iter([0.0, 1.0, 2.0, 9.0, 11.5, 12.0, 13.0])
    lines = progress.ProgressLines(clock=lambda: next(now))
    for done in range(1, 7):
        lines(done, 6, f"run {done}")
    assert capsys.readouterr().err.splitlines() == [
        "1 of 6 done (run 1), 1 s, about 5 s left",
        "4 of 6 done (run 4), 12 s, about 6 s left",
        "6 of 6 done (run 6), 13 s, about 0 s left",
    ]


def test_a_terminal_gets_a_bar_with_rate_and_time_left(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    with progress.show_progress(4, quiet=False) as tell:
        assert tell is not None
        tell(2, 4, "market, seed 1")
    written = sys.stderr.getvalue()
    assert "2/4" in written
    assert "a minute" in written
    assert "market, seed 1" in written
