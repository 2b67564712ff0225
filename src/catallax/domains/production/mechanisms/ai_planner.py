"""The planner with AI: all that can be said or seen is heard, forecast, optimised and directed."""

from dataclasses import dataclass, replace
from typing import Any, final

import numpy as np

from catallax.domains.production.mechanisms.base import Centre, Mechanism
from catallax.domains.production.mechanisms.planner import (
    DELEGATION_MEANING,
    DELEGATIONS,
    DirectedAgents,
    Estimator,
    PlannerState,
    PlanningRule,
    join_directives,
    order_audits,
    revise_plan,
    scale_to_stocks,
    write_directives,
)
from catallax.domains.production.network import Inbox, Public, Table
from catallax.errors import InputError
from catallax.learning import FORECASTERS, forecaster
from catallax.protocol.hash_names import accept_hash_names
from catallax.protocol.makers import settings_from
from catallax.protocol.settings import ASSUMED, OFF, RECORDED, check_settings, setting
from catallax.protocol.tuned import TunedChoice, TunedSpan


@final
@accept_hash_names
@dataclass(frozen=True)
class AIPlanner(Centre[PlannerState]):
    """Optimal planning on forecasts, week after week ("AI socialism").

    Hears from plants their productivity, output, inputs used and stocks, from final users their
    tastes, from owners their flows, and once a quarter elasticities and receipts. Follows each
    in logs, infers from what is done what words leave out (productivity from inputs and outputs;
    where plants choose their mix, elasticities from its answer to prices; where there are shops,
    tastes from what is asked for), holds what plants say against what others say of them,
    forecasts to the weeks in which its directives are obeyed, solves the optimum of what it
    believes and directs deliveries in its proportions. It knows no private fact that was neither
    told nor seen, and sees no stock younger than the line allows. A week costs some five
    evaluations of the optimum's fixed point, each O(links).

    Raises InputError for a setting out of range.
    """

    delegation: str = setting(
        "retail",
        DELEGATION_MEANING,
        choices=DELEGATIONS,
        source=RECORDED,
        tuned=TunedChoice(DELEGATIONS, start="retail", why="all of them"),
    )
    forecast: str = setting(
        "structural",
        "rule by which series are followed",
        choices=FORECASTERS,
        source="Harvey 1989; not tuned: the bank weighs its models by itself",
    )
    interval: int = setting(
        1, "time between plans", unit="weeks", low=1, source="assumption: as often as markets meet"
    )
    taut: float = setting(
        0.0343,
        "share by which orders exceed the plan: taut plans leave nothing idle, and nature rations "
        "pro rata",
        low=0,
        high=1,
        source="record of tuning (its form: Hunter 1961)",
        tuned=TunedSpan(
            0.0,
            0.3,
            scale="root",
            start=0.03,
            why="no more than is planned, or so much that a third is refused",
        ),
    )
    audit: float = setting(
        0.0,
        "probability that a plant is audited in a week; an audit costs a message and makes the "
        "plant's next report truthful, and claims are then discounted by what audits found",
        low=0,
        high=1,
        source=OFF,
    )
    weight: float = setting(
        0.2,
        "weight of the newest directive in what rows obey where the line is noisy; there they lag "
        "(1 - weight) / weight weeks behind what they are told",
        low=0.001,
        high=1,
        source="assumption, near the best of a record under noisy lines; nothing under exact ones",
    )
    lag_compensation: bool = setting(
        True, "whether it looks ahead by that lag too", source=ASSUMED, hash_name="aim"
    )
    infer_elasticities: bool = setting(
        True, "whether elasticities are inferred from mixes", source=ASSUMED, hash_name="deeds"
    )
    accounts: bool = setting(
        True,
        "whether reports are held against each other, so that what all plants pad or hide alike "
        "is found without audits; final users then report receipts",
        source="Stone, Champernowne & Meade 1942",
    )
    probe: float = setting(
        0.0,
        "s.d. of logs by which accounting prices told to plants are put off by lot, anew every "
        "quarter, to learn elasticities faster; needs plants that choose their mix",
        unit="logs",
        low=0,
        high=1,
        source="off unless asked for (its form: Box & Draper 1969)",
    )
    horizon: int = setting(
        104,
        "time within which stocks are laid up before announced shortages; 0: none are",
        unit="weeks",
        low=0,
        source="assumption: at 2 % a week an eighth of a stock is left of two years",
    )
    tol: float = setting(
        1e-7, "tolerance of the optimum", above=0, source="assumption: far below what decides"
    )

    def __post_init__(self) -> None:
        check_settings(self, "ai_planner:")
        if self.probe > 0 and not self.watches_mixes:
            raise InputError(
                "ai_planner: probe needs plants that choose their mix, and a look at it; give "
                "delegation own_mix or retail, and infer_elasticities true"
            )

    def start(self, public: Public, rng: np.random.Generator) -> PlannerState:
        """Believe what is public."""
        key = int(rng.integers(2**62))
        return PlannerState.start(public, self.estimator.rule, key)

    def decide(
        self, heard: Inbox, t: int, memory: PlannerState
    ) -> tuple[Table | None, PlannerState]:
        """Take in the reports; once a week order audits, every `interval` weeks plan."""
        memory = memory.told(heard.announced)
        public = memory.public
        week, later = divmod(t, public.rounds)
        memory = self.estimator.update(memory, heard, t)
        if later:
            return None, memory
        audits = order_audits(public.network, self.audit, memory.key, week)
        if week % self.interval:
            return audits, memory
        directives, memory = self._plan(memory, heard)
        return join_directives(directives, audits), memory

    def _plan(self, memory: PlannerState, heard: Inbox) -> tuple[Table | None, PlannerState]:
        """Directives and the plan behind them; no word where no optimum is found."""
        rule = self.planning_rule(memory.public)
        expected = self.estimator.expect_technology(memory, rule.lead, rule.lag)
        plan = revise_plan(memory, expected, heard, rule)
        if plan is None:
            return None, memory
        hiding = memory.estimates.double_entry.hiding
        scale = scale_to_stocks(plan.best, heard, hiding, plan.share, self.taut)
        said = write_directives(plan.best, plan.price, self.delegation, scale, self.taut)
        return said, replace(memory, plan=plan.in_force)

    @property
    def watches_mixes(self) -> bool:
        """Whether elasticities are inferred: there must be mixes that plants chose."""
        return self.infer_elasticities and self.delegation != "in_kind"

    @property
    def estimator(self) -> Estimator:
        """How it follows facts."""
        shops = self.delegation == "retail"
        return Estimator(forecaster(self.forecast), shops, self.watches_mixes, self.accounts)

    def planning_rule(self, public: Public) -> PlanningRule:
        """How it plans."""
        return PlanningRule(
            self.delegation == "in_kind",
            self.taut,
            self.weight,
            self.probe,
            self.horizon,
            self.tol,
            lead=public.delay + (self.interval - 1) / 2,
            lag=self.lag(public),
        )

    def lag(self, public: Public) -> float:
        """Weeks by which rows that average what they are told lag behind it."""
        averaged = public.jitter > 0  # else whatever is new is obeyed in full
        return (1.0 - self.weight) / self.weight if self.lag_compensation and averaged else 0.0


@settings_from(AIPlanner, cover=DirectedAgents)
def ai_planner(*, cover: float = 0.0721, **settings: Any) -> Mechanism:
    """The planner with AI; `settings` are those of `AIPlanner`."""
    centre = AIPlanner(**settings)
    rows = DirectedAgents(
        centre.delegation, weight=centre.weight, cover=cover, receipts=centre.accounts
    )
    return Mechanism("ai_planner", rows, centre)
