"""Hashes of plain values: the one way in which contracts, runs and declarations are hashed."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

LETTERS = 16  # of a hash that people compare: 64 bits


def hash_of(plain: Mapping[str, Any] | Sequence[Any]) -> str:
    """The hash of JSON-ready values: equal values have equal hashes, on every machine.

    Keys count without their order, and -0.0 is 0.0. Raises TypeError for what JSON does not know.
    """
    text = json.dumps(plain, sort_keys=True)
    if "-0.0" in text:
        text = json.dumps(_drop_signs_of_zero(plain), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:LETTERS]


def _drop_signs_of_zero(plain: Any) -> Any:
    """The same values with 0.0 for -0.0."""
    if isinstance(plain, Mapping):
        return {key: _drop_signs_of_zero(value) for key, value in plain.items()}
    if isinstance(plain, list | tuple):
        return [_drop_signs_of_zero(value) for value in plain]
    return 0.0 if isinstance(plain, float) and plain == 0.0 else plain


def bytes_hash(parts: Iterable[bytes]) -> str:
    """The hash of bytes, one after the other."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part)
    return whole.hexdigest()[:LETTERS]
