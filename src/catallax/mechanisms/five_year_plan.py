"""Planning of the old school: a survey, fixed norms, balances, and orders for the year."""

from dataclasses import dataclass, replace
from typing import Any, final

import numpy as np

from catallax.errors import InputError
from catallax.mechanisms.base import Centre, Mechanism
from catallax.mechanisms.planned import Planned, check_delegation, directives
from catallax.network import HOUSEHOLD, Floats, Inbox, Public, Table
from catallax.optimum import Settled, solve

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

    smoothing : weight a week of the newest reports in the believed flow, in (0, 1]
    period    : weeks between plans, >= 1; the week in it is drawn by seed. The *rigid* variant
                revises every 260 weeks
    delegation : in_kind, own_mix or retail; see `Planned`. With the last two plants are given
                quotas instead of deliveries and reckon at base-year prices: wholesale prices
                stood for years, and the shadow prices of fixed norms are no guide to a mix
    taut      : by how much orders exceed the plan, 0 to 1 (Hunter 1961)
    """

    smoothing: float = 0.0406
    period: int = WEEKS
    delegation: str = "retail"
    taut: float = 0.181

    def __post_init__(self) -> None:
        check_delegation(self.delegation)
        if not 0 < self.smoothing <= 1:
            raise InputError(
                f"five_year_plan: smoothing is {self.smoothing}, expected above 0, 1 at most"
            )
        if not 0 <= self.taut <= 1:
            raise InputError(f"five_year_plan: taut is {self.taut}, expected a number from 0 to 1")
        if self.period < 1 or self.period != int(self.period):
            raise InputError(
                f"five_year_plan: period is {self.period}, expected a whole number of weeks >= 1"
            )

    def start(self, public: Public, rng: np.random.Generator) -> Survey:
        """Believe the base year and draw the season of the plan."""
        phase = int(rng.integers(self.period))
        return Survey(public, phase, public.base.supply, np.ones(public.network.n))

    def decide(self, heard: Inbox, t: int, memory: Survey) -> tuple[Table | None, Survey]:
        """Take in this tick's reports; in the plan's week, send directives for the year."""
        rounds = memory.public.rounds
        memory = replace(memory, supply=self._survey(heard, memory, rounds))
        if t % rounds or (t // rounds) % self.period != memory.phase:
            return None, memory
        return self._plan(memory)

    def _survey(self, heard: Inbox, memory: Survey, rounds: int) -> Floats:
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
        told = directives(best, np.ones(net.m), self.delegation, np.ones(net.n), self.taut)
        if self.delegation == "in_kind":
            told = told | Table(link={"use": best.arrive})
        return told, replace(memory, price=best.price)


def five_year_plan(*, cover: float = 0.28, **settings: Any) -> Mechanism:
    """The plan with annual operating plans.

    cover : of its rows, see `Planned`; other settings are those of `FiveYearPlan`

    Rows say no more than the flows of endowments, follow each directive to the letter and under
    in_kind use no more than it says.
    """
    centre = FiveYearPlan(**settings)
    rows = Planned(centre.delegation, candid=False, strict=True, cover=cover)
    return Mechanism("five_year_plan", rows, centre)
