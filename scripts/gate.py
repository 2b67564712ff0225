"""The gate: every check that a change has to pass, one after the other.

    python scripts/gate.py

Prints each step's name, result and time, and stops at the first failure. It needs the packages
of the extra `test`; the browser tests also need Chromium and npm modules (see CONTRIBUTING.md)
and are skipped without them, except where the variable CI is set: there they must run.
"""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

_PYTHON = [sys.executable, "-m"]

# The last step also runs the examples of README.md and docs/ and the browser tests.
STEPS = {
    "format": [*_PYTHON, "ruff", "format", "--check", "."],
    "lint": [*_PYTHON, "ruff", "check", "."],
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
        "from catallax.kernels.ready import cold, prepare; cold() and prepare(lambda *_: None)",
    ],
    # Files stay whole, so that what a file's tests share is made once.
    "tests": [*_PYTHON, "pytest", "-n", "auto", "--dist", "loadfile", "--durations=10"],
}


def main() -> int:
    """Run the steps in order; return the exit code of the first that fails, else 0."""
    started = time.monotonic()
    for name, command in STEPS.items():
        code = _run(name, command)
        if code != 0:
            print(f"gate: FAILED at step {name!r} after {_since(started)}", flush=True)
            return code
    print(f"gate: passed in {_since(started)}", flush=True)
    return 0


def _run(name: str, command: list[str]) -> int:
    print(f"== {name}", flush=True)
    started = time.monotonic()
    code = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode
    print(f"== {name}: {'ok' if code == 0 else f'failed ({code})'}, {_since(started)}", flush=True)
    return code


def _since(started: float) -> str:
    return f"{time.monotonic() - started:.1f} s"


if __name__ == "__main__":
    raise SystemExit(main())
