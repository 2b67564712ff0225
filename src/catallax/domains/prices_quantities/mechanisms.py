"""The planning instruments: what a centre announces, and how a plant answers; the oracle.

An instrument sees no state. Its centre is given what everybody knows; its plants are given their
own costs and the announcement. A view holds every plant in every week, and each entry of an
answer is worked out from the same entry of the view alone.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.prices_quantities.band import find_best_band
from catallax.domains.prices_quantities.curves import BenefitCost, find_best_output
from catallax.protocol.makers import settings_from
from catallax.protocol.settings import check_settings, setting

Announcement = Mapping[str, Floats]
"""Name of a number -> (weeks,) its values, which every plant hears exactly."""

EXCHANGE = "exchange"  # name of the number that an exchange answers with


@final
@dataclass(frozen=True, eq=False)
class CommonKnowledge:
    """What everybody knows, and all that a centre knows.

    weeks       : length of the run
    plants      : number of plants
    correlation : of marginal costs between plants
    curves      : benefits and costs as the centre believes them, with announced shocks; what it
                  cannot know is each plant's draw
    """

    weeks: int
    plants: int
    correlation: float
    curves: BenefitCost


@final
@dataclass(frozen=True, eq=False)
class PlantView:
    """What plants know, each of itself; all arrays (weeks, plants).

    cost       : own marginal cost at base-year output in the week, money per unit
    cost_slope : C″, money per unit²
    heard      : name of an announced number -> its value in the week
    """

    cost: Floats
    cost_slope: Floats
    heard: Mapping[str, Floats]

    def cut(self, week: int, plant: int) -> "PlantView":
        """One plant in one week; all arrays (1, 1)."""
        at = np.s_[week : week + 1, plant : plant + 1]
        heard = {name: values[at].copy() for name, values in self.heard.items()}
        return PlantView(self.cost[at].copy(), self.cost_slope[at].copy(), heard)

    def supply(self, price: Floats) -> Floats:
        """(weeks, plants) output at which own marginal cost is the price (weeks, plants)."""
        return (price - self.cost) / self.cost_slope


class Instrument(ABC):
    """A centre that announces numbers, and plants that answer with quantities."""

    name: ClassVar[str]

    @abstractmethod
    def announce(self, public: CommonKnowledge) -> Announcement:
        """What the centre tells every plant, before any cost is known; empty for nothing."""

    @abstractmethod
    def act(self, view: PlantView) -> Floats:
        """(weeks, plants) output over the base year's."""


class TradedInstrument(Instrument):
    """An instrument whose plants trade what they may produce, on an exchange that all can see.

    Each names the price at which it would keep what it has. The exchange answers with the mean: at
    that price, as all marginal costs have one slope, what some sell is what others buy. `act` hears
    it as `exchange`.
    """

    @abstractmethod
    def bid(self, view: PlantView) -> Floats:
        """(weeks, plants) price at which a plant neither buys nor sells."""


@final
@dataclass(frozen=True)
class Price(Instrument):
    """A price for all: each plant produces until its marginal cost is the price.

    The centre announces the expected marginal cost at the best quota (Weitzman 1974). It assumes
    that plants maximise profit. Costs are equal at the margin, but total output moves with costs,
    whatever that does to its benefit.
    """

    name: ClassVar[str] = "price"

    def announce(self, public: CommonKnowledge) -> Announcement:
        """The price."""
        return {"price": public.curves.best_price(public.plants)}

    def act(self, view: PlantView) -> Floats:
        """Supply at the price."""
        return view.supply(view.heard["price"])


@final
@dataclass(frozen=True)
class Quota(Instrument):
    """A quota for each plant, which it fills whatever that costs.

    The centre announces the quota that is best in expectation (Weitzman 1974). Total output is
    sure, but a plant in trouble makes as much as one that is not. Quotas cannot be traded.
    """

    name: ClassVar[str] = "quantity"

    def announce(self, public: CommonKnowledge) -> Announcement:
        """The quota."""
        return {"quota": public.curves.best_quota(public.plants)}

    def act(self, view: PlantView) -> Floats:
        """The quota."""
        return view.heard["quota"].copy()


