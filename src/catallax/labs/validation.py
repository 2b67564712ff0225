"""Published numbers that laboratories reproduce on economies of the domains.

Fixed recipes: Leontief's gross outputs, and the dual of a plan. Smoothing: Muth's best weight.
"""

from dataclasses import replace

import numpy as np
from scipy.optimize import minimize_scalar

from catallax.arrays import Floats
from catallax.domains.production.economy import Economy, generate, us15
from catallax.domains.production.network import PLANT, Technology
from catallax.domains.production.optimum import farrell
from catallax.domains.production.validation.cycles import draw_walks
from catallax.domains.production.validation.economies import DOMAIN, TOL
from catallax.errors import CatallaxError
from catallax.labs.forecasting import passes
from catallax.labs.linear_programming import (
    LeontiefPlan,
    Recipes,
    find_gross_output,
    make_recipes,
    plan_largest_scale,
)
from catallax.protocol import Reproduced, ValidationRow
from catallax.streams import Streams

TASTE = 0.5  # s.d. of logs by which final demand is drawn away from the base year's
SKILL = 0.2  # the same of productivity, so that techniques of one product differ
ROOM, SPREAD = 0.4, 0.5  # mean and s.d. of log capacity over base-year output
EXECUTED = 1e-9  # share of what a plan promises that may lack when it is carried out
SEEDS = range(6)


def compare_gross_outputs() -> Reproduced:
    """The gross output farthest from (I - A)^-1 d as a ratio, over products and three methods."""
    economy = us15()
    utility = economy.income * np.exp(TASTE * Streams(0).normal("taste", len(economy.income)))
    technology = _fix_recipes(economy.technology)
    exact = _invert_leontief(economy, utility / economy.income)
    recipe = make_recipes(technology, utility)
    plan = plan_largest_scale(recipe, method="highs")
    best = farrell(technology, utility, tol=TOL)
    assert best.optimum is not None  # utilities are above 0
    plants = technology.network.plants
    outputs = (
        plan.activity / plan.scale,
        find_gross_output(recipe).output,
        best.optimum.output[plants] * best.value,
    )
    return Reproduced.farthest(np.concatenate([o / exact for o in outputs]), 1.0)


def compare_dual_with_scale() -> Reproduced:
    """The dual value over the scale of a plan, farthest from 1 over six made economies."""
    ratios = []
    for seed in SEEDS:
        problem = _draw_recipes(seed)
        plan = plan_largest_scale(problem, method="highs")
        if not plan.shortfall.worst <= EXECUTED:
            raise CatallaxError(f"the plan of synthetic:{seed} lacks {plan.shortfall.worst:.1e}")
        ratios.append(_sum_dual_value(problem, plan) / plan.scale)
    return Reproduced.farthest(ratios, 1.0)


def find_best_weight() -> Reproduced:
    """The weight with which the package's smoothing forecasts one step ahead with least error."""
    series = draw_walks()
    best = minimize_scalar(
        lambda weight: float(passes.score_ewma(series, np.array([weight])).sum()),
        bounds=(0.01, 1.0),
        method="bounded",
    )
    return Reproduced(float(best.x))


def _fix_recipes(t: Technology) -> Technology:
    """Elasticities of 0 and capital for nothing: base-year inputs make base-year output."""
    zero, one = np.zeros(t.network.n), np.ones(t.network.n)
    z = np.where(t.network.kind == PLANT, 1.0 / t.gamma, 1.0)
    return replace(t, sigma=zero, eps=zero, gamma=one, z=z)


def _invert_leontief(economy: Economy, factor: Floats) -> Floats:
    """(P,) (I - A)^-1 d from the base year's flows; `factor` (H,) scales final users' demand."""
    net, i = economy.network, economy.network.plants
    flow = np.zeros((net.n, net.n))
    np.add.at(flow, (net.seller, net.buyer), economy.flow)
    a = flow[i, i] / economy.output[i]
    d = flow[i, net.households] @ factor
    return np.asarray(np.linalg.solve(np.eye(len(a)) - a, d))


def _draw_recipes(seed: int) -> Recipes:
    """Techniques of unlike skill and capacity, up to four a product, between which a plan chooses.

    In some of the economies resources bind, in others capacities alone.
    """
    economy, draws = generate(seed, products=12, firms=4, households=3), Streams(seed)
    net = economy.network
    skill = np.where(net.kind == PLANT, np.exp(SKILL * draws.normal("skill", net.n)), 1.0)
    t = _fix_recipes(economy.technology)
    utility = economy.income * np.exp(TASTE * draws.normal("taste", len(economy.income)))
    found = make_recipes(replace(t, z=t.z * skill), utility, capacity=True, pooled=True)
    room = np.exp(ROOM + SPREAD * draws.normal("room", found.techniques))
    return replace(found, capacity=economy.output[net.plants] * room)


def _sum_dual_value(problem: Recipes, plan: LeontiefPlan) -> float:
    """What resources and capacities are worth at the plan's prices, final demand costing 1."""
    value = np.append(plan.price, plan.worth)
    cost = np.add.reduceat(problem.amount * value[problem.input], problem.start[:-1])
    rent = np.maximum(plan.price[problem.product] - cost, 0.0)
    worth = plan.worth @ problem.supply + rent @ problem.capacity
    return float(worth / (plan.price @ problem.demand))


ROWS = (
    ValidationRow(
        id="leontief",
        domain=DOMAIN,
        claimed=1.0,
        tolerance=1e-9,
        unit="output over (I − A)⁻¹d",
        definition="gross output at sigma = eps = 0 and constant returns on us15, A from base-year "
        "flows, final demand drawn; by a plan (HiGHS), by material balances and by the optimum; "
        "the ratio farthest from 1, over products",
        source="Leontief 1951",
        compute=compare_gross_outputs,
    ),
    ValidationRow(
        id="duality",
        domain=DOMAIN,
        claimed=1.0,
        tolerance=1e-9,
        unit="dual over primal value",
        definition="what resources and capacities are worth at a plan's prices, over the scale of "
        "final demand that the plan delivers (HiGHS); six made economies with alternative "
        "techniques; the ratio farthest from 1",
        source="Kantorovich 1939; Gale, Kuhn & Tucker 1951",
        compute=compare_dual_with_scale,
    ),
    ValidationRow(
        id="muth",
        domain=DOMAIN,
        claimed=0.39039,
        tolerance=0.05,
        unit="weight of the newest value",
        definition="(−q + √(q² + 4q)) / 2 at q 0.25, the variance of a random walk's steps over "
        "that of the noise it is heard with: the weight of exponential smoothing with the least "
        "absolute one-step error on 400 drawn series of 500 values",
        source="Muth 1960",
        compute=find_best_weight,
        relative=True,
    ),
)
