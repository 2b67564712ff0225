"""The split of every private fact into what can be said and what can only be acted on."""

from dataclasses import replace

import numpy as np

from catallax.arrays import Floats, Ints
from catallax.domains.production.network import Network, Technology
from catallax.domains.production.network.rows import counted
from catallax.placement import Placement

PARTS = ("said", "tacit")  # names of the two independent parts of every fact
SMALLEST = 1e-12  # elasticity below which a log says nothing


def find_weights(tau: float, *, tacit: bool) -> Floats:
    """(2,) weights of a fact's two parts of equal variance: the whole, or as far as it is said."""
    return np.array([np.sqrt(1.0 - tau), np.sqrt(tau) if tacit else 0.0])


def mix_parts(tau: float, parts: Floats, *, tacit: bool) -> Floats:
    """(k,) a fact from its two parts (2, k): the whole, or as far as it is said.

    Number by number: what a product of matrices rounds depends on how many there are.
    """
    said, silent = find_weights(tau, tacit=tacit)
    if silent == 0.0:
        return np.asarray(said * parts[0])
    return np.asarray(said * parts[0] + silent * parts[1])


def find_public_sigma(base: Technology) -> Floats:
    """(n,) elasticities as the public knows them: the geometric mean of each kind of row."""
    out = base.sigma.copy()
    for kind, place in _list_kinds(base.network):
        alone = place.split(base.sigma[kind])[0]  # elasticities are alike in all runs
        out[kind] = np.exp(np.mean(np.log(np.maximum(alone, SMALLEST))))
    return out


def _list_kinds(net: Network) -> tuple[tuple[slice, Placement], ...]:
    """The kinds of row that choose, as far as there are any, and where runs stand in them."""
    kinds = (net.plants, net.places.plants), (net.households, net.places.households)
    return tuple((kind, place) for kind, place in kinds if kind.stop > kind.start)


def make_public_technology(base: Technology) -> Technology:
    """The base year as the public knows it: averages where rows of one recipe differ in private.

    z is the geometric mean of the plants that make one product at the same returns to scale, such
    as the firms of one plant. K is the capital that makes base-year sales at a price of 1 with
    that z, so it tells of a firm's size, which is public, and of nothing else. sigma is as in
    `find_public_sigma`. A plant that has no like keeps its numbers to the bit.
    """
    i, z, K = base.network.plants, base.z.copy(), base.K.copy()
    z[i] = _average_alike(base.z[i], base.network.product[i], base.gamma[i])
    K[i] *= (base.z[i] / z[i]) ** (1.0 / (1.0 - base.gamma[i]))
    return replace(base, sigma=find_public_sigma(base), z=z, K=K)


def _average_alike(z: Floats, product: Ints, gamma: Floats) -> Floats:
    """(P,) geometric mean over the plants with the same product and gamma."""
    kinds, returns = np.unique(gamma, return_inverse=True)
    _, first, of = np.unique(product * len(kinds) + returns, return_index=True, return_inverse=True)
    # Over the first of its kind, so that equal numbers have exactly themselves for a mean.
    some = z[first]
    log = counted(of, np.log(z / some[of]), len(some)) / np.bincount(of)
    return np.asarray((some * np.exp(log))[of])


def find_sayable_sigma(base: Technology, tau: float, blur: Floats) -> Floats:
    """(n,) elasticities as far as their rows can say them.

    tau  : tacit share of the variance of a row's log deviation d from the public mean
    blur : (n,) standard normals, fixed for a run

    An elasticity is given, not drawn, so its parts are made from it: said = (1 - tau) d +
    s sqrt(tau (1 - tau)) blur, with s the s.d. of d over the kind of row, and tacit = d - said.
    Their variances are (1 - tau) s^2 and tau s^2, and they are uncorrelated, for Gaussian d
    independent. A row whose recipe is fixed (sigma 0) says so.
    """
    if tau == 0.0:
        return base.sigma
    public, out = find_public_sigma(base), base.sigma.copy()
    for kind, place in _list_kinds(base.network):
        d = np.log(np.maximum(base.sigma[kind], SMALLEST) / public[kind])
        s = np.sqrt(np.mean(place.split(d)[0] ** 2))
        said = (1.0 - tau) * d + s * np.sqrt(tau * (1.0 - tau)) * blur[kind]
        out[kind] = np.where(base.sigma[kind] > SMALLEST, public[kind] * np.exp(said), out[kind])
    return out
