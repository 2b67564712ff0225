"""The public base-year value of every kind of message: what is believed before anything arrives."""

import numpy as np

from catallax.network import Public, Table


def reference(public: Public) -> Table:
    """Public values by kind; messages are coded in logs around them."""
    base, net = public.base, public.network
    arrive = public.flow * base.kept
    one = np.ones(net.n)
    return Table(
        row={
            "price": one,
            "z": base.z,
            "K": base.K,
            "sigma": base.sigma,
            "supply": base.supply,
            **dict.fromkeys(("stock", "orders", "shipped", "output", "quota"), public.output),
        },
        link={
            "price": np.ones(net.m),
            "value": np.ones(net.m),
            **dict.fromkeys(("ask", "asked"), public.flow),
            "share": base.share,
            **dict.fromkeys(("use", "held", "got", "used"), arrive),
        },
    )
