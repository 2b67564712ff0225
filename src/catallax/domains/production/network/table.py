"""The only shape in which agents hold, say or remember anything."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, final

from catallax.arrays import Floats
from catallax.domains.production.network.places import LinkFloats, RowFloats
from catallax.protocol.sealed import sealed


@final
class Lazy(Mapping[str, Floats]):
    """Columns that are worked out when somebody looks at them, and then kept, sealed.

    A copy or a pickle is a plain dict of all of them.
    """

    def __init__(self, columns: Mapping[str, Callable[[], Floats]]) -> None:
        self._columns = columns
        self._made: dict[str, Floats] = {}

    def __getitem__(self, name: str) -> Floats:
        """The column called `name`."""
        if name not in self._made:
            self._made[name] = sealed(self._columns[name]())
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        """Names."""
        return iter(self._columns)

    def __len__(self) -> int:
        """How many columns there are."""
        return len(self._columns)

    def __deepcopy__(self, memo: Any) -> dict[str, Floats]:
        return {name: value.copy() for name, value in self.items()}

    def __reduce__(self) -> Any:
        return dict, (dict(self),)


def _join_columns(one: Mapping[str, Floats], two: Mapping[str, Floats]) -> Mapping[str, Floats]:
    """Columns of both; `two` wins where a name stands in both."""
    if not isinstance(one, Lazy) and not isinstance(two, Lazy):
        return {**one, **two}
    columns = {k: partial(one.__getitem__, k) for k in one}
    return Lazy(columns | {k: partial(two.__getitem__, k) for k in two})


@final
@dataclass(frozen=True, eq=False)
class Table:
    """Named numbers, one per row or one per link.

    row  : name -> (n,)
    link : name -> (m,)
    """

    row: Mapping[str, RowFloats] = field(default_factory=dict)
    link: Mapping[str, LinkFloats] = field(default_factory=dict)

    def __or__(self, other: "Table") -> "Table":
        """Both tables' columns; `other` wins where a name stands in both."""
        return Table(_join_columns(self.row, other.row), _join_columns(self.link, other.link))

    def __repr__(self) -> str:
        return f"Table(row={sorted(self.row)}, link={sorted(self.link)})"

    def cut(self, row: int, links: slice) -> "Table":
        """The table of one row on its own: its entry and the entries of its links."""
        return Table(
            {k: v[row : row + 1] for k, v in self.row.items()},
            {k: v[links] for k, v in self.link.items()},
        )
