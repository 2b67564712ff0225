"""What final users would have had at the optimum of base-year incomes, week by week.

Efficiency's optimum gives every final user the utility that it had, scaled alike; it says nothing
of who went short. Here each has its base-year income to claim with. Nothing of it depends on an
institution, so a process keeps the last few for the other mechanisms of a seed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.optimum import Optimum, Settled, solve
from catallax.domains.production.run import Contract, Run, truths

TOL = 1e-7  # of a price or a quantity
KEPT = 4  # sequences of optima that a process remembers: 1 MB each on us71


@final
@dataclass(frozen=True, eq=False)
class Claims:
    """The optimum of the true facts at base-year incomes.

    price    : (k, n) its prices, k weeks
    units    : (k, G) units of each good that arrive at final users, by their nests
    value    : (k, G) what that costs, money a week
    utility  : (k, H) of each final user
    last     : (m,) units that arrive on each link in the last of the weeks
    unsolved : weeks whose optimum was not found to the tolerance
    """

    price: Floats
    units: Floats
    value: Floats
    utility: Floats
    last: Floats
    unsolved: tuple[int, ...]


@final
@dataclass(frozen=True)
class _Asked:
    """What claims are a function of; contracts with equal hashes are equal."""

    hash: str
    seed: int
    weeks: tuple[int, ...]
    contract: Contract = field(compare=False, repr=False)


def claims(run: Run) -> Claims:
    """The claims in the weeks in which `run` kept what final users used."""
    return claims_at(run.contract, run.seed, run.sampled["weeks"].astype(int).tolist())


def claims_at(contract: Contract, seed: int, weeks: Sequence[int]) -> Claims:
    """The claims in `weeks`, ascending."""
    return _claims(_Asked(contract.hash, seed, tuple(weeks), contract))


@lru_cache(maxsize=KEPT)
def _claims(asked: _Asked) -> Claims:
    best, found = None, []
    for truth in truths(asked.contract, asked.seed):
        if truth.t in asked.weeks:
            best = solve(
                truth.whole.untaxed, asked.contract.economy.income, start=best, tol=TOL, follow=True
            )
            found.append(best)
    late = [t for t, o in zip(asked.weeks, found, strict=True) if o.stop is not Settled.CONVERGED]
    return Claims(
        np.array([o.price for o in found]),
        np.array([_by_good(o, o.arrive) for o in found]),
        np.array([_by_good(o, o.ship * o.price[o.technology.network.seller]) for o in found]),
        np.array([o.utility for o in found]),
        found[-1].arrive,
        tuple(late),
    )


def _by_good(optimum: Optimum, link: Floats) -> Floats:
    """(G,) sums over the suppliers of each good of final users."""
    net = optimum.technology.network
    return net.final.sum_goods(link[net.m - net.final.m :])
