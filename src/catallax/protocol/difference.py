"""Where two parcels differ, in words."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from catallax.protocol.parcel import Parcel, unpacked


def difference(one: Parcel, two: Parcel, where: str = "it") -> str:
    """In words where two parcels differ, to the last bit; "" if nowhere. Keys have no order."""
    if one == two:
        return ""
    if one[0] != two[0]:
        return f"{where} is {_shown(one)}, was {_shown(two)}"
    match one[0]:
        case "tuple" | "list":
            places = [dict(enumerate(x[1])) for x in (one, two)]
            return _first(places, "[{}]", where)
        case "dict":
            entries = [{_shown(k): v for k, v in x[1]} for x in (one, two)]
            return _first(entries, "[{}]", where)
        case "object" | "tuple of" if one[1] == two[1]:
            return _first([dict(x[2]) for x in (one, two)], ".{}", where)
        case "array" if one[1:3] == two[1:3]:
            return _differing(one, two, where)
    return f"{where} is {_shown(one)}, was {_shown(two)}"


def _first(parts: Sequence[Mapping[Any, Parcel]], name: str, where: str) -> str:
    """The first difference in two values' named parts."""
    one, two = parts
    if one.keys() != two.keys():
        return f"{where} has {_listed(one)}, had {_listed(two)}"
    found = (difference(part, two[k], where + name.format(k)) for k, part in one.items())
    return next((f for f in found if f), "")


def _listed(parts: Mapping[Any, Parcel]) -> str:
    if all(isinstance(k, int) for k in parts):
        return f"{len(parts)} entries"
    return ", ".join(map(str, parts)) or "nothing"


def _differing(one: Parcel, two: Parcel, where: str) -> str:
    a, b = (np.atleast_1d(unpacked(x)) for x in (one, two))
    apart = np.argwhere(_bits(a) != _bits(b))
    if not len(apart):
        return ""
    at = tuple(apart[0].tolist())
    place = ", ".join(map(str, at))
    more = f" (and {len(apart) - 1} more)" if len(apart) > 1 else ""
    return f"{where}[{place}] is {_number(a[at])}, was {_number(b[at])}{more}"


def _bits(array: Any) -> Any:
    """Each entry as its bytes: NaN is itself, and 0 is not -0."""
    plain = np.ascontiguousarray(array)
    return plain.view(f"V{plain.dtype.itemsize}").reshape(array.shape)


def _number(value: Any) -> str:
    return repr(value.item())


def _shown(parcel: Parcel) -> str:
    """A parcel in a few words."""
    match parcel[0]:
        case "array":
            return f"an array {parcel[2]} of {np.dtype(parcel[1])}"
        case "object" | "tuple of":
            return f"a {parcel[1].partition(':')[2]}"
        case "tuple" | "list" | "dict" | "set" | "frozenset":
            return f"a {parcel[0]} of {len(parcel[1])}"
        case "generator":
            return "a random generator"
        case "name" | "member":
            return str(parcel[1].partition(":")[2])
    text = repr(unpacked(parcel))
    return text if len(text) <= 40 else f"{text[:37]}..."
