"""Large arrays are used again, and never while anybody looks at them."""

import numpy as np
import pytest

from catallax.kernels import memory
from catallax.kernels.memory import LARGE, empty, release


@pytest.fixture(autouse=True)
def _fresh():
    release()
    yield
    release()


def place(array):
    return array.__array_interface__["data"][0]


def test_what_nobody_looks_at_is_used_again():
    first = empty(LARGE)
    where = place(first)
    del first
    again = empty(LARGE)
    assert place(again) == where
    assert again.flags.writeable


@pytest.mark.parametrize(
    "hold",
    [
        lambda a: a,
        lambda a: a[5:10],
        lambda a: a[3:][::2],
        lambda a: a.reshape(2, -1)[1],
        lambda a: {"deep": [a.view()]},
        lambda a: memoryview(a),
        lambda a: lambda: a.sum(),
    ],
)
def test_what_somebody_looks_at_is_not(hold):
    first = empty(LARGE)
    where, held = place(first), hold(first)
    del first
    others = [empty(LARGE) for _ in range(3)]
    assert where not in map(place, others)
    assert len({place(a) for a in others}) == 3
    del held
    assert where in {place(empty(LARGE)), *map(place, others)}


def test_a_read_only_array_comes_back_writable():
    first = empty(LARGE)
    first.setflags(write=False)
    del first
    empty(LARGE)[:] = 1.0


def test_sizes_are_apart_and_few_are_kept():
    many = [empty(LARGE) for _ in range(memory.MOST + 3)]
    assert len({place(a) for a in many}) == memory.MOST + 3
    assert len(memory._kept[LARGE]) == memory.MOST
    assert len(empty(LARGE + 1)) == LARGE + 1
    release()
    assert not memory._kept


def test_small_arrays_are_plain():
    assert len(empty(10)) == 10
    assert not memory._kept
    assert isinstance(empty(10), np.ndarray)
