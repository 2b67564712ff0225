"""Real economies: from a balanced input-output table to rows and links.

Each product has a domestic plant and, where it is imported, a plant of the rest of the world
that turns a composite of all exports and an endowment of foreign credit into the import. Users
buy both as suppliers of one good. Half of the operating surplus is capital's, half of that of
mining is the deposit's; the rest of value added goes with labour.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.economy.economy import (
    CREDIT,
    LARGEST_GAMMA,
    LENDING,
    Economy,
    calibrate,
)
from catallax.domains.production.economy.tables import InputOutputTable, load_table
from catallax.domains.production.economy.tables.sources import (
    ARMINGTON,
    CONSUMPTION_ELASTICITY,
    QUINTILE_SHARES,
    RESOURCE_RENT_SHARE,
    SIGMA,
    SIGMA_DISTRIBUTION,
)
from catallax.domains.production.network import ENDOWMENT, HOUSEHOLD, PLANT, Network
from catallax.errors import InputError
from catallax.streams import Streams

VERSION = 1  # of `from_table`, in its economies' origins: raised whenever its numbers change
WEEKS = 52
DECAY = 0.02  # of every product a week; a service's stock is its order book
CAPITAL = 0.5  # share of the operating surplus that is rent of capital
CONSUMPTION = "consumption"


@cache
def us71() -> Economy:
    """The United States in 2021, 71 industries (Bureau of Economic Analysis)."""
    return from_table(load_table("us71"))


@cache
def us15() -> Economy:
    """The United States in 2021, 15 industries (Bureau of Economic Analysis)."""
    return from_table(load_table("us15"))


def from_table(
    table: InputOutputTable,
    *,
    decay: float = DECAY,
    lead: int = 0,
    eps: float = ARMINGTON.value,
    gamma_import: float = 0.85,
    seed: int = 0,
    deposits: Collection[str] | None = None,
    lending: bool = False,
) -> Economy:
    """The economy of a balanced table, in million dollars a week.

    decay        : share of every product that spoils in a week, in [0, 1)
    lead         : weeks on the way on every link between goods' sellers and buyers, >= 0
    eps          : elasticity between suppliers of one good
    gamma_import : returns to scale of import supply, in [0.75, 0.95]; its slope is 1/gamma - 1
    seed         : of the elasticities of industries without a published estimate
    deposits     : codes of products, half of whose surplus is rent of a deposit of their own;
                   None: those of mining that the table has (211 and 212, else 21)
    lending      : whether exports beyond what imports cost are lent abroad, by a final user
                   called so. Without it a country with such exports is refused

    Consumption is split among five quintiles of households; every other final user is a row. A
    table without trade has no foreign credit.

    Raises InputError when foreign credit would be negative, a plant's labour not positive, or a
    deposit's code unknown.
    """
    parts = _TableParts(table, gamma_import, deposits, lending)
    net, values = parts.make_network()
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
        sigma=parts.draw_sigma(net.n, seed),
        eps=np.full(net.n, eps),
        decay=decays,
        lead=np.where(fresh, 0, lead),
        weight=np.array([1.0 if group == CONSUMPTION else 0.0 for group in parts.groups]),
        group=parts.groups,
        origin={
            "maker": "from_table",
            "version": VERSION,
            "name": table.name,
            "table": table.origin,
            "settings": {
                "decay": float(decay),
                "lead": float(lead),
                "eps": float(eps),
                "gamma_import": float(gamma_import),
                "seed": int(seed),
                "deposits": [table.codes[i] for i in parts.deposits],
                "lending": bool(lending),
            },
        },
    )


@final
@dataclass(frozen=True, eq=False)
class _TableParts:
    """A table cut into rows and links; values in million dollars a week."""

    table: InputOutputTable
    gamma_import: float
    named: Collection[str] | None
    lending: bool

    @cached_property
    def deposits(self) -> list[int]:
        """Positions of the products that need a deposit."""
        t = self.table
        if self.named is not None:
            return sorted(t.position(code) for code in self.named)
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
        foreign = [CREDIT] if self.credit > 0 else []
        return ["labour", *foreign, *(f"deposit {t.codes[i]}" for i in self.deposits)]

    @cached_property
    def credit(self) -> float:
        """What imports cost beyond exports and the rents of import plants, a year."""
        t = self.table
        if not t.imports.any() and (self.lending or not t.exports.any()):
            return 0.0
        credit = self.gamma_import * t.imports.sum() - t.exports.sum()
        if credit <= 0 and self.lending:
            return 0.0
        if credit <= 0:
            raise InputError(
                f"gamma_import: {self.gamma_import} leaves foreign credit of {credit:.4g}; "
                f"it must exceed {t.exports.sum() / t.imports.sum():.4g}, exports over imports"
            )
        return float(credit)

    @cached_property
    def lent(self) -> float:
        """The share of all exports for which foreigners only owe."""
        t = self.table
        if self.credit > 0 or not t.exports.any():
            return 0.0
        return 1.0 - float(self.gamma_import * t.imports.sum() / t.exports.sum())

    @cached_property
    def bills(self) -> list[tuple[str, str, Floats]]:
        """Name, group and purchases of each product a year of every final user who buys."""
        t = self.table
        spent = dict(zip(t.users, t.final.T, strict=True))
        consumed = spent.pop(CONSUMPTION, np.zeros(len(t)))
        if not consumed.any():
            raise InputError(
                f"table {t.name}, column {CONSUMPTION!r}: is missing or 0 in all its rows; "
                f"expected what households buy"
            )
        out = [
            (f"quintile {k + 1}", CONSUMPTION, share * consumed)
            for k, share in enumerate(QUINTILE_SHARES)
        ]
        return [*out, *((user, user, bill) for user, bill in spent.items() if bill.any())]

    @property
    def groups(self) -> tuple[str, ...]:
        """Kind of every final user."""
        return tuple(group for _, group, _ in self.bills) + (LENDING,) * (self.lent > 0)

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
        capital = find_capital_rent(t.surplus, t.output)
        labour = t.value_added - capital - rent
        if np.any(labour <= 0):
            code = t.codes[int(np.argmin(labour / t.output))]
            raise InputError(f"table {t.name}, product {code}: no value added is left for labour")
        return rent, labour

    def make_network(self) -> tuple[Network, Floats]:
        """The graph and the value of each link a week."""
        t, ends, count = self.table, len(self.endowments), len(self.table)
        plants = ends + count + len(self.imported)
        users = [name for name, _, _ in self.bills] + [LENDING] * (self.lent > 0)
        links = sorted((b, g, s, v) for b, g, s, v in self._list_links(plants) if v > 0)
        net = Network.build(
            [ENDOWMENT] * ends + [PLANT] * (plants - ends) + [HOUSEHOLD] * len(users),
            [*range(ends + count), *(ends + i for i in self.imported), *[-1] * len(users)],
            [link[:3] for link in links],
            [*self.endowments, *t.codes, *(f"import {t.codes[i]}" for i in self.imported), *users],
            [*self.endowments, *t.names],
        )
        return net, np.array([link[3] for link in links]) / WEEKS

    def _list_links(self, households: int) -> Iterator[tuple[int, int, int, float]]:
        """(buyer, good, seller, value a year) of every link; `households` is their first row."""
        t, ends = self.table, len(self.endowments)
        for j in range(len(t)):
            yield from self._list_purchases(ends + j, t.flow[:, j])
            yield from self._list_hires(ends + j, j)
        for k in range(len(self.imported)):
            yield from self._list_exchanges(ends + len(t) + k, float(t.imports[self.imported[k]]))
        for h, (_, _, bill) in enumerate(self.bills):
            yield from self._list_purchases(households + h, bill)
        if self.lent > 0:
            yield from self._list_exports(households + len(self.bills), self.lent)

    def _list_purchases(self, buyer: int, value: Floats) -> Iterator[tuple[int, int, int, float]]:
        """A buyer's goods, each from home and abroad in the proportion all domestic users have."""
        t, ends = self.table, len(self.endowments)
        at_home = t.supply - t.exports
        abroad = np.divide(t.imports, at_home, out=np.zeros(len(t)), where=at_home > 0)
        for i in range(len(t)):
            yield buyer, ends + i, ends + i, float(value[i] * (1 - abroad[i]))
        for k, i in enumerate(self.imported):
            yield buyer, ends + i, ends + len(t) + k, float(value[i] * abroad[i])

    def _list_hires(self, buyer: int, j: int) -> Iterator[tuple[int, int, int, float]]:
        rent, labour = self.factors
        yield buyer, 0, 0, float(labour[j])
        if j in self.deposits:
            f = len(self.endowments) - len(self.deposits) + self.deposits.index(j)
            yield buyer, f, f, float(rent[j])

    def _list_exchanges(self, buyer: int, imports: float) -> Iterator[tuple[int, int, int, float]]:
        """An import plant's part of all exports and of foreign credit."""
        t = self.table
        part = imports / float(t.imports.sum())
        if self.credit > 0:
            yield buyer, 1, 1, self.credit * part
        yield from self._list_exports(buyer, part * (1.0 - self.lent))

    def _list_exports(self, buyer: int, part: float) -> Iterator[tuple[int, int, int, float]]:
        """A part of all exports."""
        t, ends = self.table, len(self.endowments)
        for i in np.flatnonzero(t.exports > 0):
            yield buyer, ends + int(i), ends + int(i), float(t.exports[i] * part)

    def draw_sigma(self, n: int, seed: int) -> Floats:
        """(n,) elasticities: published by industry, else drawn; households' for final users."""
        t, ends = self.table, len(self.endowments)
        sigma = np.full(n, CONSUMPTION_ELASTICITY.value)
        sigma[ends : ends + len(t)] = draw_elasticities(t.codes, seed)
        return sigma


def draw_elasticities(codes: Sequence[str], seed: int) -> Floats:
    """(P,) between the inputs of each industry: published by its code, else drawn by seed."""
    law = SIGMA_DISTRIBUTION
    drawn = np.exp(law.log_mean + law.log_sd * Streams(seed).normal("sigma", len(codes)))
    known = [SIGMA[c][0] if c in SIGMA else drawn[j] for j, c in enumerate(codes)]
    return np.clip(known, *law.bounds)


def find_capital_rent(surplus: Floats, output: Floats) -> Floats:
    """(P,) what capital earns: half of the surplus, and enough for decreasing returns."""
    return np.maximum(CAPITAL * surplus, (1 - LARGEST_GAMMA) * output)
