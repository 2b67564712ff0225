"""What a thing was made from, and a digest of it that every processor agrees on.

Computed numbers differ in their last bits between processors. A digest is therefore taken from what
the numbers were computed from: names, settings, seeds, and values as they were given or read.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from catallax.protocol import hash_of

Origin = Mapping[str, Any]
"""Plain values, as JSON has them. `maker` says what made the thing, and `version` in which form: it
is raised whenever that maker's numbers change."""

Marked = TypeVar("Marked")

_PLACE = "_origin"
HASHED: Mapping[str, str] = {"synthetic": "made"}
"""Kind of economy -> what it was called before, and still is in hashes, stores and records."""


def mark_origin(made: Marked, origin: Origin) -> Marked:
    """`made`, which knows from now on what it was made from.

    The origin is no field: `dataclasses.replace` leaves it behind, since a changed copy was not
    made from it. A pickle keeps it.
    """
    object.__setattr__(made, _PLACE, dict(origin))
    return made


def find_origin(made: object) -> Origin | None:
    """What it was made from; None where nobody said so."""
    found: Origin | None = deepcopy(vars(made).get(_PLACE))
    return found


def name_in_hashes(name: str) -> str:
    """The name of an economy in hashes, stores and records: `made:1` for `synthetic:1`."""
    return _rename_kind(name, HASHED)


def name_today(name: str) -> str:
    """The name of an economy today, from one of today or from that of `name_in_hashes`."""
    return _rename_kind(name, {old: new for new, old in HASHED.items()})


def _rename_kind(name: str, kinds: Mapping[str, str]) -> str:
    """The name with another word for its kind, where it is one of a kind and a seed."""
    kind, _, rest = name.partition(":")
    return f"{kinds[kind]}:{rest}" if kind in kinds and rest[:1].isdecimal() else name


def digest_origin(origin: Origin) -> str:
    """16 hexadecimal digits; equal for equal origins."""
    return hash_of(json.loads(json.dumps(origin, default=str)))


def digest_values(values: Mapping[str, npt.NDArray[Any] | Sequence[object] | int]) -> str:
    """Digest of named arrays, to the bit but for the sign of zero, and of texts and labels."""
    h = hashlib.sha256()
    for name, value in values.items():
        if isinstance(value, np.ndarray):
            h.update(json.dumps([name, value.dtype.kind, value.shape]).encode())
            h.update(_make_portable(value).data)
        else:
            plain = value if isinstance(value, str | int) else list(value)
            h.update(json.dumps([name, plain], default=str).encode())
    return h.hexdigest()[:16]


def _make_portable(value: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Eight bytes a number, little end first, whatever the machine has; one zero, one NaN."""
    if value.dtype.kind != "f":
        return np.ascontiguousarray(value, dtype="<i8")
    found = np.ascontiguousarray(value, dtype="<f8") + 0.0
    found[np.isnan(found)] = np.nan
    return found
