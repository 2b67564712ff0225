"""A domain that stands on another: what people make of the incomes that an economy brings them.

Each week's income is what the average final user of the production economy got to use. Households
save by a rule, and saved goods keep. The rival rules face the same incomes.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from catallax.domains.production.experiments import experiment
from catallax.protocol import Measure, Measured, RunInput, plain_domain, setting


@dataclass(frozen=True)
class SpendAll:
    """Everything is used in the week in which it comes."""

    name: ClassVar[str] = "spend_all"

    def spend(self, income: float, stock: float) -> float:
        """What is used of income and stock."""
        return income + stock


@dataclass(frozen=True)
class Buffer:
    """A stock of some weeks is built up and lived on (Deaton 1991)."""

    weeks: float = setting(4.0, "stock that is wanted", unit="weeks of income", low=0, high=52)
    share: float = setting(0.1, "share of the missing stock that is saved a week", low=0, high=1)
    name: ClassVar[str] = "buffer"

    def spend(self, income: float, stock: float) -> float:
        """What keeps the stock on its way to so many weeks of base-year income."""
        return max(0.0, income + self.share * (stock - self.weeks))


def play(settings: dict[str, Any], mechanism: Any, seed: int) -> dict[str, Any]:
    """Income, use and stock by week; income comes as a multiple of the base year's."""
    utility = settings["income"][: settings["weeks"]]
    incomes = (utility / utility[0]).mean(axis=1)
    stock, used, stocks = 0.0, [], []
    for income in incomes:
        spent = min(mechanism.spend(income, stock), income + stock)
        stock = (stock + income - spent) * settings["kept"]
        used.append(spent)
        stocks.append(stock)
    return {"income": incomes, "used": used, "stock": stocks}


def welfare(run: Any, twin: Any) -> Measured:
    """Mean log of what is used; None where somebody once uses nothing."""
    used = run.series["used"]
    if np.any(used <= 0):
        return Measured(None, "in some week nothing was used")
    return Measured(float(np.log(used).mean()))


WELFARE = Measure("welfare", "log of the base year", "higher", "Mean log of what is used.",
                  "Lucas 1987", welfare)  # fmt: skip
DOMAIN = plain_domain(
    "savings", "whether households should hold a stock against what the economy does to them",
    play=play, measures=[WELFARE],
    defaults={"kept": setting(0.99, "share of a stock that is left a week later", low=0, high=1)},
    mechanisms={"spend_all": SpendAll, "buffer": Buffer}, abreast=100,
    inputs={"income": RunInput(experiment("tin").build({"economy": "us15", "weeks": 104}), "market",
                               "utility")},
)  # fmt: skip
