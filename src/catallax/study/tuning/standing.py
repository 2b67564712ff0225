"""Whether settings are tuned, and whether a record fits its declaration, code and defaults."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import isclose
from typing import Any, final

from catallax.errors import InputError
from catallax.protocol import PRODUCTION, Value, domain_named, settings_of
from catallax.protocol.hash_names import by_hash_name
from catallax.protocol.mechanism_names import spec_of, values_of
from catallax.study.tuning.declared import SHIPPED, Declaration
from catallax.study.tuning.record import TuningRecord, shipped_records
from catallax.study.tuning.tune import candidates, list_nearby, run_objective, spell_mechanism
from catallax.tomlfile import read_toml

NOTHING = "no settings to tune"
CLOSE = 1e-6  # relative; other versions of the numerical libraries may differ by less


@final
@dataclass(frozen=True)
class Standing:
    """What can be said of a mechanism's settings.

    tuned  : whether all that were to be tuned have the values of the record
    text   : that in words
    record : hash of the record, None where there is none that bears on these settings
    runs   : number of runs behind it
    """

    tuned: bool
    text: str
    record: str | None = None
    runs: int = 0


def standing(mechanism: str, domain: str = PRODUCTION) -> Standing:
    """Of a mechanism by name, with its variants and settings, against the shipped records.

    However it is written: `ai_planner`, `ai_planner:retail` and `ai_planner:delegation=retail` may
    be one and the same. It is held against the record that is nearest: the one from which fewest
    settings differ, of equals the first.
    """
    spec = spec_of(mechanism)
    if spec.name in domain_named(domain).oracles:
        return Standing(False, "an oracle: nothing to tune")
    if spec.file:
        return Standing(False, "untuned: defined outside the package")
    records = shipped_records(spec.name, domain)
    if not records:
        known = domain_named(domain).mechanisms.get(spec.name)
        if known is not None and not settings_of(known):
            return Standing(True, NOTHING)
        return Standing(False, "untuned: there is no record of it")
    now = values_of(mechanism, domain)
    record = min(records, key=lambda r: len(_settings_moved(now, r)))
    return _compare_with(now, record)


def _settings_moved(now: Mapping[str, Value], record: TuningRecord) -> list[str]:
    """Settings that are not as in the record, those too that were held fixed in it."""
    then = values_of(record.mechanism, record.domain) | record.best_settings
    return [f"{k} is {now.get(k)}, not {v}" for k, v in then.items() if now.get(k) != v]


def _compare_with(now: Mapping[str, Value], record: TuningRecord) -> Standing:
    """Tuned only if every setting is as in the record."""
    moved = _settings_moved(now, record)
    if moved:
        what = f"untuned: {', '.join(moved)} as in the record of {record.mechanism}"
        return Standing(False, what)
    if not record.best.settings:
        return Standing(True, NOTHING, record.hash, record.runs)
    text = (
        f"tuned: best of {len(record.trials)} settings, {record.runs} runs on seeds "
        f"{spans(record.seeds)}, record {record.hash}"
    )
    return Standing(True, text, record.hash, record.runs)


def spans(seeds: Iterable[int]) -> str:
    """`1000 to 1003`, or the seeds one by one where they do not follow each other."""
    ordered = sorted(seeds)
    if len(ordered) > 1 and ordered[-1] - ordered[0] == len(ordered) - 1:
        return f"{ordered[0]} to {ordered[-1]}"
    return ", ".join(map(str, ordered))


@lru_cache
def training_seeds() -> tuple[int, ...]:
    """The seeds on which the package's mechanisms were tuned."""
    return tuple(read_toml(SHIPPED)["seeds"])


def overlap(seeds: Iterable[int], domain: str = PRODUCTION) -> list[int]:
    """Those of `seeds` on which the package's mechanisms of a domain were tuned."""
    return [seed for seed in seeds if domain == PRODUCTION and seed in training_seeds()]


def tuning_report(
    mechanisms: Iterable[str], seeds: Iterable[int], domain: str = PRODUCTION
) -> dict[str, Any]:
    """All of it as plain values, for the JSON of a comparison."""
    found = {m: standing(m, domain) for m in mechanisms}
    return {
        "training_seeds": list(training_seeds()) if domain == PRODUCTION else [],
        "reported_training_seeds": overlap(seeds, domain),
        "mechanisms": {
            m: {"tuned": s.tuned, "text": s.text, "record": s.record, "runs": s.runs}
            for m, s in found.items()
        },
    }


def find_problems(record: TuningRecord, declaration: Declaration) -> Iterator[str]:
    """What is wrong with a record of `declaration`, without running anything."""
    name = record.mechanism
    if record.effort != declaration.hash(name) or record.declared != declaration.plain(name):
        yield f"was made from another declaration than {declaration.source}"
        return
    for training in declaration.contracts:
        if record.contracts.get(training.name) != training.contract.hash:
            yield f"contract {training.name!r} is another one now"
    known = declaration.settings_of(name)
    first = candidates(declaration, name)
    best = first[record.find_best(len(first))]
    every = [*first, *list_nearby(declaration, name, first, best)]
    if [dict(t.settings) for t in record.trials] != [by_hash_name(c, known) for c in every]:
        yield "other settings would be tried now"


def find_drifted_defaults(record: TuningRecord) -> Iterator[str]:
    """Settings whose default is not the record's best."""
    try:
        now = values_of(record.mechanism, record.domain)
    except InputError as e:
        yield str(e)
        return
    for key, best in record.best_settings.items():
        if now.get(key) != best:
            yield f"{key} is {now.get(key)} by default, the best of its record is {best}"


def find_moved_scores(record: TuningRecord, declaration: Declaration) -> Iterator[str]:
    """Contracts on which the best settings, run again, do not give the score of the record."""
    text = spell_mechanism(record.mechanism, record.best_settings)
    for c, training in enumerate(declaration.contracts):
        seed = declaration.seeds[0]
        (found,) = run_objective(training.contract, text, (seed,), declaration.objective)
        was, now = record.best.scores[c][0], found.value
        if was is None or now is None:
            same = was is now
        else:
            same = isclose(was, now, rel_tol=CLOSE)
        if not same:
            yield f"{declaration.objective} on {training.name!r}, seed {seed}, was {was}, is {now}"
