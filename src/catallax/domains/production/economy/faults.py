"""What is wrong with an act, and whose fault it is."""

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.economy.economy import Economy
from catallax.domains.production.economy.state import State
from catallax.domains.production.network import BIDS, Act
from catallax.kernels.week import any_fault

SLACK = 1e-9  # rounding allowed when an act uses all that it holds
LARGEST = 1e100  # of a price or an ask; beyond it sums would overflow


def find_fault(economy: Economy, state: State, act: Act) -> str | None:
    """What is wrong with an act, naming the row; None if nothing is."""
    net = economy.network
    wrong = find_misshapen(economy, act)
    if wrong is not None:
        return wrong
    if not _find_suspect(economy, state, act):
        return None if act.price is None else find_posted_fault(economy, act)
    bad = _find_bad(act.ask)
    if bad is not None:
        return f"{_name_place(economy, bad)}: ask must be a number from 0 to {LARGEST:g}"
    if act.use is not None:
        bad = _find_bad(act.use)
        if bad is not None:
            return f"{_name_place(economy, bad)}: use must be a number from 0 to {LARGEST:g}"
        room = state.held * (1 + SLACK) + SLACK * economy.flow
        over = np.flatnonzero((act.use > room) & ~net.rows.perishable)
        if over.size:
            return f"{_name_place(economy, int(over[0]))}: uses more than it holds"
    return None if act.price is None else find_posted_fault(economy, act)


def find_misshapen(economy: Economy, act: Act) -> str | None:
    """Which of an act's columns has the wrong length; None if none has."""
    net = economy.network
    for what, x in (("ask", act.ask), ("use", act.use)):
        if x is not None and x.shape != (net.m,):
            return f"{what} has shape {x.shape}, expected ({net.m},)"
    if act.price is not None and act.price.shape != (net.n,):
        return f"posted prices have shape {act.price.shape}, expected ({net.n},)"
    if act.bids is not None and act.bids.shape != (net.m, BIDS):
        return f"bids have shape {act.bids.shape}, expected ({net.m}, {BIDS})"
    if act.bids is not None and act.price is None:
        return "bids are about posted prices, and none are posted; give Act(price=...) too"
    return None


def _find_suspect(economy: Economy, state: State, act: Act) -> bool:
    """Whether any ask or use may be out of place: a quick look before the search for its name."""
    use = act.use if act.use is not None else np.empty(0)
    return any_fault(act.ask, use, state.held, economy.network.rows.perishable, LARGEST, SLACK)


def find_posted_fault(economy: Economy, act: Act) -> str | None:
    """What is wrong with posted prices or bids, naming the row; None if nothing is."""
    wrong = None if act.price is None else find_price_fault(economy, act.price)
    if wrong is not None or act.bids is None:
        return wrong
    bad = _find_bad(act.bids.ravel())
    if bad is None:
        return None
    return f"{_name_place(economy, bad // BIDS)}: bids must be numbers from 0 to {LARGEST:g}"


def find_price_fault(economy: Economy, price: Floats) -> str | None:
    """What is wrong with posted prices (n,), naming the row; None if nothing is."""
    net = economy.network
    posted = price[net.sellers]
    bad = np.flatnonzero(~((posted > 0) & (posted <= LARGEST)))
    if not bad.size:
        return None
    return f"{net.names[bad[0]]}: a posted price must be above 0, and {LARGEST:g} at most"


def _find_bad(x: Floats) -> int | None:
    wrong = np.flatnonzero(~((x >= 0) & (x <= LARGEST)))
    return int(wrong[0]) if wrong.size else None


def _name_place(economy: Economy, link: int) -> str:
    net = economy.network
    return f"{net.names[net.buyer[link]]}, buying from {net.names[net.seller[link]]}"
