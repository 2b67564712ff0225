"""Names that are written only when read are as good as a tuple of strings."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax.domains.production.network import Names, Network
from catallax.errors import InputError

RUNS = st.dictionaries(st.sampled_from("abcdefg"), st.integers(1, 12), min_size=1)


def written(runs) -> tuple[str, ...]:
    """What the names are, the long way."""
    return tuple(
        stem if count == 1 else f"{stem} {k + 1}"
        for stem, count in runs.items()
        for k in range(count)
    )


@given(RUNS, st.slices(40))
def test_they_read_like_the_tuple(runs, part):
    names, plain = Names(tuple(runs), tuple(runs.values())), written(runs)
    assert tuple(names) == plain
    assert names == plain
    assert len(names) == len(plain)
    assert names[part] == plain[part]
    for k in range(-len(plain), len(plain)):
        assert names[np.int64(k)] == plain[k]
    for k, name in enumerate(plain):
        assert name in names
        assert names.index(name) == k
    assert list(reversed(names)) == list(reversed(plain))
    assert pickle.loads(pickle.dumps(names)) == names


@pytest.mark.parametrize("name", ["b", "b 0", "b 4", "b 01", "b ", "b x", "b ²", "a 1", "c", 3])
def test_other_names_are_not_there(name):
    names = Names(("a", "b"), (1, 3))
    assert name not in names
    if isinstance(name, str):
        with pytest.raises(ValueError, match="is not among the names"):
            names.index(name)


@pytest.mark.parametrize("at", [4, -5])
def test_there_is_nothing_beyond_the_ends(at):
    with pytest.raises(IndexError, match="there are 4 names"):
        Names(("a", "b"), (1, 3))[at]


@pytest.mark.parametrize(
    ("stems", "count", "message"),
    [
        (("a", "a"), (2, 3), "two rows are called 'a'"),
        (("a 2", "a"), (1, 3), "two rows are called 'a 2'"),
        (("a",), (0,), "one count of at least 1"),
        (("a",), (1, 2), "one count of at least 1"),
    ],
)
def test_names_that_do_not_tell_rows_apart_are_refused(stems, count, message):
    with pytest.raises(InputError, match=message):
        Names(stems, count)
    Names(("a 4", "a"), (1, 3))  # differs


def test_a_network_takes_them_as_they_are():
    names = Names(("ore", "firm", "home"), (1, 2, 1))
    links = [(1, 0, 0), (2, 0, 0), (3, 1, 1), (3, 2, 2)]
    net = Network.build([0, 1, 1, 2], [0, 1, 2, -1], links, names, ["ore", "a", "b"])
    assert net.names is names
    assert net.row("firm 2") == 2
    with pytest.raises(InputError, match=r"unknown row 'firm 3'\. Did you mean 'firm 2'"):
        net.row("firm 3")
    with pytest.raises(InputError, match="names has 4 entries, expected 3"):
        Network.build([0, 1, 2], [0, 1, -1], [(1, 0, 0), (2, 1, 1)], names, ["ore", "a"])
