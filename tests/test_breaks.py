"""Deliberate breaks: every patch still applies, says what it breaks, and all parts have some."""

import shutil
import subprocess

import pytest

from catallax.errors import InputError
from scripts.breaks import FOLDER, ROOT, Failure, all_breaks, judged

SOURCE = "src/catallax/"
ECONOMY = ROOT / SOURCE / "domains" / "production"
FEWEST = 40
BREAKS = all_breaks()


def in_checkout() -> bool:
    """Whether git is there and this folder is the top of a checkout of its own.

    Elsewhere `git apply` leaves out what lies beside the folder, and says nothing.
    """
    if shutil.which("git") is None:
        return False
    command = ["git", "-C", str(ROOT), "rev-parse", "--show-prefix"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return found.returncode == 0 and found.stdout.strip() == ""


@pytest.mark.parametrize("one", BREAKS, ids=lambda one: one.name)
def test_a_break_says_what_it_breaks_and_who_should_notice(one) -> None:
    assert one.says.endswith(".")
    assert one.tests
    assert all(name.startswith("tests/") and (ROOT / name).is_file() for name in one.tests)
    assert len(one.files) == 1
    assert one.files[0].startswith(SOURCE)
    assert one.name.startswith(part(one) + "-")


def test_every_part_has_breaks() -> None:
    """A part is a folder of the package that holds code, or a module beside them."""
    for folder in (ROOT / SOURCE, ECONOMY):
        parts = {path.name for path in folder.iterdir() if (path / "__init__.py").is_file()}
        assert parts - {part(one) for one in BREAKS} == set()
    assert len(BREAKS) >= FEWEST


def test_every_break_still_applies() -> None:
    if not in_checkout():
        pytest.skip("git and a checkout are needed")
    lost = []
    for one in BREAKS:
        command = ["git", "-C", str(ROOT), "apply", "--check", str(one.patch)]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            lost.append(one.name)
    assert not lost, "make these patches anew, for the code that they break has changed"


def test_an_unknown_break_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(
        InputError, match=r"unknown break 'kernels-draws-blok'.*kernels-draws-block"
    ):
        all_breaks(["kernels-draws-blok"])


@pytest.mark.parametrize(
    ("code", "output", "test", "trouble"),
    [
        (0, "3 passed", "", ""),
        (1, "x\nFAILED tests/a.py::b[1 - 2] - assert 0\n1 failed", "tests/a.py::b[1 - 2]", ""),
        (1, "FAILED tests/a.py::b[1] - [1] == [2]\n", "tests/a.py::b[1]", ""),
        (1, "FAILED tests/a.py::b\n", "tests/a.py::b", ""),
        (2, "ERROR tests/a.py - ImportError: no\n", "tests/a.py", ""),
        (4, "ERROR: file or directory not found: tests/z.py", "", "pytest ended with code 4"),
        (5, "no tests ran", "", "pytest ended with code 5: no tests ran"),
    ],
)
def test_what_pytest_says_is_read(code, output, test, trouble) -> None:
    found = judged(code, output)
    assert found.test == test
    assert found.trouble.startswith(trouble)
    assert (found == Failure()) == (code == 0)


def part(one) -> str:
    """The part that a break is in: of the production economy, or else of the package."""
    top, *under = one.files[0].removeprefix(SOURCE).split("/")
    is_inner = [top, *under[:1]] == [ECONOMY.parent.name, ECONOMY.name] and len(under) > 2
    return under[1] if is_inner else top.removesuffix(".py")


def test_patches_lie_where_they_are_looked_for() -> None:
    assert {one.patch.parent for one in BREAKS} == {FOLDER}
