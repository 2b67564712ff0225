"""Rows as columns, and columns as text with commas."""

import csv
from io import StringIO

import pytest

from catallax.execute.columns import csv_of


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_what_a_spreadsheet_would_work_out_is_quoted(first):
    text = csv_of({f"{first}name": [f"{first}1+1", "fine"], "n": [-1.5, None]})
    rows = list(csv.reader(StringIO(text, newline="")))
    assert rows == [[f"'{first}name", "n"], [f"'{first}1+1", "-1.5"], ["fine", ""]]


def test_numbers_and_other_texts_stay_as_they_are():
    text = csv_of({"a": [-1, 2.5, True, "a-b", "", '"', "1,2"]})
    assert text == 'a\r\n-1\r\n2.5\r\nTrue\r\na-b\r\n""\r\n""""\r\n"1,2"\r\n'
