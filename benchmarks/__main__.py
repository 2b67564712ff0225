"""`python -m benchmarks`: measure, keep the results, and write the page about them."""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.envs import DEFAULT, Envs
from benchmarks.registry import BENCHES
from benchmarks.render import render
from benchmarks.session import Session
from benchmarks.spec import Bench
from benchmarks.store import Results

RESULTS = Path(__file__).parent / "results.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; 0 when everything was measured, 1 when something failed."""
    asked = _parser().parse_args(arguments)
    if asked.list:
        tell("\n".join(f"{name:<15} {bench.title}" for name, bench in BENCHES.items()))
        return 0
    out = asked.out or (None if asked.smoke else RESULTS)
    results = Results.load(out) if out else Results()
    failed = 0
    for name in [] if asked.render else asked.only or list(BENCHES):
        results, well = _run(BENCHES[name], asked, results)
        failed += not well
        if out:  # after each, so that an interrupted evening is not lost
            results.save(out)
    if out == RESULTS:
        render(results)
    return int(failed > 0)


def _parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(prog="python -m benchmarks", description=main.__doc__)
    p.add_argument(
        "--only",
        nargs="+",
        choices=list(BENCHES),
        metavar="NAME",
        help="these alone; others keep their last results",
    )
    p.add_argument("--list", action="store_true", help="show the names")
    p.add_argument(
        "--smoke",
        action="store_true",
        help="tiny sizes, to see that all of it runs; writes nothing without --out",
    )
    p.add_argument(
        "--sizes", nargs="+", type=int, metavar="N", help="these in place of the benchmarks' own"
    )
    p.add_argument(
        "--full",
        action="store_true",
        help="all 10,000 runs and all 520 weeks where a part would be scaled up",
    )
    p.add_argument(
        "--no-peers",
        action="store_true",
        help="leave out Mesa, bamengine and HiGHS, which are installed from PyPI",
    )
    p.add_argument(
        "--envs",
        type=Path,
        default=DEFAULT,
        metavar="DIR",
        help=f"where the peers' environments lie (default {DEFAULT})",
    )
    p.add_argument(
        "--limit",
        type=float,
        default=120.0,
        metavar="SECONDS",
        help="longest solve of a peer (default 120)",
    )
    p.add_argument(
        "--out",
        type=Path,
        metavar="FILE.json",
        help="results; default benchmarks/results.json, from which docs are written",
    )
    p.add_argument("--render", action="store_true", help="only write the docs again")
    return p


def _run(bench: Bench, asked: argparse.Namespace, results: Results) -> tuple[Results, bool]:
    envs = None if asked.no_peers else Envs(asked.envs)
    if asked.smoke and envs is not None and not all(map(envs.made, bench.peers)):
        envs = None  # a smoke run installs nothing
    session = Session(asked.smoke, asked.full, envs, tell, asked.limit)
    tell(f"{bench.name}: {bench.title}")
    began = time.monotonic()
    try:
        figures = bench.measure(
            asked.sizes or (bench.tiny if asked.smoke else bench.sizes), session
        )
    except Exception as e:
        tell(f"  FAILED: {type(e).__name__}: {e}")
        return results, False
    if asked.smoke:  # targets are for real sizes
        figures = [replace(f, target=None) for f in figures]
    for f in figures:
        shown = "not measured" if f.value is None else f"{f.value:.4g} {f.unit}"
        mark = {True: "reached", False: "NOT reached", None: ""}[f.reached]
        tell(f"  {f.what}, {f.system}, {f.size}: {shown} {mark}".rstrip())
    missing = ", ".join(bench.peers) if envs is None and bench.peers else ""
    seconds = time.monotonic() - began
    kept = results.with_run(
        bench.name, figures, seconds=seconds, smoke=asked.smoke, missing=missing
    )
    return kept, True


def tell(text: str) -> None:
    """Say how far it is, on standard error."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
