"""Users' tables: what is read is what was written, from files, frames and objects alike."""

import csv
import gzip
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catallax.domains.production.economy import from_table, us15
from catallax.domains.production.economy.tables import (
    InputOutputTable,
    RegionalTable,
    load_table,
    read_table,
)
from catallax.domains.production.optimum import solve
from catallax.errors import InputError

BEA = Path(__file__).parents[6] / "shared/data/bea"
ADDED = ("compensation", "taxes", "surplus")

VILLAGE = """\
product,name,farm,mill,consumption,investment,exports,imports
farm,Farming,10,30,50,0,20,10
mill,Milling,20,10,70,10,0,0
compensation,,40,40,,,,
taxes,,-2,4,,,,
surplus,,32,26,,,,
"""


class Frame:
    """As much of a data frame as the readers use."""

    def __init__(self, index, columns, values):
        self.index, self.columns, self.values = index, columns, np.asarray(values)


def text_of(table: InputOutputTable) -> str:
    """The table in the documented layout, digits exact."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    write(["product", "name", *table.codes, *table.users, "exports", "imports"])
    for i, code in enumerate(table.codes):
        cells = [*table.flow[i], *table.final[i], table.exports[i], table.imports[i]]
        write([code, table.names[i], *map(repr, map(float, cells))])
    blank = [""] * (len(table.users) + 2)
    for part in ADDED:
        write([part, "", *map(repr, map(float, getattr(table, part))), *blank])
    return out.getvalue()


def frame_of(text: str) -> Frame:
    """The same as a data frame, with its column of names."""
    head, *lines = csv.reader(text.splitlines())
    cells = [
        [None if c == "" else c if head[k + 1] == "name" else float(c) for k, c in enumerate(x[1:])]
        for x in lines
    ]
    return Frame([x[0] for x in lines], head[1:], np.array(cells, dtype=object))


def saved(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def same(a: InputOutputTable, b: InputOutputTable, rtol: float = 0.0) -> None:
    assert (a.codes, a.names, a.users) == (b.codes, b.names, b.users)
    for part in ("flow", "final", "exports", "imports", *ADDED):
        np.testing.assert_allclose(getattr(a, part), getattr(b, part), rtol=rtol, atol=0)


# --- symmetric -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["us15", "us71"])
def test_a_shipped_table_comes_back_from_a_file_and_a_frame(name, tmp_path):
    text, table = text_of(load_table(name)), load_table(name)
    for source in (saved(tmp_path, f"{name}.csv", text), frame_of(text)):
        found = read_table(source, name=name)
        same(found, table)
        assert found.moved is None


def test_the_same_table_makes_the_same_economy(tmp_path):
    path = saved(tmp_path, "us15.csv", text_of(load_table("us15")))
    assert from_table(read_table(path)).digest == us15().digest


def test_a_village_by_hand(tmp_path):
    table = read_table(saved(tmp_path, "village.csv", VILLAGE))
    assert (table.name, table.codes, table.names) == (
        "village",
        ("farm", "mill"),
        ("Farming", "Milling"),
    )
    assert table.users == ("consumption", "investment")
    np.testing.assert_array_equal(table.flow, [[10, 30], [20, 10]])
    np.testing.assert_array_equal(table.final, [[50, 0], [70, 10]])
    np.testing.assert_array_equal(table.output, [100, 110])
    np.testing.assert_array_equal(table.taxes, [-2, 4])
    assert table.moved is None


def test_columns_may_stand_in_any_order_and_names_may_be_left_out(tmp_path):
    rows = [line.split(",") for line in VILLAGE.splitlines()]
    order = [0, 5, 3, 7, 2, 6, 4]
    text = "\n".join(",".join(row[k] for k in order) for row in rows)
    table = read_table(saved(tmp_path, "village.csv", text))
    assert table.codes == ("farm", "mill")
    assert table.names == ("farm", "mill")
    np.testing.assert_array_equal(table.flow, [[10, 30], [20, 10]])
    assert dict(zip(table.users, table.final.T.tolist(), strict=True)) == {
        "investment": [0, 10],
        "consumption": [50, 70],
    }


def test_a_byte_order_mark_and_empty_lines_do_not_matter(tmp_path):
    path = tmp_path / "village.csv"
    path.write_bytes(b"\xef\xbb\xbf" + VILLAGE.replace("\n", "\r\n").encode() + b"\r\n,,,,,,,\r\n")
    same(read_table(path), read_table(saved(tmp_path, "plain.csv", VILLAGE)))


# --- balancing -----------------------------------------------------------------------------


def test_a_small_imbalance_is_balanced_and_the_cell_that_moved_most_is_kept(tmp_path):
    wrong = VILLAGE.replace("Farming,10,30,50", "Farming,10,30,50.9")
    table = read_table(saved(tmp_path, "village.csv", wrong))
    assert table.residual() < 1e-13
    before = read_table(saved(tmp_path, "exact.csv", VILLAGE))
    np.testing.assert_allclose(table.output, before.output, rtol=1e-14)
    np.testing.assert_array_equal(table.imports, before.imports)
    assert (table.moved.row, table.moved.column) == ("farm", "consumption")
    assert table.moved.before == 50.9
    assert table.moved.after == table.final[0, 0]
    assert "row farm, column consumption: 50.9 became 50." in str(table.moved)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20)
def test_what_moved_most_moved_most(seed):
    table, rng = load_table("us15"), np.random.default_rng(seed)
    frame = frame_of(text_of(table))
    block = frame.values[:15, 1:16].astype(float)
    frame.values[:15, 1:16] = block * np.exp(rng.normal(0.0, 0.003, block.shape))
    found = read_table(frame)
    moved = max(
        np.abs(found.flow - frame.values[:15, 1:16].astype(float)).max(),
        np.abs(found.final - table.final).max(),
        np.abs(found.compensation - table.compensation).max(),
        np.abs(found.surplus - table.surplus).max(),
    )
    assert abs(found.moved.after - found.moved.before) == pytest.approx(moved, rel=1e-12)
    assert found.residual() < 1e-12


def test_the_tolerance_is_the_users(tmp_path):
    path = saved(tmp_path, "village.csv", VILLAGE.replace("10,30,50", "10,30,52"))
    with pytest.raises(InputError, match=r"row and column 'farm'.*1\.82%.*at most 1\.00%"):
        read_table(path)
    assert read_table(path, tolerance=0.02).residual() < 1e-13
    with pytest.raises(InputError, match=r"^tolerance: 1\.5"):
        read_table(path, tolerance=1.5)


# --- make and use --------------------------------------------------------------------------

USE = """\
product,1,2,consumption,exports,imports
a,5,0,3,0,0
b,0,2,4,0,0
compensation,3,1,,,
taxes,0,0,,,
surplus,2,1,,,
"""
MAKE = """\
industry,a,b
1,8,2
2,0,4
"""


def test_a_pair_is_converted_by_industry_technology(tmp_path):
    """Industry 1 makes 8 of a and 2 of b from 5 of a: 4 go to a, 1 to b."""
    folder = tmp_path / "pair"
    folder.mkdir()
    saved(folder, "use.csv", USE)
    saved(folder, "make.csv", MAKE)
    both = (folder / "use.csv", folder / "make.csv")
    for table in (
        read_table(folder),
        read_table(*both, name="pair"),
        read_table(frame_of(USE), frame_of(MAKE), name="pair"),
    ):
        assert table.name == "pair"
        np.testing.assert_allclose(table.flow, [[4, 1], [0, 2]], rtol=1e-15)
        np.testing.assert_allclose(table.compensation, [2.4, 1.6], rtol=1e-15)
        np.testing.assert_allclose(table.surplus, [1.6, 1.4], rtol=1e-15)
        np.testing.assert_allclose(table.output, [8, 6], rtol=1e-15)
        assert table.moved is None


def test_a_diagonal_make_table_changes_nothing():
    table = load_table("us15")
    use = frame_of(text_of(table))
    make = Frame(table.codes, table.codes, np.diag(table.output))
    same(read_table(use, make), table, rtol=1e-12)


@pytest.mark.parametrize(
    ("use", "make", "says"),
    [
        (USE, MAKE.replace("2,0,4", "2,0,0"), ["row '2' makes nothing", "drop it"]),
        (USE, MAKE.replace("8,2", "0,10"), ["column 'a' is made by nobody"]),
        (USE, MAKE.replace("industry,a,b", "industry,a,c"), ["column 'b' is missing"]),
        (USE, MAKE.replace("2,0,4", "3,0,4"), ["column '3' is missing"]),
        (
            USE.replace("5,0,3", "6,0,3"),
            MAKE,
            ["column '1' is out of balance with row '1'", "10.0"],
        ),
        (USE.replace("5,0,3", "5,0,4"), MAKE, ["row and column 'a' are out of balance"]),
        (USE, MAKE.replace("8,2", "8,-2"), ["row '1', column 'b' is -2", "expected 0 or more"]),
    ],
)
def test_pairs_that_do_not_fit_are_refused(use, make, says, tmp_path):
    with pytest.raises(InputError) as e:
        read_table(saved(tmp_path, "use.csv", use), saved(tmp_path, "make.csv", make))
    assert all(words in str(e.value) for words in says), e.value


def test_a_folder_without_its_pair_is_refused(tmp_path):
    saved(tmp_path, "use.csv", USE)
    with pytest.raises(InputError, match=r"has no make\.csv; a folder must hold"):
        read_table(tmp_path)


@pytest.mark.skipif(not BEA.is_dir(), reason="the BEA tables are not here")
def test_the_us_accounts_of_2019_as_a_pair():
    """Producers' prices, second-hand goods with vehicles, and 525, which ran a loss, with 523."""
    use, make, left_out = bea_pair(2019)
    with pytest.raises(InputError, match="'525' is -1843, expected 0 or more"):
        read_table(*bea_pair(2019, merge=())[:2])
    table = read_table(
        use, make, name="us2019", tolerance=0.04
    )  # farms ran down 3 % of their supply from stocks
    assert len(table) == 70
    # The published GDP; balancing scales pay and surplus where stocks were cut off
    assert table.gdp == pytest.approx(left_out["gdp"], rel=1e-3)
    assert table.residual() < 1e-12
    economy = from_table(table)
    wrong = np.exp(0.5 * np.random.default_rng(0).standard_normal(economy.network.n))
    best = solve(economy.technology, economy.income, start=wrong, tol=1e-12)
    np.testing.assert_allclose(best.ship, economy.flow, rtol=1e-8)


