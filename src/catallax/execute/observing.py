"""Runs looked at: simulated, measured, and written down as rows."""

import json
import re
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, final

import cloudpickle

from catallax.arrays import Floats
from catallax.errors import InputError
from catallax.execute.entry import Entry
from catallax.execute.row import FAILED, RunRow
from catallax.protocol import (
    AbstractContract,
    Domain,
    Measure,
    Observation,
    Trace,
    domain_named,
    files_behind,
    measure_run,
    module_of,
    run_hash,
    versions,
)
from catallax.protocol.inputs import series_of
from catallax.protocol.mechanism_names import mechanism_named
from catallax.protocol.userfile import contain_errors


@final
@dataclass(frozen=True, eq=False)
class RunGroup:
    """Some runs of one mechanism under one contract, done in one go.

    seeds, keys : as many of either
    measures    : of every run
    origin      : which code makes the rows, and each measure's unit and code
    traced      : whether traces come back with the rows
    series      : names of series that come back whole with the traces
    given       : the series that the contract takes from other runs, by name, one a seed; none
                  where it takes none
    """

    domain: Domain
    contract: AbstractContract
    entry: Entry
    seeds: tuple[int, ...]
    keys: tuple[str, ...]
    measures: tuple[Measure, ...]
    origin: Mapping[str, Any]
    traced: bool = False
    series: tuple[str, ...] = ()
    given: tuple[Mapping[str, Floats], ...] = ()

    def __len__(self) -> int:
        return len(self.seeds)

    def singly(self) -> "list[RunGroup]":
        """The runs one by one, so that the one at fault is found."""
        pairs = enumerate(zip(self.seeds, self.keys, strict=True))
        return [
            replace(self, seeds=(seed,), keys=(key,), given=self.given[k : k + 1])
            for k, (seed, key) in pairs
        ]


@final
class RunBatch:
    """What one worker is handed.

    Pickled, it becomes a `PackedBatch`, which carries classes and functions of scripts and
    notebooks by value. A worker never needs the script that started it.
    """

    def __init__(self, parts: Sequence[RunGroup]) -> None:
        self.parts = tuple(parts)

    def __len__(self) -> int:
        return sum(len(part) for part in self.parts)

    @property
    def seeds(self) -> tuple[int, ...]:
        """Of all its runs."""
        return tuple(seed for part in self.parts for seed in part.seeds)

    def __reduce__(self) -> tuple[type["PackedBatch"], tuple[Any, ...]]:
        raw = cloudpickle.dumps(_pack_groups(self.parts))
        return PackedBatch, (files_behind(raw), raw)


@final
@dataclass(frozen=True)
class PackedBatch:
    """A job on its way: what is wrong with it shows when it is done, not when it arrives.

    files : of the user, absolute and as written, that have to be read first
    raw   : the parts
    """

    files: tuple[tuple[str, str], ...]
    raw: bytes

    def unpacked(self) -> RunBatch:
        """The job, in the process that does it."""
        for path, shown in self.files:
            module_of(path, shown)
        return RunBatch([_unpack_group(*packed) for packed in cloudpickle.loads(self.raw)])


def _pack_groups(parts: Sequence[RunGroup]) -> list[tuple[Any, ...]]:
    """The parts as plain values: what a worker has anyway goes by its name."""
    packed = []
    for p in parts:
        ours = not p.domain.file and _is_ours(p.domain)
        domain = p.domain.name if ours else p.domain
        entry = p.entry if p.entry.sent else (p.entry.label, p.entry.text, p.entry.outside)
        codes = p.origin["measures"]
        measures = [m.name if ours and not codes[m.name][1] else m for m in p.measures]
        more = (p.origin, p.traced, p.series, p.given)
        packed.append((domain, p.contract, entry, p.seeds, p.keys, measures, *more))
    return packed


def _is_ours(domain: Domain) -> bool:
    try:
        return domain_named(domain.name) is domain and domain.read.__module__.startswith("catallax")
    except InputError:
        return False


def _unpack_group(
    domain: Any,
    contract: AbstractContract,
    entry: Any,
    seeds: tuple[int, ...],
    keys: tuple[str, ...],
    measures: Sequence[Any],
    origin: Mapping[str, Any],
    traced: bool,
    series: tuple[str, ...],
    given: tuple[Mapping[str, Floats], ...],
) -> RunGroup:
    held = domain_named(domain) if isinstance(domain, str) else domain
    if isinstance(entry, tuple):
        label, text, outside = entry
        entry = Entry(label, text, mechanism_named(text, held), outside=outside)
    known = tuple(held.measure(m) if isinstance(m, str) else m for m in measures)
    return RunGroup(held, contract, entry, seeds, keys, known, origin, traced, series, given)


