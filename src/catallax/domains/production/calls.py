"""Calls of a mechanism's verbs in a run of the economy, each cut to one party."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import cast, final

from catallax.arrays import Floats
from catallax.domains.production.network import Network
from catallax.protocol import RecordedCall
from catallax.protocol.recorded import CutCalls
from catallax.protocol.trees import Tree, tree_of, value_in

PARTS = {
    "start": ("report_memory", "act_memory"),
    "report": ("mail", "report_memory"),
    "act": ("act", "act_memory"),
    "decide": ("directive", "memory"),
}
"""Verb -> what it returns; a centre's `start` returns its memory alone."""


@final
@dataclass(frozen=True, eq=False)
class Drawn:
    """A view's `draw` that gives again what was drawn in the run."""

    values: Mapping[str, Floats] = field(default_factory=dict)

    def __call__(self, purpose: str) -> Floats:
        """The uniforms that the run drew for `purpose`."""
        if purpose not in self.values:
            raise KeyError(f"draw({purpose!r}): the run drew {sorted(self.values) or 'nothing'}")
        return self.values[purpose]


@final
@dataclass(frozen=True, eq=False)
class Noted:
    """One call as it was made, of all rows together or of a centre.

    view   : the tree of a `View` without its draws; None for a centre
    drawn  : the tree of the draws by purpose
    given  : trees of the other arguments; None for one that is not plain
    answer : tree of what came back; None for what is not plain
    """

    verb: str
    week: int
    view: Tree | None
    drawn: Tree
    given: tuple[Tree | None, ...]
    answer: Tree | None


def calls_of(noted: Sequence[Noted], network: Network) -> Sequence[RecordedCall]:
    """The calls of a run; a call of all rows is cut into one a row when somebody looks at it."""
    rows, whole = range(network.n), (None,)
    places = [(call, row) for call in noted for row in (whole if call.view is None else rows)]
    return CutCalls(places, _Scissors(network).cut)


@final
class _Scissors:
    """Cuts calls of the rows of one network."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._alone = cache(lambda row: tree_of(network.rows.cut(row)))

    def cut(self, place: tuple[Noted, int | None]) -> RecordedCall:
        """The call of a centre whole, that of all rows for one of them."""
        call, row = place
        return self._whole(call) if row is None else self._of_row(call, row)

    def _whole(self, call: Noted) -> RecordedCall:
        given = cast(tuple[Tree, ...], call.given)
        own = (len(given) - 1,)  # the generator, or the memory
        answer, verb = cast(Tree, call.answer), f"centre.{call.verb}"
        parts = PARTS.get(call.verb, ()) if answer[0] == "tuple" and call.verb != "start" else ()
        return RecordedCall(verb, "the centre", given, answer, own, call.week, None, parts)

    def _of_row(self, call: Noted, row: int) -> RecordedCall:
        links = self.network.rows.links(row)
        cut = Cut(slice(row, row + 1), links, self._alone(row), call.drawn)
        given = tuple(cut.of(cast(Tree, x)) for x in (call.view, *call.given))
        own, who = tuple(range(1, len(given))), f"row {row} ({self.network.names[row]})"
        answer = cut.of(cast(Tree, call.answer))
        verb, parts = f"agents.{call.verb}", PARTS[call.verb]
        return RecordedCall(verb, who, given, answer, own, call.week, row, parts)


@final
@dataclass(frozen=True)
class Cut:
    """What one row alone is given, or answers: copies of its own entries.

    alone : tree of the row's own `Rows`
    drawn : tree of the draws of all
    """

    row: slice
    links: slice
    alone: Tree
    drawn: Tree

    def of(self, tree: Tree) -> Tree:
        """The part of a view, a table, an act or a pair of these."""
        if tree[0] == "tuple":
            return ("tuple", tuple(self.of(part) for part in tree[1]))
        if tree[0] != "object":
            return tree
        kind = tree[1].rpartition(":")[2]
        return (*tree[:2], tuple((k, self._part(kind, k, v)) for k, v in tree[2]))

    def _part(self, kind: str, name: str, value: Tree) -> Tree:
        if (kind, name) == ("View", "rows"):
            return self.alone
        if (kind, name) == ("View", "draw"):
            draws = _each(self.drawn, lambda x: _sliced(x, self.row))
            return (*value[:2], (("values", draws),))
        at = {"row": self.row, "price": self.row}.get(name, self.links)
        if value[0] == "dict":
            return _each(value, lambda x: _sliced(x, at))
        return _sliced(value, at) if value[0] == "array" else self.of(value)


def _each(columns: Tree, cut: Callable[[Tree], Tree]) -> Tree:
    return ("dict", tuple((name, cut(column)) for name, column in columns[1]))


def _sliced(array: Tree, at: slice) -> Tree:
    """Entries of an array along its first axis."""
    _, dtype, shape, order, raw = array
    if order == "F":
        return tree_of(value_in(array)[at])
    size = len(raw) // shape[0] if shape[0] else 0
    part = raw[at.start * size : at.stop * size]
    return ("array", dtype, (at.stop - at.start, *shape[1:]), order, part)
