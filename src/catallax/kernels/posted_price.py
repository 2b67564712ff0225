"""The posted-price market's week, row by row; what is worked out stands in `mechanisms.market`."""

import numpy as np

from catallax.kernels.ces import batch_costs, batch_end, room
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
    work, who = np.empty((6, size)), np.empty(size, np.uint64)
    log_q, log_good, part, cost = np.empty(size), np.empty(size), np.empty(size), np.empty(size)
    while row < last:
        end = batch_end(row_first, good_first, row, last)
        l0, l1 = good_first[row_first[row]], good_first[row_first[end]]
        for j in range(l0, l1):
            paid = quoted[j] * (1.0 + tariff[j])
            log_q[j - l0] = log(paid * norm[j] / (share[j] * kept[j]))
        batch_costs(
            row_first,
            good_first,
            share[l0:l1],
            log_q,
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
            expected = (1.0 - smoothing) * last_D[i] + smoothing * orders[i]
            D[i] = expected
            target = max(expected + a * (cover * expected - (stock[i] - expected)), 0.02 * expected)
            root = 1.0 / gamma[i]
            log_K = log(K[i])
            fill = log_K + max(log(target / (z[i] * K[i])) * root, log(tiny))
            bend = 1.0 - gamma[i] if gamma[i] < 1.0 else 1.0
            profit = log_K + (log(gamma[i] * z[i] * last_price[i]) - cost[i - row]) / bend
            before = log(max(last_X[i], tiny * K[i]))
            lean = (1.0 - beta) * fill + beta * profit
            scale = exp(min(max(lean, before + _SLOWEST), before + _FASTEST))
            power = max(cash[i], 0.0) * exp(-cost[i - row])
            X[i] = scale if kind[i] == PLANT else (power if kind[i] == HOUSEHOLD else 0.0)
            ends = kind[i] == ENDOWMENT
            wanted = orders[i] if ends else (1.0 + cover) * expected
            there = supply[i] if ends else stock[i]
            excess = log(max(wanted, 1e-100) / max(there, 1e-100))
            moved = last_price[i] * exp(kappa * min(max(excess, -1.0), 1.0))
            price[i] = last_price[i] if kind[i] == HOUSEHOLD else moved
        for i in range(row, end):
            spending, plant = X[i] * exp(cost[i - row]), kind[i] == PLANT
            for j in range(good_first[row_first[i]], good_first[row_first[i + np.uint64(1)]]):
                units = spending * part[j - l0] / (quoted[j] * (1.0 + tariff[j]))
                wanted = units * kept[j]
                here = min(wanted, held[j]) if plant else held[j]
                again = max(wanted + a * (cover * wanted - (held[j] - here)), 0.0) / kept[j]
                use[j] = here
                ask[j] = again if plant and not perishable[j] else units
        row = end
