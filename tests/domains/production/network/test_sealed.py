"""Sealed arrays: the same numbers, in memory that NumPy makes writable for nobody."""

import copy
import pickle
from typing import Any

import numpy as np
import pytest

from catallax.domains.production.network import Lazy
from catallax.protocol.sealed import frozen, sealed

SIZES = (1, 7, 512, 513, 100_000)


def unlocked(array: np.ndarray) -> bool:
    """Whether the array or anything that it stands on can be made writable."""
    found: object = array
    while isinstance(found, np.ndarray):
        try:
            found.setflags(write=True)
        except ValueError:
            found = found.base
        else:
            return True
    return False


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dtype", [np.float64, np.int64, np.bool_, np.uint32])
def test_no_way_back_to_writable_memory(size: int, dtype: type) -> None:
    given: Any = (np.arange(size) % 5).astype(dtype)
    assert unlocked(given.copy())
    for found in (sealed(given), sealed(given)[size // 2 :], frozen(given, dtype)):
        assert not unlocked(found)
    assert sealed(given).dtype == dtype
    assert np.array_equal(sealed(given), given)


@pytest.mark.parametrize("size", SIZES)
def test_a_read_only_array_that_could_be_unlocked_is_sealed_too(size: int) -> None:
    given = np.arange(float(size))
    given.setflags(write=False)
    assert unlocked(given)
    given.setflags(write=False)
    assert not unlocked(sealed(given))
    assert not unlocked(frozen(given))


def test_what_is_sealed_is_not_copied_again() -> None:
    for size in SIZES:
        once = sealed(np.arange(float(size)))
        assert sealed(once) is once
        assert frozen(once) is once
        assert sealed(once[:1]).base is not None
    long = np.arange(100_000.0)
    assert np.shares_memory(sealed(long), long)
    assert not np.shares_memory(frozen(np.arange(100_000.0)), long)


def test_a_long_array_is_read_only_once_somebody_looks_at_it() -> None:
    long = np.arange(100_000.0)
    sealed(long)
    with pytest.raises(ValueError, match="read-only"):
        long[0] = 1.0


def test_one_number_in_all_places_stays_that() -> None:
    for size in (3, 100_000):
        found = sealed(np.broadcast_to(2.0, (size,)))
        assert found.strides == (0,)
        assert not unlocked(found)


def test_columns_that_are_worked_out_late_are_sealed() -> None:
    assert not unlocked(Lazy({"a": lambda: np.ones(3)})["a"])


def test_a_pickle_and_a_copy_of_a_network_are_sealed_again() -> None:
    from catallax.domains.production.economy import small

    economy = small(0)
    for again in (pickle.loads(pickle.dumps(economy)), copy.deepcopy(economy)):
        technology, net = again.technology, again.network
        arrays = (technology.z, technology.share, again.flow, net.seller, net.rows.kind)
        for array in (*arrays, net.rows.row_first, net.rows.good_first, net.sold_by):
            assert not unlocked(array)
