"""What differential privacy costs: error of the common model against epsilon."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, final

from catallax.errors import InputError
from catallax.execute import Executor, each
from catallax.labs.federated import FedAvg, Private, train
from catallax.labs.federated.trials.law import MODEL, LearningProblem, draw_rows
from catallax.labs.federated.trials.leak import CLIP, DELTA
from catallax.labs.federated.trials.rivals import UNIT, hear_models, measure_error
from catallax.protocol import Measured, Progress
from catallax.streams import Streams
from catallax.study.statistics import Summary, summarise

NOISES = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)


@final
@dataclass(frozen=True, eq=False)
class PrivacyCosts:
    """Final errors of training with clipped updates and noise in their sum.

    rounds : of training
    errors : noise as a multiple of the clip -> one a seed
    """

    rounds: int
    clients: int
    errors: Mapping[float, Sequence[Measured]]

    def epsilon(self, noise: float) -> float | None:
        """Of one row against whoever sees all models, at DELTA; None is no promise."""
        return Private(CLIP, noise).epsilon(self.rounds, DELTA) if noise > 0 else None

    def error(self, noise: float) -> Summary:
        """Over seeds."""
        return summarise(self.errors[noise], UNIT)

    def to_dict(self) -> list[dict[str, Any]]:
        """As JSON-ready values."""
        return [
            {"noise": n, "epsilon": self.epsilon(n), "error": self.error(n).to_dict()}
            for n in self.errors
        ]


def measure_costs(
    problem: LearningProblem,
    seeds: Iterable[int] = range(8),
    *,
    noises: Sequence[float] = NOISES,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> PrivacyCosts:
    """Train on all seeds at every noise; the centre adds it, with updates clipped to CLIP.

    executor : does one training at a time; None does all in this process
    progress : called with (done, all, what was finished)

    Raises InputError where there is no seed.
    """
    seeds = tuple(seeds)
    if not seeds:
        raise InputError("federated: give at least one seed")
    jobs = [(noise, seed) for noise in noises for seed in seeds]
    came = each(
        _measure_error,
        [(problem, noise, seed) for noise, seed in jobs],
        names=[f"noise {noise:g}, seed {seed}" for noise, seed in jobs],
        executor=executor,
        progress=progress,
    )
    errors: dict[float, list[Measured]] = {noise: [] for noise in noises}
    for (noise, _), error in zip(jobs, came, strict=True):
        errors[noise].append(error)
    return PrivacyCosts(problem.rounds, problem.clients, errors)


def _measure_error(problem: LearningProblem, noise: float, seed: int) -> Measured:
    streams = Streams(seed)
    drawn = draw_rows(problem, streams)
    private = replace(problem.training(FedAvg()), aggregation=Private(CLIP, noise))
    found = train(private, MODEL, drawn.clients, streams)
    if found.rounds < problem.rounds:
        return Measured(None, found.stop.value)
    return measure_error(float(drawn.error(hear_models(problem, found.models, streams)[-1]).mean()))