Done = list[tuple[RunRow, Trace | None]]


def do_batch(job: RunBatch | PackedBatch) -> Done:
    """Do a job: a row for each run, and its trace if that is wanted, in their order."""
    with contain_errors():
        if isinstance(job, PackedBatch):
            job = job.unpacked()
        return [done for part in job.parts for done in _observe_group(part)]


def _observe_group(part: RunGroup) -> Done:
    if part.given:  # every seed has series of its own, so a contract of its own
        pairs = zip(part.singly(), part.given, strict=True)
        bound = [replace(p, contract=p.contract.with_series(g), given=()) for p, g in pairs]
        return [done for one in bound for done in _observe_group(one)]
    domain, made = part.domain, part.entry.made
    if domain.observe is None:
        found = [_simulate(part, seed) for seed in part.seeds]
    else:
        found = domain.observe(part.contract, made, part.seeds, part.measures, part.traced)
    return [
        (_make_row(part, key, seen), _trace_for(part, seen))
        for key, seen in zip(part.keys, found, strict=True)
    ]


def _trace_for(part: RunGroup, seen: Observation) -> Trace | None:
    """What the page needs, with the series that somebody takes; none of a run that ended early."""
    if not part.traced or seen.trace is None:
        return None
    whole = {name: series_of(seen.run, name) for name in part.series if seen.run.completed}
    return replace(seen.trace, series=whole)


def _simulate(part: RunGroup, seed: int) -> Observation:
    """One run by the domain's own law, with its twin where a measure asks for it."""
    contract, made = part.contract, part.entry.made
    run = contract.simulate(made, seed)
    twin, seconds = run, run.seconds
    if contract.shocks and (part.traced or any(m.twin for m in part.measures)):
        twin = contract.calm().simulate(made, seed)
        seconds += twin.seconds
    found = measure_run(part.measures, run, run, twin)
    trace = part.domain.trace(run, twin) if part.traced else None
    return Observation(run, found, seconds, trace)


def _make_row(part: RunGroup, key: str, seen: Observation) -> RunRow:
    run = seen.run
    return RunRow(
        key,
        {},
        part.entry.label,
        part.entry.text,
        run.seed,
        _plain_contract(run.contract),
        {name: m.value for name, m in seen.measured.items()},
        {name: m.reason for name, m in seen.measured.items() if m.value is None},
        run.stop.name,
        run.reason,
        dict(run.versions),
        seen.seconds,
        domain=part.domain.name,
        run=run.hash,
        oracle=run.oracle,
        **part.origin,
    )


def failed_rows(part: RunGroup, error: Exception) -> Done:
    """Rows of runs that came to nothing, with the reason."""
    why, plain = reason_of(error), _plain_contract(part.contract)
    names = [m.name for m in part.measures]
    no_values, reasons = dict.fromkeys(names, None), dict.fromkeys(names, f"failed: {why}")
    made, settings = part.domain.identity(part.entry.made)
    oracle = part.entry.text in part.domain.oracles
    rows = []
    for seed, key in zip(part.seeds, part.keys, strict=True):
        run = run_hash(part.contract, made, settings, seed, versions())
        rows.append(
            RunRow(
                key, {}, part.entry.label, part.entry.text, seed, plain, no_values, reasons,
                FAILED, why, versions(), domain=part.domain.name, run=run, oracle=oracle,
                **part.origin,
            )
        )  # fmt: skip
    return [(row, None) for row in rows]


def _plain_contract(contract: AbstractContract) -> Mapping[str, Any]:
    plain: Mapping[str, Any] = json.loads(json.dumps(contract.to_dict()))
    return plain


def reason_of(error: Exception) -> str:
    """What went wrong and the last line of code on the way there; one from a worker is text."""
    text = "".join(traceback.format_exception(error))
    lines = re.findall(r'File "(.+?)", line (\d+), in (\w+)', text.split("\n\nThe above")[0])
    place = f" ({lines[-1][0]}, line {lines[-1][1]}, in {lines[-1][2]})" if lines else ""
    return " ".join(f"{type(error).__name__}: {error}{place}".split())
