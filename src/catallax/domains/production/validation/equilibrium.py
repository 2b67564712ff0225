"""Equilibrium: it is the optimum of Eisenberg and Gale, and what trade is worth in it."""

from dataclasses import replace
from functools import partial

import numpy as np

from catallax.domains.production.economy import Economy, generate
from catallax.domains.production.network import PLANT, Technology
from catallax.domains.production.validation.direct import find_best_allocation
from catallax.domains.production.validation.economies import (
    DOMAIN,
    log_welfare,
    open_economy,
    solve_closely,
)
from catallax.protocol import Reproduced, ValidationRow
from catallax.streams import Streams

SEEDS = range(8)
MOVED = 0.3  # s.d. of logs by which productivity and supply leave the base year
HOME = 0.93  # share of spending that stays at home
CLOSED = 1e-6  # productivity of trade that is as good as none: imports are below 1e-24 of spending


def compare_optimum_with_equilibrium() -> Reproduced:
    """The utility or value of output farthest from the equilibrium's, as a ratio."""
    ratios: list[float] = []
    for seed in SEEDS:
        economy = generate(seed, products=3, firms=2, households=2, inputs=2)
        technology, weight = _draw_technology(economy, seed), economy.income / economy.income.sum()
        net, found = technology.network, solve_closely(technology, weight)
        start = economy.flow * np.exp(MOVED * Streams(seed).normal("start", net.m))
        best = find_best_allocation(technology, weight, start)
        ratios += (best.utility / found.utility).tolist()
        ratios += (best.value / found.sales[net.sellers]).tolist()
    return Reproduced.farthest(ratios, 1.0)


def measure_gains_from_trade(trade_elasticity: float) -> Reproduced:
    """What real income falls short by without imports, in per cent of that with them."""
    technology = open_economy(HOME, 1.0 + trade_elasticity)
    z = technology.z.copy()
    z[technology.network.row("abroad")] *= CLOSED
    traded, closed = (
        log_welfare(solve_closely(t, np.ones(1))) for t in (technology, replace(technology, z=z))
    )
    return Reproduced(100.0 * -np.expm1(closed - traded))


def _draw_technology(economy: Economy, seed: int) -> Technology:
    """The economy away from its base year, with elasticities of its own in every row."""
    t, draws, n = economy.technology, Streams(seed), economy.network.n
    plants = economy.network.kind == PLANT
    return replace(
        t,
        z=t.z * np.where(plants, np.exp(MOVED * draws.normal("z", n)), 1.0),
        supply=t.supply * np.exp(MOVED * draws.normal("supply", n)),
        sigma=0.1 + 0.8 * draws.uniform("sigma", n),
        eps=1.5 + 4.5 * draws.uniform("eps", n),
    )


def _declare_gains(trade_elasticity: int, claimed: float) -> ValidationRow:
    return ValidationRow(
        id=f"armington-{trade_elasticity}",
        domain=DOMAIN,
        claimed=claimed,
        tolerance=0.02,
        unit="% of real income",
        definition=f"gains from trade 1 − lambda^(−1/epsilon) at a trade elasticity epsilon "
        f"−{trade_elasticity} (elasticity of substitution {trade_elasticity + 1}) and a share "
        "lambda 0.93 of spending that stays at home; one factor, constant returns; real income "
        "with imports and without",
        source="Arkolakis, Costinot & Rodríguez-Clare 2012",
        compute=partial(measure_gains_from_trade, trade_elasticity),
    )


ROWS = (
    ValidationRow(
        id="eisenberg-gale",
        domain=DOMAIN,
        claimed=1.0,
        tolerance=1e-8,
        unit="optimum over equilibrium",
        definition="households' utilities and values of output at the maximum of sum w log u, "
        "sought in quantities alone, over those of the equilibrium with incomes w; eight random "
        "CES economies; the ratio farthest from 1",
        source="Eisenberg & Gale 1959",
        compute=compare_optimum_with_equilibrium,
    ),
    _declare_gains(5, 1.44),
    _declare_gains(10, 0.72),
)
