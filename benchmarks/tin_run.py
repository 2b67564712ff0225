"""`catallax run tin` as a user types it: table, page and all."""

import subprocess
import sys
import time
from collections.abc import Sequence

from benchmarks.figure import Figure
from benchmarks.session import Session
from benchmarks.spec import Bench

MECHANISMS = "market,five_year_plan,static_optimum"


def measure(sizes: Sequence[int], session: Session) -> list[Figure]:
    """Wall time of the command with three mechanisms and twins, best of two after a warm one."""
    return [_command(seeds, session) for seeds in sizes]


def _command(seeds: int, session: Session) -> Figure:
    more = ["--weeks", "56", "--economy", "us15"] if session.smoke else []
    command = [
        sys.executable,
        "-m",
        "catallax",
        "run",
        "tin",
        "--mechanisms",
        MECHANISMS,
        "--seeds",
        str(seeds),
        "--quiet",
        *more,
    ]
    seconds = []
    with session.folder() as folder:
        for _ in range(1 if session.smoke else 3):
            began = time.perf_counter()
            subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
            seconds.append(time.perf_counter() - began)
    return Figure(
        f"catallax run tin --mechanisms {MECHANISMS}",
        "Catallax, 2 processes",
        f"us71, {seeds} seeds with twins, 312 weeks",
        min(seconds[1:] or seconds),
        "s",
        "wall time of the command, best of two after one that warms the caches",
        20.0,
        below=True,
    )


BENCH = Bench("tin_run", "`catallax run tin`, warm", (8,), (1,), measure)
