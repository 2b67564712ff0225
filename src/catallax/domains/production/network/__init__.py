"""Rows, links and tables: plain values that every other part may import."""

from catallax.domains.production.network.institution import BIDS, Act, Event, Inbox, Public, View
from catallax.domains.production.network.names import Names
from catallax.domains.production.network.rows import ENDOWMENT, HOUSEHOLD, PLANT, Network, Rows
from catallax.domains.production.network.table import Lazy, Table
from catallax.domains.production.network.technology import Technology
from catallax.kernels.composites import ces_quantity
from catallax.kernels.spending import ces_cost, ces_shares, demand_ratio, tilt

__all__ = [
    "BIDS",
    "ENDOWMENT",
    "HOUSEHOLD",
    "PLANT",
    "Act",
    "Event",
    "Inbox",
    "Lazy",
    "Names",
    "Network",
    "Public",
    "Rows",
    "Table",
    "Technology",
    "View",
    "ces_cost",
    "ces_quantity",
    "ces_shares",
    "demand_ratio",
    "tilt",
]
