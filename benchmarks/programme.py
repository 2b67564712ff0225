"""The Leontief programme of a network, written for a solver, with its exact optimum."""

from pathlib import Path

import numpy as np
from scipy.sparse import csc_array

from catallax import Economy

TILT = 0.3  # s.d. of log final demand about the base year's: the base year is no answer


def write_programme(economy: Economy, path: Path) -> float:
    """Write the programme in columns of activities, 1 in the base year; return the best scale.

    Product rows are divided by base-year output, resource rows by supply. The last column is the
    scale of final demand.
    """
    net, ends = economy.network, economy.network.endowments.stop
    n = net.plants.stop - ends
    of_plants = slice(0, int(np.searchsorted(net.buyer, net.plants.stop)))
    buyer, seller = net.buyer[of_plants] - ends, net.seller[of_plants]
    use = economy.flow[of_plants] / economy.output[seller]
    inputs = csc_array(
        (use, (np.where(seller < ends, n + seller, seller - ends), buyer)), shape=(n + ends, n)
    )
    final = slice(of_plants.stop, net.m)
    bought = np.bincount(net.seller[final], weights=economy.flow[final], minlength=net.n)
    drawn = np.random.default_rng(0).standard_normal(n)
    demand = bought[net.plants] / economy.output[net.plants] * np.exp(TILT * drawn)
    best = _best(inputs, demand, n)
    _save(path, inputs, demand, n, ends, best)
    return best


def _best(inputs: csc_array, demand: np.ndarray, n: int) -> float:
    """The largest scale: activities that just serve demand, against the scarcest resource."""
    needs, total = inputs.tocsr(), demand.copy()
    for _ in range(1000):
        new = demand + (needs @ total)[:n]
        if np.max(np.abs(new - total)) <= 1e-15 * np.max(new):
            break
        total = new
    return float(1.0 / np.max((needs @ total)[n:]))


def _save(
    path: Path, inputs: csc_array, demand: np.ndarray, n: int, ends: int, best: float
) -> None:
    rows, columns = inputs.indices, np.repeat(np.arange(n), np.diff(inputs.indptr))
    signed = np.where(rows < n, -inputs.data, inputs.data)
    served = np.flatnonzero(demand > 0)
    index = np.concatenate([np.arange(n), rows, served])
    column = np.concatenate([np.arange(n), columns, np.full(len(served), n)])
    value = np.concatenate([np.ones(n), signed, -demand[served]])
    order = np.lexsort((index, column))
    start = np.searchsorted(column[order], np.arange(n + 2))
    np.savez(
        path,
        n=n,
        resources=ends,
        demand=demand,
        best=best,
        start=start.astype(np.int32),
        index=index[order].astype(np.int32),
        value=value[order],
    )
