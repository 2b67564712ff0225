"""Clipped and noised updates, and what they give away (McMahan, Ramage, Talwar & Zhang 2018).

What is protected is everything that one client holds: whether it took part at all (noise of the
centre, or noise shared out), or what its update was (noise of its own). The measure is (epsilon,
delta)-differential privacy: whatever somebody sees is at most e^epsilon times as likely with the
client as without it, but for a probability delta (Dwork & Roth 2014).
"""

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, final

import numpy as np
from scipy.optimize import brentq
from scipy.special import log_ndtr, ndtr

from catallax.arrays import Floats
from catallax.errors import InputError
from catallax.extras import extra
from catallax.labs.federated.aggregate import Aggregation, CombinedUpdate, Plain, Updates
from catallax.labs.federated.secure import SecureSum
from catallax.protocol.settings import check_settings, describe_setting
from catallax.renamed import hand_out_old_names
from catallax.streams import Streams


class NoiseSource(Enum):
    """Who adds the noise."""

    CENTRE = "centre"  # to the mean: protects from those who see models, not from the centre
    CLIENT = "client"  # each all of it to its own update: protects from everybody
    SHARED = "shared"  # each a part, under a secure sum: the centre sees one noisy sum


@final
@dataclass(frozen=True)
class Private(Aggregation):
    """Clip every update to a norm, count clients alike, add Gaussian noise.

    place : who adds it; `SHARED` needs a secure sum
    inner : how the updates are summed

    Sums are divided by the number of clients asked, which is no secret, and not by that of those
    who answered. Raises InputError for settings out of range or that do not fit.
    """

    clip: float = field(metadata=describe_setting("largest Euclidean norm of an update", above=0))
    noise: float = field(
        metadata=describe_setting(
            "s.d. of the noise in a sum of updates, as a multiple of clip", low=0
        )
    )
    place: NoiseSource = NoiseSource.CENTRE
    inner: Aggregation = field(default_factory=lambda: Plain(by_examples=False))

    def __post_init__(self) -> None:
        check_settings(self, "private.")
        if self.place is NoiseSource.SHARED and not isinstance(self.inner, SecureSum):
            raise InputError(
                "private: noise shared out hides nobody unless updates are summed securely; give "
                "inner=SecureSum(), or place=Place.CLIENT"
            )

    @property
    def legs(self) -> int:
        """Those of the sum."""
        return self.inner.legs

    @property
    def multiplier(self) -> float:
        """S.d. of the noise over the most that one client can change what is protected by it."""
        # Another update of the same client can be 2 clips away; a client who leaves takes one.
        return self.noise / 2.0 if self.place is NoiseSource.CLIENT else self.noise

    def epsilon(self, rounds: int, delta: float) -> float:
        """What `rounds` rounds give away of a client that takes part in all of them."""
        return find_epsilon(self.multiplier, rounds, delta)

    def combine(self, said: Updates, streams: Streams, t: int) -> CombinedUpdate:
        """The noisy sum over those asked, divided by their number."""
        asked, counted = int(said.drawn.asked.sum()), int(said.counted.sum())
        own = self.place is NoiseSource.CLIENT
        # Noise of the line can lengthen an update: only what is clipped after it is surely short.
        change = said.change if own else said.carried(streams, t)
        noisy = clip_updates(change, self.clip) + self._own(said, streams, t)
        alike = replace(said, change=noisy, weight=np.ones(len(noisy)), crossed=not own)
        found = self.inner.combine(alike, streams, t)
        if found.update is None:
            return found
        total = found.update * counted
        if self.place is NoiseSource.CENTRE:
            luck = streams.normal("federated/noise/centre", len(total), t)
            total = total + self.noise * self.clip * luck
        return replace(found, update=total / asked)

    def _own(self, said: Updates, streams: Streams, t: int) -> Floats:
        """(C, p) noise that clients add themselves."""
        scale = self.noise * self.clip
        if self.place is NoiseSource.CENTRE or scale == 0:
            return np.zeros_like(said.change)
        if self.place is NoiseSource.SHARED and isinstance(self.inner, SecureSum):
            # Enough in all even if no more than the fewest allowed survive.
            scale /= np.sqrt(self.inner.least(int(said.drawn.asked.sum())))
        luck = streams.normal("federated/noise/client", said.change.size, t)
        return np.asarray(scale * luck.reshape(said.change.shape))


def clip_updates(change: Floats, clip: float) -> Floats:
    """(C, p) the same directions, none longer than `clip`."""
    norm = np.sqrt((change**2).sum(axis=1))
    return np.asarray(change * np.minimum(1.0, clip / np.where(norm > 0, norm, 1.0))[:, None])


def find_epsilon(multiplier: float, rounds: int, delta: float) -> float:
    """Exact epsilon of `rounds` releases with Gaussian noise, at `delta`, for one in all of them.

    multiplier : s.d. of the noise over the sensitivity, >= 0; 0 gives infinity
    delta      : in (0, 1)

    Releases compose into one with noise 1/sqrt(rounds) as large (Dong, Roth & Su 2022), whose
    delta at a given epsilon is known in closed form (Balle & Wang 2018). A client that is asked in
    some rounds only gives away less (see `find_sampled_epsilon`).
    """
    if not 0 < delta < 1:
        raise InputError(f"privacy: delta is {delta}, expected a number between 0 and 1")
    if not 0 <= multiplier < float("inf"):
        raise InputError(f"privacy: the multiplier is {multiplier}, expected a number >= 0")
    if rounds == 0:
        return 0.0
    if multiplier == 0:
        return float("inf")
    mu = np.sqrt(rounds) / multiplier
    if _find_delta(0.0, mu) <= delta:
        return 0.0
    top = mu * mu / 2.0 + mu * np.sqrt(2.0 * np.log(1.0 / delta))  # Mironov's (2017) bound
    return float(brentq(lambda e: _find_delta(e, mu) - delta, 0.0, top, xtol=1e-12, rtol=1e-12))


def _find_delta(eps: float, mu: float) -> float:
    """Balle and Wang's delta of one release with noise 1/mu of the sensitivity."""
    second = np.exp(eps + log_ndtr(-mu / 2.0 - eps / mu))
    return float(ndtr(mu / 2.0 - eps / mu) - second)


def find_sampled_epsilon(multiplier: float, share: float, rounds: int, delta: float) -> float:
    """Epsilon at `delta` where each client takes part in each round by a coin of its own.

    multiplier : s.d. of the noise over the sensitivity, > 0
    share      : probability of the coin, in (0, 1]; `Participation(share, by_coin=True)`
    rounds     : >= 1

    An upper bound by Renyi accounting of the sampled Gaussian mechanism (Mironov, Talwar & Zhang
    2019) in Google's library, for whoever sees models and not who took part. Raises InputError for
    values out of range and MissingExtra where the library is not installed.
    """
    if not (multiplier > 0 and 0 < share <= 1 and rounds >= 1 and 0 < delta < 1):
        raise InputError(
            f"privacy: multiplier {multiplier}, share {share}, rounds {rounds}, delta {delta}; "
            f"expected > 0, in (0, 1], >= 1, in (0, 1)"
        )
    library = _import_accounting()
    noise = library.GaussianDpEvent(multiplier)
    event = library.PoissonSampledDpEvent(share, noise) if share < 1 else noise
    accountant = library.rdp.RdpAccountant()
    accountant.compose(event, rounds)
    return float(accountant.get_epsilon(delta))


def _import_accounting() -> Any:
    return extra("dp_accounting", "accounting for clients that take part by chance", "privacy")


hand_out_old_names(__name__)
