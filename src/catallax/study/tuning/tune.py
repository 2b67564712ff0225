"""Tuning: the same number of runs, objective, contracts and seeds for every mechanism."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, final

import numpy as np

from catallax.arrays import Floats
from catallax.errors import InputError
from catallax.execute import Executor, RunRequest, RunRow, entry_of, execute
from catallax.protocol import AbstractContract, Measured, Progress, Value
from catallax.protocol.hash_names import by_hash_name
from catallax.protocol.mechanism_names import mechanism_named
from catallax.study.tuning.declared import Declaration
from catallax.study.tuning.record import SettingsTrial, TuningRecord

if TYPE_CHECKING:
    from catallax.execute.store import Store

POWER = 12  # 2**POWER points are looked at to find enough that differ
WIDTH = 0.25  # of each range, about the best so far, in which settings near it are tried

TrialSettings = Mapping[str, Value]


def candidates(declaration: Declaration, mechanism: str) -> list[TrialSettings]:
    """The settings of `mechanism` to try anywhere in its ranges, each once.

    They are as many as the budget has, but for those that are kept for a closer look
    (`list_nearby`). The first is the starting point. The rest is a scrambled Sobol sequence (Sobol
    1967; Matoušek 1998), which leaves no part of the ranges out and takes no aim: the same for
    every mechanism, however it behaves. There are fewer than the budget where there are not so
    many values.
    """
    ranges = declaration.ranges[mechanism]
    known = declaration.settings_of(mechanism)
    found: list[TrialSettings] = [{key: r.begin(known[key].kind) for key, r in ranges.items()}]
    for point in _draw_points(len(ranges), declaration.search):
        if len(found) == declaration.budget - declaration.closer:
            break
        shares = zip(ranges.items(), point.tolist(), strict=True)
        tried = {key: r.at(u, known[key].kind) for (key, r), u in shares}
        if tried not in found:
            found.append(tried)
    return found


def list_nearby(
    declaration: Declaration, mechanism: str, tried: Sequence[TrialSettings], best: TrialSettings
) -> list[TrialSettings]:
    """Settings of `mechanism` near the best of those tried: what is left of the budget.

    They are points of another Sobol sequence in a box about it, a quarter of each range wide (a
    step of recursive random search, Ye & Kalyanaraman 2003). Choices stay as they are.
    """
    ranges, known = declaration.ranges[mechanism], declaration.settings_of(mechanism)
    found: list[TrialSettings] = []
    for point in _draw_points(len(ranges), declaration.search + 1):
        if len(found) == declaration.closer:
            break
        shares = zip(ranges.items(), point.tolist(), strict=True)
        near = {key: r.near(best[key], u, WIDTH, known[key].kind) for (key, r), u in shares}
        if near not in found and near not in tried:
            found.append(near)
    return found


def spell_mechanism(mechanism: str, settings: TrialSettings) -> str:
    """The mechanism with the settings, as a name that `mechanism_named` takes."""
    return ":".join([mechanism, *(f"{key}={value}" for key, value in settings.items())])


def _draw_points(dimensions: int, seed: int) -> Iterator[Floats]:
    if not dimensions:
        return
    from scipy.stats import qmc  # takes most of a second

    sequence = qmc.Sobol(dimensions, scramble=True, seed=np.random.default_rng(seed))
    yield from sequence.random_base2(POWER)


TrialPlan = Mapping[str, Sequence[TrialSettings]]


@final
class RunSlot(NamedTuple):
    """Where the result of a run goes: mechanism, trial, contract and position of the seed."""

    mechanism: str
    trial: int
    contract: int
    seed: int


def plan_trials(declaration: Declaration) -> dict[str, list[TrialSettings]]:
    """What will be tried, each made once to see that it can be; InputError if it cannot."""
    tried = {m: candidates(declaration, m) for m in declaration.ranges}
    for mechanism, all_settings in tried.items():
        for settings in all_settings:
            try:
                mechanism_named(spell_mechanism(mechanism, settings), declaration.domain)
            except InputError as e:
                where = f"{declaration.source}: mechanisms.{mechanism}"
                raise InputError(f"{where}: its ranges allow what it refuses: {e}") from e
    return tried


def runs_of(declaration: Declaration, tried: TrialPlan) -> int:
    """Number of runs that the plan takes, at most: some ranges have not so many values."""
    near = sum(declaration.closer for ranges in declaration.ranges.values() if ranges)
    return declaration.trials * (near + sum(len(settings) for settings in tried.values()))


def tune(
    declaration: Declaration,
    *,
    tried: TrialPlan | None = None,
    store: "Store | None" = None,
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> list[TuningRecord]:
    """Try settings of every mechanism of the declaration; one record each.

    tried    : `plan_trials(declaration)`, where that was made before
    store    : what it has is not run, and what is run is kept there
    executor : does the runs in place of processes of its own
    workers  : processes; 0 runs in this one. The records are the same either way
    progress : called with (done, all, what was finished)
    """
    tried = plan_trials(declaration) if tried is None else tried
    count, first = runs_of(declaration, tried), dict(_requests_for(declaration, tried))

    def run(asked: Mapping[RunSlot, RunRequest], before: int) -> dict[RunSlot, RunRow]:
        def tell(done: int, _: int, what: str) -> None:
            if progress is not None:
                progress(before + done, count, what)

        done = execute(
            list(asked.values()),
            store=store,
            executor=executor,
            workers=workers,
            progress=tell,
            strict=True,
        )
        return dict(zip(asked, done.rows, strict=True))

    found = run(first, 0)
    whole = {m: [*s, *_look_closer(declaration, m, s, found)] for m, s in tried.items()}
    asked = dict(_requests_for(declaration, whole))
    found |= run({k: r for k, r in asked.items() if k not in first}, len(first))
    return [_make_record(declaration, m, settings, found) for m, settings in whole.items()]


def _look_closer(
    declaration: Declaration,
    mechanism: str,
    tried: Sequence[TrialSettings],
    found: Mapping[RunSlot, RunRow],
) -> list[TrialSettings]:
    """What is left to try of a mechanism, once the others were run."""
    record = _make_record(declaration, mechanism, tried, found)
    best = tried[record.find_best(len(tried))]
    return list_nearby(declaration, mechanism, tried, best)


def run_objective(
    contract: AbstractContract, text: str, seeds: Sequence[int], objective: str
) -> list[Measured]:
    """The objective of one run a seed, worked out in this process."""
    entry = entry_of(text, contract.domain)
    asked = [RunRequest(contract, entry, seed, (objective,)) for seed in seeds]
    done = execute(asked, workers=0, strict=True)
    return [_read_objective(row, objective) for row in done.rows]


def _read_objective(row: RunRow, objective: str) -> Measured:
    return Measured(row.values[objective], row.reasons.get(objective, ""))


def _requests_for(
    declaration: Declaration, tried: TrialPlan
) -> Iterator[tuple[RunSlot, RunRequest]]:
    """Every run, a mechanism's next to each other."""
    contracts, objective = [t.contract for t in declaration.contracts], (declaration.objective,)
    for m, all_settings in tried.items():
        for k, settings in enumerate(all_settings):
            for c, contract in enumerate(contracts):
                entry = entry_of(spell_mechanism(m, settings), contract.domain)
                for s, seed in enumerate(declaration.seeds):
                    yield RunSlot(m, k, c, s), RunRequest(contract, entry, seed, objective)


