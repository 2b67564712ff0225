"""The oracle: what could be had by somebody who knew every cost at once."""

from dataclasses import dataclass
from typing import ClassVar, final

from catallax.arrays import Floats
from catallax.domains.prices_quantities.curves import BenefitCost
from catallax.domains.prices_quantities.welfare import best_output


@final
@dataclass(frozen=True)
class FullInformation:
    """Output of the highest welfare in every week, with all costs known. It says nothing."""

    name: ClassVar[str] = "full_information"

    def choose(self, curves: BenefitCost, costs: Floats) -> Floats:
        """(weeks, plants) output. costs : (weeks, plants) marginal cost at base-year output."""
        return best_output(curves, costs)


def full_information() -> FullInformation:
    """The oracle that knows every cost."""
    return FullInformation()
