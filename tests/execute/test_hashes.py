"""Hashes that people compare are the same whatever the processor can do.

Each setting runs in a process of its own, where NumPy, its linear algebra or the C library is told
to leave instruction sets alone. Computed numbers then differ in their last bits, hashes do not.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from numpy._core import _multiarray_umath as built  # type: ignore[attr-defined]

import catallax
from tests.domains.production.economy.made import written

ROOT = Path(__file__).parents[2]
THERE = [name for name in built.__cpu_dispatch__ if built.__cpu_features__.get(name)]
WIDE = [name for name in THERE if name.startswith(("AVX512", "X86_V4"))]
OLD_MATHS = "glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2,-AVX2_Usable,-FMA_Usable"

SETTINGS = {
    "as it is": {},
    "plain": {"CATALLAX_PLAIN": "1", "OPENBLAS_CORETYPE": "Haswell"},
    "no AVX-512": {"NPY_DISABLE_CPU_FEATURES": " ".join(WIDE), "OPENBLAS_CORETYPE": "Zen"},
    "the least": {
        "NPY_DISABLE_CPU_FEATURES": " ".join(THERE),
        "OPENBLAS_CORETYPE": "Sandybridge",
        "GLIBC_TUNABLES": OLD_MATHS,
    },
}
TOLD = {name for setting in SETTINGS.values() for name in setting}


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """What each setting's process printed."""
    folder = written(tmp_path_factory.mktemp("tables"))
    return {name: _printed(setting, folder) for name, setting in SETTINGS.items()}


def _printed(setting, folder):
    kept = {k: v for k, v in os.environ.items() if k not in TOLD}
    source = Path(catallax.__file__).parents[1]  # the child's code is that of this test
    kept["PYTHONPATH"] = os.pathsep.join([str(source), str(ROOT)])
    command = [
        sys.executable,
        "-W",
        "error",
        "-m",
        "tests.domains.production.experiments.hashes",
        str(folder),
    ]
    done = subprocess.run(
        command, env=kept | setting, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_hashes_do_not_hang_on_the_processor(printed):
    first = printed["as it is"]["hashes"]
    for name, found in printed.items():
        for kind, values in found["hashes"].items():
            assert values == first[kind], f"{kind} differ, {name}"


def test_the_processes_had_fewer_instructions(printed):
    for name, setting in SETTINGS.items():
        for feature in setting.get("NPY_DISABLE_CPU_FEATURES", "").split():
            assert feature not in printed[name]["has"]


@pytest.mark.skipif(not WIDE, reason="this processor has no AVX-512 to leave alone")
def test_computed_numbers_do_hang_on_it(printed):
    """Else the first test could not fail."""
    assert printed["no AVX-512"]["bits"] != printed["as it is"]["bits"]
