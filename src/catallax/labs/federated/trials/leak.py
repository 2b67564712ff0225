"""What a listener reconstructs of a row's orders: from reports, and from updates of each kind.

Rows learn as they go: each round from their newest weeks. The listener hears all that travels, the
common model and every answer, knows the problem, and believes of orders and prices what the public
law says; see `labs.federated.attack`. It is asked for the orders of every week.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.errors import InputError
from catallax.execute import Executor, each
from catallax.labs.federated import (
    Aggregation,
    FedAvg,
    Local,
    NoiseSource,
    Plain,
    Private,
    SecureSum,
    Tally,
    Training,
    advance,
    train,
)
from catallax.labs.federated.attack import describe_series, reconstruct
from catallax.labs.federated.line import count_up
from catallax.labs.federated.masks import decode
from catallax.labs.federated.trials.law import (
    MODEL,
    ORDERS,
    LearningProblem,
    LearningRows,
    draw_rows,
    make_clients,
)
from catallax.protocol import Measured, Progress
from catallax.streams import Streams
from catallax.study.statistics import Summary, summarise

WATCHED = 4  # rows: a secure sum works out every pair's secret, twice
WEEKS = 26
DELTA = 1e-5
CLIP = 0.5  # of an update: about that of a week at the start
NOISE = 1.0  # of the clip, on each update
STARTS = 2  # places beside the public values from which a listener's search begins


@final
@dataclass(frozen=True)
class MessageKind:
    """One kind of thing that a listener may hear.

    name        : how it is called
    weeks       : of each report or round's data
    steps       : of each round
    aggregation : how updates travel; None for plain reports
    """

    name: str
    weeks: int
    steps: int = 1
    aggregation: Aggregation | None = None


OWN_NOISE = Private(CLIP, NOISE, NoiseSource.CLIENT)
KINDS = (
    MessageKind("reports", 1),
    MessageKind("updates from 1 week", 1, 1, Plain()),
    MessageKind("updates from 1 week, 5 steps", 1, 5, Plain()),
    MessageKind("updates from 2 weeks", 2, 1, Plain()),
    MessageKind("updates from 13 weeks", 13, 1, Plain()),
    MessageKind("clipped, noised, from 1 week", 1, 1, OWN_NOISE),
    MessageKind("clipped, noised, from 13 weeks", 13, 1, OWN_NOISE),
    MessageKind("masked, from 1 week", 1, 1, SecureSum()),
)


@final
@dataclass(frozen=True, eq=False)
class Reconstruction:
    """How near a listener came over all rows and weeks.

    r2          : share of the variance of orders about their public value that its best guess
                  explains, 1 all of it, 0 as little as the public value alone, below 0 less
    correlation : with the truth, of what it reads when it takes all it hears at face value
    """

    r2: Measured
    correlation: Measured


@final
@dataclass(frozen=True, eq=False)
class Leakage:
    """All kinds on all seeds.

    found   : name of a kind -> one a seed
    epsilon : name -> epsilon at DELTA of one row against whoever hears its updates; 0 tells
              nothing, None is no promise
    bits    : name -> delivered a row and week, the model's included
    """

    seeds: tuple[int, ...]
    found: Mapping[str, Sequence[Reconstruction]]
    epsilon: Mapping[str, float | None]
    bits: Mapping[str, float]

    def r2(self, name: str) -> Summary:
        """Over seeds."""
        return summarise([t.r2 for t in self.found[name]], "share of variance")

    def correlation(self, name: str) -> Summary:
        """Over seeds."""
        return summarise([t.correlation for t in self.found[name]], "correlation")

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values."""
        return {
            name: {
                "r2": self.r2(name).to_dict(),
                "correlation": self.correlation(name).to_dict(),
                "epsilon": self.epsilon[name],
                "bits": self.bits[name],
            }
            for name in self.found
        }


