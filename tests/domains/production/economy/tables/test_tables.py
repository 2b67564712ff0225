"""The shipped tables: identities, what the making moved, and where they agree with BEA."""

import csv
import gzip
import importlib.util
import os
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from catallax.domains.production.economy.tables import (
    ARMINGTON,
    CONSUMPTION_ELASTICITY,
    QUINTILE_SHARES,
    RESOURCE_RENT_SHARE,
    SIGMA,
    SIGMA_DISTRIBUTION,
    SIGMA_ERROR,
    USERS,
    InputOutputTable,
    balance,
    list_shipped,
    load_table,
)
from catallax.domains.production.economy.tables.balance import Draft, MarginRoles
from catallax.errors import InputError

ROOT = Path(__file__).parents[5]
DATA = ROOT / "src/catallax/domains/production/economy/tables/data"
BEA = ROOT.parent / "shared/data/bea"
WHEEL = os.environ.get("CATALLAX_TABLES_WHEEL", "")

needs_wheel = pytest.mark.skipif(
    not Path(WHEEL).is_file(), reason="set CATALLAX_TABLES_WHEEL to the wheel of the accounts"
)
needs_bea = pytest.mark.skipif(not BEA.is_dir(), reason="the BEA tables to compare are not here")


@pytest.fixture(params=list_shipped())
def table(request: pytest.FixtureRequest) -> InputOutputTable:
    return load_table(request.param)


# --- what is shipped -----------------------------------------------------------------------


def test_sizes() -> None:
    assert {name: len(load_table(name)) for name in list_shipped()} == {"us15": 15, "us71": 71}


def test_supply_equals_uses(table: InputOutputTable) -> None:
    uses = table.flow.sum(axis=1) + table.final.sum(axis=1) + table.exports
    np.testing.assert_allclose(table.output + table.imports, uses, rtol=1e-14)
    assert table.residual() <= 1e-14


def test_output_equals_costs_in_thousands_of_dollars(table: InputOutputTable) -> None:
    cells = [table.flow.sum(axis=0), table.compensation, table.taxes, table.surplus]
    costs = sum(np.rint(c * 1000) for c in cells)
    sales = table.flow.sum(axis=1) + table.final.sum(axis=1) + table.exports - table.imports
    np.testing.assert_array_equal(costs, np.rint(sales * 1000))


def test_cells_are_not_negative(table: InputOutputTable) -> None:
    for name in ("flow", "final", "exports", "imports", "compensation", "surplus"):
        assert getattr(table, name).min() >= 0, name
    assert table.value_added.min() > 0
    assert (table.surplus / table.output).min() > 0.02
    assert (table.domestic_sales / table.output).min() > 0.5


def test_totals_are_those_of_bea(table: InputOutputTable) -> None:
    """Published to the million; a sum of 17 or 73 rounded products may differ by some."""
    assert table.output.sum() == pytest.approx(40_575_547, abs=5)
    assert table.imports.sum() == pytest.approx(3_070_123, abs=5)
    assert table.exports.sum() == pytest.approx(2_179_415 + 29_001, abs=5)


def test_value_added_is_gdp_less_taxes_of_final_users(table: InputOutputTable) -> None:
    demand = table.final.sum() + table.exports.sum() - table.imports.sum()
    assert table.gdp == pytest.approx(demand, rel=1e-14)
    assert 429_000 < 23_315_081 - table.gdp < 446_000


def test_sizes_agree() -> None:
    small, large = load_table("us15"), load_table("us71")
    for i, user in enumerate(USERS):
        assert small.final[:, i].sum() == pytest.approx(large.final[:, i].sum(), rel=3e-3), user
    groups = {"11": ["111CA", "113FF"], "21": ["211", "212", "213"], "22": ["22"], "23": ["23"]}
    for code, parts in groups.items():
        whole = large.output[[large.position(p) for p in parts]].sum()
        assert small.output[small.position(code)] == pytest.approx(whole, abs=5), code


