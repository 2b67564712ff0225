"""What each kind of message costs, counted by one rule for every mechanism.

All numbers are (runs,), of each run that goes side by side.
"""

from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Bools, Floats
from catallax.domains.production.knowledge import LineLaw, MessageCounts, Post
from catallax.domains.production.network import Network, Table
from catallax.domains.production.network.places import RunFlags, RunFloats
from catallax.kernels.messages import add_scalars, asked, count_positive, count_spoken
from catallax.kernels.switch import operation
from catallax.kernels.threads import summed


@final
@dataclass(frozen=True, eq=False)
class AskTotals:
    """What a week's asks come to: a zero ask is not sent.

    count     : asks above 0
    suppliers : sum over them of log2 of the links that the buyer buys on
    buyers    : sum over them of log2 of the links that the seller sells on
    age       : sum of the ages, in ticks, of the quotes on their links; `quoted` have one
    """

    count: RunFloats
    suppliers: RunFloats
    buyers: RunFloats
    age: RunFloats
    quoted: RunFloats


def _sum_asks_plainly(
    ask: Floats, quotes: Post, net: Network, some: int | None = None
) -> AskTotals:
    split = net.places.links.split
    of_runs = zip(
        split(ask),
        split(quotes.sent.link["price"]),
        split(net.log_suppliers[net.buyer]),
        split(net.log_buyers[net.seller]),
        strict=True,
    )
    return AskTotals(*np.array([_sum_spoken(*mine, quotes.now) for mine in of_runs]).T)


def _sum_spoken(ask: Floats, sent: Floats, suppliers: Floats, buyers: Floats, now: int) -> Floats:
    """(5,) the numbers of `AskTotals` of one run."""
    spoken = ask > 0
    since = now - sent[spoken]
    there = np.isfinite(since)
    sums = (spoken, suppliers[spoken], buyers[spoken], since[there], there)
    return np.array([x.sum() for x in sums], dtype=np.float64)


@operation(_sum_asks_plainly)
def sum_asks(ask: Floats, quotes: Post, net: Network, some: int | None = None) -> AskTotals:
    """What asks (m,) come to when they are made on the last quotes.

    some : how many are above 0, if that is known
    """
    sent = quotes.sent.link["price"]
    alike = sent.strides == (0,)
    if alike and len(net.blocks) > 2 and (count_positive(ask) if some is None else some) == net.m:
        return _sum_all_asks(sent[0], quotes.now, net)
    sent = np.ascontiguousarray(sent[:1] if alike else sent)

    def work(total: Floats, first: int, stop: int) -> None:
        asked(
            *net.rows.csr, net.sold_by, ask, sent, quotes.now,
            net.log_suppliers, net.log_buyers, total, first, stop,
        )  # fmt: skip

    rows = net.places.rows
    if rows.runs == 1:
        return AskTotals(*summed(net.blocks, 5, work)[:, None])
    totals = np.zeros((rows.runs, 5))
    for total, ranges in zip(totals, rows.ranges, strict=True):
        for first, stop in ranges:
            work(total, first, stop)
    return AskTotals(*totals.T)


def _sum_all_asks(sent: float, now: int, net: Network) -> AskTotals:
    """The same where a large network asks on all its links, on quotes that were sent at once."""
    links = np.full(net.places.runs, float(net.places.links.one))
    quoted = links if np.isfinite(sent) else 0.0 * links
    age = quoted * (now - sent) if np.isfinite(sent) else quoted
    return AskTotals(links, net.log_all, net.log_all_buyers, age, quoted)


def count_asks(counts: MessageCounts, asks: AskTotals, law: LineLaw) -> MessageCounts:
    """Asks: one scalar to one seller a link. They arrive at once."""
    scalars = law.bits * asks.count
    return counts.add_exchanges("ask", asks.count, scalars + asks.suppliers, scalars + asks.buyers)


def count_quotes(
    counts: MessageCounts, mail: Table, net: Network, law: LineLaw, *, whole: bool = False
) -> MessageCounts:
    """Posted prices as heard: one delivery a buyer's link.

    whole : whether it is known that a price comes on every link
    """
    price, links = mail.link["price"], net.places.links
    if whole or count_spoken(price) == net.m:
        heard, apart = np.full(links.runs, float(links.one)), net.log_all
    else:
        flags = ~np.isnan(price)
        heard, apart = links.sums(flags), _told_apart(net, flags)
    return counts.add_deliveries("quote", heard, law.bits * heard + apart)


