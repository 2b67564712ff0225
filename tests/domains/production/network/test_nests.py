"""Nests against the textbook in sixty digits, duality, Shephard's lemma, one row's bits."""

from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax.domains.production.network import (
    Network,
    Rows,
    ces_cost,
    ces_quantity,
    demand_ratio,
    tilt,
)

SPECIAL = [0.0, 0.05, 0.5, 1.0, 1 - 1e-9, 1 + 1e-9, 1 - 2**-53, 1 + 2**-52, 2.0, 10.0]
ELASTICITY = st.sampled_from(SPECIAL) | st.floats(0.01, 10.0)
NESTS = st.lists(st.integers(1, 4), min_size=1, max_size=4)


def one_buyer(sizes: list[int]) -> Rows:
    """The row of a household that buys goods with `sizes` suppliers each."""
    sellers = sum(sizes)
    product = np.repeat(np.arange(len(sizes)), sizes)
    return Network.build(
        [1] * sellers + [2],
        [*product.tolist(), -1],
        [(sellers, int(g), s) for s, g in enumerate(product)],
        [f"r{i}" for i in range(sellers + 1)],
        [f"g{g}" for g in range(len(sizes))],
    ).rows.cut(sellers)


def drawn(seed: int, rows: Rows, spread: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Shares that sum to 1 a row, norms and log ratios."""
    r = np.random.default_rng(seed)
    weight = r.lognormal(0, 1, rows.m)
    share = weight / rows.spread(np.where(rows.sum(weight) > 0, rows.sum(weight), 1))
    return share, r.lognormal(0, 1, rows.m), r.normal(0, spread, rows.m)


def textbook(a: list[Decimal], values: list[Decimal], power: Decimal) -> Decimal:
    """log (sum a v^power)^(1/power), the geometric mean at power 0, with `a` brought to sum 1."""
    a = [w / sum(a) for w in a]
    logs = [v.ln() for v in values]
    if power == 0:
        return sum((w * v for w, v in zip(a, logs, strict=True)), Decimal(0))
    total = sum((w * (power * v).exp() for w, v in zip(a, logs, strict=True)), Decimal(0))
    return total.ln() / power


def two_nests(
    rows: Rows, share, value, inner: Decimal, outer: Decimal
) -> tuple[list[float], float]:
    """Log aggregates of each good and of the row, by the textbook in sixty digits."""
    goods: list[Decimal] = []
    weight: list[Decimal] = []
    for g in range(len(rows.good_row)):
        at = np.flatnonzero(rows.good_of == g)
        a = [Decimal(float(share[i])) for i in at]
        goods.append(textbook(a, [Decimal(float(value[i])).exp() for i in at], inner))
        weight.append(sum(a, Decimal(0)))
    row = textbook(weight, [g.exp() for g in goods], outer)
    return [float(g) for g in goods], float(row)


@given(NESTS, ELASTICITY, ELASTICITY, st.integers(0, 2**32), st.sampled_from([1e-6, 0.3, 3.0]))
def test_cost_is_the_textbook_cost(sizes, sigma, eps, seed, spread):
    rows = one_buyer(sizes)
    share, _, log_q = drawn(seed, rows, spread)
    log_good, log_row = ces_cost(rows, share, np.array([sigma]), np.array([eps]), log_q)
    with localcontext(prec=60):
        goods, row = two_nests(rows, share, log_q, 1 - Decimal(eps), 1 - Decimal(sigma))
    # A log of size 1 carries 2e-16; 1e-14 leaves room for a dozen roundings at |log q| = 10.
    assert log_good == pytest.approx(goods, rel=0, abs=1e-14 * max(1.0, spread))
    assert log_row[0] == pytest.approx(row, rel=0, abs=1e-14 * max(1.0, spread))


@given(
    NESTS,
    ELASTICITY.filter(bool),
    ELASTICITY.filter(bool),
    st.integers(0, 2**32),
    st.sampled_from([1e-6, 0.3, 3.0]),
)
def test_quantity_is_the_textbook_quantity(sizes, sigma, eps, seed, spread):
    rows = one_buyer(sizes)
    share, norm, log_x = drawn(seed, rows, spread)
    made = ces_quantity(rows, share, norm, np.array([sigma]), np.array([eps]), norm * np.exp(log_x))
    with localcontext(prec=60):
        _, row = two_nests(rows, share, log_x, 1 - 1 / Decimal(eps), 1 - 1 / Decimal(sigma))
    assert np.log(made[0]) == pytest.approx(row, rel=0, abs=2e-14 * max(1.0, spread))


@pytest.mark.parametrize("small", [0.0, 5e-324, 1e-300, 1e-30, 1e-9])
def test_quantity_tends_to_its_scarcest_input(small):
    rows = one_buyer([1, 2])
    share, norm, log_x = drawn(3, rows, 1.0)
    s = np.array([small])
    made = ces_quantity(rows, share, norm, s, s, norm * np.exp(log_x))
    assert np.log(made[0]) == pytest.approx(log_x.min(), abs=1e-8)


@given(NESTS, ELASTICITY, ELASTICITY, st.integers(0, 2**32))
def test_what_is_demanded_makes_one_unit(sizes, sigma, eps, seed):
    rows = one_buyer(sizes)
    share, norm, log_q = drawn(seed, rows, 0.5)
    s, e = np.array([sigma]), np.array([eps])
    log_good, log_row = ces_cost(rows, share, s, e, log_q)
    ratio = demand_ratio(rows, s, e, log_q, log_good, log_row)
    assert ces_quantity(rows, share, norm, s, e, ratio * norm)[0] == pytest.approx(1.0, rel=1e-13)
    # Spending on it is the unit cost.
    assert share @ (ratio * np.exp(log_q)) == pytest.approx(np.exp(log_row[0]), rel=1e-13)


@pytest.mark.parametrize("eps", [0.0, 1.0, 4.0])
@pytest.mark.parametrize("sigma", [0.0, 0.3, 1.0, 1 + 1e-9, 1.5])
def test_shephard(sigma, eps):
    """d cost / d price of a link is what is bought on it; central differences err by h^2."""
    rows = one_buyer([2, 3, 1])
    share, _, log_q = drawn(1, rows, 0.3)
    s, e, h = np.array([sigma]), np.array([eps]), 1e-4
    log_good, log_row = ces_cost(rows, share, s, e, log_q)
    ratio = demand_ratio(rows, s, e, log_q, log_good, log_row)
    for i in range(rows.m):
        step = h * (np.arange(rows.m) == i)
        up, down = (ces_cost(rows, share, s, e, log_q + d * step)[1][0] for d in (1, -1))
        spent = share[i] * ratio[i] * np.exp(log_q[i] - log_row[0])
        assert (up - down) / (2 * h) == pytest.approx(spent, abs=1e-7)


@pytest.mark.parametrize("seed", range(20))
def test_one_row_alone_gives_the_same_bits(build, seed):
    rows = build(seed).rows
    share, norm, log_q = drawn(seed, rows, 0.5)
    r = np.random.default_rng([seed, 1])
    sigma, eps = r.choice(SPECIAL, rows.n), r.choice(SPECIAL, rows.n)
    x, taste = norm * r.lognormal(0, 1, rows.m), r.normal(0, 1, len(rows.good_row))
    x[r.random(rows.m) < 0.1] = 0.0
    everyone = _answers(rows, share, norm, sigma, eps, log_q, x, taste)
    for i in range(rows.n):
        at, goods, one = rows.links(i), rows.goods(i), slice(i, i + 1)
        place = (goods, one, at, one, at, at, one)
        args = (share[at], norm[at], sigma[one], eps[one], log_q[at], x[at], taste[goods])
        alone = _answers(rows.cut(i), *args)
        for mine, whole, where in zip(alone, everyone, place, strict=True):
            assert mine.tobytes() == whole[where].tobytes()


def _answers(rows, share, norm, sigma, eps, log_q, x, taste):
    log_good, log_row = ces_cost(rows, share, sigma, eps, log_q)
    ratio = demand_ratio(rows, sigma, eps, log_q, log_good, log_row)
    made = ces_quantity(rows, share, norm, sigma, eps, x)
    return (log_good, log_row, ratio, made, *tilt(rows, share, norm, taste), rows.sum(x))


@pytest.mark.parametrize("sigma", [0.0, 0.3, 1 - 1e-9, 1.0])
def test_without_an_essential_input_nothing_is_made(sigma):
    rows = one_buyer([1, 1, 1])
    share, norm, _ = drawn(0, rows, 1.0)
    x = norm * np.array([2.0, 0.0, 3.0])
    assert ces_quantity(rows, share, norm, np.array([sigma]), np.ones(1), x)[0] == 0.0


@pytest.mark.parametrize("sigma", [1.5, 2.0, 10.0])
def test_above_one_an_input_can_be_done_without(sigma):
    rows = one_buyer([1, 1, 1])
    share, norm, _ = drawn(0, rows, 1.0)
    ratio, s = np.array([2.0, 0.0, 3.0]), np.array([sigma])
    rho = 1 - 1 / sigma
    made = ces_quantity(rows, share, norm, s, np.ones(1), norm * ratio)[0]
    assert made == pytest.approx((share @ ratio**rho) ** (1 / rho), rel=1e-14)
    assert ces_quantity(rows, share, norm, s, s, np.zeros(3))[0] == 0.0


def test_a_missing_supplier_costs_its_nest_only():
    """Above one within a good, below one between goods: the good is made by the other supplier."""
    rows = one_buyer([2, 1])
    share, norm = np.array([0.25, 0.25, 0.5]), np.ones(3)
    args = (rows, share, norm, np.array([0.5]), np.array([2.0]))
    # The good: (1/2 sqrt 4)^2 = 1 from one supplier of two; so the row makes exactly 1.
    assert ces_quantity(*args, np.array([4.0, 0.0, 1.0]))[0] == pytest.approx(1.0, rel=1e-15)


def test_tilt_moves_spending_at_base_prices():
    rows = one_buyer([2, 1])
    share, norm, _ = drawn(5, rows, 0.4)
    taste = np.array([0.3, -0.5])
    new, new_norm = tilt(rows, share, norm, taste)
    assert new.sum() == pytest.approx(1.0, rel=1e-15)
    link = taste[rows.good_of]
    assert new / new[0] == pytest.approx(share / share[0] * np.exp(link - link[0]), rel=1e-14)
    # Value per unit at base prices is untouched, so the unit cost stays 1 there.
    assert new_norm / new == pytest.approx(norm / share, rel=1e-14)
