"""Compiled banks of structural models against plain ones, with gaps, breaks and silence."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from catallax.learning import Structural


@given(seed=st.integers(0, 2**32 - 1), noise=st.sampled_from([0.0, 0.05]))
def test_compiled_and_plain_banks_agree(alike, seed, noise) -> None:
    def work():
        r, rule, k = np.random.default_rng(seed), Structural(period=4), 7
        track, found = rule.start(np.zeros(k)), []
        for _ in range(12):
            fresh = r.random(k) < r.choice([0.0, 0.6, 1.0])
            jump = np.where(r.random(k) < 0.05, 3.0, 0.0)
            track = rule.update(track, r.normal(0, 0.1, k) + jump, fresh, np.full(k, noise))
            found.append(rule.ahead(track, 2.0))
        return [found, track.state, track.count, track.weight]

    alike(work, rel=1e-9, size=1e-12)
