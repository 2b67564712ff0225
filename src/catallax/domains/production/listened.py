"""Inboxes that know which kinds of message somebody can say."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Never, final

from catallax.arrays import Floats
from catallax.domains.production.knowledge import LINK, ROW
from catallax.domains.production.network import Inbox, Table, View
from catallax.errors import unknown
from catallax.protocol.trees import counts_as_dict


@final
class Unsaid(KeyError):
    """Somebody listens to a kind of message that nobody can say."""

    def __str__(self) -> str:
        return str(self.args[0])


@counts_as_dict
@final
class Kinds(dict[str, Floats]):
    """Columns of an inbox by kind. Who asks for one that nobody can say is told so."""

    known: Sequence[str] = ()

    def __missing__(self, kind: str) -> Never:
        if kind in self.known:
            raise KeyError(kind)
        names = unknown("kind of message", kind, self.known, most=len(self.known))
        raise Unsaid(f"it listens to what nobody says: {names}")

    def __contains__(self, kind: object) -> bool:
        return super().__contains__(kind) or (kind not in self.known and self[str(kind)] is None)

    def get(self, kind: str, default: Any = None) -> Any:
        """The column called `kind`, or `default` where nothing of that kind has been said."""
        return super().get(kind, default) if kind in self else default


def listened(mechanism: Any, values: Sequence[Any]) -> list[Any]:
    """What a verb is given, in which inboxes know their kinds."""
    return [_listened(mechanism.kinds, value) for value in values]


def _listened(own: Sequence[str], value: Any) -> Any:
    if isinstance(value, View):
        return replace(value, inbox=_listened(own, value.inbox))
    if not isinstance(value, Inbox):
        return value
    return Inbox(_table(own, value.value), _table(own, value.age))


def _table(own: Sequence[str], columns: Table) -> Table:
    row, link = Kinds(columns.row), Kinds(columns.link)
    row.known, link.known = (*ROW, *own), (*LINK, *own)
    return Table(row, link)
