"""Values of several runs as one, by what their fields say of their arrays."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Annotated, Any, get_type_hints

import numpy as np
import pytest

from catallax.arrays import Floats
from catallax.domains.production.economy import State, Week, generate
from catallax.domains.production.knowledge import Facts, Post
from catallax.domains.production.network import Act, Inbox, Lazy, Network, Table, Technology
from catallax.domains.production.network.layout import Layout, list_axes
from catallax.domains.production.network.places import (
    Along,
    BidFloats,
    HouseholdFloats,
    LinkFloats,
    RowFloats,
    RunFloats,
)
from catallax.domains.production.run import Truth, World
from catallax.domains.production.run.truth import KnownFacts

E = generate(7, products=4, firms=2, households=2, inputs=3)
NET = E.network

# One plant that buys labour, two final users: as many links as rows, and as nests.
CONFUSED = Network.build(
    [0, 1, 1, 2], [0, 1, 2, -1], [(1, 0, 0), (2, 0, 0), (3, 1, 1), (3, 2, 2)],
    ["labour", "mill", "mine", "all"], ["labour", "bread", "ore"],
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Purse:
    """What households hold, and a label that is alike in all runs."""

    cash: HouseholdFloats
    label: str = "purse"


@dataclass(frozen=True, eq=False)
class Holdings:
    """A value with everything that a layout knows."""

    rows: RowFloats
    later: LinkFloats
    bids: BidFloats
    columns: Mapping[str, LinkFloats]
    purses: tuple[tuple[int, Purse], ...]
    count: RunFloats
    names: Annotated[tuple[str, ...], Along.RUNS]
    net: Network
    maybe: RowFloats | None = None
    weeks: int = 4


@dataclass(frozen=True, eq=False)
class Careless:
    """A value of which one field does not say what it is along."""

    rows: RowFloats
    other: Floats


def holdings(net, run):
    rng = np.random.default_rng(run)
    return Holdings(
        rng.normal(size=net.n),
        rng.normal(size=(3, net.m)),
        rng.normal(size=(net.m, 3)),
        {"x": rng.normal(size=net.m), "y": np.broadcast_to(2.0, (net.m,))},
        ((run, Purse(rng.normal(size=net.final.n))),),
        np.array([float(run)]),
        (f"run {run}",),
        net,
    )


def arrays(value: Any) -> list[np.ndarray]:
    """All arrays of a value, in order."""
    if isinstance(value, np.ndarray):
        return [value]
    if isinstance(value, Mapping):
        return [a for name in sorted(value) for a in arrays(value[name])]
    if isinstance(value, tuple):
        return [a for part in value for a in arrays(part)]
    if is_dataclass(value) and not isinstance(value, Network):
        return [a for f in fields(value) for a in arrays(getattr(value, f.name))]
    return []


@pytest.mark.parametrize("net", [NET, CONFUSED], ids=["generated", "as many links as rows"])
@pytest.mark.parametrize("runs", [1, 2, 3])
def test_what_is_joined_is_split_into_what_it_was(net, runs):
    layout, parts = Layout(net, runs), [holdings(net, run) for run in range(runs)]
    whole = layout.join(parts)
    assert whole.rows.shape == (runs * net.n,)
    assert whole.later.shape == (3, runs * net.m)
    assert whole.purses[0][1].cash.shape == (runs * net.final.n,)
    assert whole.count.tolist() == [float(run) for run in range(runs)]
    assert whole.names == tuple(f"run {run}" for run in range(runs))
    assert whole.net is layout.network
    for run, (part, found) in enumerate(zip(parts, layout.split(whole), strict=True)):
        assert found.names == (f"run {run}",)
        assert found.net is net
        assert (found.maybe, found.weeks) == (None, 4)
        assert found.purses[0][1].label == "purse"
        for a, b in zip(arrays(part), arrays(found), strict=True):
            assert (a.tobytes(), a.shape) == (b.tobytes(), b.shape)


def test_with_one_run_a_value_is_its_own():
    layout, value = Layout(NET), holdings(NET, 0)
    assert layout.network is NET
    assert layout.join([value]) is value
    assert layout.split(value)[0] is value
    mail = Table({"z": np.ones(NET.n)})
    assert layout.join_mail([mail]) is mail


def test_columns_are_cut_when_they_are_read():
    layout = Layout(NET, 2)
    looked = []

    def column():
        looked.append(1)
        return np.arange(2.0 * NET.m)

    parts = layout.split(Table(link=Lazy({"x": column, "y": lambda: 1 / 0})))
    assert not looked
    assert [len(part.link["x"]) for part in parts] == [NET.m] * 2
    assert looked == [1]


def test_what_was_one_object_stays_one():
    """Physics asks whether nothing is lost by whether a column is the base year's own."""
    layout = Layout(NET, 3)
    base, again = (layout.join([E.technology] * 3) for _ in range(2))
    assert base.norm is base.share
    for f in fields(Technology):
        assert getattr(again, f.name) is getattr(base, f.name)
    fresh = np.ones(NET.n)
    assert layout.join([Purse(fresh[: NET.final.n])] * 3).cash.tolist() == [1.0] * 3 * NET.final.n


def test_silence_of_a_run_stands_as_nothing_said():
    layout = Layout(NET, 3)
    assert layout.join_mail([None, None, None]) is None
    said = layout.join_mail(
        [None, Table({"z": np.ones(NET.n)}), Table(link={"ask": np.ones(NET.m)})]
    )
    z, ask = (
        place.split(x)
        for place, x in (
            (layout.places.rows, said.row["z"]),
            (layout.places.links, said.link["ask"]),
        )
    )
    assert np.isnan(z).all(axis=1).tolist() == [True, False, True]
    assert np.isnan(ask).all(axis=1).tolist() == [True, True, False]


def test_an_array_that_names_no_axis_is_refused():
    layout, value = Layout(NET, 2), Careless(np.ones(2 * NET.n), np.ones(2 * NET.n))
    for use in (lambda: layout.join([value] * 2), lambda: layout.split(value)):
        with pytest.raises(TypeError, match="names no axis"):
            use()


@pytest.mark.parametrize(
    "kind", [Act, Facts, Inbox, KnownFacts, Post, State, Table, Technology, Truth, Week, World]
)
def test_every_array_that_runs_hold_names_its_axis(kind):
    assert list_axes(kind)
    for name, hint in get_type_hints(kind, include_extras=True).items():
        if "ndarray" in str(hint):
            assert list_axes(kind)[name] is not None, name


def test_networks_side_by_side_never_meet():
    for net in (NET, CONFUSED):
        layout = Layout(net, 3)
        whole, rows = layout.network, layout.places.rows
        assert (whole.n, whole.m, whole.copies) == (3 * net.n, 3 * net.m, 3)
        assert len(set(whole.names)) == 3 * net.n
        run = rows.spread(np.arange(3.0))
        np.testing.assert_array_equal(run[whole.buyer], run[whole.seller])
        of_row = rows.split(np.arange(whole.n))
        for k, links in enumerate(layout.places.links.split(np.arange(whole.m))):
            np.testing.assert_array_equal(of_row[k][net.buyer], whole.buyer[links])
            np.testing.assert_array_equal(of_row[k][net.seller], whole.seller[links])
            np.testing.assert_array_equal(net.good, whole.good[links] - k * len(net.products))
