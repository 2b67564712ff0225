"""What rows of a market of posted prices decide in a week, compiled and in plain NumPy."""

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.mechanisms.buying import choice
from catallax.domains.production.mechanisms.firm import TINY, fill_orders, ordered, scale
from catallax.domains.production.mechanisms.pricing import (
    find_excess,
    find_marginal_cost,
    move_plant_prices,
)
from catallax.domains.production.network import Act, Table, View
from catallax.kernels import posted_price
from catallax.kernels.memory import empty
from catallax.kernels.switch import operation
from catallax.kernels.threads import over

GAINS = ("kappa", "beta", "a", "cover", "smoothing")
"""Settings of a market in the order in which `decide_week` takes them, before theta."""


def expect_orders(before: Floats, orders: Floats, smoothing: float) -> Floats:
    """(n,) expected orders, from those expected last week and those that came."""
    return (1 - smoothing) * before + smoothing * orders


def _decide_week_plainly(
    view: View, act_memory: Table, quoted: Floats, gains: tuple[float, ...]
) -> tuple[Act, Table]:
    kappa, beta, a, weeks, smoothing, theta = gains
    rows, seen, before = view.rows, view.seen.row, act_memory.row
    D = expect_orders(before["D"], seen["orders"], smoothing)
    cost, ratio = choice(view, quoted * (1.0 + view.facts.link["tariff"]))
    cover = np.full(rows.n, weeks)
    fill = fill_orders(view, D, cover, a)
    X = scale(view, act_memory, fill, cost, beta)
    ask, use = ordered(view, X, ratio, cover, a)
    push = kappa * find_excess((1 + cover) * D, seen["stock"])
    marginal = find_marginal_cost(view, fill, cost)
    price = before["price"] * np.exp(
        move_plant_prices(view, before["price"], marginal, push, theta)
    )
    return Act(ask, use, price), Table({"D": D, "price": price, "X": X})


@operation(_decide_week_plainly)
def decide_week(
    view: View, act_memory: Table, quoted: Floats, gains: tuple[float, ...]
) -> tuple[Act, Table]:
    """Asks, uses, prices of plants and what is remembered, in one pass over the links.

    Prices of other rows stay as they are.

    quoted : (m,) price that each buyer expects to pay, before tariffs
    gains  : those of `GAINS`, then the share of its way to marginal cost that a price goes
    """
    rows, f, seen = view.rows, view.facts, view.seen
    numbers = np.array([*gains, TINY])
    ask, use = empty(rows.m), empty(rows.m)
    D, price, X = np.empty(rows.n), np.empty(rows.n), np.empty(rows.n)
    share, norm = f.link["share"], f.link["norm"]
    own_norm = np.empty(0) if norm is share else norm
    link = share, own_norm, _given(f.link["kept"]), _given(f.link["tariff"])
    row = (*(f.row[k] for k in ("z", "K", "sigma", "eps", "gamma")),)
    own = (*(seen.row[k] for k in ("stock", "orders", "cash")),)
    memory = (*(act_memory.row[k] for k in ("D", "price", "X")),)
    kind = rows.kind.view(np.uint64)

    def work(first: int, stop: int) -> None:
        posted_price.act(
            *rows.csr, kind, rows.perishable, *link, quoted, seen.link["held"], *row, *own,
            *memory, numbers, ask, use, D, price, X, first, stop,
        )  # fmt: skip

    over(rows.n, rows.m, work)
    return Act(ask, use, price), Table({"D": D, "price": price, "X": X})


def _given(link: Floats) -> Floats:
    """A column (m,) as kernels take it: (0,) where one number in all places means no change."""
    return np.empty(0) if link.strides == (0,) else link
