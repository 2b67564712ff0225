"""Small economies on which published results are stated, and optima that rows rely on."""

from dataclasses import replace

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.economy.economy import Economy, calibrate
from catallax.domains.production.network import ENDOWMENT, HOUSEHOLD, PLANT, Network, Technology
from catallax.domains.production.optimum import Optimum, Settled, solve
from catallax.errors import CatallaxError

DOMAIN = "production"
TOL = 1e-12  # largest log error of a price or sale where an optimum is compared


def solve_closely(technology: Technology, income: Floats) -> Optimum:
    """The optimum; CatallaxError where it was not found to TOL."""
    best = solve(technology, income, tol=TOL)
    if best.stop is not Settled.CONVERGED:
        raise CatallaxError(f"an optimum was found to {best.residual:.1e} only, not to {TOL:.0e}")
    return best


def log_welfare(best: Optimum) -> float:
    """Mean log utility of households by income: log of what all final demand is worth."""
    return float(best.income @ np.log(best.utility) / best.income.sum())


def horizontal_economy(share: Floats, theta: float, gamma: float) -> Technology:
    """One household that buys (k,) goods at base-year `share`, each made by labour alone.

    theta : elasticity between the goods
    gamma : returns to labour in every plant, in (0, 0.95] or 1
    """
    k = len(share)
    goods = [f"good {i}" for i in range(k)]
    links = [(1 + i, 0, 0) for i in range(k)] + [(1 + k, 1 + i, 1 + i) for i in range(k)]
    net = Network.build(
        [ENDOWMENT, *[PLANT] * k, HOUSEHOLD],
        [*range(k + 1), -1],
        links,
        ["labour", *goods, "household"],
        ["labour", *goods],
    )
    plants = net.kind == PLANT
    returns = np.where(plants, min(gamma, 0.95), 1.0)
    made = _calibrate_base_year(
        "horizontal", net, np.concatenate([np.ones(k), share]), returns, np.full(net.n, theta)
    )
    return made.technology if gamma < 1.0 else _with_constant_returns(made.technology)


def open_economy(home: float, elasticity: float) -> Technology:
    """A country that makes one good by labour and trades some of it for a foreign variety.

    home       : base-year share of its spending that stays at home, in (0, 1)
    elasticity : of substitution between the home and the foreign variety

    The foreign variety is made, under constant returns, of what is exported: terms of trade stand.
    """
    names = ["labour", "home", "abroad", "household"]
    links = [(1, 0, 0), (2, 1, 1), (3, 1, 1), (3, 1, 2)]
    net = Network.build(
        [ENDOWMENT, PLANT, PLANT, HOUSEHOLD], [0, 1, 1, -1], links, names, ["labour", "good"]
    )
    share = np.array([1.0, 1.0, home, 1.0 - home])
    returns = np.array([1.0, 0.95, 0.95, 1.0])
    made = _calibrate_base_year("open", net, share, returns, np.full(4, elasticity))
    return _with_constant_returns(made.technology)


def labour_economy() -> Economy:
    """One household that buys one good, made by labour with returns of 0.95 a week."""
    net = Network.build(
        [ENDOWMENT, PLANT, HOUSEHOLD],
        [0, 1, -1],
        [(1, 0, 0), (2, 1, 1)],
        ["labour", "plant", "household"],
        ["labour", "good"],
    )
    return _calibrate_base_year("labour", net, np.ones(2), np.array([1.0, 0.95, 1.0]), np.ones(3))


def _with_constant_returns(t: Technology) -> Technology:
    """Plants that make one unit of every unit of composite: all prices are alike, shares stand."""
    one = np.ones(t.network.n)
    return replace(t, gamma=one, z=one)


def _calibrate_base_year(
    name: str, net: Network, share: Floats, gamma: Floats, elasticity: Floats
) -> Economy:
    """The base year with an income of 1 and one elasticity a row; nothing spoils or travels."""
    return calibrate(
        name,
        net,
        share=share,
        gamma=gamma,
        spending=np.ones(1),
        sigma=elasticity,
        eps=elasticity,
        decay=np.zeros(net.n),
        lead=np.zeros(net.m, dtype=np.int64),
    )
