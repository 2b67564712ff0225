"""The experiment: its settings by key, what can be varied, and what is believed of the numbers.

Nobody has measured these spreads: all are assumptions. Units are free, so that slopes, costs and
their spread matter by their ratios alone.
"""

from collections.abc import Callable, Mapping
from typing import Any

from catallax.domains.prices_quantities.contract import NAME, SETTINGS, PlantsContract
from catallax.domains.prices_quantities.shocks import CostShift
from catallax.errors import unknown
from catallax.protocol import Axis, Experiment, Prior, Value
from catallax.protocol.settings import Setting, settings_in

ASSUMED = "assumption"

AXES: Mapping[str, Axis] = {
    axis.name: axis
    for axis in (
        Axis(
            "benefit_slope",
            "slope of marginal benefit B″, money per unit²",
            (-4.0, -2.0, -1.0, -0.5, -0.25),
            ("benefit_slope",),
        ),
        Axis(
            "cost_slope",
            "slope of marginal cost C″, money per unit²",
            (0.25, 0.5, 1.0, 2.0, 4.0),
            ("cost_slope",),
            log=True,
        ),
        Axis(
            "sigma",
            "s.d. of a plant's marginal cost, money per unit",
            (0.25, 0.5, 1.0, 2.0),
            ("sigma",),
            log=True,
        ),
        Axis("plants", "plants", (1, 3, 12, 48), ("plants",), log=True),
        Axis(
            "correlation",
            "correlation of costs between plants",
            (0.0, 0.1, 0.25, 0.5, 1.0),
            ("correlation",),
        ),
        Axis(
            "cost_slope_belief",
            "C″ as the centre believes it, times the true one",
            (0.5, 0.75, 1.0, 1.5, 2.0),
            ("cost_slope_belief",),
            log=True,
        ),
        Axis(
            "band",
            "distance of penalty and subsidy, times the best one",
            (0.0, 0.5, 1.0, 2.0),
            settings=("band",),
        ),
    )
}

PRIORS: Mapping[str, Prior] = {
    "benefit_slope": Prior(
        "linear", 0.5, f"{ASSUMED}: two thirds from half more to half less than -1", -100.0, 0.0
    ),
    "cost_slope": Prior("log", 0.5, f"{ASSUMED}: a factor of 1.6 either way", 0.01, 100.0),
    "sigma": Prior("log", 0.7, f"{ASSUMED}: a factor of two either way", 0.001, 100.0),
    "correlation": Prior("linear", 0.2, f"{ASSUMED}: two thirds below 0.2", 0.0, 1.0),
    "plants": Prior("log", 0.7, f"{ASSUMED}: a factor of two either way", 1, 1000, True),
    "cost_slope_belief": Prior("log", 0.35, f"{ASSUMED}: a factor of 1.4", 0.1, 10.0),
    "sigma_belief": Prior("log", 0.35, f"{ASSUMED}: a factor of 1.4", 0.1, 10.0),
}
"""Setting of the contract -> how far it may plausibly be."""


SHOCK: Mapping[str, Setting] = {
    f"shock.{name}": known for name, known in settings_in(CostShift).items()
}
KEYS: Mapping[str, Setting] = {**SETTINGS, **SHOCK}
"""Dotted key -> setting. Any key of a shock makes one, with defaults for the others."""


def build_contract(
    settings: Mapping[str, Value], tell: Callable[[str], None] | None = None
) -> PlantsContract:
    """The contract with these settings, the default for others."""
    for key in settings:
        find_setting(key)
    plain: dict[str, Any] = {k: v for k, v in settings.items() if k in SETTINGS}
    shock: dict[str, Any] = {k.removeprefix("shock."): v for k, v in settings.items() if k in SHOCK}
    return PlantsContract(**plain, shocks=(CostShift(**shock),) if shock else ())


def find_setting(key: str) -> Setting:
    """The setting under a key; InputError lists the known keys."""
    if key not in KEYS:
        raise unknown("key", key, KEYS)
    return KEYS[key]


EXPERIMENT = Experiment(
    NAME,
    "a price, a quota or both, where only plants know what output costs them",
    ("price", "quantity", "hybrid", "licences", "habit", "full_information"),
    build_contract,
    find_setting,
    tuple(KEYS),
    NAME,
    PlantsContract,
)
