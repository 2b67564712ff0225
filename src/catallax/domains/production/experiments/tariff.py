"""A tariff: exports are taxed abroad, or imports at home.

The default is foreign, 25 % from week 52 of 312, unannounced. 25 % is a round number of the size of
2018: the rate of the US duties on steel and on the first Chinese goods; over all targeted goods
the average rose to 16.6 % on US imports and, in return, to 20.4 % on US exports (Fajgelbaum et al.
2020).
"""

from catallax.domains.production.economy import Economy, Tariff
from catallax.domains.production.experiments.contracts import experiment_of
from catallax.domains.production.experiments.registry import EXPERIMENTS
from catallax.domains.production.experiments.tin import WEEK, WEEKS
from catallax.domains.production.experiments.under import under
from catallax.domains.production.knowledge import ChannelLaw, KnowledgeLaw
from catallax.domains.production.run import Contract

RATE = 0.25


def tariff(
    economy: Economy,
    *,
    weeks: int = WEEKS,
    knowledge: KnowledgeLaw | None = None,
    channel: ChannelLaw | None = None,
    kind: str = "foreign",
    week: int = WEEK,
    rate: float = RATE,
    announced: bool = False,
) -> Contract:
    """The contract of the experiment on `economy`.

    kind, week, rate, announced : of the tariff, as in `Tariff`

    Raises InputError if it ends before the tariff or the economy has no rest of the world.
    """
    duty = Tariff(kind, week, rate, announced)
    return under(duty, economy=economy, weeks=weeks, knowledge=knowledge, channel=channel)


EXPERIMENTS["tariff"] = experiment_of(
    "tariff",
    "exports are taxed abroad, or imports at home",
    ("static_optimum", "market", "ai_planner", "five_year_plan"),
    tariff,
    ("kind", "week", "rate", "announced"),
)