def test_farms_by_hand() -> None:
    """Farms' published value added at basic prices is 182,502, product taxes on inputs apart."""
    us71 = load_table("us71")
    farms = us71.position("111CA")
    assert us71.output[farms] == pytest.approx(478_537, abs=1)
    assert us71.compensation[farms] == pytest.approx(31_511, rel=0.01)
    assert us71.surplus[farms] == pytest.approx(147_685, rel=0.02)
    assert us71.flow[farms].argmax() == us71.position("311FT")


def test_arrays_are_read_only(table: InputOutputTable) -> None:
    with pytest.raises(ValueError, match="read-only"):
        table.flow[0, 0] = 1.0


def test_repr_is_short(table: InputOutputTable) -> None:
    assert repr(table).startswith(f"InputOutputTable('{table.name}', {len(table)} products")


# --- errors --------------------------------------------------------------------------------


def changed(name: str, cell: tuple[int, ...], value: float) -> InputOutputTable:
    table = load_table("us15")
    array = getattr(table, name).copy()
    array[cell] = value
    return replace(table, **{name: array})


def test_unknown_table() -> None:
    with pytest.raises(InputError, match="us71"):
        load_table("us72")


def test_unknown_product() -> None:
    with pytest.raises(InputError, match="31G"):
        load_table("us15").position("31")


@pytest.mark.parametrize(
    ("name", "cell", "value", "words"),
    [
        ("flow", (0, 4), -1.0, "flow, row 11, column 31G is -1"),
        ("final", (1, 2), -2.0, "final, row 21, column investment is -2"),
        ("exports", (3,), np.nan, "exports, row 23 is nan"),
        ("exports", (3,), 5.0, "row 23: supply"),
        ("surplus", (5,), 0.0, "product 42: surplus is out of range, expected >= 0.01"),
        ("exports", (1,), 1e9, "product 21: output less exports"),
        ("taxes", (14,), -1e8, "product G: output is out of range"),
    ],
)
def test_check_names_the_cell(name: str, cell: tuple[int, ...], value: float, words: str) -> None:
    with pytest.raises(InputError) as error:
        changed(name, cell, value).check()
    assert words in str(error.value)


def test_check_sees_one_dollar_in_a_billion() -> None:
    table = load_table("us15")
    largest = float(table.final[4, 0])
    changed("final", (4, 0), largest).check()
    with pytest.raises(InputError, match="row 31G"):
        changed("final", (4, 0), largest * (1 + 1e-9)).check()


def test_wrong_shapes() -> None:
    table = load_table("us15")
    with pytest.raises(InputError, match=r"final has shape \(15, 2\), expected \(15, 3\)"):
        replace(table, final=table.final[:, :2])
    with pytest.raises(InputError, match="'11' stands twice"):
        replace(table, codes=("11", *table.codes[:-1]))
    with pytest.raises(InputError, match="14 names for 15 codes"):
        replace(table, names=table.names[1:])


# --- the transformation, on small cases ----------------------------------------------------


def test_margins_go_from_users_to_traders() -> None:
    roles = MarginRoles(
        goods=np.array([True, False, False]),
        traders=np.array([False, True, True]),
        to_households=np.array([0.3, 0.9, 0.3]),
    )
    earned, paid = np.array([0.0, 60.0, 40.0]), np.array([10.0, 70.0, 20.0])
    handed = balance.hand_out_margins(paid, earned, roles, household=1)
    np.testing.assert_allclose(handed.sum(axis=0), paid, rtol=1e-9)
    np.testing.assert_allclose(handed.sum(axis=1), earned, rtol=1e-9)
    assert handed.min() >= 0
    np.testing.assert_allclose(handed[1:, 0] * 2, handed[1:, 2], rtol=1e-9)
    odds = handed[1:, 1] / handed[1:, 0]
    assert odds[0] / odds[1] == pytest.approx((0.9 / 0.1) / (0.3 / 0.7))


