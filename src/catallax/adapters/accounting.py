"""What noise protects when clients take part by chance, by Google's library of accounting."""

from typing import Any

from catallax.errors import InputError
from catallax.extras import extra


def sampled_epsilon(multiplier: float, share: float, rounds: int, delta: float) -> float:
    """Epsilon at `delta` where each client takes part in each round by a coin of its own.

    multiplier : s.d. of the noise over the sensitivity, > 0
    share      : probability of the coin, in (0, 1]; `Participation(share, by_coin=True)`
    rounds     : >= 1

    An upper bound by Renyi accounting of the sampled Gaussian mechanism (Mironov, Talwar & Zhang
    2019), for whoever sees models and not who took part. Raises InputError for values out of range
    and MissingExtra where the library is not installed.
    """
    if not (multiplier > 0 and 0 < share <= 1 and rounds >= 1 and 0 < delta < 1):
        raise InputError(
            f"privacy: multiplier {multiplier}, share {share}, rounds {rounds}, delta {delta}; "
            f"expected > 0, in (0, 1], >= 1, in (0, 1)"
        )
    library = _import_library()
    noise = library.GaussianDpEvent(multiplier)
    event = library.PoissonSampledDpEvent(share, noise) if share < 1 else noise
    accountant = library.rdp.RdpAccountant()
    accountant.compose(event, rounds)
    return float(accountant.get_epsilon(delta))


def _import_library() -> Any:
    return extra("dp_accounting", "accounting for clients that take part by chance", "privacy")
