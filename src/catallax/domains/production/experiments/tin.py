"""Hayek's tin: a resource becomes scarce and nobody is told why (Hayek 1945).

The resource is the deposit of BEA industry 212, mining except oil and gas; of the economies
without it, the last endowment. Its flow halves at week 52 of 312.
"""

from catallax.domains.production.economy import Economy, Shock
from catallax.domains.production.experiments.contracts import experiment_of
from catallax.domains.production.experiments.registry import EXPERIMENTS
from catallax.domains.production.experiments.under import under
from catallax.domains.production.knowledge import ChannelLaw, KnowledgeLaw
from catallax.domains.production.run import Contract

WEEK = 52
FACTOR = 0.5
WEEKS = 312


def tin(
    economy: Economy,
    *,
    weeks: int = WEEKS,
    knowledge: KnowledgeLaw | None = None,
    channel: ChannelLaw | None = None,
    week: int = WEEK,
    factor: float = FACTOR,
    announced: bool = False,
) -> Contract:
    """The contract of the experiment on `economy`; InputError if it ends before the shock.

    week, factor, announced : of the shock, as in `Shock`
    """
    resource = economy.network.names[economy.network.endowments][-1]
    shock = Shock(resource, week, factor, announced)
    return under(shock, economy=economy, weeks=weeks, knowledge=knowledge, channel=channel)


EXPERIMENTS["tin"] = experiment_of(
    "tin",
    "a resource becomes scarce and nobody is told why",
    ("static_optimum", "market", "ai_planner", "five_year_plan"),
    tin,
    ("week", "factor", "announced"),
)
