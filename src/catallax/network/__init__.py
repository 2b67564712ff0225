"""Rows, links and tables: plain values that every other part may import."""

from catallax.network.institution import Act, Event, Inbox, Public, View
from catallax.network.names import Names
from catallax.network.nests import ces_cost, ces_quantity, ces_shares, demand_ratio, tilt
from catallax.network.rows import ENDOWMENT, HOUSEHOLD, PLANT, Network, Rows
from catallax.network.table import Floats, Ints, Lazy, Table
from catallax.network.technology import Technology
from catallax.protocol.sealed import frozen, resealed, sealed

__all__ = [
    "ENDOWMENT",
    "HOUSEHOLD",
    "PLANT",
    "Act",
    "Event",
    "Floats",
    "Inbox",
    "Ints",
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
    "frozen",
    "resealed",
    "sealed",
    "tilt",
]
