"""What somebody who hears every message could tell of private facts.

One simple listener for all institutions. It overhears reports and quotes as they arrive and asks
as they are made, knows the public table, and forms means over the run's last 52 weeks. It believes
what is reported of a fact. Of a plant that reports no productivity but posts prices it infers
log z = gamma log c - log p, with prices over their mean and c the cost of the base-year bundle of
inputs at them. Of a final user that reports no tastes it infers them from what the user asks for:
expenditure by good, at quotes where there are any, over the base year's. Of others it believes the
public value.
"""

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.knowledge import make_public_technology
from catallax.domains.production.measures.assess import Assessed
from catallax.domains.production.network import Technology
from catallax.domains.production.run import Run
from catallax.protocol import Measure, Measured

FLAT = 1e-9  # logs; what varies less does not vary


def measure_leak_z(run: Assessed, twin: Assessed | None) -> Measured:
    """Correlation of inferred with true log productivity over plants."""
    if run.run.oracle:
        return Measured(None, "an oracle sends no messages")
    kept, base = run.run.sampled, make_public_technology(run.run.contract.economy.technology)
    plants = base.network.plants
    inferred = infer_z(base, kept["heard_z"], kept["heard_price"])[plants]
    return _correlate(inferred, kept["true_z"][plants], "productivity")


def infer_z(base: Technology, reported: Floats, price: Floats) -> Floats:
    """(n,) log productivity less the public one of the base year; 0 where nothing tells.

    base            : (n,) columns, as the public knows them
    reported, price : (n,) mean log report and mean log quote; NaN where there is none
    """
    net = base.network
    quoted = ~np.isnan(price)
    level = price[quoted].mean() if quoted.any() else 0.0
    known = np.where(quoted, price - level, 0.0)  # of others: the base year's, the level itself
    cost = net.rows.sum(base.share * known[net.seller])
    seen = np.where(quoted, base.gamma * cost - known, 0.0)
    return np.where(np.isnan(reported), seen, reported - np.log(base.z))


def measure_leak_taste(run: Assessed, twin: Assessed | None) -> Measured:
    """Correlation of inferred with true log tastes over final users' goods."""
    if run.run.oracle:
        return Measured(None, "an oracle sends no messages")
    base, kept = run.run.contract.economy.technology, run.run.sampled
    final, last = base.network.final, slice(base.network.m - base.network.final.m, None)
    truth = final.sum_goods(kept["true_share"]) / final.sum_goods(base.share[last])
    inferred = infer_taste(base, run.run)
    return _correlate(
        _center_by_user(base, inferred), _center_by_user(base, np.log(truth)), "taste"
    )


def infer_taste(base: Technology, run: Run) -> Floats:
    """(G,) log tastes of final users' nests against the base year's; 0 where nothing tells."""
    net, kept = base.network, run.sampled
    final, last = net.final, slice(net.m - net.final.m, None)
    public = final.sum_goods(base.share[last])
    price = np.exp(np.where(np.isnan(kept["heard_price"]), 0.0, kept["heard_price"]))
    bill = kept["heard_ask"] * price[net.seller[last]]
    total = final.sum(bill)[final.good_row]
    spent = final.sum_goods(bill) / np.where(total > 0, total, 1.0)
    said = final.sum_goods(kept["heard_share"])  # NaN unless all its links were reported
    best = np.where(np.isnan(said), spent, said)
    return np.log(np.where(best > 0, best, public) / public)


def _center_by_user(base: Technology, taste: Floats) -> Floats:
    """Log tastes less each final user's mean: only their proportions mean anything."""
    of = base.network.final.good_row
    return np.asarray(taste - (np.bincount(of, taste) / np.bincount(of))[of])


def _correlate(inferred: Floats, true: Floats, what: str) -> Measured:
    """Their correlation; None where either does not vary."""
    if len(true) < 3 or np.ptp(true) < FLAT:
        return Measured(None, f"{what} does not differ between rows")
    if np.ptp(inferred) < FLAT:
        return Measured(None, f"nothing was said that tells of {what}")
    return Measured(float(np.corrcoef(inferred, true)[0, 1]))


ALL = (
    Measure(
        "leak_z",
        "correlation",
        "neither",
        "What a listener to every message could tell of private productivity: correlation over "
        "plants of inferred with true log z, means over the last 52 weeks. It believes reports "
        "of z; of plants that report none it infers log z = gamma log c - log p from posted "
        "prices over their mean, c the base-year bundle of inputs at them. Messages are "
        "heard as they arrive, blurred by the channel.",
        "Shannon 1949; Hayek 1945",
        measure_leak_z,
        "heard_z",
    ),
    Measure(
        "leak_taste",
        "correlation",
        "neither",
        "What a listener to every message could tell of private tastes: correlation over final "
        "users' goods of inferred with true log tastes, means over the last 52 weeks, each less "
        "its user's mean. It believes reported shares; of users that report none it infers "
        "tastes from expenditure by good in overheard asks at overheard quotes, against the "
        "public table. Reports and quotes are heard as they arrive, blurred by the channel, asks "
        "exactly as they are made.",
        "Shannon 1949; Hayek 1945",
        measure_leak_taste,
        "heard_z",
    ),
)
