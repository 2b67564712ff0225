"""What a page needs of one run: small, plain, and kept beside the run's row."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self, final

import numpy as np

from catallax.arrays import Floats
from catallax.protocol.contract import AbstractRun

FLOWS = ("sends", "deliveries", "bits_sent", "bits_delivered")
COMPLETED = "COMPLETED"  # name of the stop of a run that ran all weeks
MOST = 600  # weeks of a line; longer runs are sampled


@final
@dataclass(frozen=True)
class RunEnding:
    """How a run ended.

    run    : hash of the run
    bits   : fingerprint of its numbers, valid on one machine
    stop   : name of the reason
    means  : what that reason means, as advice
    reason : details; "" when completed
    """

    run: str
    bits: str
    stop: str
    means: str
    reason: str

    @classmethod
    def of(cls, run: AbstractRun) -> Self:
        """The ending of a run."""
        return cls(run.hash, run.bits, run.stop.name, str(run.stop.value), run.reason)

    @property
    def completed(self) -> bool:
        """Whether all weeks were run."""
        return self.stop == COMPLETED


@final
@dataclass(frozen=True)
class TraceLine:
    """What people read of a line of a trace.

    title : what it is, for a heading
    unit  : of its values
    text  : how it is read, in a sentence or two; "" where the title says all
    log   : whether it is drawn in logs, with a geometric mean over seeds
    """

    title: str
    unit: str = ""
    text: str = ""
    log: bool = False


@final
@dataclass(frozen=True, eq=False)
class Trace:
    """One run as its page shows it.

    ending   : of the run
    twin     : of its unshocked twin; the same where nothing happens from outside
    settings : of the mechanism, plain values
    weeks    : (k,) weeks at which lines were sampled
    lines    : name -> (k,) values, NaN where there is none; a line that a run cannot have is not
               there
    vectors  : name -> (j,) other values, such as one a user
    traffic  : kind of message -> messages sent and delivered, bits sent and delivered, a week
    series   : name -> whole series, (weeks, ...), of those that somebody asked for
    """

    ending: RunEnding
    twin: RunEnding
    settings: Mapping[str, Any]
    weeks: Floats
    lines: Mapping[str, Floats] = field(default_factory=dict)
    vectors: Mapping[str, Floats] = field(default_factory=dict)
    traffic: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    series: Mapping[str, Floats] = field(default_factory=dict)

    @property
    def completed(self) -> bool:
        """Whether the run and its twin ran all weeks."""
        return self.ending.completed and self.twin.completed

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready values, exact to the last bit; a number that is not finite is None."""
        return {
            "ending": asdict(self.ending),
            "twin": asdict(self.twin),
            "settings": dict(self.settings),
            "weeks": _to_lists(self.weeks),
            "lines": {name: _to_lists(v) for name, v in self.lines.items()},
            "vectors": {name: _to_lists(v) for name, v in self.vectors.items()},
            "traffic": {kind: list(v) for kind, v in self.traffic.items()},
            "series": {name: _to_lists(v) for name, v in self.series.items()},
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """The trace that `to_dict` wrote; ValueError, TypeError or KeyError for anything else."""
        found = cls(
            RunEnding(**plain["ending"]),
            RunEnding(**plain["twin"]),
            dict(plain["settings"]),
            _to_array(plain["weeks"]),
            {str(name): _to_array(v) for name, v in plain["lines"].items()},
            {str(name): _to_array(v) for name, v in plain["vectors"].items()},
            {str(kind): tuple(map(float, v)) for kind, v in plain["traffic"].items()},
            {str(name): _to_array(v) for name, v in plain["series"].items()},
        )
        found._check()
        return found

    def _check(self) -> None:
        for name, line in self.lines.items():
            if line.shape != self.weeks.shape or line.ndim != 1:
                raise ValueError(f"line {name} has the shape {line.shape}, not {self.weeks.shape}")
        for kind, flows in self.traffic.items():
            if len(flows) != len(FLOWS):
                raise ValueError(f"traffic of {kind} has {len(flows)} numbers, not {len(FLOWS)}")
        words = [w for end in (self.ending, self.twin) for w in asdict(end).values()]
        if not all(isinstance(w, str) for w in words):
            raise TypeError("an ending holds something that is not a text")


def plain_trace(run: AbstractRun, twin: AbstractRun) -> Trace:
    """The trace of a domain that says nothing more: every series with one number a week.

    A run of over 600 weeks is sampled at even distances.
    """
    count = run.contract.weeks
    weeks = np.unique(np.linspace(0, count - 1, min(count, MOST)).round().astype(np.int64))
    lines = {
        name: np.asarray(values[weeks], dtype=np.float64)
        for name, values in run.series.items()
        if np.shape(values) == (count,)
    }
    at = weeks.astype(np.float64)
    return Trace(
        RunEnding.of(run), RunEnding.of(twin), run.settings, at, lines, traffic=traffic_of(run)
    )


def traffic_of(run: AbstractRun) -> dict[str, tuple[float, ...]]:
    """Kind of message -> the four flows of `FLOWS` a week that was run; none without a meter."""
    kinds = getattr(getattr(run, "meter", None), "kinds", {})
    done = max(max((len(values) for values in run.series.values()), default=0), 1)
    return {
        kind: tuple(float(getattr(flows, name)) / done for name in FLOWS)
        for kind, flows in sorted(kinds.items())
    }


def _to_lists(values: Floats) -> list[Any]:
    """Nested lists with None for what is not finite."""
    plain: list[Any] = np.asarray(values, dtype=np.float64).tolist()
    return [_to_lists(v) if isinstance(v, list) else v if math.isfinite(v) else None for v in plain]  # type: ignore[arg-type]


def _to_array(plain: Any) -> Floats:
    """The array of nested lists, NaN for None; read-only. ValueError for ragged or other values."""
    found = np.array(plain, dtype=np.float64)
    found.setflags(write=False)
    return found
