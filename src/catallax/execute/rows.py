"""What came of many runs: one row a run, in memory as on disk."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, final

import numpy as np
import numpy.typing as npt

from catallax.errors import InputError, unknown
from catallax.protocol import PRODUCTION, Value, hash_of, known_domain
from catallax.protocol.trace import COMPLETED

FAILED = "FAILED"  # the run raised an error, or its process died: there is no `Run`


@final
@dataclass(frozen=True)
class RunRow:
    """One run and everything that says how it was made.

    key       : hash of all that it is a function of: equal keys are equal runs
    point     : axis -> value, of the cell that it was first run for
    label     : of the mechanism in its cell
    mechanism : as `mechanism_named` takes it
    seed      : of all randomness
    contract  : the contract as plain values (`Contract.to_dict`)
    values    : measure -> value, None where there is none
    reasons   : measure -> why there is none
    stop      : name of the `Stop`, or FAILED
    reason    : details of the stop
    versions  : of code and packages
    seconds   : time it took, with its twin and its optima; no part of what is compared
    domain    : name of the domain
    run       : hash of the run itself (`AbstractRun.hash`)
    code      : hash of the code that decides the domain's numbers; "" before it was noted
    measures  : measure -> its unit, and the hash of its code if that is the user's, else ""
    oracle    : whether it saw everything
    imported  : name of the file, made by another program, that it was brought in from; else ""
    """

    key: str
    point: Mapping[str, Value]
    label: str
    mechanism: str
    seed: int
    contract: Mapping[str, Any]
    values: Mapping[str, float | None]
    reasons: Mapping[str, str] = field(default_factory=dict)
    stop: str = COMPLETED
    reason: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    domain: str = PRODUCTION
    run: str = ""
    code: str = ""
    measures: Mapping[str, Sequence[str]] = field(default_factory=dict)
    oracle: bool = False
    imported: str = ""

    @property
    def completed(self) -> bool:
        """Whether all weeks were run."""
        return self.stop == COMPLETED

    @property
    def slot(self) -> tuple[str, ...]:
        """What was run and where it stands, whichever code did it."""
        at = json.dumps(_plain_point(self.point))
        return self.domain, self.contract_hash, self.mechanism, str(self.seed), self.label, at

    @property
    def place(self) -> str:
        """Key, label and point as one text: what no two rows have in common."""
        return json.dumps([self.key, self.label, _plain_point(self.point)])

    @cached_property
    def contract_hash(self) -> str:
        """Hash of the contract (`AbstractContract.hash`)."""
        return hash_of(dict(self.contract))

    def has(self, measures: Mapping[str, str]) -> bool:
        """Whether it has all of the measures. measures : name -> hash of a user's own code."""
        return all(
            name in self.values and self._code_of(name) == code for name, code in measures.items()
        )

    def check_measure(self, name: str) -> None:
        """Raise InputError unless the row has the measure, or its domain knows it."""
        domain = known_domain(self.domain)
        known = {**self.values, **({} if domain is None else domain.measures)}
        if name not in known:
            raise unknown("measure", name, known)

    def _code_of(self, measure: str) -> str:
        return self.measures[measure][1] if measure in self.measures else ""

    @property
    def economy(self) -> str:
        """Name of the economy; "" if the contract says none."""
        found = self.contract.get("economy")
        return str(found.get("name", "")) if isinstance(found, Mapping) else ""


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
            found.setdefault((_key_of_point(row.point), row.label), []).append(row)
        return found

    def at(self, point: Mapping[str, Value], label: str) -> Mapping[int, RunRow]:
        """Seed -> row of one mechanism at one point; empty if there is none.

        Raises InputError where runs of several contracts stand there, as when a table of the user
        was edited between two runs of a sweep.
        """
        rows = self._placed.get((_key_of_point(point), label), ())
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
        found = {_key_of_point(row.point): row.point for row in self.rows}
        return [found[key] for key in sorted(found, key=repr)]

    def to_pandas(self) -> Any:
        """A `pandas.DataFrame` with a row a run: axes as `point.NAME`, each measure a column.

        Needs the extra `frames`; MissingExtra says how to install it.
        """
        from catallax.adapters.frames import frame
        from catallax.execute.columns import flat_columns_of

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


def _check_one_contract(rows: Sequence[RunRow]) -> None:
    """Raise InputError unless all rows of one place are of one contract."""
    hashes = sorted({row.contract_hash for row in rows})
    if len(hashes) > 1:
        raise InputError(
            f"{rows[0].label} at {dict(rows[0].point)}: runs of {len(hashes)} contracts stand "
            f"there ({', '.join(hashes[:5])}), as when a table was edited between two sweeps; "
            f"choose one, as by `choose_rows(rows, {{'contract': '{hashes[0]}'}})`"
        )


def _key_of_point(point: Mapping[str, Value]) -> tuple[tuple[str, Value], ...]:
    return tuple(sorted(point.items()))


def _value_or_nan(row: RunRow, measure: str) -> float:
    value = row.values.get(measure)
    return np.nan if value is None else value


def _rank_row(row: RunRow) -> tuple[bool, bool, int, str]:
    """The least is kept of rows of the same run: made here, with more measures, in less time."""
    text = json.dumps(asdict(row), sort_keys=True, default=dict)
    return row.stop == FAILED, row.imported != "", -len(row.values), text


def _plain_point(point: Mapping[str, Value]) -> dict[str, Value]:
    """The point with its axes in order, and 1 and 1.0 the same."""
    return {
        k: int(v) if isinstance(v, float) and v.is_integer() else v for k, v in _key_of_point(point)
    }
