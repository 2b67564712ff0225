"""Sensitivity analysis with SALib, in an environment of its own: it brings matplotlib, pandas."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = (
    "tests/study/sensitivity",
    "tests/adapters/test_salib.py",
    "tests/apps/test_varied.py",
)


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A Python with SALib: CATALLAX_SALIB_PYTHON, or one made here from the package index."""
    if given := os.environ.get("CATALLAX_SALIB_PYTHON"):
        return given
    folder = tmp_path_factory.mktemp("salib")
    own = str(folder / "bin" / "python")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    command = [
        own,
        "-m",
        "pip",
        "install",
        "-q",
        f"{ROOT}[sensitivity,search]",
        "pytest",
        "hypothesis",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1200, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        pytest.skip(f"SALib could not be installed: {last}")
    return own


@pytest.mark.slow
def test_known_indices_are_found_with_the_library(python: str):
    command = [python, "-m", "pytest", "-q", "-rs", *FILES]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=1200, check=False
    )
    assert done.returncode == 0, done.stdout
    assert "SALib" not in done.stdout, f"something was skipped:\n{done.stdout}"
