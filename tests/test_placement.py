"""Whose entries stand where: split and joined again, with the sums of each run alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax.placement import Placement

LENGTHS = st.lists(st.integers(0, 7), min_size=1, max_size=4).map(tuple)
PLACED = st.builds(Placement, LENGTHS, st.integers(1, 5))


@given(PLACED, st.integers(0, 2**32 - 1), st.sampled_from([(), (0,), (2,), (3, 2)]))
def test_what_is_joined_is_split_into_what_it_was(place, seed, leading):
    parts = np.random.default_rng(seed).normal(size=(place.runs, *leading, place.one))
    joined = place.join(list(parts))
    assert joined.shape == (*leading, place.size)
    np.testing.assert_array_equal(place.split(joined), parts)
    assert place.runs == 1 or not place.split(joined).flags.writeable


def test_entries_of_a_run_come_piece_by_piece():
    """Two endowments and three plants of each of two runs."""
    place = Placement((2, 3), 2)
    assert place.split(np.arange(10)).tolist() == [[0, 1, 4, 5, 6], [2, 3, 7, 8, 9]]
    assert place.ranges == [[(0, 2), (4, 7)], [(2, 4), (7, 10)]]
    assert place.spread(np.array([8.0, 9.0])).tolist() == [8, 8, 9, 9, 8, 8, 8, 9, 9, 9]


@given(PLACED)
def test_a_piece_shows_entries_under_their_own_numbers(place):
    whole = np.empty(place.size)
    for piece in place.pieces:
        for entry in range(piece.first, piece.stop):
            piece.aligned(whole)[entry] = 100 * piece.run + entry
    expected = 100.0 * np.arange(place.runs)[:, None] + np.arange(place.one)
    np.testing.assert_array_equal(place.split(whole), expected)


@given(
    st.builds(
        Placement,
        st.lists(st.integers(0, 60), min_size=1, max_size=3).map(tuple),
        st.integers(1, 4),
    ),
    st.integers(0, 2**32 - 1),
    st.sampled_from([(), (3,)]),
)
def test_sums_have_the_bits_of_a_run_alone(place, seed, leading):
    parts = np.random.default_rng(seed).lognormal(0, 9, (place.runs, *leading, place.one))
    found = place.sums(place.join(list(parts)))
    assert found.tolist() == [float(part.sum()) for part in parts]
    flags = place.join(list(parts > 1.0))
    assert place.sums(flags).tolist() == [np.count_nonzero(part > 1.0) for part in parts]


def test_one_number_in_all_places_stays_one():
    place = Placement((2, 1), 3)
    alike = place.join([np.broadcast_to(7.0, (3,)) for _ in range(3)])
    assert (alike.strides, alike.shape) == ((0,), (9,))
    assert place.split(alike)[1].strides == (0,)
    assert place.sums(alike).tolist() == [21.0] * 3
    unlike = place.join([np.broadcast_to(float(k), (3,)) for k in range(3)])
    assert unlike.tolist() == [0, 0, 1, 1, 2, 2, 0, 1, 2]


def test_with_one_run_nothing_is_copied():
    place, x = Placement((2, 3)), np.arange(5.0)
    assert place.join([x]) is x
    assert place.split(x).base is x
    assert x.flags.writeable


def test_another_size_is_refused():
    for use in (Placement((2, 3), 2).split, Placement((2, 3), 2).sums):
        with pytest.raises(ValueError, match=r"shape \(9,\) along an axis of 10 entries"):
            use(np.zeros(9))
