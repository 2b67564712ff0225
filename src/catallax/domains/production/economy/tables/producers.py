"""What every table knows of those who make its products."""

from abc import ABC

from catallax.arrays import Floats


class Producers(ABC):
    """The columns of P producers: what each buys and what it adds.

    flow                  : (P, P) use of i's product by producer j
    compensation, surplus : (P,) pay of employees and gross operating surplus
    taxes                 : (P,) less subsidies, paid by the producer
    """

    flow: Floats
    compensation: Floats
    taxes: Floats
    surplus: Floats

    @property
    def value_added(self) -> Floats:
        """(P,) compensation, taxes and surplus."""
        return self.compensation + self.taxes + self.surplus

    @property
    def output(self) -> Floats:
        """(P,) gross output: inputs and value added."""
        total: Floats = self.flow.sum(axis=0) + self.value_added
        return total
