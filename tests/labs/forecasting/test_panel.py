"""Panels from CSV files, and what is wrong with them."""

import numpy as np
import pytest

from catallax.errors import InputError
from catallax.labs.forecasting import read_panel


@pytest.fixture
def read(tmp_path):
    def reading(text: str):
        (tmp_path / "sales.csv").write_text(text, encoding="utf-8")
        return read_panel(tmp_path / "sales.csv")

    return reading


def test_a_wide_file_is_read_with_its_gaps(read) -> None:
    panel = read('week,bread,"milk, skimmed"\n2024-01-01,120, 80.5\n2024-01-08,131,\n\n')
    assert panel.title == "sales.csv"
    assert panel.names == ("bread", "milk, skimmed")
    assert panel.periods == ("2024-01-01", "2024-01-08")
    assert np.array_equal(panel.series, np.array([[120, 131], [80.5, np.nan]]), equal_nan=True)
    assert panel.series.flags.c_contiguous
    assert not panel.series.flags.writeable


def test_periods_that_are_no_dates_stand_as_they_do(read) -> None:
    assert read("q,a\nQ4,1\nQ1,2\n").periods == ("Q4", "Q1")


BAD = {
    "": ("is empty; expected a header row of names of series, then a row for every period",),
    "week\n1\n2\n": ("3 rows x 1 columns are no panel", "names of series in row 1"),
    "week,a\n1,2\n": ("2 rows x 2 columns are no panel",),
    "week,a\n1,2\n2\n": ("row 3 has 1 columns where row 1 has 2", "leave a missing value empty"),
    "week,a\n1,2\n2,x\n": ("row 3, column 'a' is 'x'", "1234.5"),
    "week,a\n1,2\n2,nan\n": ("row 3, column 'a' is 'nan'",),
    "week,a\n1,2\n2,1e999\n": ("row 3, column 'a' is '1e999'",),
    "week,a\n1,2\n2,-1e101\n": ("row 3, column 'a' is '-1e101', beyond 1e+100", "larger unit"),
    'week,a\n1,2\n2,"1,5"\n': ("row 3, column 'a' is '1,5'", "not a finite number"),
    "week,a,a\n1,2,3\n2,3,4\n": ("column 3 is called 'a' as column 2 is",),
    "week,a,\n1,2,3\n2,3,4\n": ("column 3 has no name",),
    "week,a\n1,2\n1,3\n": ("row 3 is called '1' as row 2 is",),
    "week,a\n,2\n2,3\n": ("row 2 has no name",),
    "week,a\n2024-01-08,2\n2024-01-01,3\n": ("row 3, 2024-01-01, comes after 2024-01-08", "oldest"),
    "week;a\n1;2\n2;3\n": ("separated by semicolons", "commas between columns"),
}


@pytest.mark.parametrize("text", BAD, ids=repr)
def test_bad_files_are_refused(read, text) -> None:
    with pytest.raises(InputError) as refused:
        read(text)
    for part in ("sales.csv", *BAD[text]):
        assert part in str(refused.value)


def test_files_that_cannot_be_read_are_refused(tmp_path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_panel(tmp_path / "none.csv")
    (tmp_path / "latin.csv").write_bytes("wék,a\n".encode("latin-1"))
    with pytest.raises(InputError, match="is not text in UTF-8"):
        read_panel(tmp_path / "latin.csv")
