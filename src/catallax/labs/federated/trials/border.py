"""Where learning together stops paying: how different rows may be, and how noisy the line.

A row's own data follow its own law, with sampling error; others' are many, of other laws. So there
is a spread of laws above which a row is better off alone, and it shrinks as rows see more. Whoever
pools reports hears them blurred, which biases what is learned unless it is corrected for: noise of
the line is the axis on which pooling might lose to updates.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.errors import InputError, unknown
from catallax.execute import Executor, each
from catallax.labs.federated.trials.law import LearningProblem
from catallax.labs.federated.trials.rivals import UNIT, WAYS, measure_error, train_every_way
from catallax.protocol import Measured, Progress
from catallax.study.statistics import Summary, summarise

WEEKS = (13, 26, 52, 104)
FEDERATED = "fedavg"
AXES = {
    "spread": ("local", (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 1.0, 1.4)),
    "noise": ("pooled", (0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2)),
}
"""What is varied -> federated averaging's rival, and the values."""


@final
@dataclass(frozen=True, eq=False)
class LearningBorder:
    """Final errors over an axis and over weeks seen, and where they cross.

    axis   : "spread" or "noise"
    errors : way -> (W, V, seeds) error at the end of training
    """

    axis: str
    weeks: tuple[int, ...]
    values: tuple[float, ...]
    seeds: tuple[int, ...]
    errors: Mapping[str, Floats]

    @property
    def rival(self) -> str:
        """Whom federated averaging is held against."""
        return AXES[self.axis][0]

    def error(self, way: str, week: int, value: int) -> Summary:
        """Error of `way` at the week and value of these positions."""
        return summarise([measure_error(float(e)) for e in self.errors[way][week, value]], UNIT)

    def gap(self, week: int, value: int) -> Summary:
        """The rival's error less federated averaging's, paired on seeds; above 0 it errs more."""
        gaps = (self.errors[self.rival] - self.errors[FEDERATED])[week, value]
        return summarise([measure_error(float(e)) for e in gaps], UNIT)

    def crossing(self, week: int) -> Summary:
        """Value at which the rival is as good as federated averaging, over seeds.

        week : position among `weeks`
        """
        gaps = (self.errors[self.rival] - self.errors[FEDERATED])[week].T
        found = [find_crossing(self.values, gap, f"{self.rival} learning") for gap in gaps]
        return summarise(found, self.axis)

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values."""
        at = list(enumerate(self.weeks))
        values = range(len(self.values))
        return {
            "rival": self.rival,
            "values": list(self.values),
            "crossing": {str(w): self.crossing(k).to_dict() for k, w in at},
            "gap": {str(w): [self.gap(k, j).to_dict() for j in values] for k, w in at},
            "error": {
                way: {str(w): [self.error(way, k, j).to_dict() for j in values] for k, w in at}
                for way in self.errors
            },
        }


def find_crossing(values: Sequence[float], gap: Floats, rival: str) -> Measured:
    """Where `gap` (V,), the rival's error less federated averaging's, changes its sign for good.

    Log-linear between neighbouring values; None where it changes at none.
    """
    if not np.all(np.isfinite(gap)):
        return Measured(None, "a model grew beyond all bounds")
    changes = np.flatnonzero(np.sign(gap[1:]) != np.sign(gap[:-1]))
    if not changes.size:
        side = "more" if gap[-1] > 0 else "less"
        low, high = values[0], values[-1]
        return Measured(None, f"{rival} errs {side} than federated from {low:g} to {high:g}")
    k = int(changes[-1])
    part = gap[k] / (gap[k] - gap[k + 1])
    low, high = np.log(values[k]), np.log(values[k + 1])
    return Measured(float(np.exp(low + part * (high - low))))


def map_border(
    problem: LearningProblem,
    axis: str = "spread",
    seeds: Iterable[int] = range(8),
    *,
    weeks: Sequence[int] = WEEKS,
    values: Sequence[float] | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> LearningBorder:
    """All ways over weeks seen and an axis, with `problem` for the rest.

    weeks, values : ascending; values above 0, None for the axis's own
    executor      : does one training of all ways at a time; None does all in this process
    progress      : called with (done, all, what was finished)

    Raises InputError for an unknown axis and where there is nothing to compare.
    """
    if axis not in AXES:
        raise unknown("axis", axis, AXES)
    seeds, values = tuple(seeds), tuple(AXES[axis][1] if values is None else values)
    if not seeds or not weeks or len(values) < 2 or min(values) <= 0:
        raise InputError("federated: give a seed, weeks, and at least two values above 0")
    places = list(np.ndindex(len(weeks), len(values), len(seeds)))
    found = each(
        _find_final_errors,
        [
            (_place_at(replace(problem, weeks=weeks[w]), axis, values[v]), seeds[k])
            for w, v, k in places
        ],
        names=[f"{weeks[w]} weeks, {axis} {values[v]:g}" for w, v, _ in places],
        executor=executor,
        progress=progress,
    )
    shape = (len(weeks), len(values), len(seeds))
    errors = {way: np.array([one[way] for one in found]).reshape(shape) for way in WAYS}
    return LearningBorder(axis, tuple(weeks), values, seeds, errors)


def _find_final_errors(problem: LearningProblem, seed: int) -> dict[str, float]:
    """The error of every way at the end of training."""
    return {way: float(path.error[-1]) for way, path in train_every_way(problem, seed).items()}


def _place_at(problem: LearningProblem, axis: str, value: float) -> LearningProblem:
    if axis == "spread":
        return replace(problem, spread=value)
    return replace(problem, line=replace(problem.line, noise=value))
