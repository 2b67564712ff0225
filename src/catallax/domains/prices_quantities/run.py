"""What is kept of a run, and what its page needs: losses by week, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.prices_quantities.contract import PlantsContract
from catallax.protocol import AbstractRun, Trace, TraceLine, bytes_hash, plain_trace, versions


@final
class PlantsStop(Enum):
    """Why a run ended; the text is advice. Only `COMPLETED` runs have measures."""

    COMPLETED = "all weeks were run"
    BAD_ANNOUNCEMENT = "what the centre announced is not a number a week: mend `announce`"
    BAD_BID = "what plants told the exchange is not a price each a week: mend `bid`"
    BAD_ACT = "what plants answered is not a quantity each a week: mend `act`"


@final
@dataclass(frozen=True)
class MessageFlows:
    """Messages and bits of one kind in a run. A broadcast is sent once and heard by every plant."""

    sends: float
    deliveries: float
    bits_sent: float
    bits_delivered: float


@final
@dataclass(frozen=True)
class PlantsMeter:
    """What was said in a run, by kind of message."""

    kinds: Mapping[str, MessageFlows] = field(default_factory=dict)


@final
@dataclass(frozen=True, eq=False)
class PlantsRun(AbstractRun):
    """One finished run.

    series     : output, marginal_cost (weeks, plants) and marginal_benefit (weeks,); welfare, and
                 on the same draws best, that of full information, and planned, that of the best
                 quota, all (weeks,) in money per plant; heard_NAME (weeks,) for each number that
                 plants heard from the centre or the exchange
    deliveries : messages that reached somebody: the centre's and the exchange's to every plant, and
                 every plant's to the exchange
    traffic    : bits in them
    meter      : the same by kind

    The other fields are as in `AbstractRun`.
    """

    contract: PlantsContract
    mechanism: str
    settings: Mapping[str, Any]
    seed: int
    oracle: bool
    stop: PlantsStop = PlantsStop.COMPLETED
    reason: str = ""
    series: Mapping[str, Floats] = field(default_factory=dict)
    deliveries: int = 0
    traffic: float = 0.0
    meter: PlantsMeter = field(default_factory=PlantsMeter)
    versions: Mapping[str, str] = field(default_factory=versions)
    seconds: float = 0.0

    def __repr__(self) -> str:
        return (
            f"PlantsRun({self.mechanism}, {self.contract.place}, seed {self.seed}, "
            f"{self.contract.weeks} weeks, {self.stop.name.lower()})"
        )

    @property
    def completed(self) -> bool:
        """Whether all weeks were run."""
        return self.stop is PlantsStop.COMPLETED

    @property
    def bits(self) -> str:
        """Fingerprint of every recorded number, valid on one machine."""
        said = f"{self.deliveries} {self.traffic}".encode()
        parts = (p for k in sorted(self.series) for p in (k.encode(), self.series[k].tobytes()))
        return bytes_hash([said, *parts])


LOSS, OUTPUT, WHY = "loss", "output", "why"
LINES = {
    LOSS: TraceLine(
        "What is lost against full information",
        "money a week per plant",
        "Every week is a draw of its own: without a shock no week is like the one before it.",
    ),
    OUTPUT: TraceLine("Output over that of the base year", "units a week, mean of plants"),
}


def trace_run(run: PlantsRun, twin: PlantsRun) -> Trace:
    """The trace of a run.

    lines   : `LOSS`, welfare of full information less that of the run; `OUTPUT`, mean over plants
    vectors : `WHY`, mean loss by cause: output at the wrong plants, and a wrong total
    """
    plain = plain_trace(run, twin)
    if not run.completed:
        return plain
    at = plain.weeks.astype(np.int64)
    lost = run.series["best"] - run.series["welfare"]
    lines = {LOSS: lost[at], OUTPUT: run.series["output"].mean(axis=1)[at]}
    why = np.array([part.mean() for part in split_loss(run)])
    return Trace(
        plain.ending, plain.twin, plain.settings, plain.weeks, lines, {WHY: why},
        traffic=plain.traffic,
    )  # fmt: skip


def split_loss(run: PlantsRun) -> tuple[Floats, Floats]:
    """(weeks,) what is lost because the wrong plants make it, and because the total is wrong.

    Money a week per plant; together they are all that is lost against full information, as benefit
    and costs are quadratic: the variance of marginal costs over plants / (2 C″), and (marginal
    benefit − mean marginal cost)² / (2 (C″ − n B″)).
    """
    curves, cost = run.contract.curves, run.series["marginal_cost"]
    gap = run.series["marginal_benefit"] - cost.mean(axis=1)
    slope = curves.cost_slope - run.contract.plants * curves.benefit_slope
    return cost.var(axis=1) / (2.0 * curves.cost_slope), gap**2 / (2.0 * slope)