def _told_apart(net: Network, heard: Bools) -> RunFloats:
    """Bits by which buyers tell apart the sellers whose quotes they heard."""
    split = net.places.links.split
    of_runs = zip(split(net.log_suppliers[net.buyer]), split(heard), net.log_all, strict=True)
    return np.array([every if some.all() else bits[some].sum() for bits, some, every in of_runs])


def count_postings(
    counts: MessageCounts, price: Floats, net: Network, law: LineLaw
) -> MessageCounts:
    """Posted prices (n,) as sent: one broadcast a seller that has a buyer; NaN says nothing."""
    sellers = net.places.rows.sums(~np.isnan(price) & (net.sales_links > 0))
    return counts.add_sends("quote", sellers, law.bits * sellers)


def count_bids_sent(
    counts: MessageCounts, mail: Table, net: Network, law: LineLaw
) -> MessageCounts:
    """Bids as sent: three scalars to one seller a link."""
    number, scalars, spoken = _count_bids(mail, net, law)
    apart = net.places.links.sums(np.where(spoken, net.log_suppliers[net.buyer], 0.0))
    return counts.add_sends("bid", number, scalars + apart)


def count_bids_heard(
    counts: MessageCounts, mail: Table, net: Network, law: LineLaw
) -> MessageCounts:
    """The same as delivered: the seller tells its buyers apart."""
    number, scalars, spoken = _count_bids(mail, net, law)
    apart = net.places.links.sums(np.where(spoken, net.log_buyers[net.seller], 0.0))
    return counts.add_deliveries("bid", number, scalars + apart)


def _count_bids(mail: Table, net: Network, law: LineLaw) -> tuple[RunFloats, RunFloats, Bools]:
    """(runs,) bids, the bits of their scalars, and (m,) the links on which there is one."""
    spoken = ~np.isnan(next(iter(mail.link.values())))
    number = net.places.links.sums(spoken)
    return number, len(mail.link) * law.bits * number, spoken


def orders_by_kind(directive: Table) -> dict[str, Table]:
    """A directive by kind of message: orders to audit go out on their own."""
    audit = {k: v for k, v in directive.row.items() if k == "audit"}
    rest = {k: v for k, v in directive.row.items() if k != "audit"}
    parts = {"directive": Table(rest, directive.link), "audit": Table(audit)}
    return {kind: part for kind, part in parts.items() if part.row or part.link}


def count_sent(
    counts: MessageCounts,
    kind: str,
    mail: Table,
    net: Network,
    law: LineLaw,
    *,
    down: bool = False,
    by: RunFlags | None = None,
) -> MessageCounts:
    """Mail to or from the centre as sent: one message a row that says or is told anything.

    down : from the centre, which has to say to whom
    by   : (runs,) in which runs such mail was sent, were it empty; None for all
    """
    messages, scalars = _count(mail, net)
    address = _address(net) if down else 0.0
    return counts.add_sends(kind, messages, scalars * law.bits + messages * address, by)


def count_heard(
    counts: MessageCounts, kind: str, mail: Table, net: Network, law: LineLaw, *, down: bool = False
) -> MessageCounts:
    """The same as delivered: the centre listens to all rows, a row to one centre."""
    messages, scalars = _count(mail, net)
    address = 0.0 if down else _address(net)
    return counts.add_deliveries(kind, messages, scalars * law.bits + messages * address)


def _count(mail: Table, net: Network) -> tuple[RunFloats, RunFloats]:
    """Rows spoken for and scalars said."""
    rows, place = net.rows, net.places.rows
    scalars = np.zeros(rows.n)
    for value in mail.row.values():
        scalars += ~np.isnan(value)
    for value in mail.link.values():
        add_scalars(rows, value, scalars)
    return place.sums(scalars > 0), place.sums(scalars)


def _address(net: Network) -> float:
    """Bits that tell a row from all others of its run."""
    return float(np.log2(net.places.rows.one))
