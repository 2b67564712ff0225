"""An economy: the base-year technology and the physics that no institution can change."""

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from catallax.arrays import Floats, Ints
from catallax.domains.production.economy.origin import (
    Origin,
    digest_origin,
    digest_values,
    find_origin,
    mark_origin,
    name_in_hashes,
)
from catallax.domains.production.network import PLANT, Network, Technology
from catallax.domains.production.network.places import (
    HouseholdFloats,
    LinkFloats,
    RowFloats,
    RunFloats,
)
from catallax.errors import InputError
from catallax.placement import Placement
from catallax.protocol.sealed import frozen, resealed

VERSION = 1  # of `calibrate`, in every origin: raised whenever its numbers change
LARGEST_GAMMA = 0.95
CREDIT = "foreign credit"  # the one endowment that plants of the rest of the world buy
LENDING = "lending abroad"  # the group of a final user who stands for what foreigners owe


@final
@dataclass(frozen=True, eq=False)
class Economy:
    """Everything about an economy that stands still. Quantities are base-year money's worth a week.

    name       : how people call it
    technology : recipes, tastes and resources of the base year, before private facts and shocks
    flow       : (m,) base-year shipments on each link, units a week
    decay      : (n,) share of what each plant sells that spoils in a week, in [0, 1); 0 for others
    lead       : (m,) weeks on the way beyond the first, >= 0; 0 on links to endowments
    iceberg    : (m,) share that survives dispatch, in (0, 1]
    owner      : (n,) class of owners that gets the income of each seller
    own        : (C, H) share of each class's income that each household gets; rows sum to 1. Of
                 economies that stand side by side (`network.layout`), those of one of them
    weight     : (H,) persons (or any measure of size) behind each household row
    group      : H names of kinds of final user, such as "consumption"
    """

    name: str
    technology: Technology
    flow: LinkFloats
    decay: RowFloats
    lead: Ints
    iceberg: LinkFloats
    owner: Ints
    own: Floats
    weight: HouseholdFloats
    group: tuple[str, ...]

    def __post_init__(self) -> None:
        for f in ("flow", "decay", "iceberg", "own", "weight"):
            object.__setattr__(self, f, frozen(getattr(self, f)))
        for f in ("lead", "owner"):
            object.__setattr__(self, f, frozen(getattr(self, f), np.int64))

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(resealed(state))

    def __repr__(self) -> str:
        net = self.network
        count = [s.stop - s.start for s in (net.endowments, net.plants, net.households)]
        return (
            f"Economy({self.name!r}: {count[0]} endowments, {count[1]} plants, "
            f"{count[2]} households, {net.m} links)"
        )

    @property
    def network(self) -> Network:
        """Who may buy from whom."""
        return self.technology.network

    @cached_property
    def output(self) -> Floats:
        """(n,) base-year sales of each endowment and plant, units (= money) a week."""
        return frozen(self.network.orders(self.flow))

    @cached_property
    def income(self) -> Floats:
        """(H,) base-year ownership income, money a week: the weights of the optimum."""
        rent = self.output * (1.0 - self.technology.gamma)
        ends = self.network.endowments
        rent[ends] = self.output[ends]
        return frozen(self.share_income(rent))

    @cached_property
    def abroad(self) -> npt.NDArray[np.bool_]:
        """(n,) plants of the rest of the world: those that hire nobody at home."""
        net = self.network
        credit = [i for i in range(net.endowments.stop) if net.names[i] == CREDIT]
        hires = net.rows.perishable & ~np.isin(net.seller, credit)
        at_home = np.isin(np.arange(net.n), net.buyer[hires])
        return np.asarray((net.kind == PLANT) & ~at_home)

    @cached_property
    def exports(self) -> npt.NDArray[np.bool_]:
        """(m,) links on which the rest of the world buys a domestic product, or will owe for it."""
        net = self.network
        domestic, foreign = (net.kind == PLANT) & ~self.abroad, self.abroad.copy()
        foreign[net.households] = [group == LENDING for group in self.group]
        return np.asarray(domestic[net.seller] & foreign[net.buyer])

    @cached_property
    def imports(self) -> npt.NDArray[np.bool_]:
        """(m,) links on which anybody buys from the rest of the world."""
        return np.asarray(self.abroad[self.network.seller])

    @cached_property
    def left(self) -> Floats:
        """(n,) share of each seller's product that is still good a week later."""
        return frozen(1.0 - self.decay)

    @cached_property
    def late(self) -> npt.NDArray[np.bool_]:
        """(m,) links on which goods travel for more than a week; (0,) where there are none."""
        late = self.lead > 0
        return late if late.any() else np.empty(0, dtype=bool)

    @cached_property
    def scale(self) -> float:
        """Base-year income of all households, money a week."""
        return float(self.network.places.households.split(self.income)[0].sum())

    @property
    def origin(self) -> Origin:
        """What the economy was made from, as plain values: maker, settings, seed and table.

        An economy that was built or changed by hand has a digest of its numbers in its place.
        """
        return find_origin(self) or {"numbers": self._numbers}

    @property
    def digest(self) -> str:
        """Hash of the origin: equal digests are equal economies.

        It is the same on every machine. Without an origin it is a hash of computed numbers, which
        differ in their last bits between processors, and is to be compared on one machine alone.
        """
        return digest_origin(self.origin)

    @cached_property
    def _numbers(self) -> str:
        parts: tuple[Economy | Technology | Network, ...] = (self, self.technology, self.network)
        values = {
            f"{k} {f.name}": getattr(p, f.name) for k, p in enumerate(parts) for f in fields(p)
        }
        return digest_values(
            {k: v for k, v in values.items() if not isinstance(v, Technology | Network)}
        )

    def find_survival(self, technology: Technology) -> Floats:
        """(m,) share that survives dispatch under `technology`; the base year's is `iceberg`."""
        if technology.kept is self.technology.kept:
            return self.iceberg
        return np.asarray(self.iceberg * (technology.kept / self.technology.kept))

    def is_lossless(self, survival: Floats) -> bool:
        """Whether all that is dispatched survives, as `find_survival` says."""
        return self._whole if survival is self.iceberg else False

    @cached_property
    def _whole(self) -> bool:
        return bool(np.all(self.iceberg == 1.0))

    def share_income(self, earned: Floats) -> Floats:
        """What households get (H,) of what sellers earn (n,); losses are shared too."""
        on, classes = self.network.sellers, self._classes
        pot = np.bincount(self.owner[on], weights=earned[on], minlength=classes.size)
        households = self.network.places.households
        return households.join([mine @ self.own for mine in classes.split(pot)])

    @cached_property
    def _classes(self) -> Placement:
        """Where runs stand among classes of owners."""
        return Placement((len(self.own),), self.network.places.runs)

    def rebate_duty(self, duty: RunFloats) -> Floats:
        """(H,) what households get of the duty that all buyers of each run pay (runs,)."""
        total = self.network.places.households.spread(duty)
        return np.asarray(total * (self.income / self.scale))


