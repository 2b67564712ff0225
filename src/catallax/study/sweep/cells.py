"""Points of the map, what is held equal there and who competes; and the runs of many such cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, final

from catallax.errors import InputError
from catallax.execute import Entry, Executor, RunRequest, RunRows, entry_of, execute
from catallax.protocol import AbstractContract, Experiment, Progress, Value, experiment_around
from catallax.protocol.mechanism_names import spec_of
from catallax.study.sweep.axes import axis, has_setting, with_setting

if TYPE_CHECKING:
    from catallax.execute.store import Store

MOST = 1_000_000  # runs at once


@final
@dataclass(frozen=True, eq=False)
class Cell:
    """One contract and who competes under it.

    point      : axis -> its value
    contract   : what is held equal
    mechanisms : label -> the mechanism as `mechanism_named` takes it, with the settings that the
                 axes give it. Labels are the same in all cells
    """

    point: Mapping[str, Value]
    contract: AbstractContract
    mechanisms: Mapping[str, str]

    def entries(self) -> dict[str, Entry]:
        """Label -> competitor. Raises InputError for a mechanism that cannot be made."""
        return {
            label: entry_of(text, self.contract.domain, label=label)
            for label, text in self.mechanisms.items()
        }


@final
@dataclass(frozen=True, eq=False)
class Base:
    """What all cells have in common before anything is varied.

    experiment : makes contracts from settings
    settings   : dotted key -> value, of all cells
    mechanisms : as `mechanism_named` takes them, which are their labels too
    """

    experiment: Experiment
    settings: Mapping[str, Value] = field(default_factory=dict)
    mechanisms: Sequence[str] = ()

    @staticmethod
    def around(contract: AbstractContract, mechanisms: Sequence[str]) -> "Base":
        """The base of a contract that somebody made: axes change it key by key."""
        return Base(experiment_around(contract), {}, tuple(mechanisms))

    @property
    def domain(self) -> str:
        """Name of the domain."""
        return self.experiment.domain

    def contract(self) -> AbstractContract:
        """The contract before anything is varied."""
        return self.experiment.build(self.settings)

    def at(self, point: Mapping[str, Value]) -> Cell:
        """The cell at a point.

        Raises InputError for unknown axes, values out of range and settings that nobody here has.
        """
        named = {name: axis(name, self.domain) for name in point}
        keys = {key: point[name] for name, a in named.items() for key in a.keys}
        contract = self.experiment.build({**self.settings, **keys})
        texts = {label: self._mechanism_at(label, point) for label in self.mechanisms}
        for text in texts.values():
            entry_of(text, self.domain)
        for name, a in named.items():
            self._check_taken(name, a.settings)
            self._check_there(name)
        return Cell(dict(point), contract, texts)

    def _check_taken(self, name: str, settings: Sequence[str]) -> None:
        takers = (has_setting(m, s, self.domain) for m in self.mechanisms for s in settings)
        if settings and not any(takers):
            raise InputError(
                f"{name}: is a setting of none of {', '.join(self.mechanisms)}; leave it out or "
                f"add a mechanism that has it"
            )

    def _check_there(self, name: str) -> None:
        """A setting of one mechanism is of no use where that mechanism does not compete."""
        mechanism, _, _ = name.rpartition(":")
        if mechanism and all(spec_of(label).name != mechanism for label in self.mechanisms):
            raise InputError(
                f"{name}: {mechanism} is none of {', '.join(self.mechanisms)}; add it, or leave "
                f"the axis out"
            )

    def _mechanism_at(self, label: str, point: Mapping[str, Value]) -> str:
        text = label
        for name, value in point.items():
            mechanism, _, key = name.rpartition(":")
            for setting in (key,) if mechanism else axis(name, self.domain).settings:
                if not mechanism or spec_of(label).name == mechanism:
                    text = with_setting(text, setting, value, self.domain)
        return text


class Gather(Protocol):
    """Whatever answers for cells and seeds: the laboratory, or a law made up for a test."""

    def __call__(self, cells: Sequence[Cell], seeds: Sequence[int]) -> RunRows:
        """Every mechanism of every cell on every seed."""
        ...


def requests_at(cells: Sequence[Cell], seeds: Sequence[int]) -> list[RunRequest]:
    """Every mechanism of every cell on every seed. Raises InputError for more than a million."""
    count = sum(len(cell.mechanisms) for cell in cells) * len(seeds)
    if count > MOST:
        raise InputError(
            f"{count:,} runs are too many at once, at most {MOST:,}; give fewer points or seeds at "
            f"a time: they may share a store"
        )
    return [
        RunRequest(cell.contract, entry, seed, point=cell.point)
        for cell in cells
        for entry in cell.entries().values()
        for seed in seeds
    ]


def gather(
    cells: Sequence[Cell],
    seeds: Sequence[int],
    *,
    store: "Store | None" = None,
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    again: bool = False,
) -> RunRows:
    """Every mechanism of every cell on every seed, each run once, as `execute` does it.

    Raises InputError for a mechanism that cannot be made and a store that cannot be written to,
    Interrupted for Ctrl-C with a store.
    """
    found = execute(
        requests_at(cells, seeds),
        store=store,
        executor=executor,
        workers=workers,
        progress=progress,
        again=again,
    )
    return found.table
