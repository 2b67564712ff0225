"""Flower's strategies, in an environment of their own, average as ours do."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
AGREED = 1e-6
CASE = """
import json
import numpy as np
from catallax.labs.federated.flower import flower_models
from catallax.labs.federated.trials import Setting, rows
from catallax.labs.federated import FedAvg, FedProx, Linear, Local, Training, train
from catallax.streams import Streams

clients = rows(Setting(clients=10), Streams(1)).clients
found = {}
for rule in (FedAvg(), FedProx(0.5)):
    way = Training(rule, 20, local=Local(0.2, 5))
    ours = train(way, Linear(), clients, Streams(1)).models
    theirs = flower_models(way, Linear(), clients)
    apart, moved = np.abs(ours - theirs).max(), np.abs(ours).max()
    found[type(rule).__name__] = [float(apart), float(moved)]
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A Python with Flower: CATALLAX_FLOWER_PYTHON, or one made here from the package index."""
    if given := os.environ.get("CATALLAX_FLOWER_PYTHON"):
        return given
    folder = tmp_path_factory.mktemp("flower")
    own = str(folder / "bin" / "python")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    command = [own, "-m", "pip", "install", "-q", f"{ROOT}[fl]"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1200, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        pytest.skip(f"Flower could not be installed: {last}")
    return own


@pytest.mark.slow
def test_flower_s_strategies_agree_with_ours(python: str):
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [python, "-c", CASE], capture_output=True, text=True, env=env, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.strip().splitlines()[-1])
    assert set(found) == {"FedAvg", "FedProx"}
    for apart, moved in found.values():
        assert apart < AGREED < moved
    assert found["FedAvg"][1] != found["FedProx"][1]
