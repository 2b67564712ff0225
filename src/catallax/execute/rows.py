"""What came of many runs: one row a run, in memory as on disk."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, final

import numpy as np
import numpy.typing as npt

from catallax.errors import InputError
from catallax.execute.columns import flat_columns_of
from catallax.execute.row import FAILED, RunRow, key_of_point
from catallax.protocol import Trace, Value


@final
@dataclass(frozen=True, eq=False)
class RunRows:
    """Rows in any order, each key once at a point.

    A run may stand at several points of a map, as a market does at all values of a planner's
    setting.
    """

    rows: tuple[RunRow, ...]

    @staticmethod
    def of(rows: Iterable[RunRow]) -> "RunRows":
        """The rows, each once, ordered by key: no order in which they came can be told.

        Of two of the same run, one that failed gives way.
        """
        once: dict[str, RunRow] = {}
        for row in rows:
            other = once.setdefault(row.place, row)
            if other is not row:
                once[row.place] = min(other, row, key=_rank_row)
        return RunRows(tuple(once[place] for place in sorted(once)))

    def current(self, code: Callable[[str], str]) -> "RunRows":
        """Without rows that code of today has made anew: each run counts once.

        code : name of a domain -> hash of the code that decides its numbers now
        """
        if len({(row.domain, row.code) for row in self.rows}) == len({r.domain for r in self.rows}):
            return self
        now = {row.slot for row in self.rows if row.code == code(row.domain)}
        return RunRows(tuple(r for r in self.rows if r.code == code(r.domain) or r.slot not in now))

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[RunRow]:
        return iter(self.rows)

    def __add__(self, other: "RunRows") -> "RunRows":
        return RunRows.of((*self.rows, *other.rows))

    @cached_property
    def _placed(self) -> Mapping[tuple[Any, str], Sequence[RunRow]]:
        found: dict[tuple[Any, str], list[RunRow]] = {}
        for row in self.rows:
            found.setdefault((key_of_point(row.point), row.label), []).append(row)
        return found

    def at(self, point: Mapping[str, Value], label: str) -> Mapping[int, RunRow]:
        """Seed -> row of one mechanism at one point; empty if there is none.

        Raises InputError where runs of several contracts stand there, as when a table of the user
        was edited between two runs of a sweep.
        """
        rows = self._placed.get((key_of_point(point), label), ())
        _check_one_contract(rows)
        return {row.seed: row for row in rows}

    def paired(
        self, point: Mapping[str, Value], first: str, second: str, measure: str
    ) -> tuple[npt.NDArray[np.float64], list[str]]:
        """Value of `first` less that of `second` on the seeds that both have, (k,), in their order.

        The second item says why seeds are left out, one reason a seed: a mechanism that brings
        down its economy has no score, and whoever leaves that out must say so.
        """
        one, two = self.at(point, first), self.at(point, second)
        for row in (*one.values(), *two.values()):
            row.check_measure(measure)
        found, lost = [], []
        for seed in sorted(one.keys() & two.keys()):
            a, b = (rows[seed].values.get(measure) for rows in (one, two))
            if a is None or b is None:
                label, row = (first, one[seed]) if a is None else (second, two[seed])
                lost.append(f"{label}: {row.reasons.get(measure) or row.reason or row.stop}")
            else:
                found.append(a - b)
        return np.array(found, dtype=np.float64), lost

    @property
    def points(self) -> Sequence[Mapping[str, Value]]:
        """Every point once, in the order of their values."""
        found = {key_of_point(row.point): row.point for row in self.rows}
        return [found[key] for key in sorted(found, key=repr)]

    def to_pandas(self) -> Any:
        """A `pandas.DataFrame` with a row a run: axes as `point.NAME`, each measure a column.

        Needs the extra `frames`; MissingExtra says how to install it.
        """
        from catallax.adapters.frames import frame

        return frame(flat_columns_of(self.rows))

    def to_xarray(self) -> Any:
        """An `xarray.Dataset`: each measure over the axes, label and seed, NaN where there is none.

        Needs the extra `frames`; MissingExtra says how to install it. Raises InputError as `at`.
        """
        from catallax.adapters.frames import dataset

        for rows in self._placed.values():
            _check_one_contract(rows)
        axes = list(dict.fromkeys(name for row in self.rows for name in row.point))
        columns: dict[str, list[Any]] = {a: [row.point.get(a) for row in self.rows] for a in axes}
        columns |= {name: [getattr(row, name) for row in self.rows] for name in ("label", "seed")}
        names = sorted({name for row in self.rows for name in row.values})
        columns |= {name: [_value_or_nan(row, name) for row in self.rows] for name in names}
        return dataset(columns, [*axes, "label", "seed"])

    @property
    def seconds(self) -> float:
        """Time of all runs together."""
        return sum(row.seconds for row in self.rows)


@final
@dataclass(frozen=True, eq=False)
class Results:
    """What came of requests.

    rows   : one a request, in their order
    traces : one a request; None where none was wanted, and of a run that failed
    ran    : number of runs that were made
    stale  : number of runs that were there from other code, and were made anew
    """

    rows: tuple[RunRow, ...]
    traces: tuple[Trace | None, ...]
    ran: int
    stale: int

    @property
    def table(self) -> RunRows:
        """The rows, each once, ordered by key."""
        return RunRows.of(self.rows)


def _check_one_contract(rows: Sequence[RunRow]) -> None:
    """Raise InputError unless all rows of one place are of one contract."""
    hashes = sorted({row.contract_hash for row in rows})
    if len(hashes) > 1:
        raise InputError(
            f"{rows[0].label} at {dict(rows[0].point)}: runs of {len(hashes)} contracts stand "
            f"there ({', '.join(hashes[:5])}), as when a table was edited between two sweeps; "
            f"choose one, as by `choose_rows(rows, {{'contract': '{hashes[0]}'}})`"
        )


def _value_or_nan(row: RunRow, measure: str) -> float:
    value = row.values.get(measure)
    return np.nan if value is None else value


def _rank_row(row: RunRow) -> tuple[bool, bool, int, str]:
    """The least is kept of rows of the same run: made here, with more measures, in less time."""
    text = json.dumps(asdict(row), sort_keys=True, default=dict)
    return row.stop == FAILED, row.imported != "", -len(row.values), text