def test_industry_technology_by_hand() -> None:
    """Industry 1 makes 8 of a and 2 of b from 5 of a: 4 go to a, 1 to b."""
    accounts = balance.MakeUseAccounts(
        products=("a", "b"),
        industries=("1", "2"),
        make=np.array([[8.0, 0.0], [2.0, 4.0]]),
        use=np.array([[5.0, 0.0], [0.0, 2.0]]),
        final=np.array([[3.0, 0.0, 0.0], [4.0, 0.0, 0.0]]),
        exports=np.zeros(2),
        imports=np.zeros(2),
        adjustment=np.zeros(2),
        total_supply=np.array([8.0, 6.0]),
        total_use=np.array([8.0, 6.0]),
        compensation=np.array([3.0, 1.0]),
        taxes=np.zeros(2),
        surplus=np.array([2.0, 1.0]),
    )
    draft = balance.convert_to_products(accounts)
    np.testing.assert_allclose(draft.flow, [[4.0, 1.0], [0.0, 2.0]], rtol=1e-15)
    np.testing.assert_allclose(draft.compensation, [2.4, 1.6], rtol=1e-15)
    np.testing.assert_allclose(draft.surplus, [1.6, 1.4], rtol=1e-15)
    np.testing.assert_allclose(draft.row_gap, 0.0, atol=1e-14)
    np.testing.assert_allclose(draft.column_gap, 0.0, atol=1e-14)


def unbalanced(seed: int) -> Draft:
    table, rng = load_table("us15"), np.random.default_rng(seed)
    noise = np.exp(rng.normal(0.0, 0.01, table.flow.shape))
    names = ("final", "exports", "imports", "compensation", "taxes", "surplus")
    rest = {name: getattr(table, name) for name in names}
    return Draft(output=table.output, flow=table.flow * noise, **rest)


@pytest.mark.parametrize("seed", range(3))
def test_ras_balances_and_keeps_what_is_given(seed: int) -> None:
    before = unbalanced(seed)
    after = balance.balance_by_ras(before)
    assert np.abs(before.row_gap / before.output).max() > 1e-4
    assert np.abs(after.row_gap / after.output).max() < 1e-12
    assert np.abs(after.column_gap / after.output).max() < 1e-12
    for name in ("output", "exports", "imports", "taxes"):
        np.testing.assert_array_equal(getattr(after, name), getattr(before, name))
    np.testing.assert_array_equal(after.flow == 0, before.flow == 0)


@pytest.mark.parametrize("seed", range(3))
def test_rounding_keeps_both_identities(seed: int) -> None:
    before = balance.balance_by_ras(unbalanced(seed))
    after = balance.round_cells(before)
    for gap in (after.row_gap, after.column_gap):
        assert np.abs(gap / after.output).max() < 1e-15
    for name in ("flow", "final", "surplus"):
        assert np.abs(getattr(after, name) - getattr(before, name)).max() < 0.02, name


# --- the making, from the accounts ---------------------------------------------------------


