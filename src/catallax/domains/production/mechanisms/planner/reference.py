"""What a planner works out once of what is public, and holds every report against."""

from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.mechanisms.planner.announced import find_factor
from catallax.domains.production.network import Network, Public, Rows, Technology

NEWS = 5.0  # standard errors of noise beyond which rows take a directive for a new one


@final
@dataclass(frozen=True, eq=False)
class PublicReference:
    """The public table as evidence is held against it.

    Columns of final users (f links, G nests) stand alone: theirs are the last links.
    """

    public: Public

    @property
    def network(self) -> Network:
        """Who delivers to whom."""
        return self.public.network

    @property
    def base(self) -> Technology:
        """The base-year technology."""
        return self.public.base

    @cached_property
    def final(self) -> Rows:
        """Final users on their own."""
        return self.public.network.final

    @cached_property
    def final_links(self) -> slice:
        """Links of final users."""
        return slice(self.public.network.m - self.final.m, None)

    @cached_property
    def share(self) -> Floats:
        """(f,) public shares of links in their row's spending."""
        return self.base.share[self.final_links]

    @cached_property
    def norm(self) -> Floats:
        """(f,) arrivals per unit of the composite."""
        return self.base.norm[self.final_links]

    @cached_property
    def nest_share(self) -> Floats:
        """(G,) shares of nests in their row's spending."""
        return self.final.sum_goods(self.share)

    @cached_property
    def share_in_nest(self) -> Floats:
        """(f,) shares of links in their nest's spending."""
        return self.share / self.nest_share[self.final.good_of]

    @cached_property
    def log_unit(self) -> Floats:
        """(f,) log of what a link's unit costs in the composite where its price is 1."""
        return np.log(self.norm / (self.share * self.base.kept[self.final_links]))

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
    def error_inferred(self) -> Floats:
        """(n,) s.d. of the error of productivity as inferred: output's and inputs' add up."""
        error = np.hypot(self.error_of("output"), self.error_of("used"))
        return np.full(self.public.network.n, error)

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
        return np.asarray(
            self.error_of(kind) * np.sqrt(self.final.sum_goods(self.share_in_nest**2))
        )


def announced_factor(public: Public, kind: str, week: Floats | float) -> Floats:
    """The factor announced for `week` on a kind of fact; a week for each entry, or for all.

    kind : "supply", flows of endowments (n,), or "kept", shares that arrive (m,)
    """
    size = public.network.n if kind == "supply" else public.network.m
    return find_factor(public.announced, kind, week, size)
