"""Many firms in place of a plant, many households in place of one.

Firms of a plant share its recipe. Their sizes fall as 1/rank (Axtell 2001: firms' sizes are near
Zipf), and each buys each good from a few suppliers, drawn by size. What all firms of a plant buy
and sell together is what the plant did, and all prices are still 1 in the base year.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import final

import numpy as np

from catallax.arrays import Floats, Ints
from catallax.domains.production.economy.economy import Economy, amend, calibrate
from catallax.domains.production.economy.origin import Origin, name_in_hashes
from catallax.domains.production.economy.real import from_table
from catallax.domains.production.economy.regional import from_regions
from catallax.domains.production.economy.suppliers import Successors, Trade, draw_trade
from catallax.domains.production.economy.tables import InputOutputTable, RegionalTable
from catallax.domains.production.economy.tables.sources import INCOME_SPREAD
from catallax.domains.production.network import HOUSEHOLD, PLANT, Network, Technology
from catallax.domains.production.network.rows import counted
from catallax.errors import InputError
from catallax.streams import Streams

VERSION = 1  # of `disaggregate`, in its economies' origins: raised whenever its numbers change
SUPPLIERS = 2
DISPERSION = 0.1  # of log productivity; as knowledge's default
MOST_LINKS = 30_000_000


def disaggregate(
    source: Economy | InputOutputTable | RegionalTable,
    *,
    firms: int | None = None,
    households: int | None = None,
    suppliers: int = SUPPLIERS,
    dispersion: float = DISPERSION,
    seed: int = 0,
) -> Economy:
    """The economy of `source` with its plants split into firms and its consumers into households.

    firms      : plants in all, without those abroad, at least one for each; shared out by sales.
                 None: plants stay whole
    households : rows of consumers in all, at least one for each; None: they stay whole. Within
                 a row incomes are log-normal with the spread found inside quintiles
    suppliers  : draws of a supplier for each good that a firm or household buys; a supplier drawn
                 twice sells twice as much. Final users who stay whole buy from every firm
    dispersion : s.d. of log productivity z between firms of a plant. Their capital is such that
                 all sell at the base-year price of 1: the more productive need less of it
    seed       : of all draws, >= 0

    Plants abroad stay whole. Sectors' flows are those of `source`.
    Raises InputError for counts below what there is, and beyond 30 million links.
    """
    whole = _make_whole(source)
    split = _Split(whole, firms, households, suppliers, dispersion, seed)
    if suppliers < 1 or not 0 <= dispersion < float("inf"):
        raise InputError(
            f"disaggregate: suppliers is {suppliers}, expected at least 1; dispersion is "
            f"{dispersion}, expected a finite number of at least 0"
        )
    split.check_size()
    fine = split.make_economy()
    technology = _draw_productivity(fine, split.successors, dispersion, Streams(seed))
    return amend(fine, technology=technology)


def _make_whole(source: Economy | InputOutputTable | RegionalTable) -> Economy:
    if isinstance(source, InputOutputTable):
        return from_table(source)
    return from_regions(source) if isinstance(source, RegionalTable) else source


@final
@dataclass(frozen=True, eq=False)
class _Split:
    """How many rows each row becomes, and what they are."""

    whole: Economy
    firms: int | None
    households: int | None
    suppliers: int
    dispersion: float
    seed: int

    @property
    def origin(self) -> Origin:
        """The whole's own origin, and how it was split."""
        counts = {"firms": self.firms, "households": self.households, "suppliers": self.suppliers}
        return {
            "maker": "disaggregate",
            "version": VERSION,
            "name": name_in_hashes(self.name),
            "seed": int(self.seed),
            "settings": {
                **{k: None if v is None else int(v) for k, v in counts.items()},
                "dispersion": float(self.dispersion),
            },
            "source": self.whole.origin,
        }

    @cached_property
    def successors(self) -> Successors:
        """Every row's successors."""
        net, count = self.whole.network, np.ones(self.whole.network.n, dtype=np.int64)
        plants = np.flatnonzero((net.kind == PLANT) & ~self.whole.abroad)
        users = net.households.start + np.flatnonzero(np.array(self._consumes))
        if self.firms is not None:
            count[plants] = _share_out("firms", self.firms, self.whole.output[plants])
        if self.households is not None:
            count[users] = _share_out("households", self.households, np.ones(len(users)))
        return Successors(count)

    @property
    def _consumes(self) -> list[bool]:
        """Which final users are split: those who consume; all, if nobody is called so."""
        named = [group == "consumption" for group in self.whole.group]
        return named if any(named) else [True] * len(named)

    def check_size(self) -> None:
        """Refuse what would not fit into memory."""
        net, count = self.whole.network, self.successors.count
        draws = np.where(count[net.seller] > 1, float(self.suppliers), 1.0)
        links = float((count[net.buyer] * draws).sum())
        if links > MOST_LINKS:
            raise InputError(
                f"disaggregate: about {links:,.0f} links, at most {MOST_LINKS:,} can be run; ask "
                f"for fewer firms, households or suppliers"
            )

    def make_economy(self) -> Economy:
        """The split economy, before firms differ in productivity."""
        e, net, successors = self.whole, self.whole.network, self.successors
        streams = Streams(self.seed)
        trade = draw_trade(net, e.flow, successors, self.suppliers, streams)
        kind, parent = net.kind[successors.parent], successors.parent
        fine = Network.build(
            kind.tolist(),
            net.product[parent].tolist(),
            np.column_stack([trade.buyer, net.good[trade.link], trade.seller]),
            self._name_rows(),
            net.products,
        )
        of_user = parent[fine.households] - net.households.start
        part = self._draw_incomes(streams)
        return self._calibrate(fine, trade, of_user, part)

    def _calibrate(self, fine: Network, trade: Trade, of_user: Ints, part: Floats) -> Economy:
        e, net, parent = self.whole, self.whole.network, self.successors.parent
        t = e.technology
        made = calibrate(
            self.name,
            fine,
            share=t.share[trade.link] * trade.part,
            gamma=t.gamma[parent],
            spending=net.rows.sum(e.flow)[net.households][of_user] * part,
            sigma=t.sigma[parent],
            eps=t.eps[parent],
            decay=e.decay[parent],
            lead=e.lead[trade.link],
            iceberg=e.iceberg[trade.link],
            weight=(e.weight / self.successors.count[net.households])[of_user],
            group=tuple(e.group[h] for h in of_user),
            origin=self.origin,
        )
        return amend(made, owner=e.owner[parent], own=e.own[:, of_user] * part)

    @property
    def name(self) -> str:
        """As on the command line: "us71:1000x500"."""
        firms = "" if self.firms is None else str(self.firms)
        households = "" if self.households is None else f"x{self.households}"
        seed = f", seed {self.seed}" if self.seed else ""
        return f"{self.whole.name}:{firms}{households}{seed}"

    def _name_rows(self) -> list[str]:
        net, successors = self.whole.network, self.successors
        word = {PLANT: "firm", HOUSEHOLD: "household"}
        kind, many = net.kind[successors.parent], successors.count[successors.parent] > 1
        return [
            f"{net.names[p]}, {word[k]} {r}" if split else net.names[p]
            for p, k, r, split in zip(
                successors.parent.tolist(),
                kind.tolist(),
                successors.rank.tolist(),
                many.tolist(),
                strict=True,
            )
        ]

    def _draw_incomes(self, streams: Streams) -> Floats:
        """Each household's part in the spending of the row that it was part of."""
        successors, users = self.successors, self.whole.network.households
        parent = successors.parent[successors.parent >= users.start] - users.start
        drawn = np.exp(INCOME_SPREAD.value * streams.normal("disaggregate/income", len(parent)))
        return np.asarray(drawn / counted(parent, drawn, users.stop - users.start)[parent])


def _share_out(what: str, total: int, size: Floats) -> Ints:
    """Whole numbers of at least 1 that sum to `total`, in proportion to `size` beyond that 1."""
    if total < len(size):
        raise InputError(
            f"disaggregate: {what} is {total}, but there are {len(size)} rows to split; expected "
            f"at least {len(size)}"
        )
    ideal = (total - len(size)) * size / size.sum()
    count: Ints = np.floor(ideal).astype(np.int64)
    left = total - len(size) - int(count.sum())
    count[np.argsort(count - ideal, kind="stable")[:left]] += 1
    return count + 1


def _draw_productivity(
    e: Economy, successors: Successors, dispersion: float, streams: Streams
) -> Technology:
    """Log-normal z among the firms of a plant; capital K makes all their prices 1."""
    t, drawn = e.technology, streams.normal("disaggregate/z", e.network.n)
    many = (successors.count[successors.parent] > 1) & (e.network.kind == PLANT)
    log_z = np.where(many, dispersion * drawn, 0.0)
    room = np.where(many, 1.0 - t.gamma, 1.0)
    return replace(t, z=t.z * np.exp(log_z), K=t.K * np.exp(-log_z / room))
