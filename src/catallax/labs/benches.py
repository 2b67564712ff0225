"""What is tried without an institution: training, one price found twice, skill of forecasts."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np

from catallax.domains.production.experiments.learned import taste_skill
from catallax.domains.production.run import Contract
from catallax.labs.federated.trials import (
    LearningCurve,
    LearningProblem,
    PriceDiscovery,
    discover_price,
    draw_regions,
    train_every_way,
)
from catallax.protocol import AbstractContract, Measured, Value

NEAR = 1.1  # times the error at which pooling ends
AHEAD = 4  # weeks that forecasts look ahead
WEEKS = 600  # of the market that looks for one price


def training_time(
    point: Mapping[str, Value], contract: AbstractContract | None, seed: int
) -> Measured:
    """Weeks until as good as pooling is in the end, pooled over federated, less 1."""
    return _compare_spending(point, seed, "weeks")


def training_bits(
    point: Mapping[str, Value], contract: AbstractContract | None, seed: int
) -> Measured:
    """Bits until then, pooled over federated, less 1."""
    return _compare_spending(point, seed, "bits")


def _compare_spending(point: Mapping[str, Value], seed: int, what: str) -> Measured:
    """How much sooner federated averaging is there; in its favour where it never is.

    What it had spent at the end is then less than what it would take.
    """
    found = _train(tuple(sorted(point.items())), seed)
    pooled, shared = found["pooled"], found["fedavg"]
    target = NEAR * pooled.error[-1]
    if not np.isfinite(target):
        return Measured(None, "pooled learning grew beyond all bounds")
    spent = [getattr(p, what)[_find_first(p, target)] for p in (pooled, shared)]
    if spent[1] <= 0:
        return Measured(None, f"no {what} are spent: messages take no time")
    return Measured(float(spent[0] / spent[1] - 1.0))


def _find_first(path: LearningCurve, target: float) -> int:
    """First round at which the error is at most `target`; the last one if there is none."""
    there = np.flatnonzero(path.error <= target)
    return int(there[0]) if there.size else len(path.error) - 1


@lru_cache(maxsize=64)
def _train(point: tuple[tuple[str, Value], ...], seed: int) -> Mapping[str, LearningCurve]:
    return train_every_way(replace(LearningProblem(), **dict(point)), seed)  # type: ignore[arg-type]


def price_gap(point: Mapping[str, Value], contract: AbstractContract | None, seed: int) -> Measured:
    """Log price at which the market ends less that at which exchanged gradients end."""
    found = _discover(tuple(sorted(point.items())), seed)
    return Measured(float(found.posted[-1] - found.exchanged[-1]))


def price_bits(
    point: Mapping[str, Value], contract: AbstractContract | None, seed: int
) -> Measured:
    """Bits until the price is found, exchange over market, less 1."""
    found = _discover(tuple(sorted(point.items())), seed)
    exchange, market = (found.rounds(path) for path in (found.exchanged, found.posted))
    if exchange is None or not market:
        return Measured(None, "the price was not found, or was right from the start")
    return Measured(exchange / market - 1.0)


@lru_cache(maxsize=64)
def _discover(point: tuple[tuple[str, Value], ...], seed: int) -> PriceDiscovery:
    at = dict(point)
    drawn = draw_regions(int(at["regions"]), seed)
    # Gains that settle with quotes one and four weeks old, and soon: where it ends is the question.
    return discover_price(
        drawn, weeks=WEEKS, delay=float(at["delay"]),
        kappa=0.02, theta=0.1, speed=0.05, a=0.2, smoothing=0.5, beta=0.05,
    )  # fmt: skip


def skill(point: Mapping[str, Value], contract: AbstractContract | None, seed: int) -> Measured:
    """Share of the change of tastes that the planner's rule foretells from reports."""
    if not isinstance(contract, Contract):
        return Measured(None, "skill: there is no contract of an economy")
    return Measured(taste_skill(contract, seed, "structural", AHEAD))
