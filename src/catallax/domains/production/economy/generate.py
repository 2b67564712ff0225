"""Seeded economies of any size with the gross features of real tables."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.economy.economy import Economy, calibrate
from catallax.domains.production.economy.origin import Origin, mark_origin
from catallax.domains.production.economy.real import DECAY
from catallax.domains.production.economy.tables.sources import (
    ARMINGTON,
    CONSUMPTION_ELASTICITY,
    SIGMA_DISTRIBUTION,
)
from catallax.domains.production.network import ENDOWMENT, HOUSEHOLD, PLANT, Network
from catallax.errors import InputError

VERSION = 1  # of `generate`, in its economies' origins: raised whenever its numbers change
ORE = "ore"
METAL = "metal"


def generate(
    seed: int,
    *,
    products: int = 30,
    firms: int = 2,
    households: int = 5,
    inputs: int = 8,
    ore: float = 0.4,
    decay: float = DECAY,
    lead: int = 0,
    income: float = 100.0,
) -> Economy:
    """An economy drawn from `seed`; equal arguments give equal bits on one machine.

    products   : kinds of goods, each made by 1 to `firms` plants of Zipf sizes
    households : rows of final users, with log-normal incomes
    inputs     : mean number of goods in a recipe
    ore        : share of ore in the spending of `metal`, the first product, which every third
                 product uses; ore matters here as tin does not on the real table
    decay, lead: spoilage a week, weeks on the way
    income     : base-year income of all households, money a week

    Intermediate inputs are near half of sales, labour near 0.4 and capital 0.05 to 0.25, as in
    the US table; elasticities come from the published distribution (see `economy.tables`).
    """
    counts = {"products": products, "firms": firms, "households": households, "inputs": inputs}
    _check(seed, counts, ore, income)
    rng = np.random.default_rng(np.random.SeedSequence([seed, 0xCA7A11A]))
    made = _draw_firms(rng, products, firms)
    links = _Recipes(rng, made, products, inputs, ore)
    net, share = links.make_network(households)
    n, i = net.n, net.plants
    gamma = np.ones(n)
    gamma[i] = 1.0 - rng.uniform(0.05, 0.25, i.stop - i.start)
    spending = rng.lognormal(0.0, 0.7, households)
    sigma = np.full(n, CONSUMPTION_ELASTICITY.value)
    sigma[i] = draw_elasticities(rng, i.stop - i.start)
    decays = np.zeros(n)
    decays[i] = decay
    return calibrate(
        f"synthetic:{seed}",
        net,
        share=share,
        gamma=gamma,
        spending=spending * (income / spending.sum()),
        sigma=sigma,
        eps=np.full(n, ARMINGTON.value),
        decay=decays,
        lead=np.where(net.rows.perishable, 0, lead),
        origin=_make_origin(seed, counts, ore=ore, decay=decay, lead=lead, income=income),
    )


def _make_origin(seed: int, counts: Mapping[str, int], *, lead: int, **more: float) -> Origin:
    whole = {k: int(v) for k, v in counts.items()}
    settings = {**whole, "lead": float(lead), **{k: float(v) for k, v in more.items()}}
    return {"maker": "generate", "version": VERSION, "seed": int(seed), "settings": settings}


def small(seed: int) -> Economy:
    """An economy small enough for a true bound: 2 endowments, 4 plants, 2 households.

    Its network and numbers are `generate`'s at 4 products, 1 firm each, 3 inputs a recipe.
    """
    drawn = generate(seed, products=4, firms=1, households=2, inputs=3)
    origin = {"maker": "small", "version": VERSION, "source": drawn.origin}
    return mark_origin(replace(drawn, name=f"small:{seed}"), origin)


def _check(seed: int, counts: Mapping[str, int], ore: float, income: float) -> None:
    for what, value in counts.items():
        if value < 1:
            raise InputError(f"generate: {what} is {value}, expected at least 1")
    if seed < 0:
        raise InputError(f"generate: seed is {seed}, expected a whole number >= 0")
    if not 0 < ore < 1:
        raise InputError(f"generate: ore is {ore}, expected a share between 0 and 1")
    if not 0 < income < float("inf"):
        raise InputError(f"generate: income is {income}, expected a finite number above 0")


def draw_elasticities(rng: np.random.Generator, plants: int) -> Floats:
    """(plants,) elasticities between inputs, drawn from the published distribution."""
    law = SIGMA_DISTRIBUTION
    drawn = np.exp(law.log_mean + law.log_sd * rng.standard_normal(plants))
    return np.clip(drawn, *law.bounds)


def _draw_firms(rng: np.random.Generator, products: int, most: int) -> list[tuple[int, float]]:
    """(product, size share) of every plant; sizes fall as 1/rank."""
    out: list[tuple[int, float]] = []
    for product in range(products):
        size = 1.0 / np.arange(1, int(rng.integers(1, most + 1)) + 1)
        out += [(product, float(s)) for s in size / size.sum()]
    return out


class _Recipes:
    """Who uses what: every seller has a buyer, every plant labour, `metal` ore."""

    def __init__(
        self,
        rng: np.random.Generator,
        made: list[tuple[int, float]],
        products: int,
        inputs: int,
        ore: float,
    ) -> None:
        self.rng, self.made, self.products, self.ore = rng, made, products, ore
        self.inputs = min(inputs, products)
        self.suppliers: list[list[tuple[int, float]]] = [[] for _ in range(products)]
        for row, (product, size) in enumerate(made):
            self.suppliers[product].append((2 + row, size))

    def make_network(self, households: int) -> tuple[Network, Floats]:
        """The graph and each link's share in its row's spending."""
        first = 2 + len(self.made)
        cells = [c for row, (p, _) in enumerate(self.made) for c in self._draw_plant(2 + row, p)]
        for h in range(households):
            taste = self.rng.lognormal(0.0, 1.0, self.products)
            cells += self._spread_over_suppliers(first + h, dict(enumerate(taste / taste.sum())))
        cells.sort()
        goods = [METAL, *(f"good {k}" for k in range(1, self.products))]
        net = Network.build(
            [ENDOWMENT] * 2 + [PLANT] * len(self.made) + [HOUSEHOLD] * households,
            [0, 1, *(2 + p for p, _ in self.made), *[-1] * households],
            [c[:3] for c in cells],
            [
                "labour",
                ORE,
                *self._name_plants(goods),
                *(f"household {h + 1}" for h in range(households)),
            ],
            ["labour", ORE, *goods],
        )
        return net, np.array([c[3] for c in cells])

    def _name_plants(self, goods: list[str]) -> list[str]:
        rank: dict[int, int] = {}
        names = []
        for p, _ in self.made:
            rank[p] = rank.get(p, 0) + 1
            names.append(f"{goods[p]}, firm {rank[p]}")
        return names

    def _draw_plant(self, row: int, product: int) -> list[tuple[int, int, int, float]]:
        count = int(np.clip(self.rng.poisson(self.inputs), 1, self.products))
        used = {int(g) for g in self.rng.choice(self.products, count, replace=False)}
        if product % 3 == 1:
            used.add(0)
        weight = {g: float(self.rng.lognormal(0.0, 1.0)) for g in sorted(used)}
        labour = float(self.rng.uniform(0.35, 0.6))
        ore = self.ore if product == 0 else 0.0
        rest = (1.0 - labour) * (1.0 - ore)
        total = sum(weight.values())
        cells = self._spread_over_suppliers(row, {g: rest * w / total for g, w in weight.items()})
        cells.append((row, 0, 0, labour * (1.0 - ore)))
        return [*cells, (row, 1, 1, ore)] if ore > 0 else cells

    def _spread_over_suppliers(
        self, row: int, share: dict[int, float]
    ) -> list[tuple[int, int, int, float]]:
        return [
            (row, 2 + g, seller, part * size)
            for g, part in share.items()
            for seller, size in self.suppliers[g]
        ]
