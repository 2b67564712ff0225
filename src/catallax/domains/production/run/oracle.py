"""Oracles: yardsticks that see everything. They live here so that no mechanism can be one."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.domains.production.economy import Economy, State
from catallax.domains.production.network import Act, Technology
from catallax.domains.production.optimum import Optimum, Settled, solve
from catallax.protocol.settings import ASSUMED, check_settings, setting


class Oracle(ABC):
    """Somebody who sees the whole truth and acts within the same physics."""

    @property
    @abstractmethod
    def name(self) -> str:
        """How people call it."""

    @abstractmethod
    def act(
        self, economy: Economy, truth: Technology, state: State, memory: Optimum | None
    ) -> tuple[Act | None, Optimum]:
        """The week's act, None if none was found, and what to remember."""


@final
@dataclass(frozen=True)
class StaticOptimum(Oracle):
    """The optimum of the true facts each week (Arrow & Debreu 1954), in the same physics.

    Ships what is in stock in the proportions of the optimum and uses up what is held. It pays no
    tariff: its optimum is the first best. It ignores
    timing, stocks and the future: a strong yardstick, not a bound.
    """

    tol: float = setting(
        1e-7, "tolerance of the optimum", above=0, source="assumption: far below what decides"
    )
    limit: int = setting(
        5000, "most steps of the solver in a week", unit="steps", low=1, source=ASSUMED
    )

    def __post_init__(self) -> None:
        check_settings(self, "static_optimum:")

    @property
    def name(self) -> str:
        """How people call it."""
        return "static_optimum"

    def act(
        self, economy: Economy, truth: Technology, state: State, memory: Optimum | None
    ) -> tuple[Act | None, Optimum]:
        """Ship today's stocks as the optimum would ship its outputs."""
        best = solve(
            truth.untaxed, economy.income, start=memory, tol=self.tol, limit=self.limit, follow=True
        )
        if best.stop is not Settled.CONVERGED:
            return None, best
        net = economy.network
        wanted = net.orders(best.ship)
        there = np.where(truth.supply > 0, np.minimum(wanted, truth.supply), state.stock)
        scale = there / np.where(wanted > 0, wanted, 1.0)
        return Act(best.ship * scale[net.seller]), best
