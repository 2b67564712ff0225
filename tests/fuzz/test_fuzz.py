"""Inputs by chance, of every kind: no traceback, no hang, nothing half-written, no nonsense taken.

`python -m tests.fuzz 10000 --seed 7` plays as many as you like.
"""

import pytest

from tests.fuzz.hunting import hunt
from tests.fuzz.kinds import KINDS, counts

GATE, SLOW = 500, 10_000


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_inputs_by_chance_are_done_or_refused(kind):
    hunt(kind, counts(GATE)[kind], seed=0)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_many_inputs_by_chance_are_done_or_refused(kind):
    hunt(kind, counts(SLOW)[kind], seed=1)
