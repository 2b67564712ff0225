"""Values as plain trees of exact types, in which nothing can hide.

A tree is made of tuples, texts, numbers and bytes alone. It is a copy, it can be compared bit by
bit, and another process can open it without running any code of whoever made it. What a value
is made of has to be plain: numbers, texts, arrays, tuples, lists, dicts, sets, dataclasses and
named tuples of these. A subclass of one of them, an array of objects or an attribute beside a
dataclass's fields could hold what nobody sees, and is refused.
"""

import struct
import sys
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cached_property
from importlib import import_module
from inspect import getattr_static
from operator import attrgetter
from types import BuiltinFunctionType, FunctionType
from typing import Any, final

import numpy as np

from catallax.errors import CatallaxError

Tree = tuple[Any, ...]
"""A tuple that begins with the kind of the value; `marshal` can write it."""

PLAIN = "numbers, texts, arrays of numbers, tuples, lists, dicts and dataclasses of them"
_NUMBERS = "biufc"  # kinds of array that hold nothing but their numbers
_BUILT_IN = (
    *(bool, int, float, complex, str, bytes, tuple, list, dict, set, frozenset),
    *(deque, np.ndarray),
)
_dicts: set[type] = set()


@final
class Hidden(CatallaxError):
    """A value that is not plain. The text says where it stands, and what it is."""


def counts_as_dict(kind: type) -> type:
    """Let mappings of a class of the package's own become a tree as the dict of what they hold."""
    _dicts.add(kind)
    return kind


def tree_of(value: Any, where: str = "it") -> Tree:
    """The tree of a value.

    where : what the value is called in messages

    Raises Hidden for what is not plain.
    """
    try:
        return _pack(value, where)
    except RecursionError:
        raise Hidden(f"{where} holds itself, or is nested without end") from None


def _pack(value: Any, where: str) -> Tree:
    kind = type(value)
    if kind in _PACKERS:
        return _PACKERS[kind](value, where)
    if kind in _dicts:
        return _pack_dict(dict(value), where)
    if isinstance(value, Enum):
        return ("member", _address(kind, where), value.name)
    if isinstance(value, np.generic) and getattr(np, kind.__name__, None) is kind:
        return ("scalar", _check_numeric(value.dtype, where), value.tobytes())
    if isinstance(value, tuple) and hasattr(kind, "_fields"):
        return _pack_named_tuple(value, where)
    for built_in in _BUILT_IN:
        if isinstance(value, built_in):
            plain = built_in.__name__
            raise Hidden(f"{where} is a {kind.__name__}, a kind of {plain}; expected a {plain}")
    if isinstance(value, type | FunctionType | BuiltinFunctionType | np.ufunc):
        return ("name", _address(value, where))
    if is_dataclass(value):
        return _pack_dataclass(value, where)
    raise Hidden(f"{where} is a {kind.__name__}; expected {PLAIN}")


def _pack_array(value: Any, where: str) -> Tree:
    order = "F" if value.flags.f_contiguous and not value.flags.c_contiguous else "C"
    return ("array", _check_numeric(value.dtype, where), value.shape, order, value.tobytes(order))


def _check_numeric(dtype: Any, where: str) -> str:
    if dtype.kind not in _NUMBERS:
        raise Hidden(f"{where} has entries of type {dtype}; expected numbers")
    return str(dtype.str)


def _series_packer(kind: str) -> Callable[[Any, str], Tree]:
    def pack(value: Any, where: str) -> Tree:
        return (kind, tuple(_pack(x, f"{where}[{k}]") for k, x in enumerate(value)))

    return pack


def _set_packer(kind: str) -> Callable[[Any, str], Tree]:
    def pack(value: Any, where: str) -> Tree:
        return (kind, tuple(sorted((_pack(x, f"an entry of {where}") for x in value), key=repr)))

    return pack


def _pack_dict(value: dict[Any, Any], where: str) -> Tree:
    return (
        "dict",
        tuple(
            (_pack(k, f"a key of {where}"), _pack(v, f"{where}[{k!r}]")) for k, v in value.items()
        ),
    )


def _pack_named_tuple(value: Any, where: str) -> Tree:
    kind = type(value)
    if getattr(value, "__dict__", None):
        raise Hidden(f"{where} has attributes beside its fields")
    parts = zip(kind._fields, tuple.__iter__(value), strict=True)
    return ("tuple of", _address(kind, where), _pack_parts(parts, where))


