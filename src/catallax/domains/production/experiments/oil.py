"""Oil: the positive control of tin, a resource that is several times as large.

The resource is the deposit of BEA industry 211, oil and gas extraction; of the economies without
it, the largest endowment that is neither labour nor foreign credit (the deposit of all mining in
us15, ore in a made economy). Everything else is as in `tin`: who notices nothing of tin should
notice this.
"""

import numpy as np

from catallax.domains.production.economy import Economy, Shock
from catallax.domains.production.economy.economy import CREDIT
from catallax.domains.production.experiments.contracts import experiment_of
from catallax.domains.production.experiments.registry import EXPERIMENTS
from catallax.domains.production.experiments.tin import FACTOR, WEEK, WEEKS
from catallax.domains.production.experiments.under import under
from catallax.domains.production.knowledge import ChannelLaw, KnowledgeLaw
from catallax.domains.production.run import Contract

DEPOSIT = "deposit 211"


def oil(
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
    shock = Shock(deposit(economy), week, factor, announced)
    return under(shock, economy=economy, weeks=weeks, knowledge=knowledge, channel=channel)


def deposit(economy: Economy) -> str:
    """The endowment that stands for oil; the first endowment, labour, only if there is no other."""
    names = economy.network.names[economy.network.endowments]
    if DEPOSIT in names:
        return DEPOSIT
    earned = [0.0 if name == CREDIT else economy.output[i] for i, name in enumerate(names)]
    return names[1 + int(np.argmax(earned[1:]))] if len(names) > 1 else names[0]


EXPERIMENTS["oil"] = experiment_of(
    "oil",
    "a larger resource becomes scarce: the positive control of tin",
    ("static_optimum", "market", "ai_planner", "five_year_plan"),
    oil,
    ("week", "factor", "announced"),
)
