"""Federated, pooled and local-only learning side by side: error against rounds, bits and weeks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.knowledge import Meter, Traffic
from catallax.errors import InputError
from catallax.execute import Executor, each
from catallax.labs.federated import (
    Count,
    FedAvg,
    FedProx,
    Tally,
    Trained,
    local_only,
    pooled,
    train,
)
from catallax.labs.federated.tally import down, up
from catallax.labs.federated.trials.law import MODEL, Rows, Setting, rows
from catallax.protocol import Measured, Progress
from catallax.streams import Streams
from catallax.study.statistics import Summary, summarise

WAYS = ("pooled", "fedavg", "fedprox", "local")
UNIT = "share of the unavoidable squared error"
DIVERGED = "the model grew beyond all bounds"


@final
@dataclass(frozen=True, eq=False)
class Path:
    """One way on one seed.

    error : (R + 1,) mean over rows of `Rows.error` after each round; NaN once it has diverged
    bits  : (R + 1,) delivered until then
    weeks : (R + 1,) from the first message until rows have that model
    meter : all that was said
    """

    error: Floats
    bits: Floats
    weeks: Floats
    meter: Meter


def paths(setting: Setting, seed: int) -> dict[str, Path]:
    """All ways on one seed: the same rows, line and steps of descent."""
    streams = Streams(seed)
    drawn = rows(setting, streams)
    alone = local_only(setting.training(FedAvg()), MODEL, drawn.clients, streams)
    rules = {"fedavg": FedAvg(), "fedprox": FedProx(setting.mu)}
    shared = {
        name: _federated(
            setting, drawn, train(setting.training(rule), MODEL, drawn.clients, streams), streams
        )
        for name, rule in rules.items()
    }
    silent = np.zeros(setting.rounds + 1)
    found = {
        "pooled": _pooled(setting, drawn, streams),
        **shared,
        "local": Path(_errors(drawn, alone), silent, silent, Meter()),
    }
    return {name: found[name] for name in WAYS}


def metered(tally: Tally) -> Meter:
    """The tally as the laboratory's meter."""

    def traffic(c: Count) -> Traffic:
        return Traffic(c.sends, c.deliveries, c.bits_sent, c.bits_delivered)

    return Meter({kind: traffic(count) for kind, count in tally.kinds.items()})


def _federated(setting: Setting, drawn: Rows, found: Trained, streams: Streams) -> Path:
    """What training came to, until it diverged, once rows have heard it."""
    missing = setting.rounds - found.rounds
    error = np.append(_errors(drawn, told(setting, found.models, streams)), [np.nan] * missing)
    last = Tally().add("model", _broadcast(setting))
    bits = np.array([0.0, *((tally + last).bits for tally in found.tallies[1:])])
    rounds = range(1, setting.rounds + 1)
    weeks = np.array([0.0, *(found.weeks(r, setting.delay) + setting.delay for r in rounds)])
    said = metered(found.tallies[-1] + last)
    return Path(error, np.append(bits, [bits[-1]] * missing), weeks, said)


def _pooled(setting: Setting, drawn: Rows, streams: Streams) -> Path:
    """Everybody reports orders and prices once; one place learns and sends its model back."""
    heard = drawn.heard(setting.line, streams)
    path = pooled(setting.training(FedAvg()), setting.pooling, heard, streams)
    count, numbers = setting.clients, 2 * setting.weeks + 1
    tally = Tally().add("data", up(count, numbers, setting.line.bits, count))
    tally = tally.add("model", _broadcast(setting))
    later = np.append(0.0, np.ones(setting.rounds))
    error = _errors(drawn, told(setting, path, streams))
    return Path(error, later * tally.bits, later * 2 * setting.delay, metered(tally))


def told(setting: Setting, models: Floats, streams: Streams) -> Floats:
    """(R + 1, C, 3) what rows hear of common models (R + 1, 3), alike for every way."""
    count = setting.clients
    heard = [
        setting.line.carried(np.broadcast_to(w, (count, len(w))), "told", streams, r)
        for r, w in enumerate(models)
    ]
    return np.array(heard)


def _broadcast(setting: Setting) -> Count:
    """One model to all rows."""
    return down(setting.clients, 3, setting.line.bits, setting.clients)


def _errors(drawn: Rows, models: Floats) -> Floats:
    """(R + 1,) mean error over rows of each row's own models (R + 1, C, 3)."""
    return np.array([drawn.error(w).mean() for w in models])


@final
@dataclass(frozen=True, eq=False)
class Rivals:
    """All ways on all seeds.

    paths : way -> one a seed
    """

    setting: Setting
    seeds: tuple[int, ...]
    paths: Mapping[str, Sequence[Path]]

    def error(self, way: str, rounds: int) -> Summary:
        """Error over seeds after so many rounds."""
        return summarise([measured(p.error[rounds]) for p in self.paths[way]], UNIT)

    def bits(self, way: str, rounds: int) -> float:
        """Mean bits delivered over seeds."""
        return float(np.mean([p.bits[rounds] for p in self.paths[way]]))

    def weeks(self, way: str, rounds: int) -> float:
        """Weeks, alike for all seeds."""
        return float(self.paths[way][0].weeks[rounds])

    @property
    def shown(self) -> tuple[int, ...]:
        """Rounds worth a line: 1, 2, 5, 10, ... and the last."""
        steps = [k * 10**e for e in range(6) for k in (1, 2, 5)]
        return (*(r for r in steps if r < self.setting.rounds), self.setting.rounds)

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values."""
        return {
            way: [
                {
                    "rounds": r,
                    "error": self.error(way, r).to_dict(),
                    "bits": self.bits(way, r),
                    "weeks": self.weeks(way, r),
                }
                for r in self.shown
            ]
            for way in self.paths
        }


def measured(value: float) -> Measured:
    """An error, or the reason for none."""
    return Measured(float(value)) if np.isfinite(value) else Measured(None, DIVERGED)


def rivals(
    setting: Setting,
    seeds: Iterable[int] = range(8),
    *,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Rivals:
    """All ways on all seeds. Raises InputError where there is no seed.

    executor : does a seed at a time; None does all in this process
    progress : called with (done, all, what was finished)
    """
    seeds = tuple(seeds)
    if not seeds:
        raise InputError("federated: give at least one seed")
    found = each(
        paths,
        [(setting, seed) for seed in seeds],
        names=[f"seed {seed}" for seed in seeds],
        executor=executor,
        progress=progress,
    )
    return Rivals(setting, seeds, {way: [one[way] for one in found] for way in WAYS})
