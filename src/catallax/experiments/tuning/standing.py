"""Whether a mechanism runs with settings that were tuned, and what was reported on which seeds."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, final

from catallax.experiments.registry import ORACLES, values_of
from catallax.experiments.specs import spec_of
from catallax.experiments.tomlfile import read_toml
from catallax.experiments.tuning.declared import SHIPPED
from catallax.experiments.tuning.record import Record, shipped


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


def standing(mechanism: str) -> Standing:
    """Of a mechanism by name, with its variants and settings, against the shipped record."""
    spec = spec_of(mechanism)
    if spec.name in ORACLES:
        return Standing(False, "an oracle: nothing to tune")
    if spec.file:
        return Standing(False, "untuned: defined outside the package")
    record = shipped(":".join([spec.name, *spec.variants])) or shipped(spec.name)
    if record is None:
        return Standing(False, "untuned: there is no record of it")
    return _against(mechanism, record)


def _against(mechanism: str, record: Record) -> Standing:
    """Tuned only if every setting is as in the record, those too that were held fixed in it."""
    now, best = values_of(mechanism), record.best.settings
    then = values_of(record.mechanism) | dict(best)
    moved = [f"{k} is {now.get(k)}, not {v}" for k, v in then.items() if now.get(k) != v]
    if moved:
        what = f"untuned: {', '.join(moved)} as in the record of {record.mechanism}"
        return Standing(False, what)
    if not best:
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


def overlap(seeds: Iterable[int]) -> list[int]:
    """Those of `seeds` that are training seeds."""
    return [seed for seed in seeds if seed in training_seeds()]


def told(mechanisms: Iterable[str], seeds: Iterable[int]) -> dict[str, Any]:
    """All of it as plain values, for the JSON of a comparison."""
    found = {m: standing(m) for m in mechanisms}
    return {
        "training_seeds": list(training_seeds()),
        "reported_training_seeds": overlap(seeds),
        "mechanisms": {
            m: {"tuned": s.tuned, "text": s.text, "record": s.record, "runs": s.runs}
            for m, s in found.items()
        },
    }
