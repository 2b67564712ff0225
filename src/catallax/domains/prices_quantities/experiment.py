"""The experiment: settings by key become a contract."""

from collections.abc import Callable, Mapping
from typing import Any

from catallax.domains.prices_quantities.contract import NAME, SETTINGS, PlantsContract
from catallax.domains.prices_quantities.shocks import CostShift
from catallax.errors import unknown
from catallax.protocol import Experiment, Value
from catallax.protocol.settings import Setting, settings_in

SHOCK: Mapping[str, Setting] = {
    f"shock.{name}": known for name, known in settings_in(CostShift).items()
}
KEYS: Mapping[str, Setting] = {**SETTINGS, **SHOCK}
"""Dotted key -> setting. Any key of a shock makes one, with defaults for the others."""


def build(
    settings: Mapping[str, Value], tell: Callable[[str], None] | None = None
) -> PlantsContract:
    """The contract with these settings, the default for others."""
    for key in settings:
        setting_of(key)
    plain: dict[str, Any] = {k: v for k, v in settings.items() if k in SETTINGS}
    shock: dict[str, Any] = {k.removeprefix("shock."): v for k, v in settings.items() if k in SHOCK}
    return PlantsContract(**plain, shocks=(CostShift(**shock),) if shock else ())


def setting_of(key: str) -> Setting:
    """The setting under a key; InputError lists the known keys."""
    if key not in KEYS:
        raise unknown("key", key, KEYS)
    return KEYS[key]


EXPERIMENT = Experiment(
    NAME,
    "a price, a quota or both, where only plants know what output costs them",
    ("price", "quantity", "hybrid", "licences", "habit", "full_information"),
    build,
    setting_of,
    tuple(KEYS),
    NAME,
    PlantsContract,
)
