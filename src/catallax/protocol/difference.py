"""Where two trees differ, in words."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from catallax.protocol.trees import Tree, value_in


def describe_difference(one: Tree, two: Tree, where: str = "it") -> str:
    """In words where two trees differ, to the last bit; "" if nowhere. Keys have no order."""
    if one == two:
        return ""
    if one[0] != two[0]:
        return f"{where} is {_describe(one)}, was {_describe(two)}"
    match one[0]:
        case "tuple" | "list" | "deque":
            places = [dict(enumerate(x[1])) for x in (one, two)]
            return _find_first(places, "[{}]", where)
        case "dict":
            entries = [{_describe(k): v for k, v in x[1]} for x in (one, two)]
            return _find_first(entries, "[{}]", where)
        case "object" | "tuple of" if one[1] == two[1]:
            return _find_first([dict(x[2]) for x in (one, two)], ".{}", where)
        case "array" if one[1:3] == two[1:3]:
            return _compare_arrays(one, two, where)
    return f"{where} is {_describe(one)}, was {_describe(two)}"


def _find_first(parts: Sequence[Mapping[Any, Tree]], name: str, where: str) -> str:
    """The first difference in two values' named parts."""
    one, two = parts
    if one.keys() != two.keys():
        return f"{where} has {_list_parts(one)}, had {_list_parts(two)}"
    found = (describe_difference(part, two[k], where + name.format(k)) for k, part in one.items())
    return next((f for f in found if f), "")


def _list_parts(parts: Mapping[Any, Tree]) -> str:
    if all(isinstance(k, int) for k in parts):
        return f"{len(parts)} entries"
    return ", ".join(map(str, parts)) or "nothing"


def _compare_arrays(one: Tree, two: Tree, where: str) -> str:
    a, b = (np.atleast_1d(value_in(x)) for x in (one, two))
    apart = np.argwhere(_bits_of(a) != _bits_of(b))
    if not len(apart):
        return ""
    at = tuple(apart[0].tolist())
    place = ", ".join(map(str, at))
    more = f" (and {len(apart) - 1} more)" if len(apart) > 1 else ""
    return f"{where}[{place}] is {_write_number(a[at])}, was {_write_number(b[at])}{more}"


def _bits_of(array: Any) -> Any:
    """Each entry as its bytes: NaN is itself, and 0 is not -0."""
    plain = np.ascontiguousarray(array)
    return plain.view(f"V{plain.dtype.itemsize}").reshape(array.shape)


def _write_number(value: Any) -> str:
    return repr(value.item())


def _describe(tree: Tree) -> str:
    """A tree in a few words."""
    match tree[0]:
        case "array":
            return f"an array {tree[2]} of {np.dtype(tree[1])}"
        case "object" | "tuple of":
            return f"a {tree[1].partition(':')[2]}"
        case "tuple" | "list" | "deque" | "dict" | "set" | "frozenset":
            return f"a {tree[0]} of {len(tree[1])}"
        case "generator":
            return "a random generator"
        case "name" | "member":
            return str(tree[1].partition(":")[2])
    text = repr(value_in(tree))
    return text if len(text) <= 40 else f"{text[:37]}..."
