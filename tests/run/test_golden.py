"""Runs of 52 weeks give the numbers that were stored.

After a change that was meant to change results: `python tests/run/golden.py --update`.
"""

import pytest

from catallax.mechanisms import REGISTRY

INSTITUTIONS = [*sorted(REGISTRY), "static_optimum"]


@pytest.mark.parametrize("name", INSTITUTIONS)
def test_a_year_gives_the_stored_numbers(golden, name):
    assert name in golden.stored(), f"{name} has no golden run: {__doc__}"
    stored, numbers = golden.stored()[name], golden.golden_run(name)
    assert numbers == pytest.approx(stored, rel=1e-9, abs=0)


def test_nothing_is_stored_that_is_not_registered(golden):
    assert set(golden.stored()) == set(INSTITUTIONS)
