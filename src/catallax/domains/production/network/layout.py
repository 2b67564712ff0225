"""Values of several runs as one value of all: put side by side, and told apart again.

What the runs of a batch hold differs in its numbers alone, so one value with longer arrays can hold
all of it. `Layout` goes by what the fields of a value say of their arrays (see `network.places`),
and so takes any dataclass whose arrays name their axis, and tables, mappings and tuples of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import partial
from itertools import chain
from typing import Any, TypeVar, final, get_args, get_type_hints

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.network.places import Along, Places
from catallax.domains.production.network.rows import Network
from catallax.domains.production.network.table import Lazy, Table
from catallax.placement import Array, Placement
from catallax.protocol.sealed import sealed

T = TypeVar("T")


def list_axes(kind: type) -> Mapping[str, Along | None]:
    """Field -> the axis of its arrays, if it has any; empty for types without arrays of runs."""
    if kind not in _AXES:
        _AXES[kind] = _read_axes(kind)
    return _AXES[kind]


_AXES: dict[type, Mapping[str, Along | None]] = {}


def _read_axes(kind: type) -> Mapping[str, Along | None]:
    if not is_dataclass(kind):
        return {}
    hints = get_type_hints(kind, include_extras=True)
    held = {f.name: _find_axis(hints[f.name]) for f in fields(kind)}
    inside = any(held.values()) or any(_holds_runs(hints[name]) for name in held)
    return held if inside else {}


def _find_axis(hint: Any) -> Along | None:
    """The axis that is named anywhere in a type."""
    named = (*getattr(hint, "__metadata__", ()), *map(_find_axis, get_args(hint)))
    return next((axis for axis in named if isinstance(axis, Along)), None)


def _holds_runs(hint: Any) -> bool:
    """Whether a type, or one within it, holds arrays of runs."""
    return any(map(_holds_runs, get_args(hint))) or (
        isinstance(hint, type) and bool(list_axes(hint))
    )


@final
class Layout:
    """Where runs of one network stand in values of all of them.

    With one run, nothing is copied: a value is its own value of all.

    alone   : the network of one run
    network : the networks of all runs, in which nobody meets anybody of another run
    places  : of the runs along each axis
    """

    def __init__(self, alone: Network, runs: int = 1) -> None:
        self.alone, self.runs = alone, runs
        self.network = alone if runs == 1 else _copy_network(alone, runs)
        self.places: Places = self.network.places
        # By id of what was joined, which is kept, so that no other gets its id.
        self._shared: dict[int, tuple[Array, Array]] = {}

    def join(self, parts: Sequence[T]) -> T:
        """The value of all runs, from that of each; what is no array is alike in all.

        An array that all runs share is joined once, so what was one object stays one.
        """
        found: T = self._join(parts, None)
        return found

    def join_mail(self, parts: Sequence[Table | None]) -> Table | None:
        """What is said in all runs, from what is said in each; NaN where a run says nothing."""
        if self.runs == 1 or all(part is None for part in parts):
            return parts[0]
        said, net = [part or Table() for part in parts], self.alone
        return Table(
            self._columns([part.row for part in said], Along.ROWS, net.n),
            self._columns([part.link for part in said], Along.LINKS, net.m),
        )

    def split(self, value: T) -> list[T]:
        """The value of each run, from that of all; columns by name are cut when they are read."""
        return self._split(value, None)

    def _columns(
        self, parts: Sequence[Mapping[str, Floats]], axis: Along, size: int
    ) -> dict[str, Floats]:
        silent, kinds = np.full(size, np.nan), dict.fromkeys(chain.from_iterable(parts))
        place = self.places.along(axis)
        return {k: place.join([part.get(k, silent) for part in parts]) for k in kinds}

    def _join(self, parts: Sequence[Any], axis: Along | None) -> Any:
        first = parts[0]
        if self.runs == 1:
            return first
        if isinstance(first, np.ndarray):
            return self._join_arrays(parts, axis)
        if isinstance(first, Network):
            return self.network
        if isinstance(first, Mapping):
            return {k: self._join([part[k] for part in parts], axis) for k in first}
        if isinstance(first, tuple):
            if axis is Along.RUNS:
                return tuple(chain.from_iterable(parts))
            return tuple(self._join(alike, axis) for alike in zip(*parts, strict=True))
        return self._join_fields(parts) if list_axes(type(first)) else first

    def _join_fields(self, parts: Sequence[Any]) -> Any:
        kind = type(parts[0])
        return kind(
            **{
                k: self._join([getattr(p, k) for p in parts], of)
                for k, of in list_axes(kind).items()
            }
        )

    def _join_arrays(self, parts: Sequence[Array], axis: Along | None) -> Array:
        first = parts[0]
        if id(first) in self._shared and all(part is first for part in parts):
            return self._shared[id(first)][1]
        place, bids = self.places.along(_check_named(axis)), axis is Along.BIDS
        joined = place.join([_turn(part) for part in parts] if bids else parts)
        joined = sealed(_turn(joined) if bids else joined)
        if not first.flags.writeable and all(part is first for part in parts):
            self._shared[id(first)] = first, joined
        return joined

    def _split(self, value: Any, axis: Along | None) -> list[Any]:
        runs = range(self.runs)
        if self.runs == 1:
            return [value]
        if isinstance(value, np.ndarray):
            place = self.places.along(_check_named(axis))
            if axis is Along.BIDS:
                return [_turn(part) for part in place.split(_turn(value))]
            return list(place.split(value))
        if isinstance(value, Network):
            return [self.alone for _ in runs]
        if isinstance(value, Mapping):
            return self._split_columns(value, axis)
        if isinstance(value, tuple):
            if axis is Along.RUNS:
                return [(part,) for part in value]
            parts = [self._split(part, axis) for part in value]
            return [tuple(part[run] for part in parts) for run in runs]
        return self._split_fields(value) if list_axes(type(value)) else [value for _ in runs]

    def _split_fields(self, value: Any) -> list[Any]:
        kind = type(value)
        parts_of = {k: self._split(getattr(value, k), of) for k, of in list_axes(kind).items()}
        return [kind(**{k: p[run] for k, p in parts_of.items()}) for run in range(self.runs)]

    def _split_columns(self, columns: Mapping[str, Floats], axis: Along | None) -> list[Lazy]:
        """Columns of each run; one that is read in one run is cut for all."""
        place = self.places.along(_check_named(axis))
        cut = Lazy({k: partial(_split_column, place, columns, k) for k in columns})
        return [
            Lazy({k: partial(_pick_run, cut, k, run) for k in columns}) for run in range(self.runs)
        ]


def _split_column(place: Placement, columns: Mapping[str, Floats], name: str) -> Floats:
    return place.split(columns[name])


def _pick_run(columns: Mapping[str, Floats], name: str, run: int) -> Floats:
    found: Floats = columns[name][run]
    return found


def _turn(bids: Array) -> Array:
    """Bids with their links along the other axis, in the same order in memory."""
    return np.ascontiguousarray(bids.T)


def _check_named(axis: Along | None) -> Along:
    if axis is None:
        raise TypeError("an array of runs stands in a field whose type names no axis")
    return axis


def _copy_network(net: Network, runs: int) -> Network:
    """`runs` copies of a network as one."""
    places = net.places.of_runs(runs)
    rows, links = places.rows, places.links
    place = rows.split(np.arange(rows.size))
    goods = len(net.products) * np.arange(runs)[:, None]
    names = np.array([[f"{name} ({run})" for name in net.names] for run in range(runs)], object)
    return Network(
        kind=rows.join([net.kind] * runs),
        product=rows.join(list(np.where(net.product >= 0, net.product + goods, -1))),
        buyer=links.join(list(place[:, net.buyer])),
        good=links.join(list(net.good + goods)),
        seller=links.join(list(place[:, net.seller])),
        names=tuple(rows.join(list(names)).tolist()),
        products=tuple(f"{name} ({run})" for run in range(runs) for name in net.products),
        copies=runs,
    )
