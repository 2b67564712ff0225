"""The package as a whole: what it makes public, what it ships, what its files are called."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import catallax

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "catallax"
NO_NAMES = {"common", "core", "helper", "helpers", "misc", "util", "utils"}
NOT_OURS = {"__pycache__", "build", "dist", "node_modules", "venv"}


def test_public_names_are_sorted_and_unique():
    assert catallax.__all__ == sorted(set(catallax.__all__))


def test_public_names_exist():
    for name in catallax.__all__:
        assert getattr(catallax, name) is not None


def test_what_looks_public_is_public():
    visible = {
        name
        for name in dir(catallax)
        if not name.startswith("_") and not isinstance(getattr(catallax, name), ModuleType)
    }
    assert visible == set(catallax.__all__) - {"__version__"}


def test_runs_and_comparisons_wait_for_no_solver_that_few_of_them_need():
    """Every process pays for what is imported: optimisers and distributions take half a second."""
    heavy = ("scipy.optimize", "scipy.stats", "clarabel", "cmaes", "distributed", "pandas")
    code = f"import sys, catallax.study.comparison; print([*filter(sys.modules.get, {heavy})])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert done.stdout.strip() == "[]"


def test_no_file_or_folder_is_called_by_a_name_that_says_nothing():
    found = [
        path.relative_to(ROOT)
        for path in ROOT.rglob("*")
        if path.stem in NO_NAMES
        and not any(
            part in NOT_OURS or part.startswith(".") for part in path.relative_to(ROOT).parts
        )
    ]
    assert found == []


def test_the_citation_names_this_version():
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.findall(r"(?m)^version: (.+)$", text) == [catallax.__version__]


def test_the_wheel_ships_every_file_of_the_package(tmp_path: Path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=ROOT,
        check=True,
        capture_output=True,
        stdin=subprocess.DEVNULL,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if name.startswith("catallax/")}
    ours = {
        path.relative_to(PACKAGE.parent).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert shipped == ours


def test_the_lock_file_pins_what_the_gate_installs_within_its_bounds():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = dict(line.split("==") for line in lines if not line.startswith("#"))
    locked = {canonicalize_name(name): version for name, version in pins.items()}
    for need in map(Requirement, asked):
        version = locked.get(canonicalize_name(need.name))
        assert version is not None, f"{need.name} has no pin in constraints.txt"
        assert need.specifier.contains(version), f"{need}: constraints.txt has {version}"