def bea_sheet(kind: str, year: int) -> tuple[list[str], list[str], np.ndarray]:
    with gzip.open(BEA / f"summary71_{kind}_{year}_musd.csv.gz", "rt") as file:
        head, *rows = csv.reader(file)
    cells = [[float(c) if c not in ("", "NA") else 0.0 for c in row[1:]] for row in rows]
    return [row[0] for row in rows], head[1:], np.array(cells)


MERGE = (("525", "523"),)
ODD = (("Used", "3361MV"), ("Other", "5412OP"))
FINAL = {"consumption": ("F01",), "government": ("F06", "F07", "F10"), "investment": ("F02", "F03")}


def bea_pair(year: int, merge=MERGE):
    """BEA's sheets brought to the documented layout, as a user would; and the published GDP."""
    rows, columns, cells = bea_sheet("use", year)
    makers, _, made = bea_sheet("make", year)
    industries, codes, made = makers[:71], rows[:73], made[:71, :73].copy()
    use = cells[:73, :71]
    user = {
        name: sum(cells[:73, k] for k, c in enumerate(columns) if c[:3] in kinds)
        for name, kinds in FINAL.items()
    }
    imports = -cells[:73, columns.index("F050")]  # < 0: freight that own carriers earn on them
    user["exports"] = cells[:73, columns.index("F040")] + np.maximum(-imports, 0.0)
    user["imports"] = np.maximum(imports, 0.0)
    added = np.array([cells[rows.index(v), :71] for v in ("V001", "V002", "V003")])
    sold = np.minimum(use, 0.0)  # used equipment: disinvestment out of the seller's surplus
    use, user["investment"] = use - sold, user["investment"] + sold.sum(axis=1)
    added[2] += sold.sum(axis=0)
    parts = np.column_stack([use, *user.values()])
    for source, target in (*ODD, *merge):
        parts[codes.index(target)] += parts[codes.index(source)]
        made[:, codes.index(target)] += made[:, codes.index(source)]
    for source, target in merge:
        for array in (parts, added):
            array[:, industries.index(target)] += array[:, industries.index(source)]
        made[industries.index(target)] += made[industries.index(source)]
    gone = {source for source, _ in (*ODD, *merge)}
    row = [k for k, c in enumerate(codes) if c not in gone]
    column = [k for k, c in enumerate(industries) if c not in gone]
    sides = [*column, *range(71, parts.shape[1])]
    below = np.column_stack([added[:, column], np.full((3, len(user)), np.nan)])
    kept = [industries[k] for k in column]
    top = np.maximum(parts[np.ix_(row, sides)], 0.0)  # stocks run down
    total = cells[rows.index("Total Value Added"), columns.index("Total Final Uses (GDP)")]
    return (
        Frame([*(codes[k] for k in row), *ADDED], [*kept, *user], np.vstack([top, below])),
        Frame(kept, [codes[k] for k in row], made[np.ix_(column, row)]),
        {"gdp": total},
    )


