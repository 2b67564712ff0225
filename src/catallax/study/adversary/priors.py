"""How plausible a contract is: the priors of its domain, centred where the contract is.

The penalty of a contract is the squared distance from what it is by default, in prior standard
deviations: minus twice the log of the prior density, but for a constant.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.errors import InputError, unknown
from catallax.protocol import AbstractContract, Prior, Value, domain_of
from catallax.study.sweep import axis

FAR = 4.0  # prior s.d. beyond which no value is tried


@final
@dataclass(frozen=True)
class CentredPrior:
    """What is believed of one number of a contract.

    name   : of an axis or key, as `sweep.axis` takes it
    prior  : of the domain; a centre at an end of its range has a half-normal one
    centre : the value by default
    """

    name: str
    prior: Prior
    centre: float

    def value(self, z: float) -> Value:
        """The value at `z` prior s.d. from the centre, in range, and whole if it must be.

        At an end of the range the prior is one-sided, and the sign of `z` means nothing.
        """
        prior = self.prior
        if z == 0:
            return round(self.centre) if prior.whole else self.centre
        side = {prior.low: 1.0, prior.high: -1.0}.get(self.centre)
        step = prior.spread * (z if side is None else side * abs(z))
        found = prior.back(prior.there(self.centre) + step)
        found = min(max(found, prior.low), prior.high)
        return round(found) if prior.whole else float(f"{found:.3g}")

    def distance(self, value: Value) -> float:
        """How many prior s.d. a value is away from the centre."""
        prior = self.prior
        return (prior.there(float(value)) - prior.there(self.centre)) / prior.spread


def priors_of(
    contract: AbstractContract, names: Sequence[str] | None = None
) -> tuple[CentredPrior, ...]:
    """The priors of the contract's domain called `names`, or all, about what the contract has.

    Raises InputError for a domain without priors, an unknown name, and where a prior cannot be
    about the contract's value.
    """
    known = domain_of(contract).priors
    if not known:
        raise InputError(
            f"{contract.domain}: the domain says of no number how far it may plausibly be; give it "
            f"priors, such as priors={{'growth': Prior('log', 0.5, 'assumption', 0.01, 2)}}"
        )
    for name in names or ():
        if name not in known:
            raise unknown("number with a prior", name, known)
    return tuple(_centre_prior(contract, name, known[name]) for name in names or known)


def _centre_prior(contract: AbstractContract, name: str, prior: Prior) -> CentredPrior:
    centre = float(contract.setting(axis(name, contract.domain).keys[0]))
    if not (prior.low <= centre <= prior.high and np.isfinite(prior.there(centre))):
        raise InputError(
            f"{name}: is {centre:g} in the contract, but its prior is about values from "
            f"{prior.low:g} to {prior.high:g}; leave it out of the keys"
        )
    return CentredPrior(name, prior, centre)
