"""Balance and convergence far from the start, slack endowments, Hulten's theorem, bad input."""

from dataclasses import replace

import numpy as np
import pytest

from catallax.domains.production.network import Network, Technology, ces_cost, demand_ratio
from catallax.domains.production.optimum import Optimum, Settled, farrell, solve
from catallax.domains.production.optimum.fixed_point import FixedPoint
from catallax.errors import InputError

INCOME = np.array([1.0, 2.0])


@pytest.mark.parametrize("eps", [0.0, 2.0, 5.0, 10.0])
@pytest.mark.parametrize("sigma", [0.0, 0.05, 0.3, 1 - 1e-9, 1.0, 1 + 1e-9, 1.5])
def test_balances_from_wrong_prices(make, sigma, eps):
    for seed, gamma in enumerate((0.6, 0.8, 0.95, 1.0)):
        t = make(seed, plants=20, households=2, links=4, sigma=sigma, eps=eps, gamma=gamma)
        wrong = np.exp(np.random.default_rng([seed, 9]).normal(0, 0.5, t.network.n))
        right = solve(t, INCOME)
        best = solve(t, INCOME, start=right.price * wrong)
        for found in (right, best):
            assert found.stop is Settled.CONVERGED
            assert found.residual <= 1e-10
            assert 1 < found.iterations < 5000
            assert found.balance <= 1e-9
            assert found.utility * found.price[t.network.households] == pytest.approx(INCOME)
        # Where one starts does not matter.
        assert best.utility == pytest.approx(right.utility, rel=1e-7)


def with_one_slack(make, seed: int, eps: float, used: float) -> tuple[Technology, Optimum]:
    """Leontief, endowment 1 of two supplied at 1/used of its use; and the optimum without it.

    The reference has no links to that endowment at all, so nothing in it can be slack.
    """
    t = make(seed, endowments=2, plants=8, households=2, sigma=0.0, eps=eps)
    net = t.network
    left = net.seller != 1
    links = list(zip(net.buyer[left], net.good[left], net.seller[left], strict=True))
    fewer = Network.build(net.kind, net.product, links, net.names, net.products)
    share = t.share[left] / fewer.rows.spread(fewer.rows.sum(t.share[left]))
    supply = t.supply * (np.arange(net.n) != 1) + (np.arange(net.n) == 1)
    alone = replace(
        t,
        network=fewer,
        share=share,
        norm=t.norm[left],
        kept=t.kept[left],
        tariff=t.tariff[left],
        supply=supply,
    )
    best = solve(alone, INCOME, tol=1e-12)
    need = t.norm * best.composite[net.buyer] / t.kept
    supply = supply * np.where(np.arange(net.n) == 1, net.orders(need)[1] / used, 1.0)
    return replace(t, supply=supply), best


@pytest.mark.parametrize("used", [0.5, 0.9, 0.99, 0.999])
@pytest.mark.parametrize("eps", [0.0, 4.0, 10.0])
def test_a_slack_endowment_is_free(make, eps, used):
    for seed in range(3):
        t, reference = with_one_slack(make, seed, eps, used)
        net, best = t.network, solve(t, INCOME)
        assert best.stop is Settled.CONVERGED
        assert best.balance <= 1e-9
        assert best.price[1] * t.supply[1] <= 1e-9 * INCOME.sum()
        assert net.orders(best.ship)[1] / t.supply[1] == pytest.approx(used, rel=1e-6)
        others = np.arange(net.n) != 1
        assert best.price[others] == pytest.approx(reference.price[others], rel=1e-6)
        assert best.utility == pytest.approx(reference.utility, rel=1e-8)


@pytest.mark.parametrize("sigma", [0.02, 0.05])
@pytest.mark.parametrize("more", [1.0, 2.0, 5.0, 20.0])
def test_nearly_slack(make, conic, sigma, more):
    """A little substitution: the plentiful endowment's price is tiny, but everything balances."""
    t = make(1, sigma=sigma, eps=4.0)
    t = replace(t, supply=t.supply * np.where(np.arange(t.network.n) == 1, more, 1.0))
    best = solve(t, INCOME)
    assert best.stop is Settled.CONVERGED
    assert best.balance <= 1e-9
    assert best.utility == pytest.approx(conic.best(t, INCOME).utility, rel=1e-6)


def shocked(t: Technology, column: str, i: int, log_change: float) -> float:
    """log utility of the one household after the i-th entry of a column changes."""
    value = getattr(t, column).copy()
    value[i] *= np.exp(log_change)
    best = solve(replace(t, **{column: value}), np.ones(1), tol=1e-12)
    assert best.stop is Settled.CONVERGED
    return float(np.log(best.utility[0]))


