"""Seven classes of malformed tables: each is refused with its row, its column and the mend."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest

import catallax.study
from catallax.apps.cli import main
from catallax.domains.production.economy.tables import read_table, sheet
from catallax.errors import InputError

ONE = """\
product,name,farm,mill,consumption,exports,imports
farm,Farming,10,30,50,20,10
mill,Milling,20,10,80,0,0
compensation,,40,40,,,
taxes,,-2,4,,,
surplus,,32,26,,,
"""
TWO = """\
region,sector,north,south,north,south
,,farm,farm,consumption,consumption
north,farm,1,2,5,2
south,farm,3,1,2,4
value added,compensation,4,4,,
value added,taxes,0,1,,
value added,surplus,2,2,,
"""
USE = """\
product,i,j,consumption,exports,imports
a,5,0,3,0,0
b,0,2,4,0,0
compensation,3,1,,,
taxes,0,0,,,
surplus,2,1,,,
"""
MAKE = """\
industry,a,b
i,8,2
j,0,4
"""

# class -> (layout, what is replaced, by what, what the message must say)
CASES: dict[str, list[tuple[str, str, str, tuple[str, ...]]]] = {
    "negative": [
        (
            "one",
            "farm,Farming,10,30",
            "farm,Farming,10,-30",
            ("row 'farm', column 'mill' is -30", "expected 0 or more", "other side of the account"),
        ),
        ("one", ",32,26", ",32,-26", ("row 'surplus', column 'mill' is -26", "other side")),
        ("one", "20,10\nmill", "20,-10\nmill", ("row 'farm', column 'imports' is -10",)),
        (
            "two",
            "north,farm,1,2",
            "north,farm,1,-2",
            ("row 'north farm', column 'south farm' is -2", "expected 0 or more"),
        ),
        ("pair", "5,0,3", "5,0,-3", ("row 'a', column 'consumption' is -3", "use.csv")),
    ],
    "unbalanced": [
        (
            "one",
            "10,30,50",
            "10,30,60",
            (
                "row and column 'farm'",
                "supply is 110",
                "sum to 120",
                "9.09%",
                "at most 1.00%",
                "correct",
            ),
        ),
        (
            "two",
            "3,1,2,4",
            "3,1,2,5",
            (
                "row and column 'south farm'",
                "supply is 10",
                "sum to 11",
                "at most 1.00%",
                "correct",
            ),
        ),
        ("pair", "3,1,,,", "4,1,,,", ("column 'i'", "row 'i'", "pays 11 and makes 10", "correct")),
    ],
    "missing label": [
        (
            "one",
            "mill,Milling",
            ",Milling",
            ("row 3 has no label in the first column", "name that row"),
        ),
        ("one", ",farm,mill,", ",farm,,", ("column 4 has no label in the first row", "delete it")),
        ("one", "taxes,,-2,4,,,\n", "", ("row 'taxes' is missing; add that row", "'surplus'")),
        (
            "one",
            "consumption",
            "Consumption",
            ("column 'consumption' is missing; add that column", "'Consumption'"),
        ),
        ("one", ",farm,mill,", ",farm,mil,", ("column 'mill' is missing", "'mil'")),
        ("two", "north,farm,1", "north,,1", ("row 3 has no label", "name that row")),
        ("two", "value added,surplus,2,2,,\n", "", ("row 'value added surplus' is missing", "add")),
        ("pair", "industry,a,b", "industry,a,c", ("make.csv", "column 'b' is missing; add")),
    ],
    "duplicate label": [
        (
            "one",
            "mill,Milling",
            "farm,Milling",
            (
                "row 'farm' stands twice, as rows 2 and 3",
                "first column",
                "rename one or add them up",
            ),
        ),
        (
            "one",
            ",farm,mill,",
            ",farm,farm,",
            ("column 'farm' stands twice, as columns 3 and 4", "first row", "rename one"),
        ),
        ("two", "south,farm,3", "north,farm,3", ("row 'north farm' stands twice", "rename one")),
        ("pair", "j,0,4", "i,0,4", ("make.csv", "row 'i' stands twice", "rename one")),
    ],
    "not a number": [
        (
            "one",
            "10,30,50",
            "10,many,50",
            ("row 'farm', column 'mill' is 'many'", "not a finite number", "like 1234.5"),
        ),
        ("one", "10,30,50", "10,nan,50", ("row 'farm', column 'mill' is 'nan'", "like 1234.5")),
        ("one", "10,30,50", "10,1e999,50", ("row 'farm', column 'mill' is '1e999'", "finite")),
        ("one", "10,30,50", '10,"1,030",50', ("row 'farm', column 'mill' is '1,030'", "thousands")),
        ("one", "10,30,50", "10,,50", ("row 'farm', column 'mill' is blank; write 0",)),
        ("one", "-2,4,,,", "-2,4,3,,", ("row 'taxes', column 'consumption' is 3", "a blank")),
        ("one", "10,30,50", "10,30", ("row 2 has 6 columns where row 1 has 7", "give every row")),
        (
            "two",
            "1,2,5,2",
            "1,x,5,2",
            ("row 'north farm', column 'south farm' is 'x'", "like 1234.5"),
        ),
        ("pair", "i,8,2", "i,8,-", ("make.csv: row 'i', column 'b' is '-'", "like 1234.5")),
    ],
    "empty": [
        ("one", ONE, "", ("is empty", "header row of columns", "row for every product")),
        ("one", ONE, "\n , \n", ("is empty", "expected")),
        (
            "one",
            ONE,
            "product,farm\n",
            ("0 rows and 1 columns", "is empty", "expected a row and a column"),
        ),
        ("two", TWO, "region,sector,north\n", ("row 2 is missing", "expected the sectors")),
        ("two", TWO, "\n".join(TWO.splitlines()[:2]), ("0 rows", "is empty")),
        ("pair", MAKE, "", ("make.csv: is empty", "expected")),
    ],
    "wrong separator": [
        (
            "one",
            ONE,
            ONE.replace(",", ";"),
            ("row 1", "columns separated by semicolons (';')", "commas"),
        ),
        (
            "one",
            ONE,
            ONE.replace(",", "\t"),
            ("columns separated by tabs", "save it again with commas"),
        ),
        ("one", ONE, ONE.replace(",", "|"), ("columns separated by vertical bars", "commas")),
        ("two", TWO, TWO.replace(",", ";"), ("columns separated by semicolons", "commas")),
        (
            "pair",
            MAKE,
            MAKE.replace(",", "\t"),
            ("make.csv", "columns separated by tabs", "commas"),
        ),
    ],
}
ALL = [(kind, *case) for kind, cases in CASES.items() for case in cases]
IDS = [f"{kind} {k}" for k, (kind, *_) in enumerate(ALL)]


def written(folder: Path, layout: str, old: str, new: str) -> Path:
    """The layout's files with one thing wrong; the path that a user would give."""
    texts = {
        "one": {"one.csv": ONE},
        "two": {"two.csv": TWO},
        "pair": {"use.csv": USE, "make.csv": MAKE},
    }
    touched = 0
    for name, text in texts[layout].items():
        touched += text.count(old) > 0
        (folder / name).write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
    assert touched == 1, "the case changes nothing"
    return folder if layout == "pair" else folder / f"{layout}.csv"


