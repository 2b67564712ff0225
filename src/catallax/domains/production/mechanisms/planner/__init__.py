"""The parts of a planner, in the order in which a week passes through them.

    agents      rows report what they can say
    reports     reports are taken in, and put together where they are of one tick
    estimate    facts are followed, told and inferred side by side
                (reference, evidence, credibility, elasticities)
    plan        the optimum of what is expected is solved (storage)
    directives  the plan is written down for those who obey it
    agents      rows obey as far as the delegation goes

`state` says what is remembered from week to week, part by part, and which step writes it. A
mechanism composes the steps: `ai_planner` takes all of them, `five_year_plan` the rows and the
directives.
"""

from catallax.domains.production.mechanisms.planner.agents import DirectedAgents
from catallax.domains.production.mechanisms.planner.directives import (
    DELEGATION_MEANING,
    DELEGATIONS,
    find_links,
    join_directives,
    order_audits,
    scale_to_stocks,
    write_directives,
)
from catallax.domains.production.mechanisms.planner.estimate import Estimator
from catallax.domains.production.mechanisms.planner.plan import PlanningRule, revise_plan
from catallax.domains.production.mechanisms.planner.state import PlannerState

__all__ = [
    "DELEGATIONS",
    "DELEGATION_MEANING",
    "DirectedAgents",
    "Estimator",
    "PlannerState",
    "PlanningRule",
    "find_links",
    "join_directives",
    "order_audits",
    "revise_plan",
    "scale_to_stocks",
    "write_directives",
]