def calibrate(
    name: str,
    network: Network,
    *,
    share: Floats,
    gamma: Floats,
    spending: Floats,
    sigma: Floats,
    eps: Floats,
    decay: Floats,
    lead: Ints,
    iceberg: Floats | None = None,
    weight: Floats | None = None,
    group: tuple[str, ...] | None = None,
    origin: Origin | None = None,
) -> Economy:
    """The economy whose base-year optimum has all prices 1 and these spending shares.

    share    : (m,) value shares of links in their row's spending, sums to 1 a row
    gamma    : (n,) share of inputs in a plant's sales, in (0, 0.95]; 1 for households
    spending : (H,) money a week; each household owns every factor in proportion to it
    origin   : what these numbers were computed from. None: they are the origin themselves, to the
               bit; so give one if they were computed and digests are to agree between machines
    Others as in `Economy` and `Technology`. Table flows are what sellers ship, so norms are set
    for what arrives, and prices are 1 at any lead time and spoilage.

    Raises InputError where a gamma or a loss is out of range, a lead time is negative or a row's
    shares do not sum to 1.
    """
    net, i = network, network.plants
    households = net.households.stop - net.households.start
    _check_recipes(net, share, gamma)
    ice = _sealed(np.ones(net.m)) if iceberg is None else frozen(iceberg)
    _check_losses(decay, lead, ice)
    sales = _solve_sales(net, share, gamma, spending)
    bought = gamma * sales
    bought[net.households] = spending
    flow = _sealed(share * bought[net.buyer])
    kept = _sealed(ice * (1.0 - decay[net.seller]) ** lead) if lead.any() else ice
    share = frozen(share)
    norm = share if np.all(kept == 1.0) else _sealed(share * kept)
    z, K, supply = np.ones(net.n), np.ones(net.n), np.zeros(net.n)
    # Capital is measured by base-year output; then p = (S/K)^(1-gamma) c^gamma / (z/z_0).
    K[i], z[i] = sales[i], gamma[i] ** -gamma[i]
    supply[net.endowments] = sales[net.endowments]
    technology = Technology(net, share, norm, kept, sigma, eps, gamma, z, K, supply)
    own = (spending / spending.sum())[None, :]
    economy = Economy(
        name,
        technology,
        flow,
        decay,
        lead,
        ice,
        np.zeros(net.n, dtype=np.int64),
        own,
        np.ones(households) if weight is None else weight,
        ("consumption",) * households if group is None else group,
    )
    made_from = _make_origin(economy, spending) if origin is None else origin
    return mark_origin(economy, {**made_from, "calibrated": VERSION})


