"""Runs of all kinds give the numbers that were stored.

After a change that was meant to change results:
`python -m tests.domains.production.run.golden --update`.
"""

import json

import pytest

from catallax.domains.production.mechanisms import REGISTRY
from tests.domains.production.run import golden

INSTITUTIONS = [*sorted(REGISTRY), "static_optimum"]
STORED = golden.stored()


@pytest.mark.parametrize("name", [*INSTITUTIONS, *golden.VARIED])
def test_a_run_gives_the_stored_numbers(name):
    assert name in STORED, f"{name} has no golden run: {__doc__}"
    assert golden.golden_run(name) == pytest.approx(STORED[name], rel=1e-9, abs=0)


def test_nothing_is_stored_that_is_not_played():
    assert set(STORED) == {*INSTITUTIONS, *golden.VARIED}
    assert set(golden.MAKE) == set(INSTITUTIONS)


def test_what_was_updated_is_what_is_stored(monkeypatch, tmp_path):
    monkeypatch.setattr(golden, "FILE", tmp_path / "golden.json")
    monkeypatch.setattr(golden, "golden_runs", lambda: STORED)
    monkeypatch.setattr("sys.argv", ["golden", "--update"])
    assert golden.main() == 0
    assert json.loads(golden.FILE.read_text("utf-8")) == STORED
