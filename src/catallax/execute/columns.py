"""Rows as columns of plain values, as they stand in a table on disk."""

import csv
import json
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from catallax.execute.rows import RunRow
from catallax.protocol import PRODUCTION

TEXTS = (
    "key", "label", "mechanism", "economy", "contract_hash", "contract", "point", "stop",
    "reason", "reasons", "versions", "domain", "run", "code", "measures",
    "imported",
)  # fmt: skip
FIXED = {**dict.fromkeys(TEXTS, str), "seed": int, "seconds": float, "oracle": bool}
"""Column -> kind, of all but the measures, each of which is a column of numbers by its name."""
LATER = {"domain": PRODUCTION, "run": "", "code": "", "measures": "{}", "oracle": False,
         "imported": ""}  # fmt: skip
"""Columns that older files lack, with what their rows have for them."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a cell begins with that a spreadsheet works out."""
JSON = ("contract", "point", "reasons", "versions", "measures")

Columns = Mapping[str, Sequence[Any]]


def columns_of(rows: Sequence[RunRow]) -> dict[str, list[Any]]:
    """Column -> one value a row; None where a row has no such measure.

    Columns of `JSON` are JSON. contract_hash is `Contract.hash`.
    """
    found: dict[str, list[Any]] = {
        name: [_value_in_column(row, name) for row in rows] for name in FIXED
    }
    measures = sorted({name for row in rows for name in row.values})
    return found | {name: [row.values.get(name) for row in rows] for name in measures}


def flat_columns_of(rows: Sequence[RunRow]) -> dict[str, list[Any]]:
    """The columns with every axis as one of its own, `point.NAME`, in place of the point."""
    columns = columns_of(rows)
    del columns["point"]
    axes = dict.fromkeys(name for row in rows for name in row.point)
    return {f"point.{a}": [row.point.get(a) for row in rows] for a in axes} | columns


def csv_of(columns: Columns) -> str:
    """Columns as text with commas. What a spreadsheet would take for a formula stands quoted."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_quote_formula(name) for name in columns])
    for values in zip(*columns.values(), strict=True):
        writer.writerow([_quote_formula(value) for value in values])
    return out.getvalue()


def _quote_formula(value: Any) -> Any:
    """A text that begins as formulas do, with an apostrophe before it; numbers as they are."""
    return f"'{value}" if isinstance(value, str) and value[:1] in FORMULA else value


def _value_in_column(row: RunRow, name: str) -> Any:
    value = getattr(row, name)
    if isinstance(value, Mapping):
        return _to_json(value)
    return _to_text(value) if FIXED[name] is str else FIXED[name](value)


def _to_text(value: Any) -> str:
    """A text that every file can hold: a name of a file may have bytes that are no letters."""
    return str(value).encode("utf-8", "backslashreplace").decode()


def _to_json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True)