@final
@dataclass(frozen=True)
class Hybrid(Instrument):
    """A quota with a way out: a penalty for what is missing, a subsidy for what is beyond it.

    The centre announces three numbers (Roberts & Spence 1976). A plant falls short if even at the
    quota its marginal cost is above the penalty, and goes beyond if it is below the subsidy. The
    two prices follow the marginal benefit in steps. Each plant has a quota of its own; the source's
    can be traded, as in `Licences`.
    """

    name: ClassVar[str] = "hybrid"

    band: float = setting(
        1.0,
        "distance of penalty and subsidy from the best price, as a multiple of the distance that "
        "is best in expectation; 0 is a price, very much is a quota",
        low=0.0,
        source="best in expectation (Roberts & Spence 1976)",
    )

    def __post_init__(self) -> None:
        check_settings(self, "hybrid:")

    def announce(self, public: CommonKnowledge) -> Announcement:
        """Quota, penalty and subsidy."""
        curves, plants = public.curves, public.plants
        slopes = (curves.benefit_slope / curves.cost_slope).tolist()
        best = np.array([find_best_band(slope, plants, public.correlation) for slope in slopes])
        return _bound_quota(public, self.band * best * curves.sigma)

    def act(self, view: PlantView) -> Floats:
        """The quota, unless one of the prices makes another quantity pay."""
        least, most = (view.supply(view.heard[name]) for name in ("subsidy", "penalty"))
        return np.clip(view.heard["quota"], least, most)


@final
@dataclass(frozen=True)
class Licences(TradedInstrument):
    """Quotas that can be traded, alone or with a penalty and a subsidy as ways out.

    Plants buy and sell until all marginal costs are the price of a licence (Montgomery 1972). Total
    output is that of all licences. With `valve` the centre sells more at the penalty and takes
    back at the subsidy, which follows the marginal benefit in steps (Roberts & Spence 1976).
    """

    name: ClassVar[str] = "licences"

    valve: bool = setting(
        False,
        "whether there are a penalty and a subsidy, at the distance that is best in expectation",
        source="off unless asked for (its form: Roberts & Spence 1976)",
    )

    def __post_init__(self) -> None:
        check_settings(self, "licences:")

    def announce(self, public: CommonKnowledge) -> Announcement:
        """Licences of each plant; with `valve` penalty and subsidy."""
        curves, plants = public.curves, public.plants
        if not self.valve:
            return {"quota": curves.best_quota(plants)}
        # The mean plant stands for all: trade takes care of what is theirs alone.
        slopes = (plants * curves.benefit_slope / curves.cost_slope).tolist()
        mean = np.sqrt((1.0 + (plants - 1) * public.correlation) / plants) * curves.sigma
        return _bound_quota(
            public, np.array([find_best_band(slope, 1, 0.0) for slope in slopes]) * mean
        )

    def bid(self, view: PlantView) -> Floats:
        """Own marginal cost at the quota."""
        return view.cost + view.cost_slope * view.heard["quota"]

    def act(self, view: PlantView) -> Floats:
        """Supply at the price of a licence, kept between subsidy and penalty."""
        price = view.heard[EXCHANGE]
        if self.valve:
            price = np.clip(price, view.heard["subsidy"], view.heard["penalty"])
        return view.supply(price)


def _bound_quota(public: CommonKnowledge, away: Floats) -> Announcement:
    """The best quota with a penalty and a subsidy this far from the best price, (weeks,)."""
    price = public.curves.best_price(public.plants)
    quota = public.curves.best_quota(public.plants)
    return {"quota": quota, "penalty": price + away, "subsidy": price - away}


@final
@dataclass(frozen=True)
class Habit(Instrument):
    """Everybody makes what was made in the base year, and nobody says anything: the null."""

    name: ClassVar[str] = "habit"

    def announce(self, public: CommonKnowledge) -> Announcement:
        """Nothing."""
        return {}

    def act(self, view: PlantView) -> Floats:
        """The base year's output."""
        return np.zeros_like(view.cost)


def price() -> Price:
    """A price for all plants (Weitzman 1974)."""
    return Price()


def quantity() -> Quota:
    """A quota for each plant (Weitzman 1974)."""
    return Quota()


@settings_from(Hybrid)
def hybrid(band: float = Hybrid.band) -> Hybrid:
    """A quota with a penalty and a subsidy (Roberts & Spence 1976)."""
    return Hybrid(band)


@settings_from(Licences)
def licences(valve: bool = Licences.valve) -> Licences:
    """Quotas that can be traded (Montgomery 1972)."""
    return Licences(valve)


def habit() -> Habit:
    """The base year's output for ever: what no coordination at all is worth."""
    return Habit()


@final
@dataclass(frozen=True)
class FullInformation:
    """Output of the highest welfare in every week, with all costs known. It says nothing."""

    name: ClassVar[str] = "full_information"

    def choose(self, curves: BenefitCost, costs: Floats) -> Floats:
        """(weeks, plants) output. costs : (weeks, plants) marginal cost at base-year output."""
        return find_best_output(curves, costs)


def full_information() -> FullInformation:
    """The oracle that knows every cost."""
    return FullInformation()
