"""Named streams: a draw depends on seed, purpose, time and position, on nothing else."""

import os
import subprocess
import sys

import numpy as np
import pytest

from catallax.streams import Streams


def test_a_row_keeps_its_number_when_rows_are_added():
    streams = Streams(7)
    for draw in (streams.uniform, streams.normal):
        few, many = draw("taste", 10, 3), draw("taste", 1000, 3)
        assert few.tobytes() == many[:10].tobytes()


def test_other_purposes_and_order_change_nothing():
    fresh = Streams(7).uniform("taste", 50, 3)
    streams = Streams(7)
    streams.uniform("price", 13, 3)
    streams.uniform("taste", 50, 4)
    streams.generator("taste", 3).random(99)
    assert streams.uniform("taste", 50, 3).tobytes() == fresh.tobytes()


def test_seed_purpose_and_time_each_matter():
    given = [(7, "taste", 3), (8, "taste", 3), (7, "tastes", 3), (7, "taste", 4)]
    draws = {Streams(seed).uniform(purpose, 1, t)[0] for seed, purpose, t in given}
    assert len(draws) == len(given)


def test_draws_are_pinned():
    """The same on every machine and in every process: names are not hashed with a salt."""
    assert Streams(2021).uniform("taste", 3, 5).tolist() == PINNED
    code = "from catallax.streams import Streams; print(*Streams(2021).uniform('taste', 3, 5))"
    runs = [_in_a_new_process(code, salt) for salt in ("0", "1")]
    assert [[float(x) for x in r.split()] for r in runs] == [PINNED, PINNED]


PINNED = [0.8934093441576366, 0.40118419717455023, 0.18590897411082696]


def _in_a_new_process(code: str, salt: str) -> str:
    path = [p for p in sys.path if p]
    env = {**os.environ, "PYTHONHASHSEED": salt, "PYTHONPATH": os.pathsep.join(path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_normals_are_normal():
    x = Streams(1).normal("noise", 100_000)
    # Four standard errors of the mean, the variance and the fourth moment.
    assert abs(x.mean()) < 4 / np.sqrt(len(x))
    assert abs(x.var() - 1) < 4 * np.sqrt(2 / len(x))
    assert abs(np.mean(x**4) - 3) < 4 * np.sqrt(96 / len(x))


class Extreme:
    """A generator that gives the smallest and the largest number a generator can give."""

    def random(self, size: int) -> np.ndarray:
        return np.resize([0.0, 1 - 2.0**-53], size)


def test_uniforms_are_inside_the_open_interval(monkeypatch):
    monkeypatch.setattr(Streams, "generator", lambda *_: Extreme())
    u = Streams(1).uniform("noise", 2)
    assert np.all((u > 0) & (u < 1))
    assert np.all(np.isfinite(Streams(1).normal("noise", 2)))


def test_a_negative_seed_is_refused():
    with pytest.raises(ValueError, match="non-negative"):
        Streams(-1).uniform("taste", 1)
