"""Real economies: from a balanced input-output table to rows and links.

Each product has a domestic plant and, where it is imported, a plant of the rest of the world
that turns a composite of all exports and an endowment of foreign credit into the import. Users
buy both as suppliers of one good. Half of the operating surplus is capital's, half of that of
mining is the deposit's; the rest of value added goes with labour.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import final

import numpy as np

from catallax.economy.economy import LARGEST_GAMMA, Economy, calibrate
from catallax.economy.tables import InputOutputTable, load
from catallax.economy.tables.sources import (
    ARMINGTON,
    CONSUMPTION_ELASTICITY,
    QUINTILE_SHARES,
    RESOURCE_RENT_SHARE,
    SIGMA,
    SIGMA_DISTRIBUTION,
)
from catallax.errors import InputError
from catallax.network import ENDOWMENT, HOUSEHOLD, PLANT, Floats, Network
from catallax.streams import Streams

WEEKS = 52
DECAY = 0.02  # of every product a week; a service's stock is its order book
CAPITAL = 0.5  # share of the operating surplus that is rent of capital


@cache
def us71() -> Economy:
    """The United States in 2021, 71 industries (Bureau of Economic Analysis)."""
    return from_table(load("us71"))


@cache
def us15() -> Economy:
    """The United States in 2021, 15 industries (Bureau of Economic Analysis)."""
    return from_table(load("us15"))


def from_table(
    table: InputOutputTable,
    *,
    decay: float = DECAY,
    lead: int = 0,
    eps: float = ARMINGTON.value,
    gamma_import: float = 0.85,
    seed: int = 0,
) -> Economy:
    """The economy of a balanced table, in million dollars a week.

    decay        : share of every product that spoils in a week, in [0, 1)
    lead         : weeks on the way on every link between goods' sellers and buyers, >= 0
    eps          : elasticity between suppliers of one good
    gamma_import : returns to scale of import supply, in [0.75, 0.95]; its slope is 1/gamma - 1
    seed         : of the elasticities of industries without a published estimate

    Raises InputError when foreign credit would be negative or a plant's labour not positive.
    """
    parts = _Parts(table, gamma_import)
    net, values = parts.network()
    bought = net.rows.sum(values)
    share = values / bought[net.buyer]
    gamma = np.ones(net.n)
    gamma[net.plants] = bought[net.plants] / parts.sales
    fresh = net.rows.perishable
    decays = np.zeros(net.n)
    decays[net.plants] = decay
    return calibrate(
        table.name,
        net,
        share=share,
        gamma=gamma,
        spending=bought[net.households],
        sigma=parts.sigma(net.n, seed),
        eps=np.full(net.n, eps),
        decay=decays,
        lead=np.where(fresh, 0, lead),
        weight=np.array([1.0] * len(QUINTILE_SHARES) + [0.0, 0.0]),
        group=("consumption",) * len(QUINTILE_SHARES) + ("government", "investment"),
    )


@final
@dataclass(frozen=True, eq=False)
class _Parts:
    """A table cut into rows and links; values in million dollars a week."""

    table: InputOutputTable
    gamma_import: float

    @cached_property
    def deposits(self) -> list[int]:
        """Positions of the products that need a deposit."""
        t = self.table
        known = [c for c in RESOURCE_RENT_SHARE if c in t.codes]
        return [t.codes.index(c) for c in known or [c for c in t.codes if c == "21"]]

    @cached_property
    def imported(self) -> list[int]:
        """Positions of the products with an import plant."""
        return [int(i) for i in np.flatnonzero(self.table.imports > 0)]

    @cached_property
    def endowments(self) -> list[str]:
        """Names of endowment rows."""
        t = self.table
        return ["labour", "foreign credit", *(f"deposit {t.codes[i]}" for i in self.deposits)]

    @cached_property
    def credit(self) -> float:
        """What imports cost beyond exports and the rents of import plants, a year."""
        t = self.table
        credit = self.gamma_import * t.imports.sum() - t.exports.sum()
        if credit <= 0:
            raise InputError(
                f"gamma_import: {self.gamma_import} leaves foreign credit of {credit:.4g}; "
                f"it must exceed {t.exports.sum() / t.imports.sum():.4g}, exports over imports"
            )
        return float(credit)

    @property
    def sales(self) -> Floats:
        """Sales of domestic plants, then of import plants."""
        t = self.table
        return np.concatenate([t.output, t.imports[self.imported]]) / WEEKS

    @cached_property
    def factors(self) -> tuple[Floats, Floats]:
        """Deposit rent and labour (with what goes with it) of each product, a year."""
        t = self.table
        rent = np.zeros(len(t))
        for i in self.deposits:
            rent[i] = RESOURCE_RENT_SHARE.get(t.codes[i], RESOURCE_RENT_SHARE["212"]).value
        rent *= t.surplus
        capital = np.maximum(CAPITAL * t.surplus, (1 - LARGEST_GAMMA) * t.output)
        labour = t.value_added - capital - rent
        if np.any(labour <= 0):
            code = t.codes[int(np.argmin(labour / t.output))]
            raise InputError(f"table {t.name}, product {code}: no value added is left for labour")
        return rent, labour

    def network(self) -> tuple[Network, Floats]:
        """The graph and the value of each link a week."""
        t, ends, count = self.table, len(self.endowments), len(self.table)
        plants = ends + count + len(self.imported)
        users = [f"quintile {k + 1}" for k in range(len(QUINTILE_SHARES))]
        users += ["government", "investment"]
        links = sorted((b, g, s, v) for b, g, s, v in self._links(plants) if v > 0)
        net = Network.build(
            [ENDOWMENT] * ends + [PLANT] * (plants - ends) + [HOUSEHOLD] * len(users),
            [*range(ends + count), *(ends + i for i in self.imported), *[-1] * len(users)],
            [link[:3] for link in links],
            [*self.endowments, *t.codes, *(f"import {t.codes[i]}" for i in self.imported), *users],
            [*self.endowments, *t.names],
        )
        return net, np.array([link[3] for link in links]) / WEEKS

    def _links(self, households: int) -> Iterator[tuple[int, int, int, float]]:
        """(buyer, good, seller, value a year) of every link; `households` is their first row."""
        t, ends = self.table, len(self.endowments)
        for j in range(len(t)):
            yield from self._bought(ends + j, t.flow[:, j])
            yield from self._hired(ends + j, j)
        for k in range(len(self.imported)):
            yield from self._exchanged(ends + len(t) + k, float(t.imports[self.imported[k]]))
        spent = dict(zip(t.users, t.final.T, strict=True))
        bills = [share * spent["consumption"] for share in QUINTILE_SHARES]
        for h, bill in enumerate([*bills, spent["government"], spent["investment"]]):
            yield from self._bought(households + h, bill)

    def _bought(self, buyer: int, value: Floats) -> Iterator[tuple[int, int, int, float]]:
        """A buyer's goods, each from home and abroad in the proportion all domestic users have."""
        t, ends = self.table, len(self.endowments)
        abroad = t.imports / (t.supply - t.exports)
        for i in range(len(t)):
            yield buyer, ends + i, ends + i, float(value[i] * (1 - abroad[i]))
        for k, i in enumerate(self.imported):
            yield buyer, ends + i, ends + len(t) + k, float(value[i] * abroad[i])

    def _hired(self, buyer: int, j: int) -> Iterator[tuple[int, int, int, float]]:
        rent, labour = self.factors
        yield buyer, 0, 0, float(labour[j])
        if j in self.deposits:
            f = 2 + self.deposits.index(j)
            yield buyer, f, f, float(rent[j])

    def _exchanged(self, buyer: int, imports: float) -> Iterator[tuple[int, int, int, float]]:
        """An import plant's part of all exports and of foreign credit."""
        t, ends = self.table, len(self.endowments)
        part = imports / float(t.imports.sum())
        yield buyer, 1, 1, self.credit * part
        for i in np.flatnonzero(t.exports > 0):
            yield buyer, ends + int(i), ends + int(i), float(t.exports[i] * part)

    def sigma(self, n: int, seed: int) -> Floats:
        """(n,) elasticities: published by industry, else drawn; households' for final users."""
        t, ends, law = self.table, len(self.endowments), SIGMA_DISTRIBUTION
        drawn = np.exp(law.log_mean + law.log_sd * Streams(seed).normal("sigma", len(t)))
        sigma = np.full(n, CONSUMPTION_ELASTICITY.value)
        for j, code in enumerate(t.codes):
            value = SIGMA[code][0] if code in SIGMA else drawn[j]
            sigma[ends + j] = np.clip(value, *law.bounds)
        return sigma