def _make_record(
    declaration: Declaration,
    mechanism: str,
    tried: Sequence[TrialSettings],
    found: Mapping[RunSlot, RunRow],
) -> TuningRecord:
    trials = [_make_trial(declaration, mechanism, k, s, found) for k, s in enumerate(tried)]
    return TuningRecord(
        mechanism,
        declaration.plain(mechanism),
        declaration.hash(mechanism),
        {t.name: t.contract.hash for t in declaration.contracts},
        trials,
        seconds=round(sum(r.seconds for p, r in found.items() if p.mechanism == mechanism), 1),
    )


def _make_trial(
    declaration: Declaration,
    mechanism: str,
    number: int,
    settings: TrialSettings,
    found: Mapping[RunSlot, RunRow],
) -> SettingsTrial:
    scores, reasons = [], {}
    for c, training in enumerate(declaration.contracts):
        rows = [found[RunSlot(mechanism, number, c, s)] for s in range(len(declaration.seeds))]
        measured = [_read_objective(row, declaration.objective) for row in rows]
        scores.append([m.value for m in measured])
        for seed, m in zip(declaration.seeds, measured, strict=True):
            if m.value is None:
                reasons[f"{training.name}, seed {seed}"] = m.reason
    named = by_hash_name(settings, declaration.settings_of(mechanism))
    return SettingsTrial(named, scores, reasons)
