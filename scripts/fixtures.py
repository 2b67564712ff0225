"""Do runs still have the bits that they had at an earlier commit?

    python scripts/fixtures.py REF [--only compiled|plain] [--json]

Plays the runs of `fixture_runs.py` with the package of the commit REF and with that of the working
tree, on this machine, with compiled loops and in plain NumPy, each in a process of its own. Prints
a line a run, `same` or `DIFFERENT`; the exit code is 1 if any differs. It also holds runs side by
side (`simulate_many`) against the same runs alone, within the working tree.

Bits bind to one processor, so nothing of them is stored: both trees are played anew. The commit
is unpacked once into the folder for temporary files and left there, because Numba keeps compiled
loops by the folder and the time of their source: the second comparison with REF need not compile.
"""

import argparse
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, final

ROOT = Path(__file__).resolve().parents[1]
RUNS = ROOT / "scripts" / "fixture_runs.py"
MODES = {"compiled": "", "plain": "1"}  # -> CATALLAX_PLAIN
MISSING = "not recorded"
FAILED = "failed:"  # how `fixture_runs.py` begins what it says of a run that raised
UNPLAYABLE = 2  # exit code where there is nothing to compare


@final
class Unplayable(Exception):
    """A commit that cannot be read, or a tree whose runs cannot be played at all."""


@final
@dataclass(frozen=True)
class Verdict:
    """One run in two places.

    mode     : "compiled" or "plain"
    run      : mechanism and contract
    expected : bits and stop at REF, or alone
    found    : bits and stop in the working tree, or side by side
    """

    mode: str
    run: str
    expected: str
    found: str

    @property
    def is_same(self) -> bool:
        """Whether the bits are equal; the same error on both sides compares nothing."""
        return self.expected == self.found and not self.found.startswith(FAILED)

    def line(self) -> str:
        """One line of the table."""
        if self.is_same:
            return f"same       {self.mode:8}  {self.run}"
        return f"DIFFERENT  {self.mode:8}  {self.run}: {self.expected} -> {self.found}"


def compare(mode: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Verdict]:
    """Every run that either tree has."""
    for run in before["runs"] | now["runs"]:
        yield Verdict(mode, run, before["runs"].get(run, MISSING), now["runs"].get(run, MISSING))


def compare_batches(mode: str, now: Mapping[str, Any]) -> Iterator[Verdict]:
    """Runs side by side against the same alone, in one tree."""
    for run, bits in now["batches"].items():
        for k, (alone, together) in enumerate(zip(bits["alone"], bits["together"], strict=True)):
            yield Verdict(mode, f"{run}, run {k} of a batch", alone, together)


def unpack(ref: str) -> Path:
    """A folder with the files of the commit `ref`; their times are the commit's."""
    commit = _git("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}").decode().strip()
    folder = Path(tempfile.gettempdir()) / f"catallax-fixtures-{commit}"
    if not folder.exists():
        half = Path(tempfile.mkdtemp(prefix="catallax-fixtures-"))
        with tarfile.open(fileobj=io.BytesIO(_git("archive", commit, "src"))) as tar:
            tar.extractall(half, filter="data")
        half.rename(folder)
    return folder


def _git(*words: str) -> bytes:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        why = done.stderr.decode().strip() or "there is no such commit"
        raise Unplayable(f"git {' '.join(words)}: {why}; give a branch, a tag or a commit")
    return done.stdout


def record(tree: Path, mode: str) -> dict[str, Any]:
    """What `fixture_runs.py` prints with the package of `tree`."""
    env = os.environ | {"PYTHONPATH": str(tree / "src"), "CATALLAX_PLAIN": MODES[mode]}
    command = [sys.executable, str(RUNS)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Unplayable(f"{tree}, {mode}: the runs cannot be played:\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout)
    if not Path(found["package"]).is_relative_to(tree):
        raise Unplayable(f"{tree}: the package came from {found['package']}; expected this tree's")
    return found


def compare_trees(ref: str, modes: Sequence[str]) -> list[Verdict]:
    """All verdicts; the processes share the cores."""
    then = unpack(ref)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = {
            (mode, tree): pool.submit(record, tree, mode) for mode in modes for tree in (then, ROOT)
        }
        found = {key: job.result() for key, job in jobs.items()}
    verdicts: list[Verdict] = []
    for mode in modes:
        verdicts += compare(mode, found[mode, then], found[mode, ROOT])
        verdicts += compare_batches(mode, found[mode, ROOT])
    return verdicts


def main(words: Sequence[str] | None = None) -> int:
    """Compare and print; 0 if all bits are the same, 1 if some differ, 2 if none were compared."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("ref", metavar="REF", help="a branch, a tag or a commit")
    parser.add_argument("--only", choices=list(MODES), help="default: both")
    parser.add_argument("--json", action="store_true", help="print the verdicts as JSON")
    asked = parser.parse_args(words)
    try:
        verdicts = compare_trees(asked.ref, [asked.only] if asked.only else list(MODES))
    except Unplayable as e:
        print(f"fixtures: {e}", file=sys.stderr)
        return UNPLAYABLE
    differ = sum(not v.is_same for v in verdicts)
    if asked.json:
        print(json.dumps([asdict(v) | {"same": v.is_same} for v in verdicts], indent=1))
    else:
        print(*(v.line() for v in verdicts), sep="\n")
        print(f"fixtures: {len(verdicts) - differ} same, {differ} different, against {asked.ref}")
    return 1 if differ else 0


if __name__ == "__main__":
    raise SystemExit(main())
