"""Weeks that are known in advance: what a programme with perfect foresight is given."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
import numpy.typing as npt

from catallax.arrays import Floats, Ints
from catallax.domains.production.network import PLANT, Network, Technology, ces_quantity
from catallax.domains.production.optimum.solve import checked_income
from catallax.errors import InputError
from catallax.protocol.sealed import frozen

_ROWS = ("stock", "decay", "final")
_LINKS = ("held", "transit", "lead", "iceberg")


@final
@dataclass(frozen=True, eq=False)
class Horizon:
    """What is true in every week, what is there at the start, and the physics in between.

    technologies : of each week, all on one network
    income  : (H,) weights of households, >= 0; only their proportions matter
    stock   : (n,) output ready to be sold at each plant, units; 0 elsewhere
    held    : (m,) inputs at the buyer, units; 0 on links to endowments
    transit : (L, m) goods on the way; entry k arrives k + 1 weeks from the start
    decay   : (n,) share of each plant's product that spoils in a week, in [0, 1]; 0 elsewhere
    lead    : (m,) weeks on the way beyond the first, >= 0
    iceberg : (m,) share that survives dispatch, in [0, 1]
    final   : (n,) units of each plant's product that must be left at the end, wherever they are;
              None asks for none

    Raises InputError for wrong shapes, numbers out of range, technologies on several networks,
    stocks of what cannot be stored, and empty shelves at the start.
    """

    technologies: Sequence[Technology]
    income: Floats
    stock: Floats
    held: Floats
    transit: Floats
    decay: Floats
    lead: Ints
    iceberg: Floats
    final: Floats | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "technologies", tuple(self.technologies))
        if not self.technologies:
            raise InputError("technologies: there is none; give one for each week")
        if any(t.network is not self.network for t in self.technologies):
            raise InputError("technologies: stand on several networks; make them on one `Network`")
        income = checked_income(self.technologies[0], self.income)
        object.__setattr__(self, "income", frozen(income))
        for name in (*_ROWS, *_LINKS):
            if getattr(self, name) is not None:
                self._check(name)
        self._check_shelves()

    def _check(self, name: str) -> None:
        value = np.asarray(getattr(self, name), dtype=np.float64)
        size = self.network.n if name in _ROWS else self.network.m
        right = (len(value), size) if name == "transit" and value.ndim else (size,)
        if value.shape != right:
            raise InputError(f"{name}: shape {value.shape}, expected {right}")
        top = 1.0 if name in ("decay", "iceberg") else np.inf
        wrong = ~(np.isfinite(value) & (value >= 0) & (value <= top))
        if name == "lead":
            wrong |= value != np.floor(value)
        self._refuse(name, wrong, f"expected {_expected(name)}")
        if name not in ("lead", "iceberg"):
            fresh = self.network.kind != PLANT if name in _ROWS else self.network.rows.perishable
            self._refuse(name, fresh & (value > 0), "only what plants make can be stored: give 0")
        object.__setattr__(self, name, frozen(value, np.int64 if name == "lead" else np.float64))

    def _check_shelves(self) -> None:
        """With nothing to use in the first week, the log of utility is minus infinity.

        With something it is finite in every week: a share of it can be kept for each.
        """
        net, t = self.network, self.technologies[0]
        most = np.where(net.rows.perishable, t.supply[net.seller] * self.iceberg, self.held)
        made = ces_quantity(net.rows, t.share, t.norm, t.sigma, t.eps, most)[net.households]
        empty = np.flatnonzero((made <= 0) & (self.income > 0))
        if empty.size:
            name = net.names[net.households][empty[0]]
            raise InputError(
                f"held: {name} can use nothing in the first week; let it hold some of every good "
                f"that it cannot do without, or give it income 0"
            )

    def _refuse(self, name: str, wrong: npt.NDArray[np.bool_], why: str) -> None:
        """Raise InputError for the first entry that is wrong, with its row's name."""
        net = self.network
        for *_, at in np.argwhere(wrong):
            row = net.names[at if name in _ROWS else net.buyer[at]]
            where = row if name in _ROWS else f"{row}, buying from {net.names[net.seller[at]]}"
            value = np.asarray(getattr(self, name))[..., at]
            raise InputError(f"{name}: {where}: {value} is out of place; {why}")

    @property
    def network(self) -> Network:
        """Who may buy from whom."""
        return self.technologies[0].network

    @property
    def weeks(self) -> int:
        """Number of weeks."""
        return len(self.technologies)

    @property
    def weight(self) -> Floats:
        """(H,) weights of households that sum to 1."""
        return np.asarray(self.income / self.income.sum())

    @property
    def left(self) -> Floats:
        """(m,) share of goods of each link that is still good a week later."""
        return np.asarray(1.0 - self.decay[self.network.seller])


def _expected(name: str) -> str:
    if name == "lead":
        return "a whole number of weeks >= 0"
    return "a share from 0 to 1" if name in ("decay", "iceberg") else "a finite number >= 0"
