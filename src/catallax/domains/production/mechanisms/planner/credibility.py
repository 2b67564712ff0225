"""How far claims can be believed: what audits found, and what accounts by double entry say.

Owners are paid for every unit that they declare and final users spend budgets that are hard, so
both speak the truth (Kornai 1980, ch. 13). What plants claim to use of an endowment can therefore
be held against its flow, and what plants say they make against what was taken of it. A factor
common to all plants shows in these totals, over which noise averages out; no audit is needed.
The reconciliation of accounts that contradict each other is as old as national accounting
(Stone, Champernowne & Meade 1942). Whoever lies more than others is found by an audit alone.
"""

from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Bools, Floats
from catallax.domains.production.mechanisms.planner.evidence import TINY
from catallax.domains.production.mechanisms.planner.reports import ProductionReport
from catallax.domains.production.network import Network
from catallax.learning import Followed

CHANCE = 0.05  # logs that spoilage, waiting goods and noise explain: less says nothing
MOST = 0.7  # logs beyond which totals say that somebody else does not tell the truth
PASSING = 0.1  # weight of the newest totals once there are ten


@final
@dataclass(frozen=True, eq=False)
class AuditRecord:
    """How far claims of one kind were found to lie from the truth, in logs.

    bias  : (n,) mean of claim less truth over a row's audits
    count : (n,) audits of a row
    """

    bias: Floats
    count: Floats

    @staticmethod
    def start(n: int) -> "AuditRecord":
        """Nobody was audited yet."""
        return AuditRecord(np.zeros(n), np.zeros(n))

    def add_known(self, believed: Followed, truth: Floats, audited: Bools) -> "AuditRecord":
        """The record after audits of rows whose claims have been heard before."""
        return self.add(believed.level, truth, audited & (believed.count > 0))

    def add(self, claim: Floats, truth: Floats, audited: Bools) -> "AuditRecord":
        """The record after audits that showed `truth` (n,) where `claim` (n,) was believed."""
        count = self.count + audited
        gap = np.where(audited, claim - truth - self.bias, 0.0)
        return AuditRecord(self.bias + gap / np.maximum(count, 1.0), count)

    def discount(self, noise: Floats) -> Floats:
        """(n,) what to take off each row's claims.

        A row's own record is shrunk to the mean of all (James & Stein 1961) by as much as noise
        explains of the differences; rows never audited are believed to be like the others.

        noise : (n,) s.d. of what one audit shows
        """
        known = self.count > 0
        if not known.any():
            return np.zeros_like(self.bias)
        mean = float((self.bias * self.count).sum() / self.count.sum())
        chance = noise**2 / np.maximum(self.count, 1.0)
        apart = float(((self.bias - mean) ** 2 - chance)[known].mean())
        trust = max(apart, 0.0) / (max(apart, 0.0) + chance + TINY)
        return mean + np.where(known, trust * (self.bias - mean), 0.0)


@final
@dataclass(frozen=True, eq=False)
class AuditFindings:
    """What audits found so far.

    told, inferred : of productivity as told, and as inferred from inputs and outputs
    age            : (n,) ages of audited reports, in ticks, at the last tick
    """

    told: AuditRecord
    inferred: AuditRecord
    age: Floats

    @staticmethod
    def start(n: int) -> "AuditFindings":
        """Nobody was audited yet."""
        return AuditFindings(AuditRecord.start(n), AuditRecord.start(n), np.full(n, np.inf))

    def find_fresh(self, age: Floats) -> Bools:
        """(n,) rows whose audited report came in since the last tick, of ages (n,) now."""
        return np.asarray(age < self.age + 1.0)


def find_honest(audited: Floats, said: Floats) -> Bools:
    """(n,) whether the newest report of a kind is the one that was audited.

    audited, said : (n,) ages of the audited report, and of the newest of the kind
    """
    return np.asarray(np.isfinite(audited) & (audited == said))


@final
@dataclass(frozen=True, eq=False)
class DoubleEntry:
    """By how much all plants together misstate, in logs.

    claimed : what they say they use over what they can have used
    made    : what they say they make over what was taken of it
    count   : totals compared so far
    """

    claimed: float = 0.0
    made: float = 0.0
    count: int = 0

    def compare(
        self, net: Network, supply: Floats, output: Floats, used: Floats, got: Floats
    ) -> "DoubleEntry":
        """After one more comparison.

        supply, output : (n,) flows that owners declare, what plants say they made
        used           : (m,) what plants say they used, as it left the seller
        got            : (m,) what final users say they were sent

        All from reports; NaN where nothing was said, and sellers of whom a part is missing are
        left out.
        """
        taken, users = net.orders(used), net.orders(got)
        owners, plants = net.endowments, net.plants
        claim = _log_of_totals(taken[owners], supply[owners] - users[owners])
        made = _log_of_totals(output[plants], taken[plants] * np.exp(-claim) + users[plants])
        weight = max(PASSING, 1.0 / (self.count + 1))
        return DoubleEntry(
            self.claimed + weight * (claim - self.claimed),
            self.made + weight * (made - self.made),
            self.count + 1,
        )

    @property
    def padding(self) -> float:
        """Log factor by which needs are overstated, as far as it is no chance."""
        return _keep_credible(self.claimed)

    @property
    def hiding(self) -> float:
        """Log factor by which output is understated (below 0), as far as it is no chance."""
        return _keep_credible(self.made)

    @property
    def is_contradicted(self) -> bool:
        """Whether what plants say does not add up."""
        return self.padding != 0.0 or self.hiding != 0.0

    def correct(self, net: Network, report: ProductionReport, audited: Floats) -> ProductionReport:
        """The report less what is wrong with all of them; an audited one is true as it stands.

        audited : (n,) ages of audited reports, in ticks
        """
        if not self.is_contradicted:
            return report
        honest = find_honest(audited, report.output_age)
        needs = np.where(honest, 1.0, np.exp(-self.padding))
        return report._replace(
            used=report.used * net.rows.spread(needs),
            output=report.output * np.where(honest, 1.0, np.exp(-self.hiding)),
        )


def _log_of_totals(a: Floats, b: Floats) -> float:
    """Log of the ratio of totals over sellers of whom both are known; 0 if there is none."""
    known = np.isfinite(a) & np.isfinite(b)
    above, below = float(a[known].sum()), float(b[known].sum())
    return float(np.log(above / below)) if above > 0 and below > 0 else 0.0


def _keep_credible(found: float) -> float:
    return found if CHANCE < abs(found) < MOST else 0.0
