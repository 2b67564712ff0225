"""What each kind of message costs, counted by the meter's one rule."""

import numpy as np

from catallax.knowledge import LineLaw, Meter, Traffic
from catallax.network import Floats, Network, Public, Table


def ask_traffic(meter: Meter, ask: Floats, net: Network, law: LineLaw) -> Meter:
    """Asks: one scalar to one seller a link; a zero ask is not sent. They arrive at once."""
    spoken = ask > 0
    count = float(spoken.sum())
    sent = law.bits * count + float(net.log_suppliers[net.buyer[spoken]].sum())
    heard = law.bits * count + float(net.log_buyers[net.seller[spoken]].sum())
    return meter.add("ask", Traffic(count, count, sent, heard))


def quote_traffic(meter: Meter, mail: Table, net: Network, law: LineLaw) -> Meter:
    """Posted prices as heard: one delivery a buyer's link."""
    heard = ~np.isnan(mail.link["price"])
    count = float(heard.sum())
    bits = law.bits * count + float(net.log_suppliers[net.buyer[heard]].sum())
    return meter.add("quote", Traffic(deliveries=count, bits_delivered=bits))


def posted_traffic(meter: Meter, mail: Table, net: Network, law: LineLaw) -> Meter:
    """Posted prices as sent: one broadcast a seller that has a buyer."""
    spoken = ~np.isnan(mail.link["price"])
    sellers = float(np.count_nonzero(net.orders(spoken.astype(float))))
    return meter.add("quote", Traffic(sends=sellers, bits_sent=law.bits * sellers))


def orders(directive: Table) -> dict[str, Table]:
    """A directive by kind of message: orders to audit go out on their own."""
    audit = {k: v for k, v in directive.row.items() if k == "audit"}
    rest = {k: v for k, v in directive.row.items() if k != "audit"}
    parts = {"directive": Table(rest, directive.link), "audit": Table(audit)}
    return {kind: part for kind, part in parts.items() if part.row or part.link}


def said_traffic(
    meter: Meter, kind: str, mail: Table, public: Public, law: LineLaw, *, down: bool = False
) -> Meter:
    """Mail to or from the centre as sent: one message a row that says or is told anything."""
    messages, scalars = _count(mail, public)
    address = np.log2(public.network.n) if down else 0.0
    return meter.add(
        kind, Traffic(sends=messages, bits_sent=scalars * law.bits + messages * address)
    )


def heard_traffic(
    meter: Meter, kind: str, mail: Table, public: Public, law: LineLaw, *, down: bool = False
) -> Meter:
    """The same as delivered: the centre listens to all rows, a row to one centre."""
    messages, scalars = _count(mail, public)
    address = 0.0 if down else np.log2(public.network.n)
    bits = scalars * law.bits + messages * address
    return meter.add(kind, Traffic(deliveries=messages, bits_delivered=bits))


def _count(mail: Table, public: Public) -> tuple[float, float]:
    """Rows spoken for and scalars said."""
    rows = public.network.rows
    scalars = np.zeros(rows.n)
    for value in mail.row.values():
        scalars += ~np.isnan(value)
    for value in mail.link.values():
        scalars += rows.sum((~np.isnan(value)).astype(float))
    return float((scalars > 0).sum()), float(scalars.sum())
