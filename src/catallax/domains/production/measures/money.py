"""Sellers side by side, and national accounts: prices, concentration, growth."""

import numpy as np

from catallax.arrays import Floats, Ints
from catallax.domains.production.measures.assess import BURN, Assessed
from catallax.domains.production.measures.income_optimum import find_income_optima
from catallax.domains.production.measures.values import explain_partial, explain_too_short
from catallax.domains.production.run import Run
from catallax.protocol import Measure, Measured

YEAR = 52  # weeks


def has_posted_prices(run: Run) -> bool:
    """Whether sellers post prices: only then does money change hands."""
    return bool(run.series["income"].any())


def measure_price_dispersion(run: Assessed, twin: Assessed | None) -> Measured:
    """Mean s.d. of log prices among the sellers of a product, from week 52 on."""
    why = explain_too_short(run) or explain_partial(run)
    if why or not has_posted_prices(run.run):
        return Measured(None, why or "no prices are posted")
    product = run.run.contract.economy.network.product
    if not _find_rivals(product).any():
        return Measured(None, "no product has two sellers")
    price, sold = (run.run.series[name][BURN:] for name in ("price", "sold"))
    return _average_weeks(
        [compute_dispersion(np.log(p), p * s, product) for p, s in zip(price, sold, strict=True)]
    )


def compute_dispersion(log_price: Floats, sales: Floats, product: Ints) -> float | None:
    """S.d. of log prices about the product's mean, both by sales, averaged over products by sales.

    log_price, sales : (n,); product : (n,), -1 for rows that sell nothing

    Products with one seller do not count; None if no other one was sold.
    """
    many = _find_rivals(product)
    p, w, of = log_price[many], sales[many], product[many]
    if w.sum() <= 0:
        return None
    total = np.bincount(of, w)
    there = np.where(total > 0, total, 1.0)
    off = p - (np.bincount(of, w * p) / there)[of]
    spread = np.sqrt(np.bincount(of, w * off**2) / there)
    return float(total @ spread / total.sum())


def _find_rivals(product: Ints) -> np.typing.NDArray[np.bool_]:
    """(n,) whether a row sells what another row sells too."""
    count = np.bincount(product[product >= 0])
    return np.asarray((product >= 0) & (count[product] > 1))


def measure_concentration(run: Assessed, twin: Assessed | None) -> Measured:
    """Mean Herfindahl-Hirschman index over products, from week 52 on."""
    why = explain_too_short(run) or explain_partial(run)
    if why:
        return Measured(None, why)
    net, series = run.run.contract.economy.network, run.run.series
    plants = net.plants
    home = net.product[plants][~run.run.contract.economy.abroad[plants]]
    if not _find_rivals(home).any():
        return Measured(None, "no product has two sellers at home: each stands for its industry")
    sales = (series["sold"] * series["price"])[BURN:, plants]
    return _average_weeks([compute_concentration(s, net.product[plants]) for s in sales])


def compute_concentration(sales: Floats, product: Ints) -> float | None:
    """Sum of squared shares within each product, averaged over products by sales.

    sales, product : (k,), one for each seller; None if nothing was sold
    """
    if sales.sum() <= 0:
        return None
    total = np.bincount(product, sales)
    share = sales / np.where(total > 0, total, 1.0)[product]
    return float(sales @ share / sales.sum())


def _average_weeks(weeks: list[float | None]) -> Measured:
    """The mean of the weeks in which there is a value."""
    there = [x for x in weeks if x is not None]
    return Measured(float(np.mean(there))) if there else Measured(None, "nothing was sold")


def measure_gdp(run: Assessed, twin: Assessed | None) -> Measured:
    """Chained real final use of the last full year over that of the base year."""
    years = len(run.run.series["final"]) // YEAR
    if explain_partial(run) or not years:
        return Measured(
            None, explain_partial(run) or f"the run is shorter than a year of {YEAR} weeks"
        )
    if not has_posted_prices(run.run) and not len(run.run.sampled["weeks"]):
        return Measured(None, "no prices are posted, and no week was kept to work out others")
    if not has_posted_prices(run.run) and find_income_optima(run.run).unsolved:
        return Measured(
            None, f"the optimum of week {find_income_optima(run.run).unsolved[0]} was not found"
        )
    economy = run.run.contract.economy
    net = economy.network
    base = net.orders(np.where(net.buyer >= net.households.start, economy.flow, 0.0))
    price, use = (
        _average_years(x, years) for x in (_find_prices(run.run), run.run.series["final"])
    )
    if np.any(use.sum(axis=1) <= 0):
        return Measured(None, "final users had nothing in some year")
    return Measured(chain_index(np.vstack([np.ones(net.n), price]), np.vstack([base, use])))


def _find_prices(run: Run) -> Floats:
    """(weeks, n) prices that bind where they are posted, else the optimum's between samples."""
    if has_posted_prices(run):
        return run.series["price"]
    weeks, known = np.arange(len(run.series["final"])), run.sampled["weeks"]
    return np.array([np.interp(weeks, known, price) for price in find_income_optima(run).price.T]).T


def _average_years(weekly: Floats, years: int) -> Floats:
    """(years, n) means over full years."""
    return np.asarray(weekly[: years * YEAR].reshape(years, YEAR, -1).mean(axis=1))


def chain_index(price: Floats, quantity: Floats) -> float:
    """Fisher's ideal quantity index, chained over the first axis; (periods, goods) each."""
    at_old = (price[:-1] * quantity[1:]).sum(axis=1) / (price[:-1] * quantity[:-1]).sum(axis=1)
    at_new = (price[1:] * quantity[1:]).sum(axis=1) / (price[1:] * quantity[:-1]).sum(axis=1)
    return float(np.prod(np.sqrt(at_old * at_new)))


ALL = (
    Measure(
        "gdp",
        "base year = 1",
        "higher",
        "Real final use (consumption, government and investment; trade closes through foreign "
        "credit, changes in stocks are left out) in the last full year of 52 weeks, as a level: "
        "Fisher's ideal index chained year by year from the base year. Prices are those that "
        "bind where prices are posted, else those of the optimum at base-year incomes.",
        "Fisher 1922; System of National Accounts 2008, chapter 15",
        measure_gdp,
        "income",
        failed=0.0,
    ),
    Measure(
        "price_dispersion",
        "log points",
        "neither",
        "Standard deviation of the log binding price among the sellers of one product, about "
        "their mean, both weighted by sales; averaged over products by sales and over weeks "
        "from 52 on. Prices are relative to the base year's. Products with one seller do not "
        "count.",
        "Stigler 1961",
        measure_price_dispersion,
        "income",
        burn=BURN,
    ),
    Measure(
        "hhi",
        "0 to 1",
        "neither",
        "Herfindahl-Hirschman index: sum of squared shares of the plants that sell one product "
        "(imports are one of them), averaged over products by sales and over weeks from 52 on; "
        "sales at binding prices, at base-year prices where none are posted. A product with one "
        "seller counts as 1. None where no product has two at home, as when one plant stands for a "
        "whole industry: shares of imports say nothing of concentration.",
        "Herfindahl 1950; Hirschman 1964",
        measure_concentration,
        "income",
        burn=BURN,
    ),
)
