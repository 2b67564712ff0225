"""Whether a mechanism runs with settings that were tuned, and what was reported on which seeds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, final

from catallax.protocol import PRODUCTION, Value, domain_named
from catallax.protocol.named import values_of
from catallax.protocol.specs import spec_of
from catallax.study.tuning.declared import SHIPPED
from catallax.study.tuning.record import Record, every_shipped
from catallax.tomlfile import read_toml


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
    records = every_shipped(spec.name, domain)
    if not records:
        return Standing(False, "untuned: there is no record of it")
    now = values_of(mechanism, domain)
    record = min(records, key=lambda r: len(_moved(now, r)))
    return _against(now, record)


def _moved(now: Mapping[str, Value], record: Record) -> list[str]:
    """Settings that are not as in the record, those too that were held fixed in it."""
    then = values_of(record.mechanism, record.domain) | record.best_settings
    return [f"{k} is {now.get(k)}, not {v}" for k, v in then.items() if now.get(k) != v]


def _against(now: Mapping[str, Value], record: Record) -> Standing:
    """Tuned only if every setting is as in the record."""
    moved = _moved(now, record)
    if moved:
        what = f"untuned: {', '.join(moved)} as in the record of {record.mechanism}"
        return Standing(False, what)
    if not record.best.settings:
        return Standing(True, "no settings to tune", record.hash, record.runs)
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


def told(
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
