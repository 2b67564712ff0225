"""How output and its shares answer productivity: Hulten, Cobb-Douglas, Baqaee and Farhi."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.economy import us15
from catallax.domains.production.measures.money import chain_index
from catallax.domains.production.network import Technology
from catallax.domains.production.optimum import Optimum
from catallax.domains.production.validation.economies import (
    DOMAIN,
    horizontal_economy,
    log_welfare,
    solve_closely,
)
from catallax.protocol import Reproduced, ValidationRow

SLIGHT = 1e-3  # log change of productivity of which slopes are taken; its square is left over
WIDE = 0.1  # the same of second derivatives: the optimum's error of 1e-12 is divided by its square
SHARES = np.array([0.3, 0.5, 0.2])  # base-year sales over GDP in the horizontal economy
THETA = 0.5  # elasticity there


def compare_slopes_with_domar_weights() -> Reproduced:
    """The slope farthest from its Domar weight, over all plants of us15, as a ratio."""
    economy = us15()
    base = solve_closely(economy.technology, economy.income)
    ratios = []
    for i in _plants(economy.technology):
        up, down = (
            np.log(_compare_final_use(base, solve_closely(moved, economy.income)))
            for moved in _move_productivity(economy.technology, i, SLIGHT)
        )
        domar = base.sales[i] / base.income.sum()
        ratios.append((up - down) / (2 * SLIGHT) / domar)
    return Reproduced.farthest(ratios, 1.0)


def measure_curvature() -> Reproduced:
    """The largest second derivative, over all plants of us15 with elasticities of 1."""
    economy = us15()
    one = np.ones(economy.network.n)
    flat = replace(economy.technology, sigma=one, eps=one)
    here = log_welfare(solve_closely(flat, economy.income))
    bends = []
    for i in _plants(flat):
        up, down = (
            log_welfare(solve_closely(moved, economy.income))
            for moved in _move_productivity(flat, i, WIDE)
        )
        bends.append((up + down - 2 * here) / WIDE**2)
    return Reproduced.farthest(bends, 0.0)


def measure_share_slope(gamma: float) -> Reproduced:
    """Slope of the first good's share in its own log productivity."""
    technology = horizontal_economy(SHARES, THETA, gamma)
    up, down = (
        _share_of_first(solve_closely(moved, np.ones(1)))
        for moved in _move_productivity(technology, 1, SLIGHT)
    )
    return Reproduced((up - down) / (2 * SLIGHT))


def _plants(t: Technology) -> range:
    return range(t.network.plants.start, t.network.plants.stop)


def _move_productivity(t: Technology, i: int, by: float) -> Iterator[Technology]:
    """The technology with row i more productive by the log change `by`, and less."""
    for change in (by, -by):
        z = t.z.copy()
        z[i] *= np.exp(change)
        yield replace(t, z=z)


def _compare_final_use(base: Optimum, now: Optimum) -> float:
    """Real final use over that of the base year, by Fisher's ideal index."""
    rows = base.technology.network.sellers
    price = np.vstack([base.price[rows], now.price[rows]])
    return chain_index(price, np.vstack([_sum_final_use(base), _sum_final_use(now)]))


def _sum_final_use(best: Optimum) -> Floats:
    """(S,) units of each seller that households use."""
    net = best.technology.network
    bought = np.where(net.buyer >= net.households.start, best.arrive, 0.0)
    return net.orders(bought)[net.sellers]


def _share_of_first(best: Optimum) -> float:
    return float(best.sales[1] / best.income.sum())


def _declare_horizontal(id: str, claimed: float, gamma: float, definition: str) -> ValidationRow:
    return ValidationRow(
        id=id,
        domain=DOMAIN,
        claimed=claimed,
        tolerance=1e-3,
        unit="change of a share per log point",
        definition=definition,
        source="Baqaee & Farhi 2019",
        compute=partial(measure_share_slope, gamma),
        relative=True,
    )


ROWS = (
    ValidationRow(
        id="hulten",
        domain=DOMAIN,
        claimed=1.0,
        tolerance=1e-4,
        unit="slope over Domar weight",
        definition="d log Y / d log z of a plant over its Domar weight, sales over GDP, at the "
        "base year of us15; Y is Fisher's index of final use at the optimum; the ratio farthest "
        "from 1, over all plants",
        source="Hulten 1978",
        compute=compare_slopes_with_domar_weights,
    ),
    ValidationRow(
        id="cobb-douglas",
        domain=DOMAIN,
        claimed=0.0,
        tolerance=1e-6,
        unit="second derivative",
        definition="d² log Y / (d log z)² of a plant on us15 with sigma = eps = 1 everywhere; "
        "log Y is the mean log utility by income at the optimum; the largest, over all plants",
        source="Baqaee & Farhi 2019",
        compute=measure_curvature,
    ),
    _declare_horizontal(
        "horizontal",
        -0.105,
        1.0,
        "(theta − 1) lambda (1 − lambda): slope of a good's share in GDP in its own log z; three "
        "goods made by one mobile factor, constant returns (gamma 1), theta 0.5, lambda 0.3",
    ),
    _declare_horizontal(
        "horizontal-decreasing",
        -0.13125,
        0.6,
        "(theta − 1) / (gamma + theta (1 − gamma)) · lambda (1 − lambda): as horizontal, with "
        "returns gamma 0.6 to the mobile factor",
    ),
)
