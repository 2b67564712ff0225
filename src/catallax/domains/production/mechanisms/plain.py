"""What rows under a plan do, in plain NumPy, against which the kernels are tested."""

import numpy as np

from catallax.arrays import Bools, Floats
from catallax.domains.production.network import Rows


def heed(
    told: Floats, age: Floats, before: Floats, obeyed: Floats, limit: float, weight: float
) -> Floats:
    """A directive averaged in logs with what was obeyed before; news counts in full."""
    fresh = np.isfinite(age) & (age <= before)
    both = (told > 0) & (obeyed > 0)
    gap = np.log(np.where(both, told, 1.0) / np.where(both, obeyed, 1.0))
    news = np.isinf(before) | ~both | (np.abs(gap) > limit)
    mixed = obeyed * np.exp(weight * gap)
    return np.where(fresh, np.where(news | (weight == 1.0), told, mixed), obeyed)


def mixes(
    rows: Rows,
    part: Floats,
    kept: Floats,
    price: Floats,
    held: Floats,
    perishable: Bools,
    spend: Floats,
    a: float,
    cover: float,
) -> tuple[Floats, Floats]:
    """Asks and uses (m,) of rows that `spend` (n,) on inputs, `part` (m,) of it on each link."""
    wanted = part * rows.spread(spend) / price * kept
    use = np.minimum(wanted, held)
    again = np.maximum(wanted + a * (cover * wanted - (held - use)), 0.0)
    return np.where(perishable, wanted, again) / kept, use
