"""What the contracts of all experiments have in common."""

from catallax.domains.production.economy import Disturbance, Economy
from catallax.domains.production.knowledge import ChannelLaw, KnowledgeLaw
from catallax.domains.production.run import Contract


def under(
    *shocks: Disturbance,
    economy: Economy,
    weeks: int,
    knowledge: KnowledgeLaw | None,
    channel: ChannelLaw | None,
) -> Contract:
    """The contract with these shocks; a law that is None is the default one.

    Raises InputError for a shock that does not fit the economy or the weeks.
    """
    laws = (knowledge or KnowledgeLaw(), channel or ChannelLaw())
    return Contract(economy, *laws, shocks=shocks, weeks=weeks)
