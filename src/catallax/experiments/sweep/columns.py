"""Rows as columns of plain values, as they stand in a table on disk, and back."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from catallax.experiments.sweep.rows import Row

TEXTS = (
    "key", "label", "mechanism", "economy", "contract_hash", "contract", "point", "stop",
    "reason", "reasons", "versions",
)  # fmt: skip
FIXED = {**dict.fromkeys(TEXTS, str), "seed": int, "seconds": float}
"""Column -> kind, of all but the measures, each of which is a column of numbers by its name."""

Columns = Mapping[str, Sequence[Any]]


def columns_of(rows: Sequence[Row]) -> dict[str, list[Any]]:
    """Column -> one value a row; None where a row has no such measure.

    contract, point, reasons and versions are JSON. contract_hash is `Contract.hash`.
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
    fixed = {name: columns[name] for name in FIXED}
    measures = {name: values for name, values in columns.items() if name not in FIXED}
    plain = cache(json.loads)  # a contract stands in very many rows
    return [
        _row({n: v[k] for n, v in fixed.items()}, {n: v[k] for n, v in measures.items()}, plain)
        for k in range(len(columns["key"]))
    ]


def _row(
    fixed: Mapping[str, Any], measures: Mapping[str, float | None], plain_of: Callable[[str], Any]
) -> Row:
    contract, point, reasons, versions = (
        plain_of(fixed[name]) for name in ("contract", "point", "reasons", "versions")
    )
    values = {name: v for name, v in measures.items() if v is not None or name in reasons}
    plain = {n: fixed[n] for n in ("key", "label", "mechanism", "seed", "stop", "reason")}
    return Row(
        **plain,
        point=point,
        contract=contract,
        values=values,
        reasons=reasons,
        versions=versions,
        seconds=fixed["seconds"],
    )


def _fixed(row: Row, name: str) -> Any:
    if name == "contract_hash":
        return contract_hash(row.contract)
    value = getattr(row, name)
    return FIXED[name](value) if not isinstance(value, Mapping) else _json(value)


def contract_hash(plain: Mapping[str, Any]) -> str:
    """`Contract.hash` from `Contract.to_dict`."""
    return hashlib.sha256(_json(plain).encode()).hexdigest()[:16]


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True)