def _make_origin(economy: Economy, spending: Floats) -> Origin:
    """The arguments of `calibrate`, of which all but the spending stand in the economy as given."""
    t, net = economy.technology, economy.network
    graph = {f"network.{f.name}": getattr(net, f.name) for f in fields(net)}
    values = {
        **{k: getattr(economy, k) for k in ("decay", "lead", "iceberg", "weight", "group")},
        **{k: getattr(t, k) for k in ("share", "gamma", "sigma", "eps")},
        "spending": np.asarray(spending, dtype=np.float64),
    }
    digest = digest_values(values | graph)
    return {"maker": "calibrate", "name": name_in_hashes(economy.name), "values": digest}


def amend(economy: Economy, **parts: Any) -> Economy:
    """As `replace`, for makers: these parts follow from the origin too, so it is kept."""
    return mark_origin(replace(economy, **parts), economy.origin)


def _sealed(link: Floats) -> Floats:
    """The same array, read-only: what is frozen next needs no copy of millions of links."""
    link.setflags(write=False)
    return link


def _check_recipes(net: Network, share: Floats, gamma: Floats) -> None:
    total = net.rows.sum(share)[net.endowments.stop :]
    if not np.all(share > 0) or np.max(np.abs(total - 1)) > 1e-9:
        raise InputError("share: every link's share must be > 0 and each buyer's must sum to 1")
    bad = np.flatnonzero((gamma[net.plants] <= 0) | (gamma[net.plants] > LARGEST_GAMMA + 1e-12))
    if bad.size:
        row = net.plants.start + bad[0]
        raise InputError(
            f"gamma: plant {net.names[row]!r} has {gamma[row]:.4g}, expected a value in "
            f"(0, {LARGEST_GAMMA}]; leave at least {1 - LARGEST_GAMMA:.0%} of sales to capital"
        )


def _check_losses(decay: Floats, lead: Ints, iceberg: Floats) -> None:
    if not np.all((decay >= 0) & (decay < 1)):
        raise InputError("decay: the share that spoils in a week must be in [0, 1)")
    if not np.all((lead >= 0) & (lead == np.floor(lead))):
        raise InputError("lead: weeks on the way must be whole numbers >= 0")
    if not np.all((iceberg > 0) & (iceberg <= 1)):
        raise InputError("iceberg: the share that survives dispatch must be in (0, 1]")


def _solve_sales(net: Network, share: Floats, gamma: Floats, spending: Floats) -> Floats:
    """Base-year sales of all rows, by iterating S = final demand + shares' (gamma S)."""
    bought = np.zeros(net.n)
    bought[net.households] = spending
    first = np.searchsorted(net.buyer, np.arange(net.n + 1))
    bought_by = csr_array(csr_array((share, net.seller, first), shape=(net.n, net.n)).T)
    sales = np.zeros(net.n)
    for _ in range(10_000):
        new = bought_by @ bought
        done = np.max(np.abs(new - sales)) <= 1e-16 * np.max(new)
        sales = new
        bought[net.plants] = (gamma * sales)[net.plants]
        if done:
            break
    return np.asarray(sales)
