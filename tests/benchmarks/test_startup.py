"""What the first run after installing is timed in: a place where nothing is compiled yet."""

import subprocess
import sys
from pathlib import Path

from benchmarks.startup import CACHES, fresh

WHERE = "import sys; from catallax.kernels.jit import folder; print(folder(), sys.pycache_prefix)"


def test_the_first_run_finds_no_compiled_code_and_no_bytecode(monkeypatch, tmp_path):
    for led in CACHES:
        monkeypatch.setenv(led, str(tmp_path.parent))
    environment = fresh(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", WHERE],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        stdin=subprocess.DEVNULL,
    )
    code, bytecode = map(Path, done.stdout.split())
    assert code.is_relative_to(tmp_path)
    assert not code.exists()
    assert bytecode.is_relative_to(tmp_path)
    assert "NUMBA_CACHE_DIR" not in environment
