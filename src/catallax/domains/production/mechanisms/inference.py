"""Facts that nobody told, inferred from what was observed.

What cannot be put into words can still be seen in what it does: productivity in what came out of
what went in, and tastes in what was bought at which prices (`kernels.reports`).
"""

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.network import Technology, ces_quantity


def productivity(
    belief: Technology, used: Floats, output: Floats, sigma: Floats | None = None
) -> Floats:
    """(n,) log z with which inputs `used` (m,) make `output` (n,) under believed recipes.

    sigma : (n,) elasticities in place of the belief's

    NaN where nothing was used or made, and for rows that are no plants.
    """
    t, i = belief, belief.network.plants
    assumed = t.sigma if sigma is None else sigma
    composite = ces_quantity(t.network.rows, t.share, t.norm, assumed, t.eps, used, i)
    log_z = np.full(t.network.n, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = t.gamma[i] * np.log(composite / t.K[i])
        found = np.log(output[i] / t.K[i]) - scale
    log_z[i] = np.where(np.isfinite(found), found, np.nan)
    return log_z
