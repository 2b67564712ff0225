"""The gate: every check that a change has to pass.

    python scripts/gate.py

Steps of one stage run side by side, stages one after the other. Prints each step's output in one
piece, its result and its time; the first failure ends the gate. It needs the packages of the extra
`test`; the browser tests also need Chromium and npm modules (see CONTRIBUTING.md) and are skipped
without them, except where the variable CI is set: there they must run.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, final

ROOT = Path(__file__).resolve().parents[1]
POLL = 0.05  # seconds
# One more than cores: a worker often waits for a process that its test has begun.
WORKERS = str((os.cpu_count() or 1) + 1)

_PYTHON = [sys.executable, "-m"]

Stage = Mapping[str, Sequence[str]]
STAGES: Sequence[Stage] = (
    {
        "format": [*_PYTHON, "ruff", "format", "--check", "."],
        "lint": [*_PYTHON, "ruff", "check", "."],
    },
    {
        "types": [*_PYTHON, "mypy"],
        "imports": [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as main; main()",
            "--no-cache",
        ],
        # Once, on all cores: otherwise every process of the tests compiles for itself.
        "loops": [
            sys.executable,
            "-c",
            "from catallax.kernels.ready import prepare; prepare(lambda *_: None)",
        ],
    },
    # The tests also run the examples of README.md and docs/ and the browser. Each worker takes a
    # part of them in order and steals from another's end, so what a file's tests share is made
    # once or twice and no core waits for a long file.
    {
        "tests": [
            *[*_PYTHON, "pytest", "-n", WORKERS, "--dist", "worksteal", "--durations=10"],
            # A test that hangs, such as one that waits for a process, fails with its traceback.
            *["-o", "faulthandler_timeout=600", "-o", "faulthandler_exit_on_timeout=true"],
        ]
    },
)


@final
@dataclass
class Step:
    """A command that has been started; it is given up with `end`."""

    name: str
    command: Sequence[str]
    output: IO[bytes] | None = None  # None: as it comes
    started: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=self.output and subprocess.STDOUT,
            start_new_session=True,
        )

    def end(self) -> None:
        """Stop it and every process that it started; what it wrote is gone."""
        if self.process.poll() is None:
            if sys.platform == "win32":
                self.process.terminate()
            else:
                os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait()
        if self.output is not None:
            self.output.close()

    def report(self) -> int:
        """Print what it wrote and how it ended; return its exit code."""
        code = self.process.wait()
        if self.output is not None:
            self.output.seek(0)
            print(f"== {self.name}", flush=True)
            print(self.output.read().decode(errors="replace"), end="", flush=True)
        how = "ok" if code == 0 else f"failed ({code})"
        print(f"== {self.name}: {how}, {since(self.started)}", flush=True)
        return code


def main(stages: Sequence[Stage] = STAGES) -> int:
    """Run the stages in order; return the exit code of the first step that fails, else 0."""
    started = time.monotonic()
    for stage in stages:
        name, code = run_stage(stage)
        if code != 0:
            print(f"gate: FAILED at step {name!r} after {since(started)}", flush=True)
            return code
    print(f"gate: passed in {since(started)}", flush=True)
    return 0


def run_stage(stage: Stage) -> tuple[str, int]:
    """Name and exit code of the first step that fails, or of the last."""
    steps = start_steps(stage)
    try:
        return report_steps(steps)
    finally:
        for step in steps:
            step.end()


def start_steps(stage: Stage) -> list[Step]:
    """All steps of a stage; one that is alone prints as it goes."""
    if len(stage) > 1:
        return [Step(name, run, tempfile.TemporaryFile()) for name, run in stage.items()]
    ((name, command),) = stage.items()
    print(f"== {name}", flush=True)
    return [Step(name, command)]


def report_steps(steps: Sequence[Step]) -> tuple[str, int]:
    """Report each step when it ends, up to the first that fails."""
    left, last = list(steps), ("", 0)
    while left:
        ended = next((step for step in left if step.process.poll() is not None), None)
        if ended is None:
            time.sleep(POLL)
            continue
        left.remove(ended)
        last = ended.name, ended.report()
        if last[1] != 0:
            break
    return last


def environment() -> dict[str, str]:
    """This process's variables, with bytecode kept: pytest rewrites test modules once for all."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def since(started: float) -> str:
    """Seconds since then, as text."""
    return f"{time.monotonic() - started:.1f} s"


if __name__ == "__main__":
    raise SystemExit(main())