def _pack_dataclass(value: Any, where: str) -> Tree:
    kind, own = type(value), vars(value) if hasattr(value, "__dict__") else {}
    names = [f.name for f in fields(value)]
    more = [name for name in own if name not in names and not _is_cached_property(kind, name)]
    if more:
        raise Hidden(f"{where} has an attribute {more[0]!r} that is not a field of {kind.__name__}")
    parts = ((name, object.__getattribute__(value, name)) for name in names)
    return ("object", _address(kind, where), _pack_parts(parts, where))


def _is_cached_property(kind: type, name: str) -> bool:
    return isinstance(getattr_static(kind, name, None), cached_property)


def _pack_parts(parts: Iterable[tuple[str, Any]], where: str) -> tuple[tuple[str, Tree], ...]:
    return tuple((name, _pack(part, f"{where}.{name}")) for name, part in parts)


def _pack_generator(value: Any, where: str) -> Tree:
    bits = value.bit_generator
    return ("generator", type(bits).__name__, _pack(bits.state, f"{where}'s state"))


def _address(thing: Any, where: str) -> str:
    """`module:name` of a class or function that can be found there."""
    name = getattr(thing, "__qualname__", getattr(thing, "__name__", ""))
    module = getattr(thing, "__module__", None) or "numpy"
    found = f"{module}:{name}"
    try:
        same = _find(found) is thing
    except (AttributeError, ImportError):
        same = False
    if not same:
        raise Hidden(
            f"{where} refers to {name or type(thing).__name__}, which is not found in {module}; "
            f"define it at the top of a file"
        )
    return found


def _find(address: str) -> Any:
    module, _, name = address.partition(":")
    return attrgetter(name)(sys.modules.get(module) or import_module(module))


_PACKERS: Mapping[type, Callable[[Any, str], Tree]] = {
    type(None): lambda value, where: ("none",),
    bool: lambda value, where: ("bool", value),
    int: lambda value, where: ("int", value),
    float: lambda value, where: ("float", struct.pack("<d", value)),
    complex: lambda value, where: ("complex", struct.pack("<dd", value.real, value.imag)),
    str: lambda value, where: ("text", value),
    bytes: lambda value, where: ("bytes", value),
    np.ndarray: _pack_array,
    tuple: _series_packer("tuple"),
    list: _series_packer("list"),
    dict: _pack_dict,
    deque: lambda value, where: ("deque", *_series_packer("")(value, where)[1:], value.maxlen),
    set: _set_packer("set"),
    frozenset: _set_packer("frozenset"),
    np.random.Generator: _pack_generator,
}


def value_in(tree: Tree, *, writable: bool = False) -> Any:
    """The value of a tree, new in all its parts.

    writable : whether its arrays can be written to
    """
    kind, rest = tree[0], tree[1:]

    def again(part: Tree) -> Any:
        return value_in(part, writable=writable)

    match kind:
        case "none":
            return None
        case "bool" | "int" | "text" | "bytes":
            return rest[0]
        case "float":
            return struct.unpack("<d", rest[0])[0]
        case "complex":
            return complex(*struct.unpack("<dd", rest[0]))
        case "scalar":
            return np.frombuffer(rest[1], rest[0])[0]
        case "array":
            return _unpack_array(*rest, writable=writable)
        case "tuple" | "list" | "set" | "frozenset":
            return _SERIES[kind](map(again, rest[0]))
        case "deque":
            return deque(map(again, rest[0]), rest[1])
        case "dict":
            return {again(k): again(v) for k, v in rest[0]}
        case "member":
            return _find(rest[0])[rest[1]]
        case "name":
            return _find(rest[0])
        case "tuple of":
            return _find(rest[0])._make(again(part) for _, part in rest[1])
        case "generator":
            bits = getattr(np.random, rest[0])()
            bits.state = value_in(rest[1], writable=True)
            return np.random.Generator(bits)
    made = object.__new__(_find(rest[0]))
    for name, part in rest[1]:
        object.__setattr__(made, name, again(part))
    return made


_SERIES: Mapping[str, Callable[[Iterable[Any]], Any]] = {
    "tuple": tuple,
    "list": list,
    "set": set,
    "frozenset": frozenset,
}


def _unpack_array(
    dtype: str, shape: tuple[int, ...], order: Any, raw: bytes, *, writable: bool
) -> Any:
    if not raw:
        return np.empty(shape, dtype)
    found = np.frombuffer(raw, dtype).reshape(shape, order=order)
    return found.copy(order="K") if writable else found
