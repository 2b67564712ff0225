"""Elasticities from mixes: exact without noise, at the rate of least squares with it."""

import numpy as np
import pytest

from catallax import generate
from catallax.domains.production.mechanisms.planner.elasticities import (
    ElasticityRegression,
    measure_mixes,
)
from catallax.domains.production.network import ces_cost, ces_shares

ECONOMY = generate(3, products=6, firms=2, inputs=5)
NET, T = ECONOMY.network, ECONOMY.technology
PLANTS = NET.plants


def quarter(regression, r, sigma, noise, wide=0.2):
    """Thirteen weeks in which everybody buys by true elasticities and reports with noise."""
    price = np.exp(wide * r.standard_normal(NET.m))
    _, _, part = ces_shares(NET.rows, T.share, sigma, T.eps, np.log(price))
    for _ in range(13):
        told = 100.0 * part * np.exp(noise * r.standard_normal(NET.m))
        regression = regression.add_week(
            *measure_mixes(NET.rows, T.share, T.eps, price, told, NET.kind == 1)
        )
    return regression.close_quarter(NET.rows)


def true_sigma(r):
    return np.exp(r.normal(np.log(0.5), 0.4, NET.n))


def test_without_noise_one_quarter_tells_all() -> None:
    r = np.random.default_rng(1)
    sigma = true_sigma(r)
    regression = quarter(ElasticityRegression.start(NET.rows), r, sigma, 0.0)
    rich = (regression.square > 0) & (NET.kind == 1)
    assert rich.any()
    assert regression.sigma[rich] == pytest.approx(sigma[rich], rel=1e-9)
    assert not regression.square[NET.kind != 1].any(), "final users' mixes tell tastes"


def test_errors_fall_as_the_root_of_time_and_are_as_stated() -> None:
    off, said = {}, {}
    for quarters in (4, 16):
        missed, stated = [], []
        for seed in range(30):
            r = np.random.default_rng(seed)
            sigma, regression = true_sigma(r), ElasticityRegression.start(NET.rows)
            for _ in range(quarters):
                regression = quarter(regression, r, sigma, 0.2)
            known = np.isfinite(regression.variance)
            missed.append((regression.sigma - sigma)[known] ** 2)
            stated.append(regression.variance[known])
        off[quarters] = np.sqrt(np.mean(np.concatenate(missed)))
        said[quarters] = np.sqrt(np.mean(np.concatenate(stated)))
    assert off[4] / off[16] == pytest.approx(2.0, rel=0.2)
    assert said[16] == pytest.approx(off[16], rel=0.2)


def test_prices_that_do_not_differ_tell_nothing() -> None:
    r = np.random.default_rng(1)
    regression = quarter(ElasticityRegression.start(NET.rows), r, true_sigma(r), 0.1, wide=0.0)
    assert not regression.told or regression.error[regression.count > 0].min() > 1.0


def test_a_row_that_was_not_watched_tells_nothing() -> None:
    r = np.random.default_rng(1)
    nobody = np.zeros(NET.n, dtype=bool)
    price = np.exp(0.2 * r.standard_normal(NET.m))
    week = measure_mixes(NET.rows, T.share, T.eps, price, np.ones(NET.m), nobody)
    regression = ElasticityRegression.start(NET.rows).add_week(*week).close_quarter(NET.rows)
    assert not regression.told
    assert np.isinf(regression.error).all()


def test_prices_of_goods_are_those_of_the_composite() -> None:
    price = np.exp(0.2 * np.random.default_rng(2).standard_normal(NET.m))
    log_good, _, live = measure_mixes(
        NET.rows, T.share, T.eps, price, np.ones(NET.m), NET.kind == 1
    )
    expected, _ = ces_cost(NET.rows, T.share, T.sigma, T.eps, np.log(price))
    assert log_good[live] == pytest.approx(expected[live], rel=1e-12)