# --- regions, in short; their economy is tested beside its module ---------------------------

REGIONS = """\
region,sector,north,north,south,north,south
,,farm,mill,farm,consumption,consumption
north,farm,1,4,0,4,1
north,mill,2,1,2,3,2
south,farm,1,0,1,2,4
value added,compensation,4,3,3,,
value added,taxes,0,1,-1,,
value added,surplus,2,1,3,,
"""


def regions_frame() -> Frame:
    lines = [line.split(",") for line in REGIONS.splitlines()]
    columns = list(zip(lines[0][2:], lines[1][2:], strict=True))
    cells = [[float(c) if c else np.nan for c in line[2:]] for line in lines[2:]]
    return Frame([(line[0], line[1]) for line in lines[2:]], columns, cells)


def test_regions_from_a_file_and_a_frame(tmp_path):
    for source in (saved(tmp_path, "two.csv", REGIONS), regions_frame()):
        table = read_table(source, name="two")
        assert isinstance(table, RegionalTable)
        assert (table.regions, table.sectors) == (("north", "south"), ("farm", "mill"))
        assert table.plants == (("north", "farm"), ("north", "mill"), ("south", "farm"))
        np.testing.assert_array_equal(table.flow, [[1, 4, 0], [2, 1, 2], [1, 0, 1]])
        np.testing.assert_array_equal(table.final, [[4, 1], [3, 2], [2, 4]])
        np.testing.assert_array_equal(table.output, [10, 10, 8])
        np.testing.assert_array_equal(table.taxes, [0, 1, -1])


