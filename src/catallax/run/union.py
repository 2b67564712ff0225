"""Several runs of one economy as one: what they hold is put side by side, and told apart again."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar, cast, final

import numpy as np

from catallax.economy import Economy, State, Week
from catallax.knowledge import Facts, Meter, Post, Traffic
from catallax.network import Act, Floats, Network, Table, Technology
from catallax.network.copies import each, together
from catallax.run.truth import Known, Truth
from catallax.run.world import World

T = TypeVar("T")

MADE_OF_ARRAYS = (World, Truth, Known, Technology, Facts, State, Week, Post, Table, Act)


def tellable(net: Network) -> bool:
    """Whether the arrays of a network can be told apart by their sizes."""
    rows = tuple(s.stop - s.start for s in (net.endowments, net.plants, net.households))
    sizes = (rows, (net.m - net.final.m, net.final.m), (net.final.n,), (len(net.final.good_row),))
    return all(net.pieces[sum(pieces)] == pieces for pieces in sizes)


def side_by_side(economy: Economy, copies: int) -> Economy:
    """`copies` of an economy as one, in which nobody meets anybody of another copy."""
    net, base = economy.network, economy.technology

    def tiled(x: Any) -> Any:
        return together(np.tile(x, (copies, 1)), net.pieces[len(x)])

    columns = {f.name: tiled(getattr(base, f.name)) for f in fields(base) if f.name != "network"}
    classes = len(economy.own) * np.arange(copies)[:, None]
    return Economy(
        economy.name,
        Technology(_network(net, copies), **columns),
        tiled(economy.flow),
        tiled(economy.decay),
        tiled(economy.lead),
        tiled(economy.iceberg),
        together(economy.owner + classes, net.pieces[net.n]),
        economy.own,
        tiled(economy.weight),
        economy.group * copies,
    )


def _network(net: Network, copies: int) -> Network:
    rows, links = net.pieces[net.n], net.pieces[net.m]
    place = each(np.arange(copies * net.n), copies, rows)
    goods = len(net.products) * np.arange(copies)[:, None]
    parts = {
        "kind": (np.tile(net.kind, (copies, 1)), rows),
        "product": (np.where(net.product >= 0, net.product + goods, -1), rows),
        "buyer": (place[:, net.buyer], links),
        "good": (net.good + goods, links),
        "seller": (place[:, net.seller], links),
    }
    names = np.array([[f"{name} ({k})" for name in net.names] for k in range(copies)])
    return Network(
        **{what: together(part, pieces) for what, (part, pieces) in parts.items()},
        names=tuple(together(names, rows).tolist()),
        products=tuple(f"{name} ({k})" for k in range(copies) for name in net.products),
        copies=copies,
    )


@final
class Union:
    """Puts side by side, and cuts apart, what runs of `economy` hold.

    whole : the economies of all, as one
    """

    def __init__(self, economy: Economy, copies: int) -> None:
        self.economy, self.copies, self.one = economy, copies, economy.network
        self.whole = side_by_side(economy, copies)
        self.pieces = self.whole.network.pieces

    def join(self, parts: Sequence[T]) -> T:
        """One for all, of values that differ in their numbers alone."""
        first: Any = parts[0]
        if isinstance(first, np.ndarray):
            return cast(T, self._joined(cast(Any, parts)))
        if isinstance(first, Network):
            return cast(T, self.whole.network)
        if isinstance(first, Meter):
            return cast(T, _meter(cast(Any, parts)))
        if isinstance(first, Mapping):
            return cast(T, {k: self.join([cast(Any, p)[k] for p in parts]) for k in first})
        if isinstance(first, tuple):
            return cast(T, tuple(self.join(alike) for alike in zip(*cast(Any, parts), strict=True)))
        if isinstance(first, MADE_OF_ARRAYS):
            return self._joined_fields(parts)
        return parts[0]

    def _joined_fields(self, parts: Sequence[T]) -> T:
        first: Any = parts[0]
        columns = {
            f.name: self._field(type(first), f.name, [getattr(p, f.name) for p in parts])
            for f in fields(first)
            if f.name != "memory"
        }
        if isinstance(first, World):  # what centres remember is nobody else's to look into
            columns["memory"] = tuple(cast(World, p).memory for p in parts)
        return cast(T, type(first)(**columns))

    def _field(self, of: type, name: str, parts: Sequence[Any]) -> Any:
        """A field of all; what is the economy's own stays the economy's own."""
        if of is Technology and all(p is getattr(self.economy.technology, name) for p in parts):
            return getattr(self.whole.technology, name)
        return self.join(parts)

    def _joined(self, parts: Sequence[Floats]) -> Floats:
        """(..., copies * k) of arrays (..., k)."""
        first = parts[0]
        if first.ndim > 1:
            rows = [self._joined([p[i] for p in parts]) for i in range(len(first))]
            return np.array(rows).reshape(len(rows), self.copies * first.shape[1])
        if all(p.strides == (0,) and p[0] == first[0] for p in parts):
            return np.broadcast_to(first[0], (self.copies * len(first),))
        return together(np.array(parts), self.one.pieces[len(first)])

    def apart(self, x: Floats) -> Floats:
        """(copies, ..., k) of each run, read-only, from the array (..., copies * k) of all."""
        if x.ndim > 1:
            out = np.empty((self.copies, len(x), x.shape[1] // self.copies))
            for k, row in enumerate(x):
                out[:, k] = self.apart(row)
            return out
        if x.strides == (0,):
            return np.broadcast_to(x[0], (self.copies, len(x) // self.copies))
        out = each(x, self.copies, self.pieces[len(x)])
        out.setflags(write=False)
        return out

    def cut(self, value: T, run: int) -> T:
        """What one run holds of a joined value."""
        got: Any = value
        if isinstance(got, np.ndarray):
            return cast(T, self.apart(got)[run])
        if isinstance(got, Network):
            return cast(T, self.one)
        if isinstance(got, Meter):
            return cast(T, meter_of(got, run))
        if isinstance(got, Mapping):
            return cast(T, {k: self.cut(v, run) for k, v in got.items()})
        if isinstance(got, tuple):
            return cast(T, tuple(self.cut(v, run) for v in got))
        if isinstance(got, World):
            memory = cast(tuple[object, ...], got.memory)[run]
            parts = [f.name for f in fields(got) if f.name != "memory"]
            columns = {name: self.cut(getattr(got, name), run) for name in parts}
            return cast(T, World(**columns, memory=memory))
        if isinstance(got, MADE_OF_ARRAYS):
            columns = {f.name: self.cut(getattr(got, f.name), run) for f in fields(got)}
            return cast(T, replace(got, **columns))
        return value


FLOWS = tuple(f.name for f in fields(Traffic))


def _meter(parts: Sequence[Meter]) -> Meter:
    """Counts (copies,) of each run; 0 of what a run never said."""
    kinds = dict.fromkeys(kind for part in parts for kind in part.kinds)
    found = {kind: [part.kinds.get(kind, Traffic()) for part in parts] for kind in kinds}
    return Meter({k: Traffic(*(_column(of, flow) for flow in FLOWS)) for k, of in found.items()})


def _column(of: Sequence[Traffic], flow: str) -> float:
    return np.array([getattr(t, flow) for t in of])  # type: ignore[return-value]


def meter_of(meter: Meter, run: int) -> Meter:
    """One run's counts."""
    return Meter(
        {
            kind: Traffic(*(_entry(getattr(traffic, flow), run) for flow in FLOWS))
            for kind, traffic in meter.kinds.items()
        }
    )


def _entry(flow: Any, run: int) -> float:
    """A run's number of those of all, or the one that all have."""
    return float(flow[run] if np.ndim(flow) else flow)
