"""The posted-price market's week, row by row; its plain twin is in `mechanisms.market_week`."""

from typing import Any

import numpy as np

from catallax.kernels.ces import batch_end, given_costs, room
from catallax.kernels.elementary import exp, log
from catallax.kernels.jit import Flags, In, Index, Out, Room, called, kernel

PLANT, HOUSEHOLD = 1, 2
_SLOWEST, _FASTEST = -0.35667494393873245, 0.3364722366212129  # logs of 0.7 and 1.4


@called
def _businesses(
    kind: Index,
    z: Room,
    K: Room,
    gamma: Room,
    stock: Room,
    last_price: Room,
    last_X: Room,
    gains: Room,
    cost: Room,
    D: Room,
    price: Room,
    X: Room,
    first: Any,
    stop: Any,
) -> None:
    """Prices and scales of plants among rows `first` to `stop` - 1; other prices stay.

    cost : of these rows, log; D : of all rows, expected orders
    """
    kappa, beta, a, cover, theta = gains[0], gains[1], gains[2], gains[3], gains[5]
    tiny = gains[6]
    lean, scale, rise = np.empty(stop - first), np.empty(stop - first), np.empty(stop - first)
    # Short loops over few arrays: over many, they would not be vectorised.
    for i in range(first, stop):
        gap = cover * D[i] - (stock[i] - D[i])
        lean[i - first] = max(D[i] + a * gap, 0.02 * D[i])
    for i in range(first, stop):
        lean[i - first] = log(lean[i - first] / (z[i] * K[i]))
    for i in range(first, stop):
        lean[i - first] = log(K[i]) + max(lean[i - first] / gamma[i], log(tiny))
    for i in range(first, stop):
        scale[i - first] = log(gamma[i] * z[i] * last_price[i])
    for i in range(first, stop):
        bend = 1.0 - gamma[i] if gamma[i] < 1.0 else 1.0
        large = log(K[i])
        profit = large + (scale[i - first] - cost[i - first]) / bend
        # Log marginal cost where orders are filled, over the price.
        rise[i - first] = cost[i - first] - scale[i - first]
        rise[i - first] += (1.0 - gamma[i]) * (lean[i - first] - large)
        lean[i - first] = (1.0 - beta) * lean[i - first] + beta * profit
    for i in range(first, stop):
        before = log(max(last_X[i], tiny * K[i]))
        scale[i - first] = exp(min(max(lean[i - first], before + _SLOWEST), before + _FASTEST))
    for i in range(first, stop):
        X[i] = scale[i - first] if kind[i] == PLANT else 0.0
    for i in range(first, stop):
        wanted = max((1.0 + cover) * D[i], 1e-100)
        scale[i - first] = log(wanted / max(stock[i], 1e-100))
    for i in range(first, stop):
        move = kappa * min(max(scale[i - first], -1.0), 1.0) + theta * rise[i - first]
        move = move if kind[i] == PLANT else 0.0
        price[i] = last_price[i] * exp(move)


@kernel
def act(
    row_first: Index,
    good_first: Index,
    kind: Index,
    perishable: Flags,
    share: In,
    norm: In,
    kept: In,
    tariff: In,
    quoted: In,
    held: In,
    z: In,
    K: In,
    sigma: In,
    eps: In,
    gamma: In,
    stock: In,
    orders: In,
    cash: In,
    last_D: In,
    last_price: In,
    last_X: In,
    gains: In,
    ask: Out,
    use: Out,
    D: Out,
    price: Out,
    X: Out,
    first: int,
    stop: int,
) -> None:
    """Asks and uses (m,), expected orders, prices and scales (n,) of rows `first` to `stop` - 1.

    norm         : (m,), or (0,) where norms are the shares
    kept, tariff : (m,), or (0,) where nothing is lost on the way, or taxed
    gains        : kappa, beta, a, cover, smoothing, theta and the least scale as a share of capital
    """
    a, cover, smoothing = gains[2], gains[3], gains[4]
    row, last = np.uint64(first), np.uint64(stop)
    size = room(row_first, good_first, row, last)
    rows = min(size, np.uint64(max(stop - first, 1)))
    work, who = np.empty((7, size)), np.empty((2, size), np.uint64)
    log_q, log_good, part, paid = np.empty(size), np.empty(size), np.empty(size), np.empty(size)
    again, cost, spend = np.empty(size), np.empty(rows), np.empty(rows)
    scaled, lossy, taxed = len(norm) > 0, len(kept) > 0, len(tariff) > 0
    while row < last:
        end = batch_end(row_first, good_first, row, last)
        l0, l1 = good_first[row_first[row]], good_first[row_first[end]]
        # Short loops over few arrays: over many, they would not be vectorised.
        for j in range(l0, l1):
            paid[j - l0] = quoted[j]
        if taxed:
            for j in range(l0, l1):
                paid[j - l0] *= 1.0 + tariff[j]
        for j in range(l1 - l0):
            log_q[j] = paid[j]
        if scaled:
            for j in range(l0, l1):
                log_q[j - l0] *= norm[j] / share[j]
        if lossy:
            for j in range(l0, l1):
                log_q[j - l0] /= kept[j]
        for j in range(l1 - l0):
            log_q[j] = log(log_q[j])
        given_costs(
            row_first,
            good_first,
            share[l0:l1],
            log_q[: l1 - l0],
            sigma,
            eps,
            row,
            end,
            work,
            who,
            log_good,
            cost,
            part,
        )
        plants = sellers = 0
        for i in range(row, end):
            D[i] = (1.0 - smoothing) * last_D[i] + smoothing * orders[i]
            plants += kind[i] == PLANT
            sellers += kind[i] != HOUSEHOLD
        if sellers > 0:
            _businesses(
                kind, z, K, gamma, stock, last_price, last_X, gains, cost, D, price, X, row, end,
            )  # fmt: skip
        for i in range(row, end):
            cost[i - row] = exp(cost[i - row])
        for i in range(row, end):
            if kind[i] == HOUSEHOLD:
                price[i], X[i] = last_price[i], max(cash[i], 0.0) / cost[i - row]
            spend[i - row] = X[i] * cost[i - row]
        if plants == 0:
            for i in range(row, end):
                for j in range(good_first[row_first[i]], good_first[row_first[i + np.uint64(1)]]):
                    ask[j] = spend[i - row] * part[j - l0] / paid[j - l0]
            for j in range(l0, l1):
                use[j] = held[j]
            row = end
            continue
        for i in range(row, end):
            for j in range(good_first[row_first[i]], good_first[row_first[i + np.uint64(1)]]):
                part[j - l0] = spend[i - row] * part[j - l0] / paid[j - l0]
        for j in range(l0, l1):
            paid[j - l0] = part[j - l0] * kept[j] if lossy else part[j - l0]
        for i in range(row, end):
            plant = kind[i] == PLANT
            for j in range(good_first[row_first[i]], good_first[row_first[i + np.uint64(1)]]):
                use[j] = min(paid[j - l0], held[j]) if plant else held[j]
        for j in range(l0, l1):
            gap = cover * paid[j - l0] - (held[j] - use[j])
            again[j - l0] = max(paid[j - l0] + a * gap, 0.0)
        if lossy:
            for j in range(l0, l1):
                again[j - l0] /= kept[j]
        for i in range(row, end):
            plant = kind[i] == PLANT
            for j in range(good_first[row_first[i]], good_first[row_first[i + np.uint64(1)]]):
                more = plant and not perishable[j]
                ask[j] = again[j - l0] if more else part[j - l0]
        row = end
