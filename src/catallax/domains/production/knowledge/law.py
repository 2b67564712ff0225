"""How private facts differ, move and can be told."""

from dataclasses import dataclass
from typing import final

from catallax.protocol.settings import ASSUMED, OFF, check_settings, keep_as_floats, setting

PATTERNS = ("seasonal", "trending")


@final
@dataclass(frozen=True)
class KnowledgeLaw:
    """How facts differ between rows and over time, and how much of them can be said.

    With the default reversion and novelty, drift alone has a stationary s.d. of `dispersion`.

    Misspecification is truth outside the planner's family: no report carries a row's true
    elasticity between suppliers, and everybody but the row itself solves with the public one.
    Whatever such a planner hears of z, K, sigma and tastes, its model answers a change of
    suppliers' prices by the wrong substitution; only the base year is the same in both.

    Raises InputError for a setting out of range and for an unknown pattern.
    """

    tacit: float = setting(
        0.25,
        "τ, share of the variance of private productivity and tastes that cannot be said",
        low=0.0,
        high=1.0,
        source=ASSUMED,
    )
    dispersion: float = setting(
        0.1,
        "s.d. of log productivity of plants and of log tastes of households",
        unit="logs",
        low=0.0,
        high=2.0,
        source=ASSUMED,
    )
    drift: float = setting(
        0.01,
        "s.d. of the weekly change of log tastes",
        unit="logs",
        low=0.0,
        high=1.0,
        source=ASSUMED,
    )
    reversion: float = setting(
        0.005,
        "share of the drift's unpredicted deviation that vanishes in a week",
        low=0.0,
        high=1.0,
        source="assumption: the drift's stationary s.d. is then the dispersion",
    )
    drift_z: float = setting(
        0.0,
        "s.d. of the weekly change of log productivity",
        unit="logs",
        low=0.0,
        high=1.0,
        source=OFF,
    )
    novelty: float = setting(
        1.0,
        "share of the variance of weekly changes that no history predicts",
        low=0.0,
        high=1.0,
        source="assumption: nothing but news",
    )
    pattern: str = setting(
        "seasonal",
        "form of the predictable rest: seasonal, a wave of 52 weeks, or trending, a constant slope",
        choices=PATTERNS,
        source=ASSUMED,
    )
    jump: float = setting(
        0.0,
        "share of the unpredictable change that comes as rare jumps, once a year for each item "
        "on average",
        low=0.0,
        high=1.0,
        source=OFF,
    )
    misspecification: float = setting(
        0.0,
        "s.d. of the log of a row's true elasticity between suppliers about the public one",
        unit="logs",
        low=0.0,
        high=1.0,
        source=OFF,
    )
    tacit_z: float | None = setting(
        None,
        "τ of productivity; left out, it is that of tacit",
        low=0.0,
        high=1.0,
        source=ASSUMED,
    )
    tacit_taste: float | None = setting(
        None,
        "τ of tastes; left out, it is that of tacit",
        low=0.0,
        high=1.0,
        source=ASSUMED,
    )
    tacit_sigma: float = setting(
        0.0,
        "τ of elasticities between goods about their public mean",
        low=0.0,
        high=1.0,
        source=OFF,
    )
    dispersion_capital: float = setting(
        0.0,
        "s.d. of log capital of plants about the public base year",
        unit="logs",
        low=0.0,
        high=2.0,
        source=OFF,
    )
    tacit_capital: float = setting(0.0, "τ of capital", low=0.0, high=1.0, source=OFF)

    def __post_init__(self) -> None:
        keep_as_floats(self)
        check_settings(self, "knowledge.")

    @property
    def tau_z(self) -> float:
        """Tacit share of productivity."""
        return self.tacit if self.tacit_z is None else self.tacit_z

    @property
    def tau_taste(self) -> float:
        """Tacit share of tastes."""
        return self.tacit if self.tacit_taste is None else self.tacit_taste