@pytest.mark.parametrize("sigma", [0.2, 0.6, 1.0, 1.5])
def test_hulten(make, sigma):
    """d log consumption / d log z = sales / GDP; resources count by rent, capital by profit.

    Central differences at h = 1e-3 err by h^2/6 of a third derivative of order one: 1e-6.
    """
    t = make(3, households=1, sigma=sigma, eps=3.0, gamma=0.85)
    net, h = t.network, 1e-3
    sales = solve(t, np.ones(1), tol=1e-12).sales
    weights = {"z": (net.plants, sales), "supply": (net.endowments, sales)}
    weights["K"] = (net.plants, (1 - t.gamma) * sales)
    for column, (rows, weight) in weights.items():
        for i in range(rows.start, rows.stop):
            slope = (shocked(t, column, i, h) - shocked(t, column, i, -h)) / (2 * h)
            assert slope == pytest.approx(weight[i], abs=1e-6), (column, i)


def test_the_second_order_depends_on_substitution(make):
    """Hulten's theorem stops at the first order: complements bend welfare down, more so below."""
    bend = []
    for sigma in (0.2, 0.6, 1.0):
        t = make(3, households=1, sigma=sigma, eps=sigma, gamma=1.0)
        up, here, down = (shocked(t, "supply", 0, d) for d in (0.1, 0.0, -0.1))
        bend.append((up + down - 2 * here) / 0.1**2)
    # Cobb-Douglas is log-linear: Hulten is exact there.
    assert bend[2] == pytest.approx(0.0, abs=1e-7)
    assert bend[0] < 2 * bend[1] < 0


def test_incomes_scale_prices_only(make):
    t = make(0)
    one, ten = solve(t, INCOME), solve(t, 10 * INCOME)
    assert ten.price == pytest.approx(10 * one.price, rel=1e-8)
    assert ten.arrive == pytest.approx(one.arrive, rel=1e-8)


def test_a_household_without_income_gets_nothing(make):
    best = solve(make(0), np.array([1.0, 0.0]))
    assert best.stop is Settled.CONVERGED
    assert best.utility[1] == 0.0
    assert best.utility[0] > 0


@pytest.mark.parametrize(
    ("income", "says"),
    [
        (np.ones(3), r"income: shape \(3,\), expected \(2,\), one per household"),
        (np.ones((2, 1)), r"income: shape \(2, 1\)"),
        (np.array([2.0, -1.0]), "not negative"),
        (np.array([1.0, np.nan]), "finite"),
        (np.array([1.0, np.inf]), "finite"),
        (np.zeros(2), "not all zero"),
    ],
)
def test_bad_incomes(make, income, says):
    with pytest.raises(InputError, match=says):
        solve(make(0), income)


def test_the_limit_is_a_result(make):
    best = solve(make(0), INCOME, limit=5)
    assert best.stop is Settled.LIMIT
    assert best.iterations == 5
    assert best.residual > 1e-10
    assert "raise `limit`" in best.stop.value
    assert np.all(np.isfinite(best.price))


def test_without_plants_endowments_are_shared_out():
    """Cobb-Douglas households alone: u_h = (w_h / sum w) sqrt(R_0 R_1), by hand."""
    links = [(h, f, f) for h in (2, 3) for f in (0, 1)]
    net = Network.build([0, 0, 2, 2], [0, 1, -1, -1], links, list("abcd"), ["x", "y"])
    half, one = np.full(4, 0.5), np.ones(4)
    supply = np.array([1.0, 4.0, 0.0, 0.0])
    t = Technology(net, half, half, one, one, one, one, one, one, supply)
    best = solve(t, INCOME)
    # A unit of composite takes a half of each at base prices, hence the 2.
    assert best.utility == pytest.approx(2 * INCOME / 3 * 2.0, rel=1e-9)
    assert best.price[:2] * supply[:2] == pytest.approx(1.5, rel=1e-9)
    assert farrell(t, 0.5 * best.utility).value == pytest.approx(0.5, rel=1e-9)


def test_shares_of_nearly_free_inputs_are_exact(make):
    """A share of 1e-10 needs all its digits: its endowment's balance is judged by them."""
    t = make(1, sigma=0.05, eps=0.5)
    net, rows = t.network, t.network.rows
    log_p = np.where(net.kind == 0, -25.0, 0.0)[net.sellers]
    log_p[0] = 0.0
    log_cost, share = FixedPoint(t, lambda _: INCOME).shares(log_p)
    log_q = log_p[net.seller] + np.log(t.norm / (t.share * t.kept))
    log_good, log_row = ces_cost(rows, t.share, t.sigma, t.eps, log_q)
    ratio = demand_ratio(rows, t.sigma, t.eps, log_q, log_good, log_row)
    assert share.min() < 1e-9
    exact = t.share * ratio * np.exp(log_q - rows.spread(log_row))
    assert share == pytest.approx(exact, rel=1e-13, abs=0)
    assert log_cost == pytest.approx(log_row, abs=1e-13)


def test_starting_at_the_answer_stops_at_once(make):
    t = make(0)
    best = solve(t, INCOME)
    assert solve(t, INCOME, start=best.price).iterations < best.iterations