@pytest.mark.parametrize("layout", ["one", "two", "pair"])
def test_without_the_mistake_the_table_is_read(layout, tmp_path):
    mark = "i,8,2" if layout == "pair" else "farm"
    assert read_table(written(tmp_path, layout, mark, mark)).moved is None


@pytest.mark.parametrize(("kind", "layout", "old", "new", "says"), ALL, ids=IDS)
def test_python_refuses_it(kind, layout, old, new, says, tmp_path):
    with pytest.raises(InputError) as e:
        read_table(written(tmp_path, layout, old, new))
    missing = [words for words in says if words not in str(e.value)]
    assert not missing, e.value
    assert str(tmp_path) in str(e.value)


@pytest.mark.parametrize(("kind", "layout", "old", "new", "says"), ALL, ids=IDS)
def test_the_command_line_refuses_it_in_one_line(
    kind, layout, old, new, says, tmp_path, monkeypatch, capsys
):
    def compare(*words, **options):
        raise AssertionError("a run was started")

    monkeypatch.setattr(catallax.study, "compare", compare)
    path = written(tmp_path, layout, old, new)
    with pytest.raises(SystemExit) as ended:
        main(["run", "tin", "--economy", f"{path}/" if path.is_dir() else str(path)])
    out, err = capsys.readouterr()
    assert ended.value.code == 2
    assert out == ""
    (line,) = err.splitlines()
    assert line.startswith("catallax: ")
    assert "Traceback" not in line
    missing = [words for words in says if words not in line]
    assert not missing, line


