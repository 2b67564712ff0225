"""Networks: what is refused, what one row sees, which way sums go."""

from dataclasses import replace

import numpy as np
import pytest

from catallax.domains.production.network import Network, Table, Technology
from catallax.errors import InputError
from catallax.protocol.sealed import frozen


def small() -> Network:
    """An endowment, two mills of one product, two households."""
    links = [(1, 0, 0), (2, 0, 0), (2, 1, 1), (3, 1, 1), (3, 1, 2), (4, 0, 0)]
    names = ["land", "mill a", "mill b", "Ann", "Bob"]
    return Network.build([0, 1, 1, 2, 2], [0, 1, 1, -1, -1], links[::-1], names, ["land", "flour"])


def test_build_sorts_links():
    net = small()
    triples = list(zip(net.buyer, net.good, net.seller, strict=True))
    assert triples == sorted(triples)
    assert net.m == 6
    assert net.n == 5


def test_kinds_are_slices():
    net = small()
    assert (net.endowments, net.plants, net.households) == (slice(0, 1), slice(1, 3), slice(3, 5))
    assert net.sellers == slice(0, 3)


def test_nests_and_perishables():
    rows = small().rows
    assert rows.good_of.tolist() == [0, 1, 2, 3, 3, 4]
    assert rows.good_row.tolist() == [1, 2, 2, 3, 4]
    assert rows.perishable.tolist() == [True, True, False, False, False, True]


def test_sums():
    net = small()
    link = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0])
    assert net.rows.sum(link).tolist() == [0, 1, 6, 24, 32]
    assert net.rows.sum_goods(link).tolist() == [1, 2, 4, 24, 32]
    assert net.orders(link).tolist() == [35, 12, 16, 0, 0]
    assert net.gather(np.arange(5.0)).tolist() == [0, 0, 1, 1, 2, 0]
    assert net.rows.spread(np.arange(5.0)).tolist() == [1, 2, 2, 3, 3, 4]


def test_a_row_with_no_links_can_be_cut_out():
    rows = small().rows.cut(0)
    assert (rows.n, rows.m, len(rows.good_row)) == (1, 0, 0)
    assert rows.sum(np.zeros(0)).tolist() == [0.0]


def test_cut_of_every_row(build):
    rows = build(2).rows
    for i in range(rows.n):
        one, at = rows.cut(i), rows.links(i)
        assert one.kind.tolist() == [rows.kind[i]]
        assert not one.row_of.any()
        assert one.m == np.sum(rows.row_of == i)
        assert np.diff(one.good_of).tolist() == np.diff(rows.good_of[at]).tolist()
        assert one.perishable.tolist() == rows.perishable[at].tolist()


@pytest.mark.parametrize(("first", "stop"), [(0, 3), (1, 4), (3, 9), (8, 9)])
def test_rows_on_their_own_add_up_as_they_do_among_others(build, first, stop):
    rows = build(2).rows
    part, at = rows.part(first, stop), slice(rows.links(first).start, rows.links(stop - 1).stop)
    goods = slice(rows.goods(first).start, rows.goods(stop - 1).stop)
    link = np.random.default_rng(0).lognormal(size=rows.m)
    assert part.sum(link[at]).tolist() == rows.sum(link)[first:stop].tolist()
    assert part.sum_goods(link[at]).tolist() == rows.sum_goods(link)[goods].tolist()
    assert part.good_row.tolist() == (rows.good_row[goods] - first).tolist()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": [1, 0, 1, 2, 2]}, "endowments, then plants, then households"),
        ({"buyer": [2, 1, 2, 3, 3, 4]}, "sorted by buyer"),
        ({"good": [0, 1, 0, 1, 1, 0]}, "within a buyer, by good"),
        ({"seller": [0, 0, 1, 1, 2, 4]}, "link 5 names seller 4; sellers are rows 0 to 2"),
        ({"seller": [0, 0, 1, 1, -1, 0]}, "link 4 names seller -1"),
    ],
)
def test_bad_networks_are_named(change, says):
    with pytest.raises(InputError, match=says):
        replace(small(), **change)


def test_a_row_by_its_name():
    assert small().row("mill b") == 2
    with pytest.raises(InputError, match="Did you mean 'mill a'"):
        small().row("Mil a")


def test_arrays_cannot_be_written():
    given = np.array([0, 1, 1, 2, 2])
    net = replace(small(), kind=given)
    given[0] = 2
    assert net.kind[0] == 0
    for array in (net.kind, net.buyer, net.seller, net.rows.good_of, net.rows.good_row):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_frozen_copies_a_view_of_a_writable_array():
    base = np.zeros(3)
    held = frozen(base[:2])
    base[0] = 1.0
    assert held[0] == 0.0
    assert frozen(held) is held


def test_technology_refuses_wrong_shapes():
    net = small()
    row, link = np.ones(net.n), np.ones(net.m)
    good = Technology(net, link, link, link, row, row, row, row, row, row)
    with pytest.raises(InputError, match=r"norm has shape \(5,\), expected \(6,\)"):
        replace(good, norm=row)
    with pytest.raises(InputError, match=r"sigma has shape \(6,\), expected \(5,\)"):
        replace(good, sigma=link)
    with pytest.raises(ValueError, match="read-only"):
        good.z[0] = 2.0


def test_tables_join_and_cut():
    one = Table({"z": np.arange(3.0)}, {"x": np.arange(4.0)})
    two = one | Table({"z": np.ones(3), "K": np.zeros(3)})
    assert sorted(two.row) == ["K", "z"]
    assert two.row["z"].tolist() == [1, 1, 1]
    cut = one.cut(1, slice(2, 4))
    assert (cut.row["z"].tolist(), cut.link["x"].tolist()) == ([1.0], [2.0, 3.0])
    assert repr(two) == "Table(row=['K', 'z'], link=['x'])"