@pytest.fixture(scope="module")
def script() -> ModuleType:
    path = ROOT / "scripts/make_us_tables.py"
    spec = importlib.util.spec_from_file_location("make_us_tables", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@needs_wheel
@pytest.mark.parametrize("size", [15, 71])
def test_imports_are_recovered(script: ModuleType, size: int) -> None:
    sheets = script.read_sheets(Path(WHEEL))
    accounts = script.read_accounts(sheets, size)
    supply, made = accounts.total_supply, accounts.make.sum(axis=1)
    assert (supply - made - accounts.adjustment).sum() == 3_070_123
    assert accounts.adjustment.sum() == pytest.approx(-29_001, abs=1)
    assert accounts.imports.sum() == pytest.approx(3_070_123, abs=4)
    assert accounts.imports.min() == 0
    if size == 15:
        printed = sheets["make_15"].column("Imports")[:17]
        np.testing.assert_allclose(accounts.imports, printed, atol=3)


@needs_wheel
@pytest.mark.parametrize("size", [15, 71])
def test_margins_and_product_taxes(script: ModuleType, size: int) -> None:
    sheets = script.read_sheets(Path(WHEEL))
    accounts = script.read_accounts(sheets, size)
    use = sheets[f"use_{size}"]
    taxes = use.row("Taxes on products and imports") - use.row("Less: Subsidies on products")
    assert accounts.gap.sum() == pytest.approx(829_220, abs=3)
    assert taxes[:size].sum() == pytest.approx(829_220, abs=6)


@needs_wheel
@pytest.mark.parametrize("size", [15, 71])
def test_totals_after_every_step(script: ModuleType, size: int) -> None:
    published = script.read_accounts(script.read_sheets(Path(WHEEL)), size)
    freight = balance.sell_freight_abroad(published)
    assert freight.exports.sum() - published.exports.sum() == pytest.approx(29_001, abs=1)
    clean = script.clean(published, size, script.Record())
    assert len(clean.products) == size
    assert clean.use.min() == 0
    assert clean.make.min() == 0
    for name in ("make", "imports", "total_supply", "total_use"):
        expected = getattr(freight, name).sum()
        assert getattr(clean, name).sum() == pytest.approx(expected, rel=1e-13), name
    costs = (clean.use.sum() + clean.surplus.sum()) - (
        published.use.sum() + published.surplus.sum()
    )
    assert costs == pytest.approx(0.0, abs=1e-6)
    spent = (clean.use.sum() + clean.final.sum()) - (published.use.sum() + published.final.sum())
    assert spent == pytest.approx(0.0, abs=1e-6)


@needs_wheel
@pytest.mark.parametrize("size", [15, 71])
def test_totals_at_basic_prices(script: ModuleType, size: int) -> None:
    published = script.read_accounts(script.read_sheets(Path(WHEEL)), size)
    clean = script.clean(published, size, script.Record())
    basic, left_out = balance.convert_to_basic_prices(clean, script.roles(clean.products))
    on_inputs = basic.taxes.sum() - clean.taxes.sum()
    # 60: the tax rates times the 4,290 by which two published totals miss their cells
    assert on_inputs + left_out.sum() == pytest.approx(829_220, abs=60)
    assert left_out.min() > 0
    assert basic.exports.sum() == pytest.approx(clean.exports.sum(), rel=1e-6)
    assert basic.exports.min() >= 0
    rows = basic.use.sum(axis=1) + basic.final.sum(axis=1) + basic.exports
    off = np.abs(rows - basic.total_supply)
    known = [c in ("524", "5412OP", "FIRE", "PROF") for c in clean.products]
    assert off[~np.array(known)].max() < 12  # rounding of the published cells
    assert off.max() == pytest.approx(4_290, rel=0.02)  # the published totals' own mistake
    columns = basic.use.sum(axis=0) + basic.compensation + basic.taxes + basic.surplus
    np.testing.assert_allclose(columns, basic.make.sum(axis=0), atol=88)


@needs_wheel
def test_gdp_is_the_published_one(script: ModuleType) -> None:
    for size in (15, 71):
        a = script.read_accounts(script.read_sheets(Path(WHEEL)), size)
        demand = a.final.sum() + a.exports.sum() - (a.imports + a.adjustment).sum()
        assert demand == pytest.approx(23_315_081, abs=12)
        added = a.compensation.sum() + a.taxes.sum() + a.surplus.sum()
        assert added + a.gap.sum() == pytest.approx(23_315_081, abs=12)


@needs_wheel
def test_balancing_moves_little(script: ModuleType) -> None:
    for size in (15, 71):
        record = script.Record()
        sheets = script.read_sheets(Path(WHEEL))
        clean = script.clean(script.read_accounts(sheets, size), size, record)
        basic, _ = balance.convert_to_basic_prices(clean, script.roles(clean.products))
        before = balance.convert_to_products(basic)
        table = script.make_table(sheets, size, record)
        moved = np.abs(table.flow - before.flow).sum() + np.abs(table.final - before.final).sum()
        assert moved < 0.002 * table.gdp
        heavy = before.flow >= 100
        assert np.abs(table.flow[heavy] / before.flow[heavy] - 1).max() < 0.016


@needs_wheel
def test_making_again_gives_the_same_bytes(script: ModuleType) -> None:
    files, _ = script.make_files(Path(WHEEL))
    assert set(files) == {path.name for path in DATA.iterdir()}
    for name, text in files.items():
        assert (DATA / name).read_bytes() == text.encode("utf-8"), name


@needs_wheel
def test_another_file_is_refused(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(script.SHA256, "use_71", "0" * 64)
    with pytest.raises(SystemExit, match=r"use_71\.csv has sha256"):
        script.read_sheets(Path(WHEEL))


# --- BEA's other presentation of the same year ---------------------------------------------


def bea(kind: str) -> tuple[list[str], list[str], np.ndarray]:
    with gzip.open(BEA / f"summary71_{kind}_2021_musd.csv.gz", "rt") as file:
        rows = list(csv.reader(file))
    cells = [[float(c) if c not in ("", "NA") else 0.0 for c in row[1:]] for row in rows[1:]]
    return [row[0] for row in rows[1:]], rows[0][1:], np.array(cells)


@needs_bea
def test_imports_and_gdp_near_bea_of_later_vintage() -> None:
    """A later revision at producers' prices: GDP 23.68 trillion, imports 3.05 trillion."""
    rows, columns, cells = bea("use")
    imports = -cells[:73, columns.index("F050")].sum()
    gdp = cells[rows.index("Total Value Added"), columns.index("Total Final Uses (GDP)")]
    us71 = load_table("us71")
    assert us71.imports.sum() == pytest.approx(imports, rel=0.01)
    assert us71.gdp + 436_567 == pytest.approx(gdp, rel=0.02)
    assert us71.exports.sum() == pytest.approx(cells[:73, columns.index("F040")].sum(), rel=0.01)


@needs_bea
def test_shares_of_households_in_trade(script: ModuleType) -> None:
    """Where the script's starting point for handing out margins comes from."""
    rows, columns, cells = bea("use")
    retail = [rows.index(c) for c in ("441", "445", "452", "4A0")]
    others = [rows.index(c) for c in ("42", "482", "483", "484", "486")]
    consumption = cells[:, columns.index("F010")]
    for group, kind in ((retail, True), (others, False)):
        share = consumption[group].sum() / cells[group, -1].sum()
        assert share == pytest.approx(script.TO_HOUSEHOLDS[kind], abs=0.005)


@needs_bea
def test_outputs_near_bea_of_later_vintage() -> None:
    """Product outputs at producers' prices hold more taxes; most lie within a tenth."""
    rows, columns, cells = bea("make")
    total = cells[rows.index("Total Commodity Output")]
    us71 = load_table("us71")
    theirs = np.array([total[columns.index(code)] for code in us71.codes])
    assert np.median(np.abs(us71.output / theirs - 1)) < 0.055
    assert np.corrcoef(np.log(us71.output), np.log(theirs))[0, 1] > 0.985


# --- sources -------------------------------------------------------------------------------


def test_quintile_shares() -> None:
    assert sum(QUINTILE_SHARES) == pytest.approx(1.0, abs=1e-15)
    assert list(QUINTILE_SHARES) == sorted(QUINTILE_SHARES)
    np.testing.assert_allclose(QUINTILE_SHARES, [0.086, 0.127, 0.167, 0.233, 0.386], atol=0.005)


def test_elasticities_are_of_products_of_the_table() -> None:
    codes = set(load_table("us71").codes)
    assert set(SIGMA) == set(SIGMA_ERROR)
    assert codes - set(SIGMA) == {"GFGD", "GFGN", "GFE", "GSLG", "GSLE"}
    assert set(SIGMA) <= codes
    assert all("arXiv" in source for _, source in SIGMA.values())


def test_distribution_is_that_of_the_estimates() -> None:
    low, high = SIGMA_DISTRIBUTION.bounds
    inside = np.log([value for value, _ in SIGMA.values() if low <= value <= high])
    assert len(inside) == 54
    assert inside.mean() == pytest.approx(SIGMA_DISTRIBUTION.log_mean, abs=1e-4)
    assert inside.std(ddof=1) == pytest.approx(SIGMA_DISTRIBUTION.log_sd, abs=1e-4)


def test_every_number_has_a_source() -> None:
    sourced = (ARMINGTON, CONSUMPTION_ELASTICITY, *RESOURCE_RENT_SHARE.values())
    assert all(len(number.source) > 40 for number in sourced)
    assert set(RESOURCE_RENT_SHARE) == {"211", "212"}
