"""The public base-year value of every kind of message: what is believed before anything arrives."""

from collections.abc import Sequence

import numpy as np

from catallax.domains.production.network import Public, Table

# Coefficients of a model that is learned together, and changes of it, each as exp of the number.
MODEL = ("model 0", "model 1")
UPDATE = ("update 0", "update 1")

# What can be reported, facts first, then observables; each may have a law of its own.
KINDS = (
    *("z", "K", "sigma", "supply", "share", "norm", "kept"),
    *("stock", "output", "orders", "shipped", "held", "used", "asked", "got", "price", "quoted"),
    *UPDATE,
)

SET = ("asked", "price", "quoted")
"""Kinds of report of numbers that somebody set: who reports them again need not measure them."""

MEASURED = tuple(kind for kind in KINDS if kind not in (*SET, *UPDATE))
"""Kinds of report that somebody measured first. Changes of a model are worked out, not measured."""

ROW = (
    *("price", "audit", "audited", *MODEL, *UPDATE, "z", "K", "sigma", "supply"),
    *("stock", "orders", "shipped", "output", "quota"),
)
"""Kinds of message about a row, a report or a directive."""
LINK = (
    *("price", "quoted", "value", "ask", "asked", "got", "share", "norm", "kept"),
    *("use", "held", "used"),
)
"""Kinds of message about a link."""


BID_KINDS = ("cheap", "quoted", "dear")
"""Columns of bids: at e^-1, 1 and e times the price that the buyer expects."""


def make_bid_reference(public: Public) -> Table:
    """Public values of bids, (m,) each: as much at every price as was shipped in the base year."""
    return Table(link=dict.fromkeys(BID_KINDS, public.flow))


def make_reference(public: Public, own: Sequence[str] = ()) -> Table:
    """Public values by kind; messages are coded in logs around them.

    own : kinds of a mechanism's own, of rows and of links. Their public value is 1, so that they
          stand in every inbox from the start, and that one is there says nothing

    `audit` orders a row's next report to be taken by an auditor, and `audited` is nature's mark
    on such a report (see `BehaviourLaw`).
    """
    base, net = public.base, public.network
    arrive = public.flow * base.kept
    one = np.ones(net.n)
    return Table(
        row={
            **dict.fromkeys(own, one),
            **dict.fromkeys(("price", "audit", "audited", *MODEL, *UPDATE), one),
            "z": base.z,
            "K": base.K,
            "sigma": base.sigma,
            "supply": base.supply,
            **dict.fromkeys(("stock", "orders", "shipped", "output", "quota"), public.output),
        },
        link={
            **dict.fromkeys(own, np.ones(net.m)),
            **dict.fromkeys(("price", "quoted", "value"), np.ones(net.m)),
            **dict.fromkeys(("ask", "asked", "got"), public.flow),
            "share": base.share,
            "norm": base.norm,
            "kept": base.kept,
            **dict.fromkeys(("use", "held", "used"), arrive),
        },
    )
