"""Rows as columns of plain values, as they stand in a table on disk, and back."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from catallax.experiments.execute.rows import Row
from catallax.protocol import PRODUCTION

TEXTS = (
    "key", "label", "mechanism", "economy", "contract_hash", "contract", "point", "stop",
    "reason", "reasons", "versions", "domain", "run", "code", "measures",
)  # fmt: skip
FIXED = {**dict.fromkeys(TEXTS, str), "seed": int, "seconds": float, "oracle": bool}
"""Column -> kind, of all but the measures, each of which is a column of numbers by its name."""
LATER = {"domain": PRODUCTION, "run": "", "code": "", "measures": "{}", "oracle": False}
"""Columns that older files lack, with what their rows have for them."""
JSON = ("contract", "point", "reasons", "versions", "measures")

Columns = Mapping[str, Sequence[Any]]


def columns_of(rows: Sequence[Row]) -> dict[str, list[Any]]:
    """Column -> one value a row; None where a row has no such measure.

    Columns of `JSON` are JSON. contract_hash is `Contract.hash`.
    """
    found: dict[str, list[Any]] = {name: [_fixed(row, name) for row in rows] for name in FIXED}
    measures = sorted({name for row in rows for name in row.values})
    return found | {name: [row.values.get(name) for row in rows] for name in measures}


def flat_columns_of(rows: Sequence[Row]) -> dict[str, list[Any]]:
    """The columns with every axis as one of its own, `point.NAME`, in place of the point."""
    columns = columns_of(rows)
    del columns["point"]
    axes = dict.fromkeys(name for row in rows for name in row.point)
    return {f"point.{a}": [row.point.get(a) for row in rows] for a in axes} | columns


def rows_of(columns: Columns) -> list[Row]:
    """The rows of `columns_of`; KeyError, TypeError or ValueError for what is no such table.

    A measure without a value and without a reason is one that the row does not have.
    """
    there = [name for name in FIXED if name in columns or name not in LATER]
    fixed = {name: columns[name] for name in there}
    measures = {name: values for name, values in columns.items() if name not in FIXED}
    plain = cache(json.loads)  # a contract stands in very many rows
    return [
        _row({n: v[k] for n, v in fixed.items()}, {n: v[k] for n, v in measures.items()}, plain)
        for k in range(len(columns["key"]))
    ]


def _row(
    fixed: Mapping[str, Any], measures: Mapping[str, float | None], plain_of: Callable[[str], Any]
) -> Row:
    given = {**LATER, **fixed}
    parts = {name: plain_of(given[name]) for name in JSON}
    reasons = parts["reasons"]
    values = {name: v for name, v in measures.items() if v is not None or name in reasons}
    plain = {n: v for n, v in given.items() if n not in (*JSON, "economy", "contract_hash")}
    return Row(**plain, **parts, values=values)


def _fixed(row: Row, name: str) -> Any:
    value = getattr(row, name)
    return FIXED[name](value) if not isinstance(value, Mapping) else _json(value)


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True)
