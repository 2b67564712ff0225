"""The posted-price market's week, row by row; what is worked out stands in `mechanisms.market`."""

import numpy as np

from catallax.kernels.ces import batch_end, given_costs, room
from catallax.kernels.elementary import exp, log
from catallax.kernels.jit import Flags, In, Index, Out, kernel

ENDOWMENT, PLANT, HOUSEHOLD = 0, 1, 2
_SLOWEST, _FASTEST = -0.35667494393873245, 0.3364722366212129  # logs of 0.7 and 1.4


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
    supply: In,
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

    gains : kappa, beta, a, cover, smoothing and the least scale as a share of capital
    """
    kappa, beta, a, cover, smoothing, tiny = (
        gains[0],
        gains[1],
        gains[2],
        gains[3],
        gains[4],
        gains[5],
    )
    row, last = np.uint64(first), np.uint64(stop)
    size = room(row_first, good_first, row, last)
    rows = min(size, np.uint64(max(stop - first, 1)))
    work, who, log_q, log_good = (
        np.empty((7, size)),
        np.empty((2, size), np.uint64),
        np.empty(size),
        np.empty(size),
    )
    part, paid, units, again = np.empty(size), np.empty(size), np.empty(size), np.empty(size)
    cost, scale, lean = np.empty(rows), np.empty(rows), np.empty(rows)
    while row < last:
        end = batch_end(row_first, good_first, row, last)
        count = end - row
        l0, l1 = good_first[row_first[row]], good_first[row_first[end]]
        # Short loops over few arrays: over many, they would not be vectorised.
        for j in range(l0, l1):
            paid[j - l0] = quoted[j] * (1.0 + tariff[j])
        for j in range(l0, l1):
            log_q[j - l0] = norm[j] / (share[j] * kept[j])
        for j in range(l1 - l0):
            log_q[j] = log(paid[j] * log_q[j])
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
        for i in range(row, end):
            D[i] = (1.0 - smoothing) * last_D[i] + smoothing * orders[i]
        for i in range(row, end):
            gap = cover * D[i] - (stock[i] - D[i])
            lean[i - row] = max(D[i] + a * gap, 0.02 * D[i])
        for i in range(row, end):
            lean[i - row] = log(lean[i - row] / (z[i] * K[i]))
        for i in range(row, end):
            lean[i - row] = log(K[i]) + max(lean[i - row] / gamma[i], log(tiny))
        for i in range(row, end):
            scale[i - row] = log(gamma[i] * z[i] * last_price[i])
        for i in range(row, end):
            bend = 1.0 - gamma[i] if gamma[i] < 1.0 else 1.0
            profit = log(K[i]) + (scale[i - row] - cost[i - row]) / bend
            lean[i - row] = (1.0 - beta) * lean[i - row] + beta * profit
        for i in range(row, end):
            before = log(max(last_X[i], tiny * K[i]))
            scale[i - row] = exp(min(max(lean[i - row], before + _SLOWEST), before + _FASTEST))
        for i in range(row, end):
            lean[i - row] = max(cash[i], 0.0) * exp(-cost[i - row])
        for i in range(row, end):
            home = lean[i - row] if kind[i] == HOUSEHOLD else 0.0
            X[i] = scale[i - row] if kind[i] == PLANT else home
        for i in range(row, end):
            wanted = orders[i] if kind[i] == ENDOWMENT else (1.0 + cover) * D[i]
            scale[i - row] = max(wanted, 1e-100)
        for i in range(row, end):
            there = supply[i] if kind[i] == ENDOWMENT else stock[i]
            scale[i - row] = log(scale[i - row] / max(there, 1e-100))
        for i in range(row, end):
            move = kappa * min(max(scale[i - row], -1.0), 1.0)
            move = 0.0 if kind[i] == HOUSEHOLD else move
            price[i] = last_price[i] * exp(move)
        for k in range(count):
            cost[k] = exp(cost[k])
        plants = 0
        for i in range(row, end):
            spending = X[i] * cost[i - row]
            plants += kind[i] == PLANT
            for j in range(good_first[row_first[i]], good_first[row_first[i + np.uint64(1)]]):
                units[j - l0] = spending
        for j in range(l1 - l0):
            units[j] = units[j] * part[j] / paid[j]
        if plants == 0:
            for j in range(l0, l1):
                use[j] = held[j]
            for j in range(l0, l1):
                ask[j] = units[j - l0]
        else:
            for j in range(l0, l1):
                paid[j - l0] = units[j - l0] * kept[j]
            for i in range(row, end):
                plant = kind[i] == PLANT
                for j in range(good_first[row_first[i]], good_first[row_first[i + np.uint64(1)]]):
                    use[j] = min(paid[j - l0], held[j]) if plant else held[j]
            for j in range(l0, l1):
                gap = cover * paid[j - l0] - (held[j] - use[j])
                again[j - l0] = max(paid[j - l0] + a * gap, 0.0)
            for i in range(row, end):
                plant = kind[i] == PLANT
                for j in range(good_first[row_first[i]], good_first[row_first[i + np.uint64(1)]]):
                    more = plant and not perishable[j]
                    ask[j] = again[j - l0] / kept[j] if more else units[j - l0]
        row = end