class Frame:
    """As much of a data frame as the readers use."""

    def __init__(self, index, columns, values):
        self.index, self.columns, self.values = index, columns, np.asarray(values)


def frame() -> Frame:
    lines = [line.split(",") for line in ONE.splitlines()]
    cells = [[float(c) if c else np.nan for c in line[2:]] for line in lines[1:]]
    return Frame([line[0] for line in lines[1:]], lines[0][2:], cells)


def test_frames_are_refused_alike():
    assert read_table(frame()).codes == ("farm", "mill")
    wrong = {
        "row 'farm', column 'mill' is -30, expected 0 or more": ("values", (0, 1), -30.0),
        "row 'farm', column 'mill' is 'inf', which is not a finite": ("values", (0, 1), np.inf),
        "row 'farm', column 'mill' is blank; write 0": ("values", (0, 1), np.nan),
        "row and column 'farm' are out of balance": ("values", (0, 2), 60.0),
        "row 'farm' stands twice, as rows 1 and 2": ("index", 1, "farm"),
        "row 2 has no label": ("index", 1, None),
        "column 2 has no label": ("columns", 1, float("nan")),
        "column 'imports' is missing": ("columns", 4, "import"),
    }
    for says, (part, at, value) in wrong.items():
        broken = frame()
        getattr(broken, part)[at] = value
        with pytest.raises(InputError) as e:
            read_table(broken)
        assert f"the table: {says}" in str(e.value)
    with pytest.raises(InputError, match=r"the table: has 0 rows and 0 columns .* is empty"):
        read_table(Frame([], [], np.zeros((0, 0))))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfe\x00p", "is not text in UTF-8; save the table as CSV in UTF-8"),
        (b'product,"farm\n', "expected"),
        (None, "cannot be read (No such file or directory); expected a CSV file"),
        (os.mkfifo, "is a pipe and no file; expected a CSV file"),
        (lambda path: path.symlink_to("/dev/zero"), "is a device and no file; expected a CSV"),
    ],
)
def test_files_that_are_no_tables(content, says, tmp_path):
    path = tmp_path / "mine.csv"
    if callable(content):
        content(path)
    elif content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as e:
        read_table(path)
    assert says in str(e.value)


@pytest.mark.parametrize(
    ("most", "row", "rows", "says"),
    [
        ("MOST", b"a", 200, "201 bytes, at most 200 are read"),
        ("MOST_CELLS", b"a,b\n", 100, "202 cells, at most 200 are read"),
        ("MOST_CELLS", b"\r", 200, "201 cells, at most 200 are read"),
        ("MOST_CELLS", b"a\r\n", 200, "201 cells, at most 200 are read"),
    ],
)
def test_a_table_is_bounded_before_it_is_parsed(most, row, rows, says, tmp_path, monkeypatch):
    path, parsed = tmp_path / "mine.csv", []
    monkeypatch.setattr(sheet, most, 200)
    monkeypatch.setattr(csv, "reader", lambda *_: parsed)
    path.write_bytes(row * (rows + 1))
    with pytest.raises(InputError) as e:
        read_table(path)
    assert str(e.value).startswith(f"{path}: is too large: {says}; add sectors up, leave out rows")
    path.write_bytes(row * rows)
    with pytest.raises(InputError, match="is empty; expected a header row"):  # as if it were
        read_table(path)


def test_lines_end_where_csv_says_and_not_where_python_would(tmp_path):
    """A label may hold what other programs take for the end of a line."""
    path = tmp_path / "mine.csv"
    path.write_text(ONE.replace("Farming", "Far\x0bm\x85ing\u2028"), "utf-8")
    assert read_table(path).codes == ("farm", "mill")
    for end in ("\r\n", "\r"):
        path.write_text(ONE.replace("\n", end), newline="")
        assert read_table(path).codes == ("farm", "mill")
