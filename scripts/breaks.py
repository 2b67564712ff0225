"""Deliberate breaks: each must make a test fail, or a test is missing.

    python scripts/breaks.py [NAME ...] [--whole]

`scripts/breaks/NAME.patch` breaks one thing; lines that begin with `#` say what it is, and the one
that begins with `# tests:` names the test files that are expected to notice. Every break is applied
to a working tree of the last commit, and those files are run until the first failure. Where nothing
failed, `--whole` runs all other tests of the gate too. The test that failed is then run without the
break, and counts only if it passes.

Loops are compiled for this tree alone, and anew for each break in one of them, into a folder that
goes away in the end: the first break takes half a minute longer, and those in loops up to a minute.

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
TESTS = "# tests:"
WHOLE = ("tests", "--ignore=tests/test_breaks.py")  # a patch that is applied does not apply again
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


@dataclass(frozen=True)
class Failure:
    """What a run of tests came to.

    test    : that failed first; "" if none did
    trouble : why that cannot be said; "" if it can
    """

    test: str = ""
    trouble: str = ""


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
    try:
        breaks = all_breaks([name for name in sys.argv[1:] if name != "--whole"])
    except InputError as e:
        print(f"breaks: {e}", file=sys.stderr)
        return 2
    held = 0
    with working_tree() as tree:
        for one in breaks:
            caught, verdict = try_break(one, tree, whole="--whole" in sys.argv[1:])
            held += caught
            print(f"{one.name}: {verdict}", flush=True)
    print(f"breaks: {held} of {len(breaks)} caught", flush=True)
    return int(held < len(breaks))


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


def try_break(one: Break, tree: Path, *, whole: bool = False) -> tuple[bool, str]:
    """Whether the tests notice a break, and what to say of it."""
    started = time.monotonic()
    with broken(one, tree) as applies:
        if not applies:
            return False, "NO LONGER APPLIES: make the patch anew"
        found = first_failure(one.tests, tree)
        if whole and found == Failure():
            found = first_failure(WHOLE, tree)
    seconds = time.monotonic() - started
    if found.test and first_failure((found.test,), tree) != Failure():
        found = Failure(trouble=f"{found.test} fails without the break too")
    if found.trouble:
        return False, f"CANNOT BE JUDGED: {found.trouble}"
    if not found.test:
        return False, f"SURVIVED {' '.join(one.tests)} in {seconds:.0f} s"
    return True, f"caught by {found.test} in {seconds:.0f} s"


@contextmanager
def broken(one: Break, tree: Path) -> Iterator[bool]:
    """Whether the patch applies; if so it is applied, and taken back in the end."""
    times = {name: (tree / name).stat() for name in one.files if (tree / name).is_file()}
    git = ["git", "-C", str(tree)]
    command = [*git, "apply", str(one.patch)]
    try:
        yield subprocess.run(command, capture_output=True, check=False).returncode == 0
    finally:
        subprocess.run([*git, "checkout", "--quiet", "HEAD", "--", "src"], check=True)
        for name, stat in times.items():  # or loops that are whole again would be compiled again
            os.utime(tree / name, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def first_failure(tests: Sequence[str], tree: Path) -> Failure:
    """The test of `tree` that fails first."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(tree / "src"),
        "CATALLAX_CACHE": str(tree.parent / "loops"),
    }
    # Tests may take loops for granted, and what is said while they are compiled for silence.
    loops = "from catallax.kernels.ready import cold, prepare; cold() and prepare(lambda *_: None)"
    subprocess.run([sys.executable, "-c", loops], cwd=tree, env=environment, capture_output=True,
                   check=False)  # fmt: skip
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(
            command, cwd=tree, env=environment, stdin=subprocess.DEVNULL, timeout=LIMIT,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Failure(trouble=f"the tests took more than {LIMIT} s")
    return judged(done.returncode, done.stdout)


def judged(code: int, output: str) -> Failure:
    """What pytest's exit code and output say."""
    if code == 0:
        return Failure()
    name = r"tests/[^\s\[]+(?:\[.*?\](?= - |$))?"  # what stands in brackets may have spaces
    found = re.search(rf"^(?:FAILED|ERROR) ({name})(?: - .*)?$", output, re.MULTILINE)
    if found:
        return Failure(found[1])
    return Failure(trouble=f"pytest ended with code {code}: {' '.join(output.split()[-30:])}")


if __name__ == "__main__":
    raise SystemExit(main())
