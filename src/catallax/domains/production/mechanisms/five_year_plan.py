"""Planning of the old school: a survey, fixed norms, balances, and orders for the year."""

from dataclasses import dataclass, replace
from typing import Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.mechanisms.base import Centre, Mechanism
from catallax.domains.production.mechanisms.planner import (
    DELEGATION_MEANING,
    DELEGATIONS,
    DirectedAgents,
    write_directives,
)
from catallax.domains.production.network import HOUSEHOLD, Inbox, Public, Table
from catallax.domains.production.optimum import Settled, solve
from catallax.protocol.makers import settings_from
from catallax.protocol.settings import RECORDED, check_settings, setting
from catallax.protocol.tuned import TunedChoice, TunedSpan

WEEKS = 52


@final
@dataclass(frozen=True, eq=False)
class Survey:
    """What the centre remembers: the public table, its season, flows and valuations."""

    public: Public
    phase: int
    supply: Floats
    price: Floats


@final
@dataclass(frozen=True)
class FiveYearPlan(Centre[Survey]):
    """Annual operating plans by material balances (Montias 1959).

    Hears the flows of endowments, smooths them, and once a year works out the flat weekly
    directives that balance under fixed norms: base-year recipes and supplier shares from which
    no plant may depart (sigma = eps = 0). The mix of final uses follows the public tastes; a
    plan that scaled all final demand alike would halve the economy when one endowment halves.
    Knows no private fact. A plan costs one solve of the optimum under that belief.

    With own_mix and retail plants are given quotas instead of deliveries and reckon at base-year
    prices: wholesale prices stood for years, and the shadow prices of fixed norms are no guide to
    a mix. The *rigid* variant revises its plan every 260 weeks.
    """

    smoothing: float = setting(
        0.0406,
        "weight of the newest reports in the believed flow of an endowment, per week",
        above=0,
        high=1,
        source=RECORDED,
        tuned=TunedSpan(
            0.01,
            1.0,
            scale="log",
            start=0.1,
            why="believes two years' mean of reports, or the last one",
        ),
    )
    period: int = setting(
        WEEKS,
        "time between plans; the week in it is drawn by seed",
        unit="weeks",
        low=1,
        source="Montias 1959: annual operating plans",
    )
    delegation: str = setting(
        "retail",
        DELEGATION_MEANING,
        choices=DELEGATIONS,
        source=RECORDED,
        tuned=TunedChoice(DELEGATIONS, start="in_kind", why="all of them"),
    )
    taut: float = setting(
        0.181,
        "share by which orders exceed the plan",
        low=0,
        high=1,
        source="record of tuning (its form: Hunter 1961)",
        tuned=TunedSpan(
            0.0,
            0.3,
            start=0.0,
            why="no more than is planned, or so much that a third is refused",
        ),
    )

    def __post_init__(self) -> None:
        check_settings(self, "five_year_plan:")

    def start(self, public: Public, rng: np.random.Generator) -> Survey:
        """Believe the base year and draw the season of the plan."""
        phase = int(rng.integers(self.period))
        return Survey(public, phase, public.base.supply, np.ones(public.network.n))

    def decide(self, heard: Inbox, t: int, memory: Survey) -> tuple[Table | None, Survey]:
        """Take in this tick's reports; in the plan's week, send directives for the year."""
        rounds = memory.public.rounds
        memory = replace(memory, supply=self._smooth_flows(heard, memory, rounds))
        if t % rounds or (t // rounds) % self.period != memory.phase:
            return None, memory
        return self._plan(memory)

    def _smooth_flows(self, heard: Inbox, memory: Survey, rounds: int) -> Floats:
        """Believed flows, smoothed in logs; what was never reported stays at the base year."""
        ends = memory.public.network.endowments
        said, age = heard.value.row["supply"][ends], heard.age.row["supply"][ends]
        weight = np.where(np.isfinite(age) & (said > 0), self.smoothing / rounds, 0.0)
        supply = memory.supply.copy()
        supply[ends] *= (np.where(said > 0, said, supply[ends]) / supply[ends]) ** weight
        return supply

    def _plan(self, memory: Survey) -> tuple[Table | None, Survey]:
        """Weekly directives that balance under fixed norms; none where no balance is found."""
        base, net = memory.public.base, memory.public.network
        sigma = np.where(net.kind == HOUSEHOLD, base.sigma, 0.0)
        belief = replace(base, sigma=sigma, eps=np.zeros(net.n), supply=memory.supply)
        best = solve(belief, memory.public.income, start=memory.price)
        if best.stop is not Settled.CONVERGED:
            return None, memory
        said = write_directives(best, np.ones(net.m), self.delegation, np.ones(net.n), self.taut)
        if self.delegation == "in_kind":
            said = said | Table(link={"use": best.arrive})
        return said, replace(memory, price=best.price)


@settings_from(FiveYearPlan, cover=DirectedAgents)
def five_year_plan(*, cover: float = 0.28, **settings: Any) -> Mechanism:
    """The plan with annual operating plans; `settings` are those of `FiveYearPlan`.

    Rows say no more than the flows of endowments, follow each directive to the letter and under
    in_kind use no more than it says.
    """
    centre = FiveYearPlan(**settings)
    rows = DirectedAgents(centre.delegation, candid=False, strict=True, cover=cover)
    return Mechanism("five_year_plan", rows, centre)
