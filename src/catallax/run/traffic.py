"""What each kind of message costs, counted by the meter's one rule."""

from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.kernels import messages
from catallax.kernels.switch import compiled
from catallax.kernels.threads import over, summed
from catallax.knowledge import LineLaw, Meter, Post, Traffic
from catallax.knowledge.messages import count
from catallax.network import Floats, Network, Public, Table


@final
@dataclass(frozen=True)
class Asked:
    """What a week's asks come to: a zero ask is not sent.

    count     : asks above 0
    suppliers : sum over them of log2 of the links that the buyer buys on
    buyers    : sum over them of log2 of the links that the seller sells on
    age       : sum of the ages, in ticks, of the quotes on their links; `quoted` have one
    """

    count: float
    suppliers: float
    buyers: float
    age: float
    quoted: float


def asked(ask: Floats, quotes: Post, net: Network) -> Asked:
    """What asks (m,) come to when they are made on the last quotes."""
    sent = quotes.sent.link["price"]
    if not compiled():
        return _asked_plainly(ask, sent, quotes.now, net)
    alike = sent.strides == (0,)
    if alike and _positive(ask) == net.m:
        quoted = float(net.m) if np.isfinite(sent[0]) else 0.0
        age = quoted * (quotes.now - sent[0]) if quoted else 0.0
        return Asked(float(net.m), net.log_all, net.log_all_buyers, age, quoted)
    sent = sent[:1] if alike else sent

    def work(total: Floats, first: int, stop: int) -> None:
        messages.asked(
            *net.rows.csr, net.sold_by, ask, np.ascontiguousarray(sent), quotes.now,
            net.log_suppliers, net.log_buyers, total, first, stop,
        )  # fmt: skip

    return Asked(*summed(net.blocks, 5, work).tolist())


def _positive(ask: Floats) -> int:
    """How many asks are above 0."""
    parts: list[float] = []

    def work(first: int, stop: int) -> None:
        found = np.empty(1)
        messages.positive(ask, found, first, stop)
        parts.append(found[0])

    over(len(ask), len(ask), work)
    return int(sum(parts))


def _asked_plainly(ask: Floats, sent: Floats, now: int, net: Network) -> Asked:
    spoken = ask > 0
    since = now - sent[spoken]
    there = np.isfinite(since)
    return Asked(
        float(spoken.sum()),
        float(net.log_suppliers[net.buyer[spoken]].sum()),
        float(net.log_buyers[net.seller[spoken]].sum()),
        float(since[there].sum()),
        float(there.sum()),
    )


def ask_traffic(meter: Meter, asks: Asked, law: LineLaw) -> Meter:
    """Asks: one scalar to one seller a link. They arrive at once."""
    sent = law.bits * asks.count + asks.suppliers
    heard = law.bits * asks.count + asks.buyers
    return meter.add("ask", Traffic(asks.count, asks.count, sent, heard))


def quote_traffic(meter: Meter, mail: Table, net: Network, law: LineLaw) -> Meter:
    """Posted prices as heard: one delivery a buyer's link."""
    price = mail.link["price"]
    if count(price) == net.m:
        return meter.add("quote", _delivered(law, float(net.m), net.log_all))
    heard = ~np.isnan(price)
    apart = float(net.log_suppliers[net.buyer[heard]].sum())
    return meter.add("quote", _delivered(law, float(heard.sum()), apart))


def _delivered(law: LineLaw, heard: float, apart: float) -> Traffic:
    return Traffic(deliveries=heard, bits_delivered=law.bits * heard + apart)


def posted_traffic(meter: Meter, mail: Table, net: Network, law: LineLaw) -> Meter:
    """Posted prices as sent: one broadcast a seller that has a buyer."""
    price = mail.link["price"]
    if count(price) == net.m:
        sellers = float(np.count_nonzero(net.sales_links))
    else:
        sellers = float(np.count_nonzero(net.orders((~np.isnan(price)).astype(float))))
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
        if compiled():
            messages.scalars(*rows.csr, np.ascontiguousarray(value), scalars)
        else:
            scalars += rows.sum((~np.isnan(value)).astype(float))
    return float((scalars > 0).sum()), float(scalars.sum())
