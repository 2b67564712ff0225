"""Planning of the old school: a survey, fixed norms, balances, and orders for the year."""

from dataclasses import dataclass, replace
from typing import final

import numpy as np

from catallax.errors import InputError
from catallax.mechanisms.base import Agents, Centre, Mechanism
from catallax.network import (
    ENDOWMENT,
    HOUSEHOLD,
    Act,
    Floats,
    Inbox,
    Public,
    Table,
    View,
)
from catallax.optimum import solve

WEEKS = 52


@final
@dataclass(frozen=True)
class Obedient(Agents):
    """Rows that say what nature gives them and do as they are told (`in_kind` delegation).

    Owners of endowments report their flow. Plants ask for and use what the last directive says,
    as far as they hold it, and never re-order; households use what they are given. Until a
    directive comes, the base-year table is the plan.
    """

    def start(self, view: View) -> tuple[Table, Table]:
        """Nothing to remember."""
        return Table(), Table()

    def report(self, view: View, said: Table) -> tuple[Table, Table]:
        """The flow of an endowment; other rows say nothing."""
        flow = view.facts.row["supply"]
        return Table({"supply": np.where(view.rows.kind == ENDOWMENT, flow, np.nan)}), said

    def act(self, view: View, done: Table) -> tuple[Act, Table]:
        """Ask and use as directed, within what is held."""
        told, held = view.inbox.value.link, view.seen.link["held"]
        home = view.rows.linked(HOUSEHOLD)
        return Act(told["ask"], np.where(home, held, np.minimum(told["use"], held))), done


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
    period    : weeks between plans, >= 1; the week of the year is drawn by seed
    """

    smoothing: float = 0.1
    period: int = WEEKS

    def __post_init__(self) -> None:
        if not 0 < self.smoothing <= 1:
            raise InputError(
                f"five_year_plan: smoothing is {self.smoothing}, expected above 0, 1 at most"
            )
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

    def _plan(self, memory: Survey) -> tuple[Table, Survey]:
        """Weekly asks and uses on every link that balance under fixed norms."""
        base, net = memory.public.base, memory.public.network
        sigma = np.where(net.kind == HOUSEHOLD, base.sigma, 0.0)
        belief = replace(base, sigma=sigma, eps=np.zeros(net.n), supply=memory.supply)
        best = solve(belief, memory.public.income, start=memory.price)
        return Table(link={"ask": best.ship, "use": best.arrive}), replace(memory, price=best.price)


def five_year_plan(**settings: float) -> Mechanism:
    """The plan with annual operating plans, delivered in kind."""
    return Mechanism("five_year_plan", Obedient(), FiveYearPlan(**settings))  # type: ignore[arg-type]
