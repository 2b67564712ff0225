"""What is there and nobody uses: waste, and stocks that stand still."""

from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.measures.assess import BURN, Assessed
from catallax.domains.production.measures.values import explain_partial, explain_too_short
from catallax.domains.production.run import Run
from catallax.protocol import Measure, Measured


@final
@dataclass(frozen=True)
class Unused:
    """What was available in some weeks and what of it nobody used, at base-year prices.

    available : endowments' flows and output
    idle      : of endowments' flows, gone when their week ends
    spoiled   : goods, at plants, on the way and with buyers
    gained    : (n,) what the stocks of each product gained, unsold or not yet used; below 0 they
                were drawn on
    """

    available: float
    idle: float
    spoiled: float
    gained: Floats

    @property
    def share(self) -> float:
        """Of what was available. What one product's stocks lost does not make up for another's."""
        kept = float(np.maximum(self.gained, 0.0).sum())
        return (self.idle + self.spoiled + kept) / self.available


def find_unused(run: Run, first: int) -> Unused:
    """What nobody used from week `first` >= 1 to the end of a run of which all rows are kept."""
    series, ends = run.series, run.contract.economy.network.endowments
    idle = float(series["idle"][first:, ends].sum())
    flow = idle + float(series["sold"][first:, ends].sum())
    return Unused(
        available=flow + float(series["output"][first:].sum()),
        idle=idle,
        spoiled=float(series["spoiled"][first:].sum()),
        gained=np.asarray(series["stocks"][-1] - series["stocks"][first - 1]),
    )


def measure_waste(run: Assessed, twin: Assessed | None) -> Measured:
    """Share of what was available that nobody used, from week 52 on."""
    why = explain_too_short(run) or explain_partial(run)
    if why:
        return Measured(None, why)
    found = find_unused(run.run, BURN)
    return Measured(found.share) if found.available > 0 else Measured(None, "nothing was available")


def measure_cover(run: Assessed, twin: Assessed | None) -> Measured:
    """Weeks of plants' sales that stand unsold with them or unused with their buyers."""
    why = explain_too_short(run) or explain_partial(run)
    if why:
        return Measured(None, why)
    plants = run.run.contract.economy.network.plants
    stock, sold, idle = (run.run.series[k][BURN:, plants] for k in ("stock", "sold", "idle"))
    still = float(np.maximum(stock - sold, 0.0).sum() + idle.sum())
    sales = float(sold.sum())
    return Measured(still / sales) if sales > 0 else Measured(None, "nothing was sold")


ALL = (
    Measure(
        "waste",
        "share of what is available",
        "lower",
        "What was there and nobody used, over what was available, at base-year prices from week "
        "52 on. Unused are: endowments' flows that nobody took, which are gone when their week "
        "ends; goods that spoiled at plants, on the way or with buyers; and what the stocks of "
        "each product, unsold or not yet used, gained by the end. Available are endowments' flows "
        "and output. What a contract loses in dispatch does not count.",
        "physical balance of the economy",
        measure_waste,
        "idle",
        burn=BURN,
    ),
    Measure(
        "cover",
        "weeks of sales",
        "neither",
        "Goods that stand still when a week ends, over what plants sold in the week: output that "
        "its plant has not sold, and inputs and goods that their buyer holds and has not used. "
        "Totals from week 52 on at base-year prices. What was made or came in the week itself is "
        "for the next one and does not count, nor does what is on its way.",
        "inventory theory",
        measure_cover,
        "idle",
        burn=BURN,
    ),
)
