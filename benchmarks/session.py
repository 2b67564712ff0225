"""What a benchmark may use: children of its own, environments of peers, how much to do."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, final

from benchmarks.envs import Envs

ROOT = Path(__file__).resolve().parents[1]
POOLS = (
    "CATALLAX_THREADS",
    "NUMBA_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
)
T = TypeVar("T")


class Failed(Exception):
    """A child process did not end well; the text is the end of what it wrote."""


@final
@dataclass(frozen=True)
class Session:
    """How the benchmarks are run.

    smoke : tiny sizes, to see that everything runs; the numbers mean nothing
    full  : do every stated run in full where otherwise a stated part is scaled up
    envs  : peers' environments; None: peers are left out
    tell  : is told what goes on
    limit : seconds that one solve of a peer may take
    """

    smoke: bool = False
    full: bool = False
    envs: Envs | None = None
    tell: Callable[[str], None] = field(default=lambda _: None)
    limit: float = 120.0

    def child(
        self, task: str, *, threads: int = 1, plain: bool = False, **asked: Any
    ) -> dict[str, Any]:
        """What `benchmarks.children` measures in a fresh process of this interpreter.

        threads : of every pool of threads
        plain   : whether the package runs its plain NumPy code
        """
        more = {"CATALLAX_PLAIN": "1" if plain else "0"}
        command = [sys.executable, "-m", "benchmarks.children", task, json.dumps(asked)]
        return run_json(command, {**_pools(threads), **more})

    def peer(self, name: str, *, threads: int = 1, **asked: Any) -> dict[str, Any]:
        """What the script of peer `name` measures in the environment of its own."""
        if self.envs is None:
            raise Failed(f"{name}: peers are left out (--peers)")
        python = self.envs.python(name, self.tell)
        script = ROOT / "benchmarks" / "peers" / f"{name}.py"
        return run_json([str(python), str(script), json.dumps(asked)], _pools(threads))

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """A folder for what is handed to a child."""
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)


def _pools(threads: int) -> dict[str, str]:
    return dict.fromkeys(POOLS, str(threads))


def run_json(command: Sequence[str], environment: Mapping[str, str]) -> dict[str, Any]:
    """The JSON on the last line that a command prints; Failed if it ends badly."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode != 0:
        raise Failed("\n".join([*done.stderr.splitlines()[-5:], f"exit code {done.returncode}"]))
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def in_turn(rounds: int, ways: Mapping[str, Callable[[], T]]) -> dict[str, list[T]]:
    """Each way measured once a round, one after the other, so that all meet the same machine."""
    found: dict[str, list[T]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            found[name].append(way())
    return found


def best_median(rounds: Sequence[Sequence[float]]) -> float:
    """The smallest of the rounds' medians."""
    return min(statistics.median(r) for r in rounds)
