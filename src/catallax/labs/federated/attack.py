"""What a listener reconstructs of a client's series from its updates: leakage from gradients.

Zhu, Liu & Han (2019) look for examples whose gradient is the one that was heard. Of one example
and a model with a constant nothing has to be looked for, because its gradient is a multiple of its
features (Phong et al. 2018; Geiping et al. 2020): see `solve_one_example`. Of several examples the
gradient is a few numbers about many, so the listener takes the most likely ones under what it
believed before: least squares with a Gaussian prior.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from scipy.optimize import least_squares

from catallax.arrays import Floats

MOST = 100  # evaluations of a search
EXACT = 1e-6  # s.d. in place of 0: gradients that a listener trusts to the last bit


@final
@dataclass(frozen=True, eq=False)
class Unknown:
    """B examples as linear functions of k numbers z that the listener does not know.

    base     : (B, d) features at z = 0
    features : (B, d, k) their slopes
    targets  : (B, k) targets are targets @ z
    mean, sd : (k,) what the listener believes of z beforehand, s.d. > 0
    """

    base: Floats
    features: Floats
    targets: Floats
    mean: Floats
    sd: Floats

    def gradient(self, w: Floats, z: Floats) -> Floats:
        """(d,) gradient of half the mean squared error at `w` (d,)."""
        x = self.base + self.features @ z
        return np.asarray((x @ w - self.targets @ z) @ x / len(x))

    def slope(self, w: Floats, z: Floats) -> Floats:
        """(d, k) its derivative by z."""
        x = self.base + self.features @ z
        error = x @ w - self.targets @ z
        turn = w @ self.features - self.targets  # (B, k) derivative of errors
        return np.asarray((x.T @ turn + np.tensordot(error, self.features, axes=1)) / len(x))


def describe_series(weeks: int) -> Unknown:
    """`weeks` weeks of orders forecast from a constant, last week's orders and this week's price.

    z holds orders of the week before and of each week, (weeks + 1,), then prices, (weeks,), each
    in its standard deviations about its mean, which is all that is believed of them.
    """
    t, count = np.arange(weeks), 2 * weeks + 1
    base, features = np.zeros((weeks, 3)), np.zeros((weeks, 3, count))
    targets = np.zeros((weeks, count))
    base[:, 0] = 1.0
    features[t, 1, t] = features[t, 2, weeks + 1 + t] = targets[t, t + 1] = 1.0
    return Unknown(base, features, targets, np.zeros(count), np.ones(count))


def solve_one_example(gradient: Floats, w: Floats) -> tuple[Floats, float]:
    """Features (d,) and target of the one example behind a gradient (d,) at `w` (d,).

    The first feature is the constant 1, so the gradient's first entry is the error e, the others
    are e times a feature, and the target is what the model says less e. NaN where e is 0: an
    example that is forecast exactly gives nothing away.
    """
    error = gradient[0]
    features = gradient / error if error else np.full_like(gradient, np.nan)
    return features, float(features @ w - error)


def reconstruct(
    unknown: Unknown,
    gradient: Floats,
    sd: Floats | float,
    w: Floats,
    starts: Sequence[Floats] | Floats = (),
) -> Floats:
    """(k,) the most likely z behind a `gradient` (d,) at `w` (d,) that was heard with error `sd`.

    sd     : s.d. of the error of what was heard, one or (d,), >= 0
    starts : z's from which to look as well as from the mean; the likeliest end is taken
    """
    trust = 1.0 / np.maximum(sd, EXACT)

    def misfit(z: Floats) -> Floats:
        heard = trust * (unknown.gradient(w, z) - gradient)
        return np.concatenate([heard, (z - unknown.mean) / unknown.sd])

    def slope(z: Floats) -> Floats:
        rows = np.broadcast_to(trust, gradient.shape)[:, None] * unknown.slope(w, z)
        return np.concatenate([rows, np.diag(1.0 / unknown.sd)])

    found = [
        least_squares(misfit, z, slope, method="lm", max_nfev=MOST)
        for z in (*_choose_starts(unknown, gradient, w), *starts)
    ]
    return np.asarray(min(found, key=lambda f: f.cost).x)


def _choose_starts(unknown: Unknown, gradient: Floats, w: Floats) -> list[Floats]:
    """Where to look from: what was believed and, of one example, what its gradient says."""
    if len(unknown.base) > 1 or not gradient[0]:
        return [unknown.mean]
    features, target = solve_one_example(gradient, w)
    rows = np.concatenate([unknown.features[0], unknown.targets])
    said = np.append(features - unknown.base[0], target)
    z = np.linalg.lstsq(rows, said, rcond=None)[0]
    return [unknown.mean, np.asarray(z)] if np.isfinite(z).all() else [unknown.mean]
