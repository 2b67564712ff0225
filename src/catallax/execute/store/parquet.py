"""Columns of plain values as the bytes of one file of Parquet and back, through arro3."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from catallax.execute.columns import FIXED, Columns, columns_of
from catallax.execute.row import RunRow
from catallax.whole import Unreadable

MAGIC = b"PAR1"  # at both ends of every file of Parquet
DIGEST = "catallax"  # under which the hash of all values stands in the file
COMPRESSION = "zstd(3)"


def encode_rows(rows: Sequence[RunRow]) -> bytes:
    """The file's bytes: the same for the same rows in the same order."""
    columns = columns_of(rows)
    return encode_columns(columns, {name: FIXED.get(name, float) for name in columns})


def encode_columns(columns: Columns, kinds: Mapping[str, type]) -> bytes:
    """The bytes of a file with these columns. kinds : name -> str, int, float or bool"""
    from arro3.core import Array, Field, Schema, Table
    from arro3.io import write_parquet

    types = {name: _arrow_type(kinds[name]) for name in columns}
    arrays = [Array(values, type=types[name]) for name, values in columns.items()]
    schema = Schema([Field(name, kind, nullable=True) for name, kind in types.items()])
    out = BytesIO()
    write_parquet(
        Table.from_arrays(arrays, schema=schema),
        out,
        compression=COMPRESSION,
        key_value_metadata={DIGEST: _digest_values(columns)},
    )
    return out.getvalue()


def decode_columns(raw: bytes) -> tuple[Columns, bool]:
    """Name -> values of a file's columns, and whether `encode_columns` wrote it; raises Unreadable.

    Only for bytes that are known to be whole, or in a process that may die of them: the reader
    aborts its process at some damaged files, and at others takes all memory.
    """
    _check_whole(raw)
    columns, digest = _decode(raw)
    if digest is not None and digest != _digest_values(columns):
        raise Unreadable("is not what was written: its values have changed")
    return columns, digest is not None


def _check_whole(raw: bytes) -> None:
    if not raw.startswith(MAGIC):
        raise Unreadable("is not a file of Parquet")
    length = int.from_bytes(raw[-8:-4], "little")
    if not raw.endswith(MAGIC) or length > len(raw) - 12:
        raise Unreadable("is cut off")


def _decode(raw: bytes) -> tuple[Columns, str | None]:
    from arro3.io import read_parquet

    try:
        reader = read_parquet(BytesIO(raw))
        digest = (reader.schema.metadata or {}).get(DIGEST.encode())
        table: Any = reader.read_all()
        found = {name: table.column(name).to_pylist() for name in table.column_names}
        return found, None if digest is None else digest.decode()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as e:  # a panic of the reader is no Exception
        raise Unreadable("is damaged") from e


def _arrow_type(kind: type) -> Any:
    from arro3.core import DataType

    kinds = {
        str: DataType.utf8(),
        int: DataType.int64(),
        float: DataType.float64(),
        bool: DataType.bool(),
    }
    return kinds[kind]


def _digest_values(columns: Columns) -> str:
    text = json.dumps({k: list(v) for k, v in columns.items()}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
