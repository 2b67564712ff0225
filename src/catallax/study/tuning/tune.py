"""Tuning: the same number of runs, objective, contracts and seeds for every mechanism."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, final

from catallax.errors import InputError
from catallax.execute import Executor, Row, RunRequest, entry_of, execute
from catallax.execute.journal import Progress
from catallax.protocol import AbstractContract, Measured
from catallax.protocol.hash_names import by_hash_name
from catallax.protocol.named import mechanism_named
from catallax.study.tuning.declared import Declaration
from catallax.study.tuning.record import Record, Trial
from catallax.study.tuning.search import Settings, candidates, spelt

if TYPE_CHECKING:
    from catallax.execute.store import Store

Plan = Mapping[str, Sequence[Settings]]


@final
class Place(NamedTuple):
    """Where the result of a run goes: mechanism, trial, contract and position of the seed."""

    mechanism: str
    trial: int
    contract: int
    seed: int


def plan(declaration: Declaration) -> dict[str, list[Settings]]:
    """What will be tried, each made once to see that it can be; InputError if it cannot."""
    tried = {m: candidates(declaration, m) for m in declaration.ranges}
    for mechanism, all_settings in tried.items():
        for settings in all_settings:
            try:
                mechanism_named(spelt(mechanism, settings), declaration.domain)
            except InputError as e:
                where = f"{declaration.source}: mechanisms.{mechanism}"
                raise InputError(f"{where}: its ranges allow what it refuses: {e}") from e
    return tried


def runs_of(declaration: Declaration, tried: Plan) -> int:
    """Number of runs that the plan takes."""
    return declaration.trials * sum(len(settings) for settings in tried.values())


def tune(
    declaration: Declaration,
    *,
    tried: Plan | None = None,
    store: "Store | None" = None,
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> list[Record]:
    """Try settings of every mechanism of the declaration; one record each.

    tried    : `plan(declaration)`, where that was made before
    store    : what it has is not run, and what is run is kept there
    executor : does the runs in place of processes of its own
    workers  : processes; 0 runs in this one. The records are the same either way
    progress : called with (done, all, what was finished)
    """
    tried = plan(declaration) if tried is None else tried
    asked = dict(_asked(declaration, tried))
    done = execute(
        list(asked.values()),
        store=store,
        executor=executor,
        workers=workers,
        progress=progress,
        strict=True,
    )
    found = dict(zip(asked, done.rows, strict=True))
    return [_record(declaration, m, settings, found) for m, settings in tried.items()]


def trials(
    contract: AbstractContract, text: str, seeds: Sequence[int], objective: str
) -> list[Measured]:
    """The objective of one run a seed, worked out in this process."""
    entry = entry_of(text, contract.domain)
    asked = [RunRequest(contract, entry, seed, (objective,)) for seed in seeds]
    done = execute(asked, workers=0, strict=True)
    return [_objective(row, objective) for row in done.rows]


def _objective(row: Row, objective: str) -> Measured:
    return Measured(row.values[objective], row.reasons.get(objective, ""))


def _asked(declaration: Declaration, tried: Plan) -> Iterator[tuple[Place, RunRequest]]:
    """Every run, a mechanism's next to each other."""
    contracts, objective = [t.contract for t in declaration.contracts], (declaration.objective,)
    for m, all_settings in tried.items():
        for k, settings in enumerate(all_settings):
            for c, contract in enumerate(contracts):
                entry = entry_of(spelt(m, settings), contract.domain)
                for s, seed in enumerate(declaration.seeds):
                    yield Place(m, k, c, s), RunRequest(contract, entry, seed, objective)


def _record(
    declaration: Declaration,
    mechanism: str,
    tried: Sequence[Settings],
    found: Mapping[Place, Row],
) -> Record:
    trials = [_trial(declaration, mechanism, k, s, found) for k, s in enumerate(tried)]
    return Record(
        mechanism,
        declaration.plain(mechanism),
        declaration.hash(mechanism),
        {t.name: t.contract.hash for t in declaration.contracts},
        trials,
        seconds=round(sum(r.seconds for p, r in found.items() if p.mechanism == mechanism), 1),
    )


def _trial(
    declaration: Declaration,
    mechanism: str,
    number: int,
    settings: Settings,
    found: Mapping[Place, Row],
) -> Trial:
    scores, reasons = [], {}
    for c, training in enumerate(declaration.contracts):
        rows = [found[Place(mechanism, number, c, s)] for s in range(len(declaration.seeds))]
        measured = [_objective(row, declaration.objective) for row in rows]
        scores.append([m.value for m in measured])
        for seed, m in zip(declaration.seeds, measured, strict=True):
            if m.value is None:
                reasons[f"{training.name}, seed {seed}"] = m.reason
    named = by_hash_name(settings, declaration.settings_of(mechanism))
    return Trial(named, scores, reasons)
