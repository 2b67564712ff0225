"""The planner with AI: all that can be said or seen is heard, forecast, optimised and directed."""

from dataclasses import dataclass, replace
from typing import Any, final

import numpy as np

from catallax.errors import InputError
from catallax.learning import Forecaster, forecaster
from catallax.mechanisms.audit import Audits
from catallax.mechanisms.base import Centre, Mechanism
from catallax.mechanisms.belief import Belief, Reading, believed, listen
from catallax.mechanisms.planned import Planned, check_delegation, directives
from catallax.network import Floats, Inbox, Public, Table
from catallax.optimum import Optimum, Settled, solve

PASSING = 0.2  # share of the prices told that gives way to the newest in a week


@final
@dataclass(frozen=True, eq=False)
class Office:
    """What the centre remembers.

    belief : of all facts
    key    : seeds the lot of its audits
    paid   : (m,) prices that it told buyers, averaged over the weeks in which they may still be
             obeyed
    best   : its last plan
    """

    belief: Belief
    key: int
    paid: Floats
    best: Optimum | None = None


@final
@dataclass(frozen=True)
class AIPlanner(Centre[Office]):
    """Optimal planning on forecasts, week after week ("AI socialism").

    Hears from plants their productivity, output, inputs used and stocks, from final users their
    tastes, from owners their flows, and once a quarter elasticities. Follows each in logs,
    infers productivity from inputs and outputs (and tastes from what is asked for where there
    are shops), forecasts to the week in which its directives arrive, solves the optimum of what
    it believes and directs deliveries in its proportions. It knows no private fact that was
    neither told nor seen, and sees no stock younger than the line allows. A week costs some
    five evaluations of the optimum's fixed point, each O(links).

    delegation : in_kind, own_mix or retail; see `Planned`
    forecast   : last, ewma or holt_winters
    interval   : weeks between plans, >= 1
    taut       : by how much orders exceed the plan, 0 to 1: taut plans leave nothing idle
                 (Hunter 1961), and nature rations pro rata
    audit      : probability that a plant is audited in a week, 0 to 1; an audit costs a message
                 and makes the plant's next report truthful. Claims are then discounted by what
                 audits found
    tol        : of the optimum

    Raises InputError for a setting out of range.
    """

    delegation: str = "retail"
    forecast: str = "structural"
    interval: int = 1
    taut: float = 0.0327
    audit: float = 0.0
    tol: float = 1e-7
    deeds: bool = True
    accounts: bool = True
    aim: bool = True
    weight: float = 0.123

    def __post_init__(self) -> None:
        check_delegation(self.delegation)
        forecaster(self.forecast)
        if self.interval < 1 or self.interval != int(self.interval):
            raise InputError(
                f"ai_planner: interval is {self.interval}, expected a whole number of weeks >= 1"
            )
        if not self.tol > 0:
            raise InputError(f"ai_planner: tol is {self.tol}, expected a number above 0")
        for name in ("taut", "audit"):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise InputError(f"ai_planner: {name} is {value}, expected a number from 0 to 1")

    @property
    def rule(self) -> Forecaster[Any]:
        """How series are followed."""
        return forecaster(self.forecast)

    def start(self, public: Public, rng: np.random.Generator) -> Office:
        """Believe what is public."""
        key = int(rng.integers(2**62))
        return Office(Belief.start(public, self.rule), key, np.ones(public.network.m))

    def decide(self, heard: Inbox, t: int, memory: Office) -> tuple[Table | None, Office]:
        """Take in the reports; once a week order audits, every `interval` weeks plan."""
        public = memory.belief.public
        week, later = divmod(t, public.rounds)
        belief = listen(memory.belief, heard, self.reading, t, memory.paid)
        memory = replace(memory, belief=belief)
        if later:
            return None, memory
        orders = Audits.order(public.network, self.audit, [memory.key, week])
        if week % self.interval:
            return orders, memory
        told, memory = self._plan(memory, heard)
        return _together(told, orders), memory

    def _plan(self, memory: Office, heard: Inbox) -> tuple[Table | None, Office]:
        """Directives and the plan behind them; no word where no optimum of the belief is found."""
        public = memory.belief.public
        known = believed(memory.belief, self.rule, self.lead(public), self.lag)
        best = solve(known, public.income, start=memory.best, tol=self.tol, follow=True)
        if best.stop is not Settled.CONVERGED:
            return None, memory
        told = directives(best, self.delegation, _scale(best, heard), self.taut)
        price = best.price[public.network.seller]
        paid = memory.paid + PASSING * (price - memory.paid)
        return told, replace(memory, best=best, paid=paid)

    def lead(self, public: Public) -> float:
        """Weeks from now to the middle of the plan's life."""
        return public.delay + (self.interval - 1) / 2

    @property
    def lag(self) -> float:
        """Weeks by which rows that average what they are told lag behind it."""
        return (1.0 - self.weight) / self.weight if self.aim else 0.0

    @property
    def reading(self) -> Reading:
        """How it reads what it hears."""
        mixes = self.deeds and self.delegation != "in_kind"
        return Reading(self.rule, self.delegation == "retail", mixes, self.accounts)


def _together(told: Table | None, orders: Table | None) -> Table | None:
    return told if orders is None else orders if told is None else told | orders


def _scale(best: Optimum, heard: Inbox) -> Floats:
    """(n,) what sellers were last heard to hold over what they are to ship; at least 1."""
    stock, age = heard.value.row["stock"], heard.age.row["stock"]
    ship = best.technology.network.orders(best.ship)
    told = np.isfinite(age) & (ship > 0)
    return np.where(told, np.maximum(stock / np.where(told, ship, 1.0), 1.0), 1.0)


def ai_planner(*, cover: float = 0.0866, **settings: Any) -> Mechanism:
    """The planner with AI.

    cover : of its rows, see `Planned`; other settings are those of `AIPlanner`
    """
    centre = AIPlanner(**settings)
    rows = Planned(centre.delegation, weight=centre.weight, cover=cover, receipts=centre.accounts)
    return Mechanism("ai_planner", rows, centre)