def test_value_added_in_one_row_is_divided_as_in_the_us(tmp_path):
    kept = "\n".join(REGIONS.splitlines()[:5]) + "\nvalue added,total,6,5,5,,\n"
    table = read_table(saved(tmp_path, "two.csv", kept))
    us = load_table("us71")
    np.testing.assert_allclose(table.value_added, [6, 5, 5], rtol=1e-15)
    np.testing.assert_allclose(table.surplus / table.value_added, us.surplus.sum() / us.gdp)


def test_what_a_region_does_not_have_is_left_out(tmp_path):
    head, below, *rows = REGIONS.splitlines()
    wide = [f"{head},south,south", f"{below},mill,government"]
    wide += [
        f"{row},{'' if row.startswith('value') else 0},{'' if row[0] == 'v' else 0}" for row in rows
    ]
    wide = [w.replace(",,,,", ",,,0,") if w.startswith("value") else w for w in wide]
    wide.insert(5, "south,mill,0,0,0,0,0,0,0")
    table = read_table(saved(tmp_path, "two.csv", "\n".join(wide)))
    assert ("south", "mill") not in table.plants
    assert ("south", "government") not in table.users
    assert len(table.plants) == 3


def test_levels_of_labels_must_agree():
    frame = regions_frame()
    frame.columns = [" ".join(c) for c in frame.columns]
    with pytest.raises(InputError, match=r"labels have \[1, 2\] levels"):
        read_table(frame)


def test_something_else_is_refused():
    with pytest.raises(InputError, match="is a int; expected a path, a data frame"):
        read_table(3)
