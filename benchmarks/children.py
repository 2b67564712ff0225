"""What is measured in a fresh process: `python -m benchmarks.children TASK '{"size": ...}'`.

Prints one line of JSON. A process of its own makes peaks of memory clean, lets the number of
threads be chosen, and meets compiled code as a user's first call does.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.contracts import calm, lean, named
from benchmarks.stream import triad
from catallax import Contract, ai_planner, market, simulate, solve
from catallax.domains.production.mechanisms import Mechanism

# Quotes are exact in most of these economies, and the Mesa model's buyers average none.
MECHANISMS: dict[str, Callable[..., Mechanism]] = {
    "market": partial(market, quote_smoothing=1.0),
    "ai_planner": ai_planner,
}


def weeks(
    economy: str, weeks: int, mechanism: str = "market", contract: str = "calm"
) -> dict[str, Any]:
    """Seconds of each week of a run, from one finished week to the next.

    contract : "calm", everything stands still and messages are exact, or "default"
    """
    began = time.perf_counter()
    e = named(economy)
    built = time.perf_counter()
    held = calm(e, weeks) if contract == "calm" else Contract(e, weeks=weeks)
    ends: list[float] = []
    used: list[float] = []

    def finished(_: int) -> None:
        ends.append(time.perf_counter())
        used.append(now())

    run = simulate(
        held,
        MECHANISMS[mechanism](),
        recording=lean(),
        progress=finished,
    )
    if not run.completed:
        raise SystemExit(f"{economy}: {run.stop.value} {run.reason}")
    net = e.network
    return {
        "seconds": np.diff(ends).tolist(),
        "agents": net.n - net.endowments.stop,
        "links": net.m,
        "build": built - began,
        "first": ends[0] - built,
        "peak": peak(),
        # From the middle on, when all that is made once has been made.
        "grows": (used[-1] - used[weeks // 2]) / max(weeks - 1 - weeks // 2, 1),
    }


def optimum(economy: str, rounds: int = 1, tol: float = 1e-10) -> dict[str, Any]:
    """Seconds of each solve from prices that are wrong by exp(N(0, 0.5))."""
    e = named(economy)
    wrong = np.exp(0.5 * np.random.default_rng(0).standard_normal(e.network.n))
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        best = solve(e.technology, e.income, start=wrong, tol=tol)
        seconds.append(time.perf_counter() - began)
    return {
        "seconds": seconds,
        "stop": best.stop.name,
        "iterations": best.iterations,
        "balance": best.balance,
        "agents": e.network.n - e.network.endowments.stop,
        "links": e.network.m,
        "peak": peak(),
    }


def stream(elements: int) -> dict[str, Any]:
    """Bytes a second of the STREAM triad, on as many threads as Numba was given."""
    return {"bytes_per_second": triad(elements, int(os.environ["NUMBA_NUM_THREADS"]))}


def sweep(runs: int, weeks: int, every: int, workers: int, economy: str = "us71") -> dict[str, Any]:
    """Seconds of `runs` runs, market and ai_planner half each, with their efficiency."""
    from benchmarks.many_runs import sweep_seconds

    return {"seconds": sweep_seconds(runs, weeks, every, workers, economy), "peak": peak()}


def balances(**asked: Any) -> dict[str, Any]:
    """All records of the Leontief benchmark."""
    from benchmarks.leontief import measure

    return {"records": [tuple(record) for record in measure(**asked)]}


def peak() -> float:
    """Largest memory of this process so far, GiB."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (2**30 if sys.platform == "darwin" else 2**20)


def now() -> float:
    """Memory of this process at present, GiB; 0 where the system does not say."""
    status = Path("/proc/self/statm")
    pages = int(status.read_text().split()[1]) if status.exists() else 0
    return pages * resource.getpagesize() / 2**30


TASKS: dict[str, Callable[..., dict[str, Any]]] = {
    "weeks": weeks,
    "optimum": optimum,
    "stream": stream,
    "sweep": sweep,
    "balances": balances,
}

if __name__ == "__main__":
    print(json.dumps(TASKS[sys.argv[1]](**json.loads(sys.argv[2]))))
