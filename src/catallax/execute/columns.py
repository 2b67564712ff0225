"""Rows as columns of plain values, as they stand in a table on disk, and back, all checked."""

import csv
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from io import StringIO
from typing import Any

from catallax.execute.row import RunRow
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
DEEP = 20  # tables within tables of a contract


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
    """A text that every file can hold: a name of a file may have bytes that are not letters."""
    return str(value).encode("utf-8", "backslashreplace").decode()


def _to_json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True)


KEY = re.compile(r"[0-9a-f]{16}")
LARGEST = 1 << 63  # what a table's whole numbers stay below


def rows_of(columns: Columns) -> list[RunRow]:
    """The rows of `columns_of`; ValueError says which column, or row, is none of theirs.

    A measure without a value and without a reason is one that the row does not have.
    """
    for name, values in columns.items():
        _check_column(name, values)
    lacks = [name for name in FIXED if name not in columns and name not in LATER]
    if lacks:
        raise ValueError(f"there is no column {lacks[0]!r}")
    fixed = {name: columns[name] for name in FIXED if name in columns}
    measures = {name: values for name, values in columns.items() if name not in FIXED}
    plain_of = cache(_read_json)  # a contract stands in very many rows
    rows = list[RunRow]()
    for k in range(len(columns["key"])):
        own = {n: v[k] for n, v in fixed.items()}, {n: v[k] for n, v in measures.items()}
        try:
            rows.append(_make_row(*own, plain_of))
        except ValueError as e:
            raise ValueError(f"row {k + 1}: {e}") from e
    return rows


def _check_column(name: str, values: Sequence[Any]) -> None:
    kind = FIXED.get(name)
    if kind is None:
        if not all(v is None or (type(v) is float and math.isfinite(v)) for v in values):
            raise ValueError(f"column {name!r}: a measure is a finite number or nothing")
    elif not all(type(v) is kind for v in values):
        raise ValueError(f"column {name!r}: holds other values than of type {kind.__name__}")


def _make_row(
    fixed: Mapping[str, Any], measures: Mapping[str, float | None], plain_of: Callable[..., Any]
) -> RunRow:
    given = {**LATER, **fixed}
    parts: dict[str, Any] = {name: plain_of(name, given[name]) for name in JSON}
    reasons = parts["reasons"]
    values = {name: v for name, v in measures.items() if v is not None or name in reasons}
    plain = {n: v for n, v in given.items() if n not in (*JSON, "economy", "contract_hash")}
    row = RunRow(**plain, **parts, values=values)
    _check_row(row, given)
    return row


def _check_row(row: RunRow, given: Mapping[str, Any]) -> None:
    if not KEY.fullmatch(row.key):
        raise ValueError(f"key {row.key!r} is none; expected 16 letters of a hash")
    if not 0 <= row.seed < LARGEST:
        raise ValueError(f"seed {row.seed} is not from 0 to 2^63")
    if not 0 <= row.seconds < math.inf:
        raise ValueError(f"seconds {row.seconds} is not a time")
    if given["contract_hash"] != row.contract_hash:
        raise ValueError(
            f"the contract has hash {row.contract_hash}, not {given['contract_hash']}: "
            f"one of the two was changed"
        )


def _read_json(name: str, text: str) -> dict[str, Any]:
    """The table that a column of JSON holds; ValueError for another."""
    try:
        found = json.loads(text, parse_constant=_refuse)
    except RecursionError as e:
        raise ValueError(f"{name}: tables lie too deep in each other") from e
    except ValueError as e:
        raise ValueError(f"{name}: {e}") from e
    if not isinstance(found, dict):
        raise ValueError(f"{name}: is not a table")
    for key, value in found.items():
        if not _CHECKS[name](value):
            raise ValueError(f"{name}: {key!r} has the value {json.dumps(value)[:80]}")
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not a number")


def _is_value(value: Any) -> bool:
    return isinstance(value, str | bool | int) or (
        isinstance(value, float) and math.isfinite(value)
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_text, value))


def _is_plain(value: Any, deep: int = 0) -> bool:
    """Whether a part of a contract is made of plain values, not too deep in each other."""
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return deep < DEEP and all(_is_plain(v, deep + 1) for v in inner)
    return value is None or _is_value(value)


_CHECKS: Mapping[str, Callable[[Any], bool]] = {
    "contract": _is_plain,
    "point": _is_value,
    "reasons": _is_text,
    "versions": _is_text,
    "measures": _is_pair,
}
