"""What each kind of message costs, counted by the meter's one rule."""

from dataclasses import dataclass
from functools import partial
from typing import final

import numpy as np
import numpy.typing as npt

from catallax.kernels import messages
from catallax.kernels.switch import compiled
from catallax.kernels.threads import over, summed
from catallax.knowledge import LineLaw, Meter, Post, Traffic
from catallax.knowledge.messages import count
from catallax.network import Floats, Network, Public, Table

Bools = npt.NDArray[np.bool_]


@final
@dataclass(frozen=True)
class Asked:
    """What a week's asks come to: a zero ask is not sent.

    count     : asks above 0
    suppliers : sum over them of log2 of the links that the buyer buys on
    buyers    : sum over them of log2 of the links that the seller sells on
    age       : sum of the ages, in ticks, of the quotes on their links; `quoted` have one

    Of economies side by side, (copies,) of each.
    """

    count: float
    suppliers: float
    buyers: float
    age: float
    quoted: float


def asked(ask: Floats, quotes: Post, net: Network, some: int | None = None) -> Asked:
    """What asks (m,) come to when they are made on the last quotes.

    some : how many are above 0, if that is known
    """
    sent = quotes.sent.link["price"]
    if not compiled():
        return _asked_plainly(ask, sent, quotes.now, net)
    alike = sent.strides == (0,)
    if alike and len(net.blocks) > 2 and (_positive(ask) if some is None else some) == net.m:
        return _all_asked(sent[0], quotes.now, net)
    sent = np.ascontiguousarray(sent[:1] if alike else sent)

    def work(total: Floats, first: int, stop: int) -> None:
        messages.asked(
            *net.rows.csr, net.sold_by, ask, sent, quotes.now,
            net.log_suppliers, net.log_buyers, total, first, stop,
        )  # fmt: skip

    if net.copies == 1:
        return Asked(*summed(net.blocks, 5, work).tolist())
    each = np.zeros((net.copies, 5))
    for total, (plants, households) in zip(each, net.buyers_of, strict=True):
        work(total, *plants)
        work(total, *households)
    return Asked(*each.T)


def _all_asked(sent: float, now: int, net: Network) -> Asked:
    """The same where a large network asks on all its links, on quotes that were sent at once."""
    quoted = float(net.m) if np.isfinite(sent) else 0.0
    age = quoted * (now - sent) if quoted else 0.0
    return Asked(float(net.m), net.log_all, net.log_all_buyers, age, quoted)


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
    suppliers, buyers = net.log_suppliers[net.buyer], net.log_buyers[net.seller]
    if net.copies == 1:
        return Asked(*_added(ask, sent, suppliers, buyers, now).tolist())
    all_asks, all_sent = net.each(ask), net.each(sent)
    every = zip(all_asks, all_sent, net.each(suppliers), net.each(buyers), strict=True)
    return Asked(*np.array([_added(a, b, c, d, now) for a, b, c, d in every]).T)


def _added(ask: Floats, sent: Floats, suppliers: Floats, buyers: Floats, now: int) -> Floats:
    """(5,) the numbers of `Asked`."""
    spoken = ask > 0
    since = now - sent[spoken]
    there = np.isfinite(since)
    sums = (spoken, suppliers[spoken], buyers[spoken], since[there], there)
    return np.array([x.sum() for x in sums], dtype=np.float64)


def ask_traffic(meter: Meter, asks: Asked, law: LineLaw) -> Meter:
    """Asks: one scalar to one seller a link. They arrive at once."""
    sent = law.bits * asks.count + asks.suppliers
    heard = law.bits * asks.count + asks.buyers
    return meter.add("ask", Traffic(asks.count, asks.count, sent, heard))


def quote_traffic(
    meter: Meter, mail: Table, net: Network, law: LineLaw, *, whole: bool = False
) -> Meter:
    """Posted prices as heard: one delivery a buyer's link.

    whole : whether it is known that a price comes on every link
    """
    price = mail.link["price"]
    if whole or count(price) == net.m:
        return meter.add("quote", _delivered(law, net.m / net.copies, net.log_all))
    heard = ~np.isnan(price)
    apart = _told_apart(net, heard)
    return meter.add("quote", _delivered(law, net.total(heard), apart))


def _told_apart(net: Network, heard: Bools) -> float:
    """Bits by which buyers tell apart the sellers whose quotes they heard."""
    bits = net.log_suppliers[net.buyer]
    if net.copies == 1:
        return float(bits[heard].sum())
    pairs = zip(net.each(bits), net.each(heard), net.log_all, strict=True)  # type: ignore[call-overload]
    return np.array([all_ if b.all() else a[b].sum() for a, b, all_ in pairs])  # type: ignore[return-value]


def _delivered(law: LineLaw, heard: float, apart: float) -> Traffic:
    return Traffic(deliveries=heard, bits_delivered=law.bits * heard + apart)


def posted_traffic(meter: Meter, price: Floats, net: Network, law: LineLaw) -> Meter:
    """Posted prices (n,) as sent: one broadcast a seller that has a buyer; NaN says nothing."""
    sellers = net.total(~np.isnan(price) & (net.sales_links > 0))
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
    address = _address(public) if down else 0.0
    return meter.add(
        kind, Traffic(sends=messages, bits_sent=scalars * law.bits + messages * address)
    )


def heard_traffic(
    meter: Meter, kind: str, mail: Table, public: Public, law: LineLaw, *, down: bool = False
) -> Meter:
    """The same as delivered: the centre listens to all rows, a row to one centre."""
    messages, scalars = _count(mail, public)
    address = 0.0 if down else _address(public)
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
            given = *rows.csr, np.ascontiguousarray(value), scalars
            over(rows.n, rows.m, partial(messages.scalars, *given))
        else:
            scalars += rows.sum((~np.isnan(value)).astype(float))
    return public.network.total(scalars > 0), public.network.total(scalars)


def _address(public: Public) -> float:
    """Bits that tell a row from all others."""
    return float(np.log2(public.network.n // public.network.copies))
