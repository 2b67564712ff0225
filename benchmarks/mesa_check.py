"""The Mesa model: what it is handed, its speed, and whether it is the same model as ours."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.contracts import calm, named
from benchmarks.session import Session
from catallax import Economy, Shock, market, simulate, solve
from catallax.domains.production.economy import start_state
from catallax.domains.production.mechanisms.market import Market
from catallax.domains.production.run import Recording

SHOCK_WEEK = 4
TOLERANCE = 1e-9  # of prices and of sales in any week: the same model up to rounding


def handed_over(economy: Economy, path: Path) -> None:
    """Write the network, recipes and first stocks of a run as arrays that a peer can read."""
    net, t = economy.network, economy.technology
    # As a run begins: stocks of the optimum of the week's facts.
    state = start_state(economy, solve(t, economy.income))
    np.savez(
        path,
        kind=net.kind,
        buyer=net.buyer,
        good=net.good,
        seller=net.seller,
        share=t.share,
        norm=t.norm,
        sigma=t.sigma,
        eps=t.eps,
        gamma=t.gamma,
        z=t.z,
        K=t.K,
        supply=t.supply,
        decay=economy.decay,
        own=economy.own[0],
        stock=state.stock,
        held=state.held,
        cash=state.cash,
        orders=state.last.orders,
        output=state.last.output,
    )


def mesa_weeks(economy: str, weeks: int, session: Session) -> dict[str, Any]:
    """Seconds of each week of the Mesa model of `economy`."""
    with session.folder() as folder:
        path = folder / "network.npz"
        handed_over(named(economy), path)
        return session.peer("mesa_market", network=str(path), weeks=weeks, settings=gains())


def gains() -> dict[str, float]:
    """Settings of our market, which the Mesa model takes as they are."""
    ours = Market()
    return {k: getattr(ours, k) for k in ("kappa", "beta", "a", "cover", "smoothing")}


def largest_difference(economy: str, weeks: int, session: Session) -> dict[str, float]:
    """Largest relative difference from ours of any seller's price, or sales, in any week.

    The supply of the last endowment is cut to 0.7 in the fifth week, so that something happens;
    `moved` says by how much the price that moved most has moved.
    """
    e = named(economy)
    if len(e.own) != 1 or e.lead.any() or np.any(e.iceberg != 1):
        raise ValueError(f"{economy}: the Mesa model knows one class of owners, no lead, no loss")
    shock = Shock(e.network.names[e.network.endowments.stop - 1], SHOCK_WEEK, 0.7)
    with session.folder() as folder:
        path = folder / "network.npz"
        handed_over(e, path)
        cut = [e.network.endowments.stop - 1, SHOCK_WEEK, 0.7]
        asked: dict[str, Any] = {
            "network": str(path),
            "weeks": weeks,
            "settings": gains(),
            "shock": cut,
        }
        session.peer("mesa_market", **asked, out=str(folder / "out.npz"))
        theirs = np.load(folder / "out.npz")
        theirs = {name: theirs[name] for name in ("price", "sold")}
    held = replace(calm(e, weeks), shocks=(shock,))
    run = simulate(held, market(quote_smoothing=1.0), recording=Recording(rows=e.network.n))
    sellers = slice(0, e.network.sellers.stop)
    ours = {name: run.series[name][:, sellers] for name in theirs}
    found = {
        name: float(np.max(np.abs(theirs[name] - ours[name]) / np.abs(ours[name])))
        for name in theirs
    }
    return {**found, "moved": float(np.max(np.abs(np.log(ours["price"][-1]))))}
