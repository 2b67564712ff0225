"""One price for one product of many regions, found as a model is trained: by exchanging gradients.

Dual decomposition (Arrow & Hurwicz 1958; Uzawa 1958; survey in Boyd et al. 2011). Each region
makes heat from a fuel that all share, at rising marginal cost, y ~ x^gamma, and enjoys heat and a
service of its own flow with a CES utility u. The regions' common problem

    maximise  sum of m_r log u_r(x_r)   such that   sum of x_r <= sum of R_r

falls apart once fuel has a price p. Region r then solves max m_r log u_r(x) - p (x - R_r) on its
own, and what its optimum would gain from a dearer fuel, p (R_r - x_r) per unit of log p, is its
gradient of the dual: the value of its excess supply. Averaging gradients and stepping against
their mean, as federated learning does (FedSGD with the one number log p as its model), is to raise
the price of what is in excess demand: Walras's tatonnement. Both stop where supply meets demand.
"""

from dataclasses import dataclass, fields
from typing import final

import numpy as np
from scipy.optimize import brentq

from catallax.arrays import Floats
from catallax.errors import InputError
from catallax.labs.federated.aggregate import Plain
from catallax.labs.federated.clients import Clients
from catallax.labs.federated.model import Local, Model
from catallax.labs.federated.rules import FedAvg
from catallax.labs.federated.training import Training, TrainingResult, train
from catallax.protocol.sealed import frozen
from catallax.renamed import hand_out_old_names
from catallax.streams import Streams

STEPS = 100  # of Newton's method; it takes about six
FAR = 50.0  # logs: no price is beyond


@final
@dataclass(frozen=True, eq=False)
class Regions:
    """R regions, (R,) each. Quantities are base-year money's worth, when the price was 1.

    income : m, money a week, > 0
    share  : of heat in base-year spending, in (0, 1)
    sigma  : elasticity of substitution between heat and the service, > 0
    gamma  : returns to fuel in making heat, in (0, 1)
    flow   : R, fuel that the region owns, units a week, >= 0

    Raises InputError for columns that do not fit or values out of range.
    """

    income: Floats
    share: Floats
    sigma: Floats
    gamma: Floats
    flow: Floats

    def __post_init__(self) -> None:
        columns = {f.name: frozen(getattr(self, f.name)) for f in fields(self)}
        for name, column in columns.items():
            object.__setattr__(self, name, column)
            if column.shape != columns["income"].shape or column.ndim != 1 or not len(column):
                raise InputError(f"regions: {name} has shape {column.shape}, expected one a region")
            top = 1.0 if name in ("share", "gamma") else np.inf
            if not np.all((column > 0) & (column < top)) and (name != "flow" or column.min() < 0):
                raise InputError(f"regions: {name} must be above 0 and below {top:g}")

    @property
    def clients(self) -> Clients:
        """The regions as clients of one example each: what each knows of itself alone."""
        columns = np.column_stack([getattr(self, f.name) for f in fields(self)])
        return Clients(columns, np.zeros(len(columns)), np.arange(len(columns) + 1))

    def fuel(self, log_price: Floats) -> Floats:
        """(R,) units that each region wants at its own entry of log price (R,)."""
        return np.asarray(self._base * np.exp(self._change(log_price)))

    def gain(self, log_price: Floats) -> Floats:
        """(R,) the dual function of each: m log u - p (x - R) at its own optimum."""
        power = (1.0 - 1.0 / self.sigma) * self.gamma
        u, a = self._change(log_price), self.share
        plain = self.sigma == 1.0
        safe = np.where(plain, 1.0, power)
        bent = np.log1p(a * np.expm1(safe * u)) * self.gamma / safe
        log_u = np.where(plain, a * self.gamma * u, bent)
        bill = np.exp(log_price) * (self.fuel(log_price) - self.flow)
        return np.asarray(self.income * log_u - bill)

    @property
    def _base(self) -> Floats:
        """(R,) fuel of the base year."""
        return np.asarray(self.income * self.share * self.gamma)

    def _change(self, log_price: Floats) -> Floats:
        """(R,) log change u of fuel at which price meets marginal value: u + log p = log s(u)/a.

        s is the share of heat in spending; the left side less the right grows with u, and is bent
        one way, so that Newton's method finds the one solution.
        """
        power, a = (1.0 - 1.0 / self.sigma) * self.gamma, self.share
        u = np.asarray(-log_price, dtype=np.float64)
        for _ in range(STEPS):
            s = a / (a + (1.0 - a) * np.exp(-power * u))
            step = (u + log_price - np.log(s / a)) / (1.0 - power * (1.0 - s))
            u = u - step
            if np.abs(step).max() < 1e-14:
                break
        return u


@final
@dataclass(frozen=True)
class Dual(Model):
    """The dual of `Regions` in the log of the fuel's price, per unit of `scale` (money a week)."""

    scale: float = 1.0

    def size(self, width: int) -> int:
        """One: the log price."""
        return 1

    def loss(self, w: Floats, clients: Clients) -> Floats:
        """(R,) each region's dual function."""
        return np.asarray(Regions(*clients.features.T).gain(w[:, 0]) / self.scale)

    def gradient(self, w: Floats, clients: Clients) -> Floats:
        """(R, 1) value of each region's excess supply."""
        regions = Regions(*clients.features.T)
        value = np.exp(w[:, 0]) * (regions.flow - regions.fuel(w[:, 0]))
        return np.asarray(value / self.scale)[:, None]


def exchange_price(
    regions: Regions,
    *,
    rate: float = 2.0,
    steps: int = 1,
    rounds: int = 1000,
    tol: float = 1e-10,
) -> TrainingResult:
    """The log price, (R + 1, 1) as `models`, found by exchanging gradients from a price of 1.

    rate  : step in log price per unit of mean excess demand over mean income, > 0
    steps : of each region between two exchanges; with more than one the regions' prices drift
            apart in between, and the mean stops somewhere else
    tol   : it ends once the log price moves by no more in a round

    A region says one number, the value of its excess demand times `rate`, and hears one.
    """
    way = Training(FedAvg(), rounds, tol, Local(rate, steps), aggregation=Plain(by_examples=False))
    model = Dual(float(regions.income.mean()))
    return train(way, model, regions.clients, Streams(0))


def find_clearing_price(regions: Regions) -> float:
    """Log price at which the regions want what they own, by bracketing (Brent 1973)."""

    def excess(w: float) -> float:
        return float((regions.fuel(np.full(len(regions.income), w)) - regions.flow).sum())

    return float(brentq(excess, -FAR, FAR, xtol=1e-14, rtol=1e-14))


hand_out_old_names(__name__)
