"""Rows chosen and grouped by what they are called, where they stand or what they were held to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

from catallax.errors import unknown
from catallax.execute.row import RunRow
from catallax.execute.rows import RunRows
from catallax.protocol import Measured, domains, known_domain
from catallax.study.statistics import Summary, summarise
from catallax.tomlfile import dotted

OWN = ("label", "mechanism", "seed", "domain", "economy", "contract", "stop", "key", "code")


@final
@dataclass(frozen=True, eq=False)
class Group:
    """Rows that agree in some respects.

    by   : name -> the value that they share
    rows : the rows
    """

    by: Mapping[str, Any]
    rows: Sequence[RunRow]

    @property
    def failed(self) -> int:
        """Rows of runs that did not come to their end."""
        return sum(not row.completed for row in self.rows)

    def summary(self, measure: str) -> Summary:
        """The measure over the rows: all must have it for a mean. InputError if unknown."""
        found = [_read_measure(row, measure) for row in self.rows]
        return summarise(found, unit_of(self.rows, measure))

    def to_dict(self, measures: Sequence[str]) -> dict[str, Any]:
        """As plain values."""
        summaries = {m: self.summary(m).to_dict() for m in measures}
        return {**self.by, "runs": len(self.rows), "failed": self.failed, "measures": summaries}


def unit_of(rows: Sequence[RunRow], measure: str) -> str:
    """The unit of a measure: as it stands in a row that has it, else as its domain says.

    "" where only another domain knows it. Raises InputError where none does.
    """
    for row in rows:
        if measure in row.measures:
            return row.measures[measure][0]
        domain = known_domain(row.domain)
        if domain is not None and measure in domain.measures:
            return domain.measures[measure].unit
    every = [name for domain in domains().values() for name in domain.measures]
    if measure not in every:
        raise unknown("measure", measure, every)
    return ""


def _read_measure(row: RunRow, measure: str) -> Measured:
    value = row.values.get(measure)
    if value is None:
        return Measured(None, row.reasons.get(measure) or row.reason or "was not measured")
    return Measured(value)


def names_of(rows: RunRows) -> list[str]:
    """Everything that rows can be chosen and grouped by, axes first."""
    axes = dict.fromkeys(name for row in rows for name in row.point)
    kept = {row.contract_hash: row.contract for row in rows}
    keys = dict.fromkeys(key for contract in kept.values() for key in _flatten(contract))
    return list(dict.fromkeys([*axes, *OWN, *keys]))


def value_of(row: RunRow, name: str) -> Any:
    """What a row has under a name of `names_of`; None if it has nothing there."""
    if name in row.point:
        return row.point[name]
    if name == "contract":
        return row.contract_hash
    return getattr(row, name) if name in OWN else _flatten(row.contract).get(name)


def choose_rows(rows: RunRows, where: Mapping[str, str]) -> RunRows:
    """The rows that have under each name what the text says; InputError for unknown names."""
    _check_names(rows, where)
    return RunRows(
        tuple(r for r in rows if all(_matches(value_of(r, n), text) for n, text in where.items()))
    )


def group_rows(rows: RunRows, by: Sequence[str]) -> list[Group]:
    """Rows that share their values under all the names, in the order of these values.

    A run that stands at several points counts once in a group, or its interval were too narrow.
    Runs of different contracts at one point are never one group. `unnamed_differences` names what
    tells them apart, and `Group.by` holds it too.
    """
    names = [*by, *unnamed_differences(rows, by)]
    found: dict[tuple[Any, ...], dict[str, RunRow]] = {}
    for row in rows:
        values = tuple(value_of(row, name) for name in names)
        found.setdefault(values, {}).setdefault(row.key, row)
    order = sorted(found, key=lambda values: [_rank_value(v) for v in values])
    return [Group(dict(zip(names, v, strict=True)), tuple(found[v].values())) for v in order]


def unnamed_differences(rows: RunRows, by: Sequence[str]) -> list[str]:
    """What tells contracts apart whose runs stand at one point under one label; mostly nothing.

    A table of the user that was edited between two runs of a sweep has one name and two contents,
    of which the point says nothing: `economy.digest` tells them apart.
    """
    _check_names(rows, by)
    kept = {row.contract_hash: row for row in rows}
    flat = {name: {**_flatten(row.contract), "contract": name} for name, row in kept.items()}
    found = list[str]()
    while mixed := _find_mixed(rows, [*by, *found], flat):
        keys = dict.fromkeys(key for together in mixed for name in together for key in flat[name])
        telling = [key for key in keys if any(_is_different(key, m, flat) for m in mixed)]
        found.append(min(telling, key=_is_hash))
    return found


def _is_hash(key: str) -> tuple[bool, bool]:
    """Names and numbers before hashes, a contract's own last: they say least."""
    return key == "contract", key.endswith(".digest")


def _find_mixed(
    rows: RunRows, by: Sequence[str], flat: Mapping[str, Mapping[str, Any]]
) -> list[tuple[str, ...]]:
    """The contracts, by hash, of every place in every group that has more than one."""
    found: dict[tuple[Any, ...], dict[str, None]] = {}
    for row in rows:
        held = flat[row.contract_hash]
        known = {**held, **row.point}
        values = tuple(known[n] if n in known else value_of(row, n) for n in by)
        place = (row.label, *sorted(row.point.items()), *values)
        found.setdefault(place, {})[row.contract_hash] = None
    return [tuple(together) for together in found.values() if len(together) > 1]


def _is_different(key: str, together: Sequence[str], flat: Mapping[str, Mapping[str, Any]]) -> bool:
    return len({repr(flat[name].get(key)) for name in together}) > 1


def varying_axes(rows: RunRows) -> list[str]:
    """The axes on which the rows do not all stand at the same place."""
    axes = dict.fromkeys(name for row in rows for name in row.point)
    return [a for a in axes if len({repr(row.point.get(a)) for row in rows}) > 1]


def _check_names(rows: RunRows, names: Sequence[str] | Mapping[str, str]) -> None:
    known = names_of(rows)
    for name in names:
        if name not in known:
            raise unknown("key", name, known)


def _matches(value: Any, text: str) -> bool:
    if isinstance(value, bool) or value is None:
        return str(value).lower() == text.lower()
    if isinstance(value, int | float):
        try:
            return float(text) == value
        except ValueError:
            return False
    return str(value) == text


def _rank_value(value: Any) -> tuple[int, float, str]:
    """Numbers before words, nothing last."""
    if isinstance(value, int | float):
        return 0, float(value), ""
    return (2, 0.0, "") if value is None else (1, 0.0, str(value))


def _flatten(contract: Mapping[str, Any]) -> dict[str, Any]:
    """The leaves of a contract by dotted key; lists, as of shocks, are no leaves."""
    return {key: v for key, v in dotted(contract) if not isinstance(v, list | dict)}
