"""Hashes of plain values: the one way in which contracts, runs and declarations are hashed."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

LETTERS = 16  # of a hash that people compare: 64 bits


def hash_of(plain: Mapping[str, Any] | Sequence[Any]) -> str:
    """The hash of JSON-ready values: equal values have equal hashes, on every machine.

    Keys count without their order. Raises TypeError for what JSON does not know.
    """
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:LETTERS]


def bytes_hash(parts: Iterable[bytes]) -> str:
    """The hash of bytes, one after the other."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part)
    return whole.hexdigest()[:LETTERS]
