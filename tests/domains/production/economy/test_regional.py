"""A multi-region table's economy reproduces its flows at prices 1; regions own what is theirs."""

from functools import cache

import numpy as np
import pytest

from catallax.domains.production.economy import disaggregate, from_regions, from_table
from catallax.domains.production.economy.real import WEEKS
from catallax.domains.production.economy.tables import RegionalTable, load_table, read_table
from catallax.domains.production.optimum import solve
from catallax.errors import InputError

REGIONS, SECTORS = ("north", "south", "islands"), ("farm", "mill", "shop", "port")
USERS = ("consumption", "government")


class Frame:
    """As much of a data frame as the readers use."""

    def __init__(self, index, columns, values):
        self.index, self.columns, self.values = index, columns, np.asarray(values)


class System:
    """As much of a pymrio system as the readers use."""

    def __init__(self, z, y, factor_inputs=None):
        self.Z, self.Y = z, y
        if factor_inputs is not None:
            self.factor_inputs = type("Extension", (), {"F": factor_inputs})()


def labels(inner):
    return [(region, name) for region in REGIONS for name in inner]


def system(seed: int, holes: float = 0.3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Flows, final uses and value added that balance; every producer has some of the last two."""
    rng = np.random.default_rng(seed)
    size = len(REGIONS) * len(SECTORS)
    flow = rng.lognormal(0.0, 1.0, (size, size)) * (rng.random((size, size)) > holes)
    final = rng.lognormal(1.0, 1.0, (size, len(REGIONS) * len(USERS)))
    slack = flow.sum(axis=1) + final.sum(axis=1) - flow.sum(axis=0)
    final[:, 0] += np.maximum(0.3 * flow.sum(axis=0) + 1.0 - slack, 0.0)
    added = flow.sum(axis=1) + final.sum(axis=1) - flow.sum(axis=0)
    return flow, final, added


@cache
def table(seed: int) -> RegionalTable:
    flow, final, added = system(seed)
    below = np.column_stack([added[None], np.full((1, final.shape[1]), np.nan)])
    columns = labels(SECTORS) + labels(USERS)
    rows = [*labels(SECTORS), ("value added", "total")]
    found = read_table(Frame(rows, columns, np.vstack([np.column_stack([flow, final]), below])))
    assert isinstance(found, RegionalTable)
    return found


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("setting", [{}, {"lead": 2, "decay": 0.03, "eps": 8.0}])
def test_the_optimum_from_wrong_prices_reproduces_the_table(seed, setting):
    t = table(seed)
    e = from_regions(t, **setting)
    wrong = np.exp(0.5 * np.random.default_rng(seed).standard_normal(e.network.n))
    best = solve(e.technology, e.income, start=wrong, tol=1e-12)
    net = e.network
    assert np.max(np.abs(np.log(best.price))) < 1e-8
    sold = np.zeros((net.n, net.n))
    np.add.at(sold, (net.seller, net.buyer), best.ship * WEEKS)
    plants, users = net.plants, net.households
    np.testing.assert_allclose(sold[plants, plants], t.flow, rtol=1e-8, atol=0)
    np.testing.assert_allclose(sold[plants, users], t.final, rtol=1e-8, atol=0)
    capital = t.output * (1 - e.technology.gamma[plants])
    labour = sold[net.endowments, plants].sum(axis=0)
    np.testing.assert_allclose(labour + capital, t.value_added, rtol=1e-8)
    np.testing.assert_allclose(best.utility, e.income, rtol=1e-8)


def test_goods_are_on_the_way_for_their_lead_and_work_is_there_at_once():
    e = from_regions(table(0), lead=2)
    np.testing.assert_array_equal(e.lead, np.where(e.network.rows.perishable, 0, 2))


def test_a_sector_of_several_regions_is_one_good():
    e, t = from_regions(table(0)), table(0)
    net = e.network
    assert net.products == (*(f"labour {r}" for r in REGIONS), *SECTORS)
    assert net.names[net.plants] == tuple(f"{r} {s}" for r, s in t.plants)
    goods = dict.fromkeys(zip(net.buyer.tolist(), net.good.tolist(), strict=True), 0)
    assert net.rows.good_row.shape == (len(goods),)
    south_farm = net.row("south farm")
    buys = {net.names[s] for s in net.seller[net.buyer == south_farm]}
    assert buys & {f"labour {r}" for r in REGIONS} == {"labour south"}


@pytest.mark.parametrize("seed", range(4))
def test_income_pays_for_spending_and_stays_at_home_as_far_as_it_goes(seed):
    t = table(seed)
    e = from_regions(t)
    np.testing.assert_allclose(e.income * WEEKS, t.final.sum(axis=0), rtol=1e-12)
    np.testing.assert_allclose(e.own.sum(axis=1), 1.0, rtol=1e-14)
    assert e.own.min() >= 0
    home = np.array([[user[0] == region for user in t.users] for region in t.regions])
    earned = [t.value_added[[p[0] == r for p in t.plants]].sum() for r in t.regions]
    spent = [t.final[:, [u[0] == r for u in t.users]].sum() for r in t.regions]
    kept = np.minimum(1.0, np.array(spent) / np.array(earned))
    np.testing.assert_allclose((e.own * home).sum(axis=1), kept, rtol=1e-12)
    assert min(kept) < 1.0


def test_consumers_count_by_what_they_spend():
    e, t = from_regions(table(0)), table(0)
    expected = t.final.sum(axis=0) * [user == "consumption" for _, user in t.users]
    np.testing.assert_allclose(e.weight, expected)
    assert e.group == tuple(user for _, user in t.users)


def test_published_elasticities_are_found_by_code():
    t = load_table("us15")
    one = RegionalTable(
        "one",
        tuple(("us", c) for c in ("211", "331")),
        (("us", "consumption"),),
        t.flow[:2, :2],
        t.final[:2, :1],
        t.compensation[:2],
        t.taxes[:2],
        t.surplus[:2],
    )
    sigma = from_regions(one).technology.sigma
    assert sigma[1:3].tolist() == [0.05, 0.419]


def test_no_labour_is_refused_with_its_column():
    flow, final, added = system(0)
    size = len(added)
    parts = np.vstack([added * 0.5, -added * 0.4, added * 0.9])
    parts[:, 1] = [0.0, 0.0, added[1]]
    parts[:, 2] = [0.0, -2.0 * added[2], 3.0 * added[2]]
    t = RegionalTable(
        "mine", tuple(labels(SECTORS)), tuple(labels(USERS)), flow, final, *parts.reshape(3, size)
    )
    with pytest.raises(InputError, match="mine, column 'north shop': no value added is left"):
        from_regions(t)


# --- pymrio --------------------------------------------------------------------------------

CATEGORIES = ("households", "stocks")


def mrio(seed: int, rows: dict[str, float] | None) -> System:
    """A system whose stocks run down in places; rows of value added by name and share."""
    flow, final, added = system(seed)
    twice = np.repeat(final[:, ::2] + final[:, 1::2], 2, axis=1)
    twice[:, 1::2] *= -0.25
    twice[:, ::2] *= 1.25
    index = labels(SECTORS)
    f = None
    if rows is not None:
        f = Frame(list(rows), index, np.array([share * added for share in rows.values()]))
    return System(Frame(index, index, flow), Frame(index, labels(CATEGORIES), twice), f)


def test_a_system_is_read_with_one_user_a_region():
    flow, final, added = system(1)
    names = {"Compensation of employees": 0.5, "Other net taxes": 0.1, "Operating surplus": 0.4}
    t = read_table(mrio(1, names), name="world")
    assert t.name == "world"
    assert t.users == tuple((r, "final use") for r in REGIONS)
    np.testing.assert_allclose(t.flow, flow, rtol=1e-14)
    np.testing.assert_allclose(t.final, final[:, ::2] + final[:, 1::2], rtol=1e-12)
    np.testing.assert_allclose(t.taxes, 0.1 * added, rtol=1e-14)
    np.testing.assert_allclose(t.surplus, 0.4 * added, rtol=1e-14)
    e = from_regions(t)
    assert np.max(np.abs(np.log(solve(e.technology, e.income).price))) < 1e-8


def test_value_added_without_parts_or_without_extension():
    us, added = load_table("us71"), system(2)[2]
    for found in (mrio(2, {"Value Added": 1.0}), mrio(2, None)):
        t = read_table(found)
        np.testing.assert_allclose(t.value_added, added, rtol=1e-9)
        np.testing.assert_allclose(t.surplus / t.value_added, us.surplus.sum() / us.gdp, rtol=1e-9)


def test_systems_with_something_wrong_are_refused_by_row_and_column():
    wrong = mrio(3, None)
    wrong.Z.values[1, 2] = -1.0
    with pytest.raises(InputError, match="Z: row 'north mill', column 'north shop' is -1"):
        read_table(wrong)
    wrong = mrio(3, {"Value Added": 1.1})
    with pytest.raises(InputError, match=r"row and column '.*' are out of balance"):
        read_table(wrong)
    wrong = mrio(3, {"surplus": -0.5, "wages": 1.5})
    with pytest.raises(InputError, match="value added: row 'surplus', column 'north farm' is -"):
        read_table(wrong)
    wrong = mrio(3, None)
    wrong.Y = None
    with pytest.raises(InputError, match="Y: is missing"):
        read_table(wrong)


def test_the_real_pymrio():
    pymrio = pytest.importorskip("pymrio")
    system = pymrio.load_test()
    system.remove_extension("factor_inputs")  # its made-up value added does not fit its outputs
    t = read_table(system, name="test")
    assert (len(t.regions), len(t.sectors)) == (6, 8)
    e = from_regions(t)
    wrong = np.exp(0.5 * np.random.default_rng(0).standard_normal(e.network.n))
    best = solve(e.technology, e.income, start=wrong, tol=1e-12)
    np.testing.assert_allclose(best.ship, e.flow, rtol=1e-8)


def test_real_frames():
    pandas = pytest.importorskip("pandas")
    t = load_table("us15")
    frame = pandas.DataFrame(
        np.vstack(
            [
                np.column_stack([t.flow, t.final, t.exports, t.imports]),
                np.column_stack([[t.compensation, t.taxes, t.surplus], np.full((3, 5), np.nan)]),
            ]
        ),
        index=[*t.codes, "compensation", "taxes", "surplus"],
        columns=[*t.codes, *t.users, "exports", "imports"],
    )
    assert from_table(read_table(frame, name="us15")).technology.z.sum() > 0
    frame.insert(0, "name", [*t.names, "", "", ""])
    assert read_table(frame).names == t.names


def test_regions_are_split_into_firms_and_households():
    e = from_regions(table(0))
    fine = disaggregate(e, firms=60, households=9)
    assert fine.network.plants.stop - fine.network.plants.start == 60
    best = solve(fine.technology, fine.income, tol=1e-12)
    assert np.max(np.abs(np.log(best.price))) < 1e-8
    np.testing.assert_allclose(best.utility, fine.income, rtol=1e-8)
