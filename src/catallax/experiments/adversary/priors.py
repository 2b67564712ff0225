"""How plausible a contract is: a prior for every number that may be changed.

What nobody has measured is an assumption, and its source says so. The penalty of a contract is
the squared distance from what it is by default, in prior standard deviations: minus twice the log
of the prior density, but for a constant.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, final

import numpy as np

from catallax.errors import InputError, unknown
from catallax.experiments.sweep import axis
from catallax.protocol import AbstractContract, Value

FAR = 4.0  # prior s.d. beyond which no value is tried
ASSUMED = "assumption"


class Scale(NamedTuple):
    """A scale on which a prior is normal: there and back."""

    there: Callable[[float], float]
    back: Callable[[float], float]


SCALES: Mapping[str, Scale] = {
    "log": Scale(lambda v: float(np.log(v)), lambda x: float(np.exp(x))),
    "log1p": Scale(lambda v: float(np.log1p(v)), lambda x: float(np.expm1(x))),
    "logit": Scale(lambda v: float(np.log(v / (1 - v))), lambda x: float(1 / (1 + np.exp(-x)))),
    "linear": Scale(float, float),
}


@final
@dataclass(frozen=True)
class Prior:
    """What is believed of one number of the contract.

    name   : of an axis or key, as `sweep.axis` takes it
    scale  : on which the prior is normal: "log", "log1p", "logit" or "linear"; a centre at an end
             of the range has a half-normal prior
    spread : s.d. on that scale
    source : of the spread
    low, high : ends of the range
    whole  : whether only whole numbers are possible
    centre : the value by default
    """

    name: str
    scale: str
    spread: float
    source: str
    low: float
    high: float
    whole: bool = False
    centre: float = float("nan")

    def value(self, z: float) -> Value:
        """The value at `z` prior s.d. from the centre, in range, and whole if it must be.

        At an end of the range the prior is one-sided, and the sign of `z` means nothing.
        """
        if z == 0:
            return round(self.centre) if self.whole else self.centre
        scale = SCALES[self.scale]
        side = {self.low: 1.0, self.high: -1.0}.get(self.centre)
        step = self.spread * (z if side is None else side * abs(z))
        found = scale.back(scale.there(self.centre) + step)
        found = min(max(found, self.low), self.high)
        return round(found) if self.whole else float(f"{found:.3g}")

    def distance(self, value: Value) -> float:
        """How many prior s.d. a value is away from the centre."""
        scale = SCALES[self.scale]
        return (scale.there(float(value)) - scale.there(self.centre)) / self.spread


PRIORS: Mapping[str, Prior] = {
    p.name: p
    for p in (
        Prior("delay", "log1p", 0.35, f"{ASSUMED}: two thirds from 0.4 to 1.8 weeks", 0, 52, True),
        Prior("noise", "log", 0.7, f"{ASSUMED}: a factor of two either way", 0.001, 1.0),
        Prior("coverage", "linear", 0.1, f"{ASSUMED}: two thirds above 0.9", 0.05, 1.0),
        Prior("resolution", "log", 0.4, f"{ASSUMED}: two thirds from 11 to 24 bits", 2, 52, True),
        Prior("tacit", "logit", 0.8, f"{ASSUMED}: two thirds from 0.13 to 0.43", 0.001, 0.999),
        Prior(
            "knowledge.dispersion",
            "log",
            0.5,
            "the 90-10 ratio of productivity within US industries, 1.92 (Syverson 2011), is a "
            "s.d. of 0.25 in logs: 1.8 prior s.d. above 0.1",
            0.001,
            2.0,
        ),
        Prior("drift", "log", 0.7, f"{ASSUMED}: a factor of two either way", 0.0001, 1.0),
        Prior("novelty", "linear", 0.3, f"{ASSUMED}: two thirds above 0.7", 0.0, 1.0),
        Prior("knowledge.drift_z", "linear", 0.01, f"{ASSUMED}: as tastes at most", 0.0, 1.0),
        Prior("knowledge.jump", "linear", 0.3, f"{ASSUMED}: two thirds below 0.3", 0.0, 1.0),
        Prior("knowledge.misspecification", "linear", 0.2, f"{ASSUMED}: below 0.2", 0.0, 1.0),
        Prior("sigma", "log", 0.35, f"{ASSUMED}: a factor of 1.4 for all plants alike", 0.05, 20),
    )
}


def priors_of(contract: AbstractContract, names: Sequence[str] | None = None) -> tuple[Prior, ...]:
    """The priors called `names`, or all, about what the contract has.

    Raises InputError for an unknown name and where the prior cannot be about the contract's value.
    """
    for name in names or ():
        if name not in PRIORS:
            raise unknown("number with a prior", name, PRIORS)
    return tuple(_about(contract, PRIORS[name]) for name in names or PRIORS)


def _about(contract: AbstractContract, prior: Prior) -> Prior:
    centre = float(contract.setting(axis(prior.name, contract.domain).keys[0]))
    scale = SCALES[prior.scale]
    with np.errstate(divide="ignore", invalid="ignore"):
        fits = prior.low <= centre <= prior.high and np.isfinite(scale.there(centre))
    if not fits:
        raise InputError(
            f"{prior.name}: is {centre:g} in the contract, but its prior is about values from "
            f"{prior.low:g} to {prior.high:g}; leave it out of the keys"
        )
    return replace(prior, centre=centre)
