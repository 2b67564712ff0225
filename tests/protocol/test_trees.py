"""Values as plain trees: they come back as they were, differ by their bits, and nothing hides."""

import marshal
import math
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from catallax.protocol.difference import describe_difference
from catallax.protocol.trees import Hidden, tree_of, value_in


class Colour(Enum):
    RED = 1


class Pair(NamedTuple):
    one: int
    two: float


@dataclass(frozen=True)
class Box:
    """Its fields are all that counts."""

    level: float
    inner: "Box | None" = None
    seen: list[int] = field(default_factory=list, compare=False)

    @cached_property
    def half(self) -> float:
        return self.level / 2


NUMBERS = st.one_of(st.integers(), st.floats(), st.booleans(), st.text(), st.binary(), st.none())
VALUES = st.recursive(
    NUMBERS | arrays.arrays(np.float64, arrays.array_shapes(max_dims=2, max_side=4)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(VALUES)
def test_a_value_comes_back_as_it_was_also_through_marshal(value: Any) -> None:
    tree = tree_of(value)
    again = value_in(marshal.loads(marshal.dumps(tree)))
    assert type(again) is type(value)
    assert tree_of(again) == tree
    assert describe_difference(tree_of(again), tree) == ""


@given(VALUES, VALUES)
def test_trees_differ_where_values_do(one: Any, two: Any) -> None:
    same = tree_of(one) == tree_of(two)
    found = describe_difference(tree_of(one), tree_of(two), "it")
    assert bool(found) is not same
    assert found == "" or found.startswith("it")


@pytest.mark.parametrize(
    "value",
    [
        Box(1.0, Box(2.0)), Pair(1, 2.0), Colour.RED, deque([1, 2], maxlen=3), {1, 2}, frozenset(),
        np.float64(1.5), np.int32(3), 2.0 + 3.0j, np.arange(6).reshape(2, 3).T, math.inf, len,
        np.empty((0, 3)), np.exp, Box, np.array(["nan"], float), np.zeros(3, np.bool_),
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_plain(value: Any) -> None:
    again = value_in(tree_of(value))
    assert type(again) is type(value)
    assert describe_difference(tree_of(again), tree_of(value)) == ""
    if isinstance(value, np.ndarray):
        assert again.flags.f_contiguous == value.flags.f_contiguous


def test_a_generator_goes_on_where_it_was() -> None:
    chance = np.random.default_rng(3)
    chance.normal()
    tree = tree_of(chance)
    assert value_in(tree).normal() == chance.normal()
    assert "generator" in describe_difference(tree_of(chance), tree, "rng")


def test_a_kept_property_is_worked_out_again() -> None:
    box = Box(3.0)
    before = tree_of(box)
    box.__dict__["half"] = 100.0
    assert tree_of(box) == before
    assert value_in(before).half == 1.5


def test_bits_count_and_the_way_to_them_is_told() -> None:
    def told(one: Any, two: Any) -> str:
        return describe_difference(tree_of(one), tree_of(two), "memory")

    assert told(0.0, -0.0) == "memory is 0.0, was -0.0"
    assert told(1, True) == "memory is 1, was True"
    assert told(np.array([0.0]), np.array([-0.0])) == "memory[0] is 0.0, was -0.0"
    quiet = np.array([np.nan])
    other = (quiet.view(np.uint64) ^ 1).view(np.float64)
    assert "memory[0] is nan, was nan" in told(quiet, other)
    assert told({"a": [1, Box(2.0)]}, {"a": [1, Box(3.0)]}) == (
        "memory['a'][1].level is 2.0, was 3.0"
    )
    assert told({"a": 1, "b": 2}, {"b": 2, "a": 1}) == ""
    assert told({"a": 1}, {"b": 1}) == "memory has 'a', had 'b'"
    assert told(np.zeros((2, 2)), np.ones((2, 2))) == "memory[0, 0] is 0.0, was 1.0 (and 3 more)"
    assert "an array (2,) of float64, was an array (3,)" in told(np.zeros(2), np.zeros(3))


class Loud(np.ndarray):
    pass


class Sub(dict):
    pass


class Plain:
    pass


def _with_secret() -> Box:
    box = Box(1.0)
    object.__setattr__(box, "secret", 2.0)
    return box


def _endless() -> list[Any]:
    found: list[Any] = []
    found.append(found)
    return found


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (Sub(), "memory is a Sub, a kind of dict; expected a dict"),
        (OrderedDict(), "a kind of dict"),
        (np.zeros(2).view(Loud), "a kind of ndarray"),
        ([Plain()], r"memory\[0\] is a Plain; expected numbers"),
        ({"a": np.array([[]], object)}, r"memory\['a'\] has entries of type object"),
        (np.zeros(2, "f8,f8"), "entries of type"),
        (_with_secret(), "has an attribute 'secret' that is not a field of Box"),
        (_endless(), "holds itself"),
        (lambda: 1, "is not found in"),
        (type("Own", (), {}), "is not found in"),
        (iter(()), "is a tuple_iterator"),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_what_could_hide_something_is_refused(value: Any, says: str) -> None:
    with pytest.raises(Hidden, match=says):
        tree_of(value, "memory")
