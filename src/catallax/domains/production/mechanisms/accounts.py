"""Accounts by double entry: what sellers say they made against what buyers say they took.

Owners are paid for every unit that they declare and final users spend budgets that are hard, so
both speak the truth (Kornai 1980, ch. 13). What plants claim to use of an endowment can therefore
be held against its flow, and what plants say they make against what was taken of it. A factor
common to all plants shows in these totals, over which noise averages out; no audit is needed.
The reconciliation of accounts that contradict each other is as old as national accounting
(Stone, Champernowne & Meade 1942).
"""

from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.network import Network

CHANCE = 0.05  # logs that spoilage, waiting goods and noise explain: less says nothing
MOST = 0.7  # logs beyond which totals say that somebody else does not tell the truth
PASSING = 0.1  # weight of the newest totals once there are ten


@final
@dataclass(frozen=True, eq=False)
class Accounts:
    """By how much all plants together misstate, in logs.

    claimed : what they say they use over what they can have used
    made    : what they say they make over what was taken of it
    count   : totals compared so far
    """

    claimed: float = 0.0
    made: float = 0.0
    count: int = 0

    def compared(
        self, net: Network, supply: Floats, output: Floats, used: Floats, got: Floats
    ) -> "Accounts":
        """After one more comparison.

        supply, output : (n,) flows that owners declare, what plants say they made
        used           : (m,) what plants say they used, as it left the seller
        got            : (m,) what final users say they were sent

        All from reports; NaN where nothing was said, and sellers of whom a part is missing are
        left out.
        """
        taken, users = net.orders(used), net.orders(got)
        owners, plants = net.endowments, net.plants
        claim = _log_ratio(taken[owners], supply[owners] - users[owners])
        made = _log_ratio(output[plants], taken[plants] * np.exp(-claim) + users[plants])
        weight = max(PASSING, 1.0 / (self.count + 1))
        return Accounts(
            self.claimed + weight * (claim - self.claimed),
            self.made + weight * (made - self.made),
            self.count + 1,
        )

    @property
    def padding(self) -> float:
        """Log factor by which needs are overstated, as far as it is no chance."""
        return _told(self.claimed)

    @property
    def hiding(self) -> float:
        """Log factor by which output is understated (below 0), as far as it is no chance."""
        return _told(self.made)

    @property
    def contradicted(self) -> bool:
        """Whether what plants say does not add up."""
        return self.padding != 0.0 or self.hiding != 0.0


def _log_ratio(a: Floats, b: Floats) -> float:
    """Log of the ratio of totals over sellers of whom both are known; 0 if there is none."""
    known = np.isfinite(a) & np.isfinite(b)
    above, below = float(a[known].sum()), float(b[known].sum())
    return float(np.log(above / below)) if above > 0 and below > 0 else 0.0


def _told(found: float) -> float:
    return found if CHANCE < abs(found) < MOST else 0.0
