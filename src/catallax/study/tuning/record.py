"""What came of tuning a mechanism: everything that was tried, and the best of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path, PurePath
from typing import Any, final

from catallax.errors import InputError
from catallax.protocol import PRODUCTION, Value, domain_named, hash_of, versions
from catallax.protocol.hash_names import by_current_name
from catallax.protocol.makers import settings_of
from catallax.protocol.mechanism_names import maker_of, spec_of
from catallax.protocol.settings import Setting
from catallax.protocol.tuned import tuned_from
from catallax.whole import put_whole, read_whole

FOLDER = Path(__file__).with_name("records")
MOST = 64_000_000  # bytes of a record that is read; the shipped ones have 25,000


@final
@dataclass(frozen=True)
class SettingsTrial:
    """One choice of settings on all training contracts and seeds.

    settings : the tuned ones, by their hash names
    scores   : one list a contract, in it one objective a seed; None where there was none
    reasons  : "contract, seed" -> why there was none
    """

    settings: Mapping[str, Value]
    scores: Sequence[Sequence[float | None]]
    reasons: Mapping[str, str]

    def mean(self, failed: float) -> float:
        """Mean over contracts and seeds; a missing score counts as `failed`."""
        every = [failed if s is None else s for scores in self.scores for s in scores]
        return sum(every) / len(every)


@final
@dataclass(frozen=True)
class TuningRecord:
    """The tuning of one mechanism.

    mechanism : its name, with a variant if it is one
    declared  : all that was declared beforehand and bears on it
    effort    : hash of that
    contracts : name -> hash of the training contracts
    trials    : what was tried, in order
    versions  : of code and packages
    seconds   : time of all runs together; stands outside the hash
    """

    mechanism: str
    declared: Mapping[str, Any]
    effort: str
    contracts: Mapping[str, str]
    trials: Sequence[SettingsTrial]
    versions: Mapping[str, str] = field(default_factory=versions)
    seconds: float = 0.0

    @cached_property
    def means(self) -> list[float]:
        """Objective of each trial."""
        return [t.mean(self.declared["failed"]) for t in self.trials]

    @property
    def best(self) -> SettingsTrial:
        """The trial with the highest objective; of equals the earliest."""
        return self.trials[self.find_best(len(self.trials))]

    def find_best(self, count: int) -> int:
        """The position of the best of the first `count` trials."""
        first = self.means[:count]
        return first.index(max(first))

    @property
    def best_settings(self) -> dict[str, Value]:
        """The settings of that trial by the names that they have now.

        Raises InputError for a mechanism that is no longer there.
        """
        return by_current_name(self.best.settings, self._known())

    def _known(self) -> Mapping[str, Setting]:
        return settings_of(maker_of(spec_of(self.mechanism), self.domain))

    @property
    def runs(self) -> int:
        """Number of runs that it took."""
        return sum(len(scores) for t in self.trials for scores in t.scores)

    @property
    def seeds(self) -> list[int]:
        """The training seeds."""
        return list(self.declared["seeds"])

    @property
    def domain(self) -> str:
        """Name of the domain; a declaration that says nothing of it is of the economy."""
        return str(self.declared.get("domain", PRODUCTION))

    @property
    def hash(self) -> str:
        """Of all but the time it took."""
        return hash_of(self._plain())

    def _plain(self) -> dict[str, Any]:
        return {k: v for k, v in asdict(self).items() if k != "seconds"}

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values, with what follows from them."""
        derived = {
            "best": {"settings": dict(self.best.settings), "objective": max(self.means)},
            "runs": self.runs,
            "notes": self.notes,
            "objectives": self.means,
        }
        return {**self._plain(), **derived, "hash": self.hash, "seconds": self.seconds}

    @property
    def notes(self) -> list[str]:
        """What a reader must know of the number of runs and of the ranges."""
        ranges = {key: tuned_from(r) for key, r in self.declared["ranges"].items()}
        if not ranges:
            return ["no settings to tune: one trial"]
        few = len(self.trials) < self.declared["budget"]
        said = [f"there are no more than {len(self.trials)} different settings"] if few else []
        best = self.best.settings.items()
        ends = by_current_name({k: v for k, v in best if ranges[k].ends(v)}, self._known())
        return said + [f"the best {key} lies at an end of its range" for key in ends]

    @staticmethod
    def from_dict(plain: Mapping[str, Any]) -> "TuningRecord":
        """The record of `to_dict`; KeyError or TypeError if it is none."""
        kept = ("mechanism", "declared", "effort", "contracts", "versions", "seconds")
        trials = [SettingsTrial(**t) for t in plain["trials"]]
        return TuningRecord(trials=trials, **{k: plain[k] for k in kept})

    def save(self, path: Path) -> None:
        """Write it as JSON, whole or not at all."""
        put_whole(path, (json.dumps(self.to_dict(), indent=1) + "\n").encode())

    @staticmethod
    def load(path: Path) -> "TuningRecord":
        """The record that `save` wrote; InputError if the file is none."""
        try:
            return TuningRecord.from_dict(json.loads(read_whole(path, MOST)))
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as e:
            raise InputError(
                f"{path}: is not a record of tuning ({e}); make one with `catallax tune`"
            ) from e


def file_of(mechanism: str) -> str:
    """Name of the record's file; not every system allows a colon in it."""
    spec = spec_of(mechanism)
    name = PurePath(spec.name).stem if spec.file else spec.name
    return "-".join([name, *spec.variants]) + ".json"


@lru_cache
def shipped_record(mechanism: str, domain: str = PRODUCTION) -> TuningRecord | None:
    """The package's record of a mechanism or variant of a domain, if there is one."""
    path = FOLDER / file_of(mechanism)
    if spec_of(mechanism).file or not path.is_file():
        return None
    record = TuningRecord.load(path)
    return record if record.domain == domain else None


@lru_cache
def shipped_records(name: str, domain: str = PRODUCTION) -> tuple[TuningRecord, ...]:
    """The package's records of a mechanism and its variants, its own first."""
    texts = [name, *(f"{name}:{word}" for word in domain_named(domain).variants.get(name, {}))]
    return tuple(record for text in texts if (record := shipped_record(text, domain)) is not None)
