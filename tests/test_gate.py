"""The gate itself: what fails is named, ends the rest, and is shown in one piece."""

import sys
import time

import pytest

from scripts import gate


def python(code):
    return [sys.executable, "-c", code]


GOOD = python("print('fine')")
BAD = python("import sys; print('why'); sys.exit(3)")
SLOW = python("import time; print('slow', flush=True); time.sleep(60)")


def test_all_stages_run_and_pass(capfd):
    assert gate.main(({"a": GOOD, "b": GOOD}, {"c": GOOD})) == 0
    shown = capfd.readouterr().out
    assert shown.count("fine") == 3
    assert [f"== {name}: ok" in shown for name in "abc"] == [True] * 3
    assert "gate: passed in" in shown


@pytest.mark.parametrize("first", [{"a": BAD}, {"a": BAD, "b": SLOW}, {"b": SLOW, "a": BAD}])
def test_the_first_failure_ends_the_gate_and_gives_its_exit_code(first, capfd):
    began = time.monotonic()
    assert gate.main((first, {"c": GOOD})) == 3
    assert time.monotonic() - began < 30
    shown = capfd.readouterr().out
    assert "why" in shown
    assert "== a: failed (3)" in shown
    assert "gate: FAILED at step 'a'" in shown
    assert "== c" not in shown
    assert "== b" not in shown


def test_what_a_step_started_ends_with_it(tmp_path):
    """Its own processes too: this one writes to a file until it is ended."""
    file = tmp_path / "alive"
    writes = f"import time\nwhile True: open({str(file)!r}, 'a').write('x'); time.sleep(0.05)"
    starts = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {writes!r}])"
    step = gate.Step("a", python(starts))
    while not file.exists():
        assert step.process.poll() is None
        time.sleep(0.05)
    step.end()
    time.sleep(0.3)
    size = file.stat().st_size
    time.sleep(0.3)
    assert file.stat().st_size == size


def test_steps_side_by_side_do_not_mix_what_they_print(capfd):
    talk = python("import time\nfor k in range(5): print('line', k, flush=True); time.sleep(0.02)")
    assert gate.main(({"a": talk, "b": talk},)) == 0
    lines = [x for x in capfd.readouterr().out.splitlines() if x.startswith("line")]
    assert lines == [f"line {k}" for k in range(5)] * 2


def test_bytecode_is_kept_whatever_the_caller_has_set(monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert "PYTHONDONTWRITEBYTECODE" not in gate.environment()
    assert gate.environment()["PATH"]


def test_every_check_is_a_step():
    names = [name for stage in gate.STAGES for name in stage]
    assert names == ["format", "lint", "types", "imports", "loops", "tests"]
