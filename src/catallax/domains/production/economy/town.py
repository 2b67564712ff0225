"""Large seeded economies with sparse baskets: a million households in seconds.

Made in whole arrays, in the order in which a network wants its links. Every buyer has a few
suppliers, so links grow in proportion to rows.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from catallax.arrays import Floats, Ints
from catallax.domains.production.economy.economy import Economy, calibrate
from catallax.domains.production.economy.generate import draw_elasticities
from catallax.domains.production.economy.real import DECAY
from catallax.domains.production.economy.suppliers import Successors
from catallax.domains.production.economy.tables.sources import ARMINGTON, CONSUMPTION_ELASTICITY
from catallax.domains.production.network import ENDOWMENT, HOUSEHOLD, PLANT, Names, Network
from catallax.domains.production.network.rows import counted
from catallax.errors import InputError

VERSION = 1  # of `town`, in its economies' origins: raised whenever its numbers change
BASKET = 10  # goods that a household buys
INPUTS = 8  # most goods in a recipe; half of the firms use one less
SECOND = 0.2  # share of a firm's inputs that has a second supplier
SKILLS = 3  # kinds of labour, of which a firm hires two
LAND = SKILLS  # the last endowment
TILLED = 10  # every tenth good needs land
FEWEST_GOODS, MOST_GOODS = 20, 1000
MOST_LINKS = 60_000_000


def town(
    households: int, *, firms: int | None = None, goods: int | None = None, seed: int = 0
) -> Economy:
    """Households with baskets of ten goods, firms with seven or eight inputs, all from few sellers.

    households : rows, each buying 10 goods from one supplier each; at least as many as goods
    firms      : shared out evenly among goods, sizes falling as 1/rank within a good (Zipf).
                 None: a tenth of the households, at least one a good
    goods      : kinds of goods, at least 10. None: a tenth of the firms, from 20 to 1,000
    seed       : of all draws, >= 0; equal arguments give equal bits on one machine

    A firm buys 7 or 8 other goods, a fifth of them from two suppliers, hires two of three skills
    and, if it makes every tenth good, uses land. Suppliers are drawn by size. Who would sell to
    nobody that in the end serves a household sells to some households beside.
    Labour, capital, spending and elasticities follow the laws of `generate`.
    Raises InputError for counts out of range, and beyond 60 million links.
    """
    goods_made = _choose_goods(households, firms) if goods is None else goods
    many = max(households // 10, goods_made) if firms is None else firms
    _check(households, many, goods_made, seed)
    plan = _Town(households, many, goods_made, seed)
    return plan.make_economy(_make_name(households, firms, goods, seed))


def _choose_goods(households: int, firms: int | None) -> int:
    tenth = (households // 10 if firms is None else firms) // 10
    return min(max(tenth, FEWEST_GOODS), MOST_GOODS)


def _make_name(households: int, firms: int | None, goods: int | None, seed: int) -> str:
    given = {"firms": firms, "goods": goods, "seed": seed or None}
    more = [f"{k} {v}" for k, v in given.items() if v is not None]
    return ", ".join([f"town:{households}", *more])


def _check(households: int, firms: int, goods: int, seed: int) -> None:
    lowest = {"goods": BASKET, "firms": goods, "households": goods, "seed": 0}
    found = {"goods": goods, "firms": firms, "households": households, "seed": seed}
    for what, value in found.items():
        if value < lowest[what]:
            why = "" if what in ("goods", "seed") else ", one for each good"
            raise InputError(
                f"town: {what} is {value}, expected a whole number of at least {lowest[what]}{why}"
            )
    links = households * BASKET + firms * (INPUTS + 2)
    if links > MOST_LINKS:
        raise InputError(
            f"town: {households} households and {firms} firms have about {links:,} links, at most "
            f"{MOST_LINKS:,} can be run; ask for fewer"
        )


@final
@dataclass(frozen=True, eq=False)
class TownLinks:
    """Links in a network's order, with their share in the buyer's spending; columns (k,)."""

    buyer: Ints
    good: Ints
    seller: Ints
    share: Floats

    def __add__(self, other: "TownLinks") -> "TownLinks":
        """Both, one after the other."""
        return TownLinks(*(np.concatenate([v, vars(other)[k]]) for k, v in vars(self).items()))


@final
class _Town:
    """The plan of a town; endowments are products 0 to 3, good g is product 4 + g."""

    def __init__(self, households: int, firms: int, goods: int, seed: int) -> None:
        self.households, self.firms, self.goods = int(households), int(firms), int(goods)
        self.seed = int(seed)
        self.rng = np.random.default_rng(np.random.SeedSequence([seed, 0x70D717]))
        count = np.full(goods, firms // goods)
        count[: firms % goods] += 1
        self.makers = Successors(count)

    @cached_property
    def ends(self) -> int:
        """Number of endowments, and the row of the first firm."""
        return SKILLS + 1

    def make_economy(self, name: str) -> Economy:
        """The calibrated economy."""
        plants = self._make_recipes()
        homes = self._make_baskets(plants)
        links = plants + homes
        del plants, homes
        for column in vars(links).values():
            column.setflags(write=False)
        net = self._make_network(links)
        i, rng = net.plants, self.rng
        gamma, decay = np.ones(net.n), np.zeros(net.n)
        gamma[i], decay[i] = 1.0 - rng.uniform(0.05, 0.25, self.firms), DECAY
        spending = rng.lognormal(0.0, 0.7, self.households)
        sigma = np.full(net.n, CONSUMPTION_ELASTICITY.value)
        sigma[i] = draw_elasticities(rng, self.firms)
        return calibrate(
            name,
            net,
            share=links.share,
            gamma=gamma,
            spending=spending * (self.households / spending.sum()),
            sigma=sigma,
            eps=np.full(net.n, ARMINGTON.value),
            decay=decay,
            lead=np.zeros(net.m, dtype=np.int64),
            origin={
                "maker": "town",
                "version": VERSION,
                "name": name,
                "seed": self.seed,
                "settings": {
                    "households": self.households, "firms": self.firms, "goods": self.goods,
                },
            },
        )  # fmt: skip

    def _make_network(self, links: TownLinks) -> Network:
        kinds = [ENDOWMENT, PLANT, HOUSEHOLD]
        made = self.ends + self.makers.parent
        goods = Names(("labour", "land", "good"), (SKILLS, 1, self.goods))
        alone = self.makers.count == 1
        stems = [f"good {g + 1}, firm{' 1' if alone[g] else ''}" for g in range(self.goods)]
        return Network(
            np.repeat(kinds, [self.ends, self.firms, self.households]),
            np.concatenate([np.arange(self.ends), made, np.full(self.households, -1)]),
            links.buyer,
            links.good,
            links.seller,
            Names(
                ("labour", "land", *stems, "household"),
                (SKILLS, 1, *self.makers.count.tolist(), self.households),
            ),
            tuple(goods),
        )

    def _make_recipes(self) -> TownLinks:
        """What firms buy. Columns: three skills, land, then two suppliers of each input."""
        rng, own, ends = self.rng, self.makers.parent, self.ends
        other = draw_distinct(rng, self.firms, min(INPUTS, self.goods - 1), self.goods - 1)
        good = np.sort((own[:, None] + 1 + other) % self.goods, axis=1)
        inputs = good.shape[1]
        weight = np.asarray(rng.lognormal(0.0, 1.0, good.shape))
        less = np.flatnonzero(rng.random(self.firms) < 0.5)
        weight[less, rng.integers(0, inputs, len(less))] = 0.0
        labour = rng.uniform(0.35, 0.6, self.firms)
        land = np.where(own % TILLED == 0, 0.2, 0.0)
        weight *= ((1.0 - labour) * (1.0 - land) / weight.sum(axis=1))[:, None]
        first, second = self._draw_suppliers(good), self._draw_suppliers(good)
        split = np.where((rng.random(good.shape) < SECOND) & (first != second), 0.5, 0.0)
        share = np.empty((self.firms, ends + 2 * inputs))
        share[:, :SKILLS] = self._draw_skills() * (labour * (1.0 - land))[:, None]
        share[:, LAND] = land
        share[:, ends::2], share[:, ends + 1 :: 2] = weight * (1.0 - split), weight * split
        table = np.empty((2, *share.shape), dtype=np.int64)
        table[:, :, :ends] = np.arange(ends)
        table[0, :, ends:] = np.repeat(ends + good, 2, axis=1)
        table[1, :, ends::2], table[1, :, ends + 1 :: 2] = first, second
        used = share > 0
        buyer = np.repeat(ends + np.arange(self.firms), used.sum(axis=1))
        return TownLinks(buyer, table[0][used], table[1][used], share[used])

    def _draw_skills(self) -> Floats:
        """(firms, skills) parts of a firm's wages: one skill is left out."""
        part = self.rng.uniform(0.2, 1.0, (self.firms, SKILLS))
        part[np.arange(self.firms), self.rng.integers(0, SKILLS, self.firms)] = 0.0
        return np.asarray(part / part.sum(axis=1)[:, None])

    def _draw_suppliers(self, good: Ints) -> Ints:
        """A firm for each entry of `good`, drawn by size, as a row."""
        u = self.rng.random(good.size)
        return self.ends + self.makers.draw(good.ravel(), u).reshape(good.shape)

    def _make_baskets(self, plants: TownLinks) -> TownLinks:
        """What households buy. Household h has good h mod goods in its basket for certain."""
        rng, size = self.rng, self.households
        surely = np.arange(size) % self.goods
        other = draw_distinct(rng, size, BASKET - 1, self.goods - 1)
        good = np.empty((size, BASKET), dtype=np.int64)
        good[:, 0], good[:, 1:] = surely, (surely[:, None] + 1 + other) % self.goods
        good.sort(axis=1)
        taste = rng.lognormal(0.0, 1.0, good.shape)
        taste /= taste.sum(axis=1)[:, None]
        seller = self._draw_suppliers(good)
        idle = self._find_idle(plants, seller)
        home = np.repeat(self.ends + self.firms + np.arange(size), BASKET)
        links = TownLinks(home, self.ends + good.ravel(), seller.ravel(), taste.ravel())
        return self._give_customers(links, idle) if idle.size else links

    def _find_idle(self, plants: TownLinks, seller: Ints) -> Ints:
        """Firms that sell to nobody who, in the end, serves a household."""
        reached = np.zeros(self.ends + self.firms, dtype=bool)
        reached[seller] = True
        before = -1
        while before != (before := int(reached.sum())):
            reached[plants.seller[reached[plants.buyer]]] = True
        return np.flatnonzero(~reached[self.ends :])

    def _give_customers(self, links: TownLinks, idle: Ints) -> TownLinks:
        """Links with each idle firm as one more supplier of a household that surely buys its good.

        The suppliers of a good to a household share in it by size.
        """
        good = self.makers.parent[idle]
        turn = np.arange(len(idle)) - np.searchsorted(good, good)
        regulars = (self.households - 1 - good) // self.goods + 1
        home = good + self.goods * (turn % regulars)
        basket = links.good.reshape(-1, BASKET)[home]
        at = home * BASKET + np.argmax(basket == self.ends + good[:, None], axis=1)
        seller, share = links.seller, links.share.copy()
        whole, size = share[at], self.makers.size
        total = size[seller - self.ends] + counted(at, size[idle], len(share))
        share *= size[seller - self.ends] / total
        part = whole * size[idle] / total[at]
        columns = {"seller": self.ends + idle, "share": part}
        old = {"buyer": links.buyer, "good": links.good, "seller": seller, "share": share}
        return TownLinks(
            **{k: np.insert(v, at + 1, columns.get(k, v[at])) for k, v in old.items()},
        )


def draw_distinct(rng: np.random.Generator, rows: int, count: int, most: int) -> Ints:
    """(rows, count) whole numbers below `most`, all different within a row, each set as likely.

    Floyd's algorithm (Bentley & Floyd 1987), all rows at once.
    """
    drawn = np.empty((rows, count), dtype=np.int64)
    for k, top in enumerate(range(most - count, most)):
        new = rng.integers(0, top + 1, rows)
        taken = (drawn[:, :k] == new[:, None]).any(axis=1)
        drawn[:, k] = np.where(taken, top, new)
    return drawn
