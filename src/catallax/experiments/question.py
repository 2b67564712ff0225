"""What a contract asks, in a line."""

from catallax.protocol import question_of
from catallax.run import Contract


def question(contract: Contract) -> str:
    """What happens from outside and whether anybody is told, for a heading."""
    return question_of(contract.shocks, contract.economy)
