"""Stocks that a plant lays up before an announced shortage of an endowment, and sells after it.

**What it expects.** A plant that buys the endowment itself expects to get of it what is announced,
as a share of what it gets. The price has then risen by d, at which the same spending buys that much
(`buying.answer_price`), and its own unit cost of inputs by D. It sells at marginal cost to buyers
who spend a constant sum, so its output falls by gamma D in logs and its price rises by as much.

**What it does.** It goes on making what it made, or less where that no longer pays, and asks for
the price at which what is in store lasts just as long as its price has to rise: then a unit kept is
worth a unit sold (`competitive_storage`). Before the event that price lies above the normal one, so
that buyers leave something for the store; after it below what the shortage will have made it.

Everything follows from a row's own entries. Buyers further down do not store: as long as there is a
stock, the prices of what is made of it rise by a part of the stock's, which does not pay for what
spoils.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Bools, Floats, Ints
from catallax.domains.production.mechanisms.buying import (
    answer_price,
    composite,
    find_weights,
    raise_cost,
    shopping,
)
from catallax.domains.production.mechanisms.competitive_storage import price_growth, settle_level
from catallax.domains.production.network import PLANT, View

DEAREST = 20.0  # log rise of a price within which one is looked for
HALVINGS = 40  # of the interval in which it is looked for
STEP = 1e-3  # log price from which it is worth while to store, or to have stored

HORIZON = "time before an announced shortage in which stocks are laid up for it; 0 never does"
HORIZON_SOURCE = "assumption (its form: Gustafson 1958; Williams & Wright 1991)"

COLUMNS = ("store event", "store use", "store price", "store ratio", "store rise")
"""Columns in which plants remember what they store for."""


@final
@dataclass(frozen=True, eq=False)
class LaidUpStock:
    """What plants store for (n,); all 0 where a row stores nothing.

    event : week of the shortage
    use   : weekly sales if nothing was stored, units
    price : log price if nothing was stored
    ratio : use after the event over that before
    rise  : log price after the event over that before
    """

    event: Floats
    use: Floats
    price: Floats
    ratio: Floats
    rise: Floats

    @staticmethod
    def start(n: int) -> "LaidUpStock":
        """Nobody stores anything."""
        return LaidUpStock(*np.zeros((5, n)))

    @staticmethod
    def of(row: Mapping[str, Floats]) -> "LaidUpStock":
        """What `columns` put into a memory."""
        return LaidUpStock(*(row[name] for name in COLUMNS))

    def columns(self) -> dict[str, Floats]:
        """The store as columns of a memory."""
        return dict(
            zip(COLUMNS, (self.event, self.use, self.price, self.ratio, self.rise), strict=True)
        )

    @property
    def used(self) -> Bools:
        """(n,) whether a row stores."""
        return np.asarray(self.use > 0)

    def keep(self, here: Bools) -> "LaidUpStock":
        """The store of the rows `here` (n,) alone."""
        return LaidUpStock(*(np.where(here, x, 0.0) for x in self.columns().values()))

    def join(self, other: "LaidUpStock") -> "LaidUpStock":
        """Both stores, of which no row has more than one."""
        pairs = zip(self.columns().values(), other.columns().values(), strict=True)
        return LaidUpStock(*(one + two for one, two in pairs))

    def find_level(self, view: View, horizon: int) -> Floats:
        """(n,) log price over the normal one with which the stock lasts as long as it should."""
        at = np.flatnonzero(self.used)
        found = np.zeros(view.rows.n)
        if at.size:
            found[at] = self._find_levels(view, at, horizon)
        return found

    def _find_levels(self, view: View, at: Ints, horizon: int) -> Floats:
        """(k,) the same of the rows `at` (k,), which store."""
        event, ratio, rise = self.event[at], self.ratio[at], self.rise[at]
        decay, one = view.facts.row["decay"][at], np.ones(len(at))
        # What was made last week is for this week.
        held = np.maximum(view.seen.row["stock"][at] / self.use[at] - 1.0, 0.0)
        ahead = view.t < event
        weeks = np.where(ahead, np.minimum(event + 1.0 - view.t, horizon), 0.0)
        before = settle_level(held, weeks, ratio, one, decay, horizon)
        after = rise + settle_level(held / ratio, 0.0 * one, one, one, decay, horizon)
        # A price is heard a week and the line's delay after it was posted.
        late = price_growth(decay) * (1.0 + view.delay)
        return np.minimum(np.where(ahead, before, after) + late, rise)


def is_event_near(view: View, horizon: int) -> bool:
    """Whether an event is announced for the weeks within which stocks are laid up for it."""
    return bool(np.any(view.coming.row["week"] <= view.t + horizon))


def look_ahead(
    view: View, store: LaidUpStock, paid: Floats, use: Floats, price: Floats, horizon: int
) -> LaidUpStock:
    """What plants store for: as before, from now on, or no longer.

    store : up to now; the others as in `foresee`
    """
    coming = view.coming.row["week"]
    if store.used.any():
        ahead, level = view.t < store.event, store.find_level(view, horizon)
        over = np.where(ahead, store.event != coming, level >= store.rise - STEP)
        store = store.keep(store.used & ~over)
    if not is_event_near(view, horizon):
        return store
    new = foresee(view, paid, use, price, horizon)
    begins = new.used & ~store.used & (new.find_level(view, horizon) > STEP)
    return store.join(new.keep(begins))


def foresee(view: View, paid: Floats, use: Floats, price: Floats, horizon: int) -> LaidUpStock:
    """What plants would store for if they began now.

    paid  : (m,) price that each buyer expects to pay, with tariffs
    use   : (n,) expected weekly orders
    price : (n,) posted so far
    """
    rows, coming = view.rows, view.coming
    week = coming.row["week"]
    left = coming.link["supply"] * coming.link["kept"]
    near = rows.spread(week) <= view.t + horizon
    at = np.flatnonzero(rows.perishable & rows.linked(PLANT) & near & (left < 1.0))
    weights = find_weights(view, shopping(view, paid)[1], at)
    dearer = _find_rise(np.log(left[at]), *weights)
    rise = np.zeros(rows.n)
    np.maximum.at(rise, rows.row_of[at], raise_cost(dearer, *weights))
    rise = view.facts.row["gamma"] * rise
    worth = rise > price_growth(view.facts.row["decay"])
    found = LaidUpStock(week, use, np.log(price), np.exp(-rise), rise)
    return found.keep(worth & (use > 0))


def _find_rise(answer: Floats, *weights: Floats) -> Floats:
    """(k,) rises of log prices at which log quantities change by `answer` (k,), below 0."""
    low, high = np.zeros_like(answer), np.full_like(answer, DEAREST)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        more = answer_price(middle, *weights) > answer
        low, high = np.where(more, middle, low), np.where(more, high, middle)
    return np.asarray((low + high) / 2)


def find_output(view: View, store: LaidUpStock, price: Floats, cost: Floats) -> Floats:
    """(n,) what plants that store make: what they made before, or less where that does not pay.

    price : (n,) log price that they ask for
    cost  : (n,) log unit cost of inputs
    """
    z, K, gamma = (view.facts.row[k] for k in ("z", "K", "gamma"))
    bend = np.where(gamma < 1, 1.0 - gamma, 1.0)
    most = np.log(K) + (np.log(gamma * z) + price - cost) / bend
    normal = np.log(composite(view, np.where(store.used, store.use, z * K)))
    scale = np.minimum(normal, most)
    return np.asarray(z * K * np.exp(gamma * (scale - np.log(K))))
