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
    FedAvg,
    FedProx,
    MessageCount,
    Tally,
    TrainingResult,
    train,
    train_alone,
    train_pooled,
)
from catallax.labs.federated.line import count_down, count_up
from catallax.labs.federated.trials.law import MODEL, LearningProblem, LearningRows, draw_rows
from catallax.protocol import Measured, Progress
from catallax.streams import Streams
from catallax.study.statistics import Summary, summarise

WAYS = ("pooled", "fedavg", "fedprox", "local")
UNIT = "share of the unavoidable squared error"
DIVERGED = "the model grew beyond all bounds"


@final
@dataclass(frozen=True, eq=False)
class LearningCurve:
    """One way on one seed.

    error : (R + 1,) mean over rows of `LearningRows.error` after each round; NaN once diverged
    bits  : (R + 1,) delivered until then
    weeks : (R + 1,) from the first message until rows have that model
    meter : all that was said
    """

    error: Floats
    bits: Floats
    weeks: Floats
    meter: Meter


def train_every_way(problem: LearningProblem, seed: int) -> dict[str, LearningCurve]:
    """All ways on one seed: the same rows, line and steps of descent."""
    streams = Streams(seed)
    drawn = draw_rows(problem, streams)
    alone = train_alone(problem.training(FedAvg()), MODEL, drawn.clients, streams)
    rules = {"fedavg": FedAvg(), "fedprox": FedProx(problem.mu)}
    shared = {
        name: _follow_federated(
            problem, drawn, train(problem.training(rule), MODEL, drawn.clients, streams), streams
        )
        for name, rule in rules.items()
    }
    silent = np.zeros(problem.rounds + 1)
    found = {
        "pooled": _follow_pooled(problem, drawn, streams),
        **shared,
        "local": LearningCurve(_measure_errors(drawn, alone), silent, silent, Meter()),
    }
    return {name: found[name] for name in WAYS}


def meter_tally(tally: Tally) -> Meter:
    """The tally as the laboratory's meter."""

    def traffic(c: MessageCount) -> Traffic:
        return Traffic(c.sends, c.deliveries, c.bits_sent, c.bits_delivered)

    return Meter({kind: traffic(count) for kind, count in tally.kinds.items()})


def _follow_federated(
    problem: LearningProblem, drawn: LearningRows, found: TrainingResult, streams: Streams
) -> LearningCurve:
    """What training came to, until it diverged, once rows have heard it."""
    missing = problem.rounds - found.rounds
    error = np.append(
        _measure_errors(drawn, hear_models(problem, found.models, streams)), [np.nan] * missing
    )
    last = Tally().add("model", _count_broadcast(problem))
    bits = np.array([0.0, *((tally + last).bits for tally in found.tallies[1:])])
    rounds = range(1, problem.rounds + 1)
    weeks = np.array([0.0, *(found.weeks(r, problem.delay) + problem.delay for r in rounds)])
    said = meter_tally(found.tallies[-1] + last)
    return LearningCurve(error, np.append(bits, [bits[-1]] * missing), weeks, said)


def _follow_pooled(
    problem: LearningProblem, drawn: LearningRows, streams: Streams
) -> LearningCurve:
    """Everybody reports orders and prices once; one place learns and sends its model back."""
    heard = drawn.heard(problem.line, streams)
    path = train_pooled(problem.training(FedAvg()), problem.pooling, heard, streams)
    count, numbers = problem.clients, 2 * problem.weeks + 1
    tally = Tally().add("data", count_up(count, numbers, problem.line.bits, count))
    tally = tally.add("model", _count_broadcast(problem))
    later = np.append(0.0, np.ones(problem.rounds))
    error = _measure_errors(drawn, hear_models(problem, path, streams))
    return LearningCurve(error, later * tally.bits, later * 2 * problem.delay, meter_tally(tally))


def hear_models(problem: LearningProblem, models: Floats, streams: Streams) -> Floats:
    """(R + 1, C, 3) what rows hear of common models (R + 1, 3), alike for every way."""
    count = problem.clients
    heard = [
        problem.line.carried(np.broadcast_to(w, (count, len(w))), "told", streams, r)
        for r, w in enumerate(models)
    ]
    return np.array(heard)


def _count_broadcast(problem: LearningProblem) -> MessageCount:
    """One model to all rows."""
    return count_down(problem.clients, 3, problem.line.bits, problem.clients)


def _measure_errors(drawn: LearningRows, models: Floats) -> Floats:
    """(R + 1,) mean error over rows of each row's own models (R + 1, C, 3)."""
    return np.array([drawn.error(w).mean() for w in models])


@final
@dataclass(frozen=True, eq=False)
class LearningComparison:
    """All ways on all seeds.

    paths : way -> one a seed
    """

    problem: LearningProblem
    seeds: tuple[int, ...]
    paths: Mapping[str, Sequence[LearningCurve]]

    def error(self, way: str, rounds: int) -> Summary:
        """Error over seeds after so many rounds."""
        return summarise([measure_error(p.error[rounds]) for p in self.paths[way]], UNIT)

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
        return (*(r for r in steps if r < self.problem.rounds), self.problem.rounds)

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


def measure_error(value: float) -> Measured:
    """An error, or the reason for none."""
    return Measured(float(value)) if np.isfinite(value) else Measured(None, DIVERGED)


def compare_ways(
    problem: LearningProblem,
    seeds: Iterable[int] = range(8),
    *,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> LearningComparison:
    """All ways on all seeds. Raises InputError where there is no seed.

    executor : does a seed at a time; None does all in this process
    progress : called with (done, all, what was finished)
    """
    seeds = tuple(seeds)
    if not seeds:
        raise InputError("federated: give at least one seed")
    found = each(
        train_every_way,
        [(problem, seed) for seed in seeds],
        names=[f"seed {seed}" for seed in seeds],
        executor=executor,
        progress=progress,
    )
    return LearningComparison(problem, seeds, {way: [one[way] for one in found] for way in WAYS})
