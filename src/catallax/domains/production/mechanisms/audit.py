"""Audits as a planner's lever: whom to audit, and what audits say of everybody's claims."""

from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Bools, Floats
from catallax.domains.production.network import Network, Table
from catallax.learning import Followed

TINY = 1e-12  # variance below which two numbers are the same


@final
@dataclass(frozen=True, eq=False)
class Audits:
    """How far claims of one kind were found to lie from the truth, in logs.

    bias  : (n,) mean of claim less truth over a row's audits
    count : (n,) audits of a row
    """

    bias: Floats
    count: Floats

    @staticmethod
    def none(n: int) -> "Audits":
        """Nobody was audited yet."""
        return Audits(np.zeros(n), np.zeros(n))

    @staticmethod
    def order(net: Network, probability: float, key: list[int]) -> Table | None:
        """Directive that orders audits of plants drawn by lot; `key` seeds the lot."""
        if probability == 0.0:
            return None
        lot = np.random.default_rng(key).random(net.n) < probability
        plant = np.zeros(net.n, dtype=bool)
        plant[net.plants] = True
        return Table({"audit": np.where(lot & plant, 1.0, np.nan)})

    def judged(self, believed: Followed, truth: Floats, audited: Bools) -> "Audits":
        """The record after audits of rows whose claims have been heard before."""
        return self.found(believed.level, truth, audited & (believed.count > 0))

    def found(self, claim: Floats, truth: Floats, audited: Bools) -> "Audits":
        """The record after audits that showed `truth` (n,) where `claim` (n,) was believed."""
        count = self.count + audited
        gap = np.where(audited, claim - truth - self.bias, 0.0)
        return Audits(self.bias + gap / np.maximum(count, 1.0), count)

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
