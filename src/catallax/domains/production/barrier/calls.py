"""Calls of a mechanism's verbs, each cut to one party, and inboxes that know kinds of message."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Never, final

from catallax.arrays import Floats
from catallax.domains.production.knowledge import LINK, ROW
from catallax.domains.production.network import Inbox, Network, Table, View
from catallax.errors import unknown
from catallax.protocol import RecordedCall
from catallax.protocol.recorded import CutCalls
from catallax.protocol.trees import Tree, counts_as_dict, tree_of, value_in

PARTS = {
    "start": ("report_memory", "act_memory"),
    "report": ("mail", "report_memory"),
    "act": ("act", "act_memory"),
    "decide": ("directive", "memory"),
}
"""Verb -> what it returns; a centre's `start` returns its memory alone."""


@final
@dataclass(frozen=True, eq=False)
class ReplayedDraws:
    """A view's `draw` that gives again what was drawn in the run."""

    values: Mapping[str, Floats] = field(default_factory=dict)

    def __call__(self, purpose: str) -> Floats:
        """The uniforms that the run drew for `purpose`."""
        if purpose not in self.values:
            raise KeyError(f"draw({purpose!r}): the run drew {sorted(self.values) or 'nothing'}")
        return self.values[purpose]


@final
@dataclass(frozen=True, eq=False)
class NotedCall:
    """One call as it was made, of all rows together or of a centre.

    view   : the tree of a `View` without its draws; None for a centre
    drawn  : the tree of the draws by purpose
    given  : trees of the other arguments
    answer : tree of what came back
    """

    verb: str
    week: int
    view: Tree | None
    drawn: Tree
    given: tuple[Tree, ...]
    answer: Tree


def list_calls(noted: Sequence[NotedCall], network: Network) -> Sequence[RecordedCall]:
    """The calls of a run; a call of all rows is cut into one a row when somebody looks at it."""
    rows, whole = range(network.n), (None,)
    places = [(call, row) for call in noted for row in (whole if call.view is None else rows)]
    return CutCalls(places, _CallCutter(network).cut)


@final
class _CallCutter:
    """Cuts calls of the rows of one network."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._alone = cache(lambda row: tree_of(network.rows.cut(row)))

    def cut(self, place: tuple[NotedCall, int | None]) -> RecordedCall:
        """The call of a centre whole, that of all rows for one of them."""
        call, row = place
        if row is None or call.view is None:
            return self._copy_whole(call)
        return self._cut_row(call, call.view, row)

    def _copy_whole(self, call: NotedCall) -> RecordedCall:
        given, answer, verb = call.given, call.answer, f"centre.{call.verb}"
        own = (len(given) - 1,)  # the generator, or the memory
        parts = PARTS.get(call.verb, ()) if answer[0] == "tuple" and call.verb != "start" else ()
        return RecordedCall(verb, "the centre", given, answer, own, call.week, None, parts)

    def _cut_row(self, call: NotedCall, view: Tree, row: int) -> RecordedCall:
        links = self.network.rows.links(row)
        cut = RowCut(slice(row, row + 1), links, self._alone(row), call.drawn)
        given = tuple(cut.of(x) for x in (view, *call.given))
        own, who = tuple(range(1, len(given))), f"row {row} ({self.network.names[row]})"
        answer = cut.of(call.answer)
        verb, parts = f"agents.{call.verb}", PARTS[call.verb]
        return RecordedCall(verb, who, given, answer, own, call.week, row, parts)


@final
@dataclass(frozen=True)
class RowCut:
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
            draws = _cut_columns(self.drawn, lambda x: _slice_array(x, self.row))
            return (*value[:2], (("values", draws),))
        at = {"row": self.row, "price": self.row}.get(name, self.links)
        if value[0] == "dict":
            return _cut_columns(value, lambda x: _slice_array(x, at))
        return _slice_array(value, at) if value[0] == "array" else self.of(value)


def _cut_columns(columns: Tree, cut: Callable[[Tree], Tree]) -> Tree:
    return ("dict", tuple((name, cut(column)) for name, column in columns[1]))


def _slice_array(array: Tree, at: slice) -> Tree:
    """Entries of an array along its first axis."""
    _, dtype, shape, order, raw = array
    if order == "F":
        return tree_of(value_in(array)[at])
    size = len(raw) // shape[0] if shape[0] else 0
    part = raw[at.start * size : at.stop * size]
    return ("array", dtype, (at.stop - at.start, *shape[1:]), order, part)


@final
class UnsaidKind(KeyError):
    """Somebody listens to a kind of message that nobody can say."""

    def __str__(self) -> str:
        return str(self.args[0])


@counts_as_dict
@final
class KnownKinds(dict[str, Floats]):
    """Columns of an inbox by kind. Who asks for one that nobody can say is told so."""

    known: Sequence[str] = ()

    def __missing__(self, kind: str) -> Never:
        if kind in self.known:
            raise KeyError(kind)
        names = unknown("kind of message", kind, self.known, most=len(self.known))
        raise UnsaidKind(f"it listens to what nobody says: {names}")

    def __contains__(self, kind: object) -> bool:
        return super().__contains__(kind) or (kind not in self.known and self[str(kind)] is None)

    def get(self, kind: str, default: Any = None) -> Any:
        """The column called `kind`, or `default` where nothing of that kind has been said."""
        return super().get(kind, default) if kind in self else default


def make_listening(mechanism: Any, values: Sequence[Any]) -> list[Any]:
    """What a verb is given, in which inboxes know their kinds."""
    return [_make_known(mechanism.kinds, value) for value in values]


def _make_known(own: Sequence[str], value: Any) -> Any:
    if isinstance(value, View):
        return replace(value, inbox=_make_known(own, value.inbox))
    if not isinstance(value, Inbox):
        return value
    said, age = (_make_known_table(own, columns) for columns in (value.value, value.age))
    return Inbox(said, age, value.announced)


def _make_known_table(own: Sequence[str], columns: Table) -> Table:
    row, link = KnownKinds(columns.row), KnownKinds(columns.link)
    row.known, link.known = (*ROW, *own), (*LINK, *own)
    return Table(row, link)
