"""Ray, with real processes of this machine: the same bits, and no job lost.

Ray is large and wants an environment of its own: give it as the variable CATALLAX_RAY_PYTHON, or
install the extra `ray` beside the tests.
"""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

SCRIPT = """
from catallax.adapters.ray import Ray
from catallax.errors import WorkerLost
from catallax.domains.production.experiments import FREE
from catallax.study.sweep import Base, Serial, gather
from tests.study.sweep.jobs import deadly, leaving, listening, picky

if __name__ == "__main__":
    jobs = [(k,) for k in range(6)]
    ray = Ray(2)
    for function, error in ((picky, ValueError), (deadly, WorkerLost)):
        found = dict(ray.run(function, jobs))
        assert isinstance(found.pop(3), error), found
        assert found == {k: k * k for k in range(6) if k != 3}, found
    cells = [Base(FREE, {"economy": "small:0", "weeks": 8}, ["market"]).at({})]
    here, there = (gather(cells, range(2), executor=e) for e in (Serial(), ray))
    assert [(r.key, r.values) for r in here] == [(r.key, r.values) for r in there]
    elsewhere = [at for at in listening() if at.removeprefix("::ffff:") != "127.0.0.1"]
    assert not elsewhere, elsewhere
    found = dict(ray.run(leaving, [(3,), (5,)]))
    assert "SystemExit enough" in str(found[0]) and found[1] == 25, found
    ray.close()
    print("alike")
"""


@pytest.mark.slow
def test_ray_gives_the_bits_of_this_process_and_loses_no_job(tmp_path):
    python = os.environ.get("CATALLAX_RAY_PYTHON") or (sys.executable if find_spec("ray") else None)
    if python is None:
        pytest.skip("the extra `ray` is not installed")
    script = tmp_path / "on_ray.py"
    script.write_text(SCRIPT)
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    done = subprocess.run(
        [python, script],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.stdout.endswith("alike\n"), done.stderr
