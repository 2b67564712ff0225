"""Deliberate breaks: each must make a test fail, or a test is missing.

    python scripts/breaks.py [NAME ...] [--whole]

`scripts/breaks/NAME.patch` breaks one thing; lines that begin with `#` say what it is, and the one
that begins with `# tests:` names the test files that are expected to notice. Every break is applied
to the last commit, in a working tree of its own, and those files are run until the first failure.
Where nothing failed, `--whole` runs all other tests of the gate too. The test that failed is then
run without the break, and counts only if it passes. A broken loop is compiled anew, which takes up
to a minute.

The exit code is 1 if a break survived or could not be judged, and 2 for a name that nobody knows.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from catallax.errors import InputError, unknown

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(__file__).with_suffix("")
KERNELS = "src/catallax/kernels/"
TESTS = "# tests:"
LIMIT = 1200  # seconds for one run of tests


@dataclass(frozen=True)
class Break:
    """A patch and what its header says.

    patch : the file
    says  : what is broken, in plain English
    tests : files that are expected to notice
    files : that it changes
    """

    patch: Path
    says: str
    tests: tuple[str, ...]
    files: tuple[str, ...]

    @property
    def name(self) -> str:
        """Name on the command line."""
        return self.patch.stem


def read_break(patch: Path) -> Break:
    """The break that a file holds."""
    lines = patch.read_text(encoding="utf-8").splitlines()
    head = [line for line in lines if line.startswith("#")]
    tests = [line.removeprefix(TESTS).split() for line in head if line.startswith(TESTS)]
    says = " ".join(line.removeprefix("#").strip() for line in head if not line.startswith(TESTS))
    files = [line.removeprefix("+++ b/") for line in lines if line.startswith("+++ b/")]
    return Break(patch, says, tuple(name for names in tests for name in names), tuple(files))


def all_breaks(names: Sequence[str] = ()) -> list[Break]:
    """The breaks of these names, or all of them; raises InputError for an unknown name."""
    patches = {path.stem: path for path in sorted(FOLDER.glob("*.patch"))}
    for name in names:
        if name not in patches:
            raise unknown("break", name, patches)
    return [read_break(patches[name]) for name in names or patches]


def main() -> int:
    """Try the breaks that are named, or all; return the exit code."""
    held = 0
    try:
        breaks = all_breaks([name for name in sys.argv[1:] if name != "--whole"])
    except InputError as e:
        print(f"breaks: {e}", file=sys.stderr)
        return 2
    for one in breaks:
        caught, verdict = try_break(one, whole="--whole" in sys.argv[1:])
        held += caught
        print(f"{one.name}: {verdict}", flush=True)
    print(f"breaks: {held} of {len(breaks)} caught", flush=True)
    return int(held < len(breaks))


def try_break(one: Break, *, whole: bool = False) -> tuple[bool, str]:
    """Whether the tests notice a break, and what to say of it."""
    with working_tree() as tree, tempfile.TemporaryDirectory() as cache:
        kernels = any(name.startswith(KERNELS) for name in one.files)
        if not applied(one.patch, tree):
            return False, "NO LONGER APPLIES: make the patch anew"
        started = time.monotonic()
        test, trouble = first_failure(one.tests, tree, Path(cache) if kernels else None)
        if whole and not test and not trouble:
            test, trouble = first_failure(("tests",), tree, Path(cache) if kernels else None)
        seconds = time.monotonic() - started
        if trouble:
            return False, f"CANNOT BE JUDGED: {trouble}"
        if not test:
            return False, f"SURVIVED {' '.join(one.tests)} ({seconds:.0f} s)"
        applied(one.patch, tree, "--reverse")
        if any(first_failure((test,), tree, None)):
            return False, f"CANNOT BE JUDGED: {test} fails without the break too"
    return True, f"caught by {test} in {seconds:.0f} s"


@contextmanager
def working_tree() -> Iterator[Path]:
    """The last commit, checked out into a folder that goes away."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "catallax"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(tree), "HEAD"], check=True)
        try:
            yield tree
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)


def applied(patch: Path, tree: Path, *how: str) -> bool:
    """Whether `git apply` with the options `how` took the patch."""
    command = ["git", "-C", str(tree), "apply", *how, str(patch)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def first_failure(tests: Sequence[str], tree: Path, cache: Path | None) -> tuple[str, str]:
    """The test of `tree` that fails first, or ""; and why that cannot be said, or "".

    cache : folder of compiled loops; None: the user's own
    """
    environment = os.environ | {"PYTHONPATH": str(tree / "src")}
    if cache is not None:
        environment["CATALLAX_CACHE"] = str(cache)
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(
            command, cwd=tree, env=environment, stdin=subprocess.DEVNULL, timeout=LIMIT,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return "", f"the tests took more than {LIMIT} s"
    return judged(done.returncode, done.stdout)


def judged(code: int, output: str) -> tuple[str, str]:
    """What pytest's exit code and output say: the test that failed, or why none is named."""
    if code == 0:
        return "", ""
    found = re.search(r"^(?:FAILED|ERROR) (tests/.*?)(?: - .*)?$", output, re.MULTILINE)
    if found:
        return found[1], ""
    return "", f"pytest ended with code {code}: {' '.join(output.split()[-30:])}"


if __name__ == "__main__":
    raise SystemExit(main())
