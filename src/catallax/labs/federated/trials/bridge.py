"""One price found twice: by regions that exchange gradients, and by the posted-price market.

The economy is that of `labs.federated.dual`: an endowment, fuel, that each region's plant
turns into heat for its own household, which also enjoys a service that its region alone has. Money
incomes are the households' shares in ownership, so the market's prices are those at which the same
regions want the fuel there is. Nothing spoils and nobody holds a buffer, and owners want orders of
just what there is: the two must agree.
"""

from dataclasses import dataclass, replace
from typing import Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.economy import Economy, Shock
from catallax.domains.production.economy.economy import calibrate
from catallax.domains.production.knowledge import ChannelLaw, KnowledgeLaw, LineLaw
from catallax.domains.production.mechanisms import market
from catallax.domains.production.network import ENDOWMENT, HOUSEHOLD, PLANT, Network
from catallax.domains.production.run import Contract, Recording, simulate
from catallax.errors import InputError
from catallax.labs.federated.dual import Regions, exchange_price, find_clearing_price
from catallax.streams import Streams

FUEL = "fuel"
NEAR = 1e-3  # logs: a price this near the clearing one has been found
MOST_REGIONS = 1000


def draw_regions(count: int, seed: int = 0) -> Regions:
    """`count` regions that differ in income, tastes and returns; they own fuel by income."""
    if not 1 <= count <= MOST_REGIONS:
        raise InputError(f"regions: {count} is out of range, expected 1 to {MOST_REGIONS}")
    s = Streams(seed)

    def between(what: str, low: float, high: float) -> Floats:
        return low + (high - low) * s.uniform(f"regions/{what}", count)

    income, share = between("income", 0.5, 2.0), between("share", 0.2, 0.6)
    sigma, gamma = between("sigma", 0.3, 2.0), between("gamma", 0.5, 0.9)
    whole = (income * share * gamma).sum()
    return Regions(income, share, sigma, gamma, whole * income / income.sum())


def build_regional_economy(regions: Regions) -> Economy:
    """The regions as an economy of endowments, plants and households, at a price of 1."""
    count = len(regions.income)
    plant, home = 1 + count, 1 + 2 * count
    links = [
        link
        for r in range(count)
        for link in (
            (plant + r, 0, 0),
            (home + r, 1 + r, 1 + r),
            (home + r, 1 + count + r, plant + r),
        )
    ]
    places = [f"{what} {r + 1}" for what in ("service", "heat") for r in range(count)]
    net = Network.build(
        [ENDOWMENT] * (1 + count) + [PLANT] * count + [HOUSEHOLD] * count,
        [*range(1 + 2 * count), *[-1] * count],
        links,
        [FUEL, *places, *(f"household {r + 1}" for r in range(count))],
        [FUEL, *places],
    )
    part = regions.share[np.maximum(net.buyer - home, 0)]
    share = np.where(net.seller >= plant, part, 1.0 - part)
    share[net.buyer < home] = 1.0  # a plant buys fuel alone
    gamma, sigma = np.ones(net.n), np.ones(net.n)
    gamma[plant:home], sigma[home:] = regions.gamma, regions.sigma
    return calibrate(
        f"regions:{count}",
        net,
        share=share,
        gamma=gamma,
        spending=regions.income,
        sigma=sigma,
        eps=np.full(net.n, 4.0),
        decay=np.zeros(net.n),
        lead=np.zeros(net.m, dtype=np.int64),
    )


@final
@dataclass(frozen=True, eq=False)
class PriceDiscovery:
    """The same price, three times.

    clearing  : log price by bracketing
    exchanged : (R + 1,) log price of each round, regions exchanging gradients
    posted    : (weeks,) log price of each week after the shock in the market
    regions   : how many there are
    bits      : of a number
    weeks     : weeks a round of exchange takes
    drift     : log price less the clearing one where regions make several steps a round
    """

    clearing: float
    exchanged: Floats
    posted: Floats
    regions: int
    bits: float
    weeks: float
    drift: float

    @property
    def exchange_bits(self) -> float:
        """Bits delivered in a round of exchange, or in a week of the market on fuel's links.

        Either way each region says one number to one listener of many, and hears one.
        """
        return self.regions * (2.0 * self.bits + float(np.log2(self.regions)))

    def rounds(self, path: Floats, near: float = NEAR) -> int | None:
        """First entry from which `path` stays `near` the clearing price; None if there is none."""
        away = np.flatnonzero(np.abs(path - self.clearing) > near)
        first = int(away[-1]) + 1 if away.size else 0
        return first if first < len(path) else None

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values."""
        ways = {
            name: {
                "log_price": float(path[-1]),
                "error": float(path[-1] - self.clearing),
                "rounds": found,
                "weeks": None if found is None else found * weeks,
                "bits": None if found is None else found * self.exchange_bits,
            }
            for name, path, weeks in (
                ("exchange", self.exchanged, self.weeks),
                ("market", self.posted, 1.0),
            )
            for found in [self.rounds(path)]
        }
        return {
            "clearing_log_price": self.clearing, "near": NEAR, "regions": self.regions,
            "bits_per_number": self.bits, "error_of_several_steps": self.drift, **ways,
        }  # fmt: skip


def discover_price(
    regions: Regions,
    *,
    factor: float = 0.5,
    weeks: int = 1500,
    rate: float = 2.0,
    delay: float = 1.0,
    several: int = 5,
    **gains: float,
) -> PriceDiscovery:
    """Cut the fuel to `factor` of itself and find its price again, by exchange and by market.

    weeks   : of the market
    rate    : of the exchange, see `exchange_price`
    delay   : of every line, weeks
    several : steps a round where regions make more than one
    gains   : the market's settings other than its defaults; unless they say otherwise, nobody holds
              cover and owners' prices stand still where orders are what there is

    Nothing is blurred or rounded and no facts are private: what differs is how a price is found.
    """
    scarce = replace(regions, flow=factor * regions.flow)
    found = exchange_price(scarce, rate=rate)
    several_found = exchange_price(scarce, rate=rate, steps=several)
    clearing = find_clearing_price(scarce)
    line = LineLaw(delay, 0.0, 1.0, 0)
    return PriceDiscovery(
        clearing,
        found.models[:, 0],
        _post_prices(regions, factor, weeks, line, gains),
        len(regions.income),
        line.bits,
        found.weeks(1, delay),
        float(several_found.model[0] - clearing),
    )


def _post_prices(
    regions: Regions, factor: float, weeks: int, line: LineLaw, gains: dict[str, float]
) -> Floats:
    """(weeks,) log price of fuel in the market from the week of the shock on.

    There are no weeks before week 0: prices are those of the base year, which clear.
    """
    contract = Contract(
        build_regional_economy(regions),
        KnowledgeLaw(dispersion=0.0, drift=0.0),
        ChannelLaw(line=line, centre=line),
        shocks=(Shock(FUEL, 1, factor),),
        weeks=1 + weeks,
        settle=0,
    )
    run = simulate(
        contract,
        market(
            **{"cover": 0.0, "taut": 0.0, "quote_smoothing": 1.0, **gains}
        ),  # quotes are exact: to average is only late
        recording=Recording(rows=contract.economy.network.n),
    )
    return np.log(run.row(FUEL, "price")[1:])
