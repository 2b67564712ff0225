"""What a contract asks, in a line."""

from catallax.domains.production.run import Contract
from catallax.protocol import question_of


def question(contract: Contract) -> str:
    """What happens from outside and whether anybody is told, for a heading."""
    return question_of(contract.shocks, contract.economy)
