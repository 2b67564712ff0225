"""What a centre works out once of what is public."""

from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.network import Public, Rows, Technology


@final
@dataclass(frozen=True, eq=False)
class Ground:
    """The public table as evidence is held against it.

    Columns of final users (f links, G nests) stand alone: theirs are the last links.
    """

    public: Public

    @property
    def base(self) -> Technology:
        """The base-year technology."""
        return self.public.base

    @cached_property
    def final(self) -> Rows:
        """Final users on their own."""
        return self.public.network.final

    @cached_property
    def last(self) -> slice:
        """Links of final users."""
        return slice(self.public.network.m - self.final.m, None)

    @cached_property
    def share(self) -> Floats:
        """(f,) public shares of links in their row's spending."""
        return self.base.share[self.last]

    @cached_property
    def norm(self) -> Floats:
        """(f,) arrivals per unit of the composite."""
        return self.base.norm[self.last]

    @cached_property
    def weight(self) -> Floats:
        """(G,) shares of nests in their row's spending."""
        return self.final.sum_goods(self.share)

    @cached_property
    def part(self) -> Floats:
        """(f,) shares of links in their nest's."""
        return self.share / self.weight[self.final.good_of]

    @cached_property
    def log_unit(self) -> Floats:
        """(f,) log of what a link's unit costs in the composite where its price is 1."""
        return np.log(self.norm / (self.share * self.base.kept[self.last]))

    @cached_property
    def unit(self) -> Floats:
        """(m,) what a link's unit costs in its row's composite where its price is 1."""
        return self.base.norm / (self.base.share * self.base.kept)

    @cached_property
    def sigma(self) -> Floats:
        """(H,) elasticities between goods."""
        return self.base.sigma[self.public.network.households]

    @cached_property
    def eps(self) -> Floats:
        """(H,) elasticities between suppliers."""
        return self.base.eps[self.public.network.households]

    @cached_property
    def log_z(self) -> Floats:
        """(n,) logs of public productivity."""
        return np.log(self.base.z)

    @cached_property
    def error_told(self) -> Floats:
        """(n,) s.d. of the error of productivity as told."""
        return np.full(self.public.network.n, self.error_of("z"))

    @cached_property
    def error_shown(self) -> Floats:
        """(n,) the same as inferred: output's and inputs' errors add up."""
        seen = np.hypot(self.error_of("output"), self.error_of("used"))
        return np.full(self.public.network.n, seen)

    @cached_property
    def error_share(self) -> Floats:
        """(G,) s.d. of the error of tastes as told."""
        return self._nest_error("share")

    @cached_property
    def error_asked(self) -> Floats:
        """(G,) s.d. of the error of tastes as revealed."""
        return self._nest_error("asked")

    def error_of(self, kind: str) -> float:
        """S.d. of the log error of a kind of report."""
        return self.public.noises.get(kind, self.public.noise)

    def _nest_error(self, kind: str) -> Floats:
        """(G,) s.d. of a nest's mean of noisy links."""
        return np.asarray(self.error_of(kind) * np.sqrt(self.final.sum_goods(self.part**2)))
