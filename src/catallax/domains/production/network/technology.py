"""A plain table of what can be done: the truth of a week, or somebody's belief about it."""

from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, final

import numpy as np

from catallax.domains.production.network.places import LinkFloats, RowFloats
from catallax.domains.production.network.rows import Network
from catallax.errors import InputError
from catallax.protocol.sealed import frozen, resealed


@final
@dataclass(frozen=True, eq=False)
class Technology:
    """Recipes, tastes and resources in calibrated share form.

    A buyer's composite X has unit cost 1 at base-year prices. A plant makes
    y = z K (X/K)^gamma; a household's utility is X. See docs/notation.md.

    network : who may buy from whom
    share   : (m,) base-year value share of the link in its row's spending, > 0, sums to 1 a row
    norm    : (m,) base-year arrivals on the link per unit of X, > 0; may be `share` itself
    kept    : (m,) share of what is shipped that arrives, in (0, 1]
    sigma   : (n,) elasticity of substitution between goods, >= 0
    eps     : (n,) elasticity of substitution between the suppliers of a good, >= 0
    gamma   : (n,) returns to scale of the composite, in (0, 1]; 1 for households
    z       : (n,) productivity, > 0
    K       : (n,) capital, > 0
    supply  : (n,) weekly flow of each endowment, >= 0; 0 elsewhere
    tariff  : (m,) rate that the buyer pays on top of the seller's price, >= 0; left out: none.
              It wastes nothing: the revenue is households'.
    """

    network: Network
    share: LinkFloats
    norm: LinkFloats
    kept: LinkFloats
    sigma: RowFloats
    eps: RowFloats
    gamma: RowFloats
    z: RowFloats
    K: RowFloats
    supply: RowFloats
    tariff: LinkFloats = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        net = self.network
        if not len(self.tariff):
            object.__setattr__(self, "tariff", np.zeros(net.m))
        for f in fields(self)[1:]:
            size = net.m if f.name in ("share", "norm", "kept", "tariff") else net.n
            given = getattr(self, f.name)
            value = frozen(given)
            if value.shape != (size,):
                raise InputError(
                    f"technology: {f.name} has shape {value.shape}, expected ({size},)"
                )
            if value is not given:
                object.__setattr__(self, f.name, value)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(resealed(state))

    @cached_property
    def taxed(self) -> bool:
        """Whether there is any tariff."""
        return bool(self.tariff.any())

    @cached_property
    def lossless(self) -> bool:
        """Whether all that is shipped arrives, on every link."""
        return bool(np.all(self.kept == 1.0))

    @property
    def untaxed(self) -> "Technology":
        """The same possibilities without tariffs: what the first best is the optimum of."""
        return replace(self, tariff=np.zeros(self.network.m)) if self.taxed else self
