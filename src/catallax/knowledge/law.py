"""How private facts differ, move and can be told."""

from dataclasses import dataclass
from typing import final

from catallax.errors import InputError, unknown

PATTERNS = ("seasonal", "trending")
TOPS = {
    **dict.fromkeys(("tacit", "reversion", "novelty", "jump", "misspecification"), 1.0),
    **dict.fromkeys(("dispersion", "dispersion_capital"), 2.0),
    **dict.fromkeys(("drift", "drift_z"), 1.0),
    **dict.fromkeys(("tacit_z", "tacit_taste", "tacit_sigma", "tacit_capital"), 1.0),
}


@final
@dataclass(frozen=True)
class KnowledgeLaw:
    """How facts differ between rows and over time, and how much of them can be said.

    tacit      : tau, share of the variance of private productivity and tastes that cannot be
                 said, in [0, 1]
    dispersion : s.d. of log productivity of plants and of log tastes of households, >= 0
    drift      : s.d. of the weekly change of log tastes, >= 0
    reversion  : share of the drift's unpredicted deviation that vanishes in a week, in [0, 1]
    drift_z    : s.d. of the weekly change of log productivity, >= 0
    novelty    : share of the variance of weekly changes that no history predicts, in [0, 1]
    pattern    : form of the predictable rest: "seasonal", a wave of 52 weeks, or "trending"
    jump       : share of the unpredictable variance that comes in rare jumps, once a year for
                 each item on average, in [0, 1]
    misspecification   : s.d. of the log of a row's true elasticity between suppliers about the
                         public one, in [0, 1]
    tacit_z            : tau of productivity, if it differs from `tacit`
    tacit_taste        : tau of tastes, if it differs from `tacit`
    tacit_sigma        : tau of elasticities between goods about their public mean, in [0, 1]
    dispersion_capital : s.d. of log capital of plants about the public base year, >= 0
    tacit_capital      : tau of capital, in [0, 1]

    With the default reversion and novelty, drift alone has a stationary s.d. of `dispersion`.

    Misspecification is truth outside the planner's family: no report carries a row's true
    elasticity between suppliers, and everybody but the row itself solves with the public one.
    Whatever such a planner hears of z, K, sigma and tastes, its model answers a change of
    suppliers' prices by the wrong substitution; only the base year is the same in both.

    Raises InputError for a setting out of range and for an unknown pattern.
    """

    tacit: float = 0.25
    dispersion: float = 0.1
    drift: float = 0.01
    reversion: float = 0.005
    drift_z: float = 0.0
    novelty: float = 1.0
    pattern: str = "seasonal"
    jump: float = 0.0
    misspecification: float = 0.0
    tacit_z: float | None = None
    tacit_taste: float | None = None
    tacit_sigma: float = 0.0
    dispersion_capital: float = 0.0
    tacit_capital: float = 0.0

    def __post_init__(self) -> None:
        if self.pattern not in PATTERNS:
            raise unknown("pattern", str(self.pattern), PATTERNS)
        for name, top in TOPS.items():
            if getattr(self, name) is None and name in ("tacit_z", "tacit_taste"):
                continue
            value = float(getattr(self, name))
            object.__setattr__(self, name, value)
            if not 0.0 <= value <= top:
                raise InputError(f"knowledge.{name}: {value} is out of range, expected 0 to {top}")

    @property
    def tau_z(self) -> float:
        """Tacit share of productivity."""
        return self.tacit if self.tacit_z is None else self.tacit_z

    @property
    def tau_taste(self) -> float:
        """Tacit share of tastes."""
        return self.tacit if self.tacit_taste is None else self.tacit_taste
