"""Until somebody can work: import, help, and the first run after installing."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.session import Session, in_turn
from benchmarks.spec import Bench

IMPORT = [sys.executable, "-c", "import catallax"]
HELP = [sys.executable, "-m", "catallax", "--help"]
FIRST = [
    sys.executable,
    "-m",
    "catallax",
    "run",
    "tin",
    "--mechanisms",
    "market",
    "--seeds",
    "1",
    "--quiet",
]
CACHES = ("CATALLAX_CACHE", "NUMBA_CACHE_DIR")  # would lead past an empty home
BARE = [sys.executable, "-c", "pass"]


def measure(sizes: Sequence[int], session: Session) -> list[Figure]:
    """Wall times of whole processes; `sizes` are the rounds."""
    rounds = max(sizes)
    found = in_turn(
        rounds,
        {
            "import catallax": lambda: _wall(IMPORT),
            "catallax --help": lambda: _wall(HELP),
            "python -c pass": lambda: _wall(BARE),
        },
    )
    how = f"whole process, median of {rounds} in turn"
    goals = {"import catallax": 0.5, "catallax --help": 0.3, "python -c pass": None}
    figures = [
        Figure(
            what,
            "Catallax" if goals[what] else "Python",
            "warm",
            statistics.median(seconds),
            "s",
            how,
            goals[what],
            below=True,
        )
        for what, seconds in found.items()
    ]
    return [*figures, *_first(session)]


def _first(session: Session) -> list[Figure]:
    """The first run with every cache cold, bytecode too, and the second.

    A smoke session keeps the code that is compiled already, bytecode too: compiling is most of
    its time.
    """
    command = [*FIRST, *(["--weeks", "56", "--economy", "us15"] if session.smoke else [])]
    with session.folder() as folder:
        environment = {**fresh(folder), **(_compiled() if session.smoke else {})}
        first, second = (_wall(command, environment, folder) for _ in range(2))
    size = "us15, 56 weeks" if session.smoke else "us71, 312 weeks, a seed and its twin"
    return [
        Figure(
            "first run, cold caches",
            "Catallax",
            size,
            first,
            "s",
            "once: home, compiled code and bytecode in an empty folder",
            40.0,
            below=True,
        ),
        Figure("second run", "Catallax", size, second, "s", "once, the same caches"),
    ]


def _compiled() -> Mapping[str, str]:
    """The variables that lead to the compiled code and the bytecode of this process."""
    from catallax.kernels.jit import folder

    kept, bytecode = folder(), sys.pycache_prefix or ""
    code = "" if kept is None else str(kept.parent)
    return {"CATALLAX_CACHE": code, "PYTHONPYCACHEPREFIX": bytecode}


def fresh(folder: Path) -> Mapping[str, str]:
    """This process's variables, with every cache sent to `folder`."""
    names = ("HOME", "XDG_CACHE_HOME", "PYTHONPYCACHEPREFIX")
    caches = {name: folder / name.lower() for name in names}
    for place in caches.values():
        place.mkdir()
    kept = {name: value for name, value in os.environ.items() if name not in CACHES}
    return {**kept, **{name: str(place) for name, place in caches.items()}}


def _wall(
    command: Sequence[str],
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> float:
    began = time.perf_counter()
    subprocess.run(
        command,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=folder,
    )
    return time.perf_counter() - began


BENCH = Bench("startup", "start-up", (7,), (1,), measure)