def measure_leaks(
    problem: LearningProblem,
    seeds: Iterable[int] = range(8),
    *,
    kinds: Sequence[MessageKind] = KINDS,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Leakage:
    """What a listener tells of `WATCHED` rows over `WEEKS` weeks, by kind of message.

    executor : does one kind on one seed at a time; None does all in this process
    progress : called with (done, all, what was finished)

    Raises InputError where there is no seed.
    """
    seeds = tuple(seeds)
    if not seeds:
        raise InputError("federated: give at least one seed")
    few = replace(problem, clients=WATCHED, weeks=WEEKS)
    jobs = [(kind, seed) for seed in seeds for kind in kinds]
    came = each(
        reconstruct_orders,
        [(few, kind, seed) for kind, seed in jobs],
        names=[f"{kind.name}, seed {seed}" for kind, seed in jobs],
        executor=executor,
        progress=progress,
    )
    found: dict[str, list[Reconstruction]] = {kind.name: [] for kind in kinds}
    for (kind, _), one in zip(jobs, came, strict=True):
        found[kind.name].append(one)
    promised = {kind.name: _find_epsilon(kind) for kind in kinds}
    return Leakage(seeds, found, promised, {kind.name: _count_bits(few, kind) for kind in kinds})


def reconstruct_orders(problem: LearningProblem, kind: MessageKind, seed: int) -> Reconstruction:
    """What a listener to one kind of message makes of the orders of one seed's rows."""
    streams = Streams(seed)
    drawn = draw_rows(problem, streams)
    if kind.aggregation is None:
        said = drawn.reported(problem.line, streams)[0][:, 1:]
        # The best guess of a normal variable behind a noisy report.
        guess = said / (1.0 + (problem.line.noise / ORDERS) ** 2)
        return judge_reconstruction(drawn.orders[:, 1:], guess, said)
    truth: list[Floats] = []
    best: list[Floats] = []
    face: list[Floats] = []
    for orders, gradient, sd, w in _overhear(problem, drawn, kind, streams):
        unknown = describe_series(kind.weeks)
        places = streams.normal("federated/starts", STARTS * (2 * kind.weeks + 1))
        # The gradient of one week says outright from where to look.
        starts = places.reshape(STARTS, -1) if kind.weeks > 1 else places[:0]
        at = slice(1, 1 + kind.weeks)
        truth.append(orders)
        best.append(reconstruct(unknown, gradient, sd, w, starts)[at])
        face.append(reconstruct(unknown, gradient, 0.0, w, starts)[at])
    return judge_reconstruction(*(np.concatenate(x) for x in (truth, best, face)))


def _overhear(
    problem: LearningProblem, drawn: LearningRows, kind: MessageKind, streams: Streams
) -> Iterator[tuple[Floats, Floats, Floats, Floats]]:
    """Of each round and row: orders, the gradient as heard, its s.d. of error, and the model."""
    training = _make_training(problem, kind)
    reach, w = training.local.rate * training.local.steps, np.zeros(3)
    for t, first in enumerate(range(0, WEEKS - kind.weeks + 1, kind.weeks)):
        last = first + kind.weeks
        newest = make_clients(drawn.orders[:, first : last + 1], drawn.prices[:, first:last])
        done = advance(training, MODEL, newest, w, streams, t)
        change, error = _read(training.aggregation, done.heard, kind.weeks)
        for c in np.flatnonzero(~np.isnan(change[:, 0])):
            line = problem.line
            sd = np.hypot(line.noise * np.abs(change[c]), error)
            yield drawn.orders[c, first + 1 : last + 1], -change[c] / reach, sd / reach, w
        w = done.model


def _make_training(problem: LearningProblem, kind: MessageKind) -> Training:
    """Federated averaging of which one kind of update is heard; everybody takes part."""
    local = Local(problem.local.rate, kind.steps)
    return Training(
        FedAvg(), local=local, line=problem.line, aggregation=kind.aggregation or Plain()
    )


def _read(aggregation: Aggregation, heard: Any, weeks: int) -> tuple[Floats, float]:
    """(C, 3) changes as a listener reads what it hears, and the s.d. of what hides them."""
    if isinstance(aggregation, SecureSum):
        # A masked number is any number of the code: all are as likely.
        width = 2.0 ** (aggregation.bits - aggregation.fraction)
        plain = decode(heard[:, :-1], aggregation.fraction, aggregation.bits)
        return plain / weeks, width / np.sqrt(12.0) / weeks
    if isinstance(aggregation, Private):
        return np.asarray(heard), aggregation.noise * aggregation.clip
    return np.asarray(heard), 0.0


def judge_reconstruction(truth: Floats, best: Floats, face: Floats) -> Reconstruction:
    """Both measures of orders, any shape, public value 0."""
    left = float(((best - truth) ** 2).sum() / (truth**2).sum())
    if np.ptp(face) == 0:
        return Reconstruction(
            Measured(1.0 - left), Measured(None, "nothing varies in what was heard")
        )
    seen = float(np.corrcoef(face.ravel(), truth.ravel())[0, 1])
    return Reconstruction(Measured(1.0 - left), Measured(seen))


def _count_bits(problem: LearningProblem, kind: MessageKind) -> float:
    """Bits delivered a row and week; every round has the same."""
    if kind.aggregation is None:
        tally = Tally().add(
            "data", count_up(problem.clients, 2, problem.line.bits, problem.clients)
        )
        return tally.bits / problem.clients
    drawn = draw_rows(replace(problem, weeks=max(4, kind.weeks)), Streams(0)).clients
    training = replace(_make_training(problem, kind), rounds=1)
    done = train(training, MODEL, drawn, Streams(0))
    return done.tallies[-1].bits / problem.clients / kind.weeks


def _find_epsilon(kind: MessageKind) -> float | None:
    """What all rounds give away of one row's weeks, at DELTA."""
    if isinstance(kind.aggregation, Private):
        return kind.aggregation.epsilon(WEEKS // kind.weeks, DELTA)
    return None
