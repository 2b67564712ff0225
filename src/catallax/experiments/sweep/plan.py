"""What a gathering asks for, and the jobs of those runs that are not there yet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import final

from catallax.experiments.settings import Value
from catallax.experiments.sweep.cells import Cell
from catallax.experiments.sweep.keys import keys_of
from catallax.experiments.sweep.rows import Row
from catallax.run import Contract, abreast

JOBS = 8  # jobs a worker at least, so that none waits long for another's last


@final
@dataclass(frozen=True, eq=False)
class Asked:
    """A run that is asked for: where it stands on the map, and its key."""

    key: str
    point: Mapping[str, Value]
    label: str
    mechanism: str
    seed: int
    contract: Contract

    def row(self, found: Row) -> Row:
        """The row of a run with this key, as it stands here."""
        return replace(found, point=dict(self.point), label=self.label, mechanism=self.mechanism)


def asked_of(cells: Sequence[Cell], seeds: Sequence[int]) -> list[Asked]:
    """Every mechanism of every cell on every seed."""
    return [
        Asked(key, cell.point, label, text, seed, cell.contract)
        for cell in cells
        for label, text in cell.mechanisms.items()
        for seed, key in zip(seeds, keys_of(cell.contract, text, seeds), strict=True)
    ]


Job = tuple[Contract, str, tuple[int, ...], tuple[str, ...]]


def jobs_of(missing: Iterable[Asked], hands: int) -> list[Job]:
    """Each run once; seeds go side by side as far as that pays and leaves every hand enough."""
    runs = {a.key: a for a in missing}
    together: dict[tuple[int, str], list[Asked]] = {}
    for a in runs.values():
        together.setdefault((id(a.contract), a.mechanism), []).append(a)
    fair = len(runs) // (JOBS * hands)
    return [job for group in together.values() for job in _split(group, fair)]


def _split(group: Sequence[Asked], fair: int) -> list[Job]:
    contract, mechanism = group[0].contract, group[0].mechanism
    most = abreast(contract) // (2 if contract.shocks else 1)
    size = max(min(most, fair), 1)
    parts = [group[k : k + size] for k in range(0, len(group), size)]
    return [
        (contract, mechanism, tuple(a.seed for a in part), tuple(a.key for a in part))
        for part in parts
    ]


def singly(job: Job) -> list[Job]:
    """The job seed by seed, so that the one at fault is found."""
    contract, mechanism, seeds, keys = job
    return [(contract, mechanism, (s,), (k,)) for s, k in zip(seeds, keys, strict=True)]
