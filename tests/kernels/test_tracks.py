"""Compiled forecasters against plain ones, over runs with gaps, breaks and silence."""

from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax.learning import Ewma, HoltWinters, LastValue

RULES = [HoltWinters(period=3), HoltWinters(0.0, 1.0, 0.5, 1), Ewma(), Ewma(0.3), LastValue()]


@pytest.mark.parametrize("rule", RULES, ids=repr)
@given(seed=st.integers(0, 2**32 - 1), noise=st.sampled_from([0.0, 0.05]))
def test_tracks(alike, rule, seed, noise) -> None:
    def work():
        r = np.random.default_rng(seed)
        k = 7
        track, error = rule.start(np.zeros(k)), np.where(np.arange(k) < 2, 0.0, noise)
        found = []
        for _ in range(20):
            fresh = r.random(k) < r.choice([0.0, 0.6, 1.0])
            jump = np.where(r.random(k) < 0.05, 3.0, 0.0)
            track = rule.update(track, r.normal(0, 0.1, k) + jump, fresh, error)
            found.append(rule.ahead(track, 2.0))
        *arrays, idle, excess, weight = astuple(track)
        return [found, arrays, [float(idle), excess, weight]]

    alike(work, size=1e-13)


@given(st.integers(0, 2**32 - 1))
def test_a_silent_week_is_as_if_every_series_had_been_looked_at(seed) -> None:
    """The short cut where nothing is fresh moves anchors as far away as the long way does."""
    r = np.random.default_rng(seed)
    first, later, error = r.normal(size=3), r.normal(size=3), np.full(3, 0.05)
    rule, all_of_them = Ewma(), np.ones(3, dtype=bool)
    one = np.array([True, False, False])
    begun = rule.update(rule.start(np.zeros(3)), first, all_of_them, error)
    short = rule.update(begun, later, ~all_of_them, error).silent
    # The long way: in each of two weeks a stranger is heard, who begins by being heard.
    wide = np.append(error, 0.05)
    long = rule.update(rule.start(np.zeros(4)), np.append(first, 0.0), np.arange(4) < 3, wide)
    for _ in range(2):
        long = rule.update(long, np.append(later, 0.0), np.arange(4) == 3, wide)
    a = rule.update(short, later, one, error)
    b = rule.update(long, np.append(later, 0.0), np.append(one, False), wide)
    assert a.since.tolist() == b.since[:3].tolist()
    assert a.anchor.tolist() == b.anchor[:3].tolist()
    assert a.idle == 0
