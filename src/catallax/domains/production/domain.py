"""The production economy as a domain."""

from collections.abc import Mapping
from typing import Any

from catallax.domains.production.axes import AXES, PRIORS, USUAL
from catallax.domains.production.observing import observe
from catallax.economy import (
    KINDS,
    disaggregate,
    generate,
    read_economy,
    small,
    town,
    us15,
    us71,
)
from catallax.experiments import EXPERIMENTS, FREE
from catallax.experiments.registry import ORACLES
from catallax.measures import MEASURES
from catallax.mechanisms import REGISTRY, VARIANTS, Mechanism
from catallax.protocol import PRODUCTION, Domain, ValidationRow
from catallax.run import Contract, Oracle, batch_size
from catallax.run.simulate import settings

SOURCES = (
    "catallax.protocol.shocks",
    "catallax.placement",
    "catallax.streams",
    "catallax.kernels",
    "catallax.network",
    "catallax.optimum",
    "catallax.economy",
    "catallax.knowledge",
    "catallax.learning",
    "catallax.mechanisms",
    "catallax.run",
    "catallax.measures",
    "catallax.domains.production.observing",
    "catallax.domains.production.tracing",
)
"""Modules whose code decides a number of a run or of a measure."""


ECONOMIES = {
    "us71": us71,
    "us15": us15,
    "made:SEED": generate,
    "small:SEED": small,
    "town:HOUSEHOLDS": town,
    "PATH": read_economy,
    "NAME:FIRMSxHOUSEHOLDS": disaggregate,
}
COLUMNS = {
    "score": "score",
    "efficiency": "effi-\nciency",
    "area_lost": "area\nlost",
    "adaptation_lag": "lag,\nweeks",
    "satisfaction": "satis-\nfied",
    "loop_delay": "loop,\nweeks",
    "messages": "mes-\nsages\n/week",
    "bits": "bits\n/week",
    "waste": "waste",
}
"""Measures of a table on a terminal -> heads of their columns, in 80 columns."""


def _identity(mechanism: Mechanism | Oracle) -> tuple[str, dict[str, Any]]:
    return mechanism.name, settings(mechanism)


def _abreast(contract: Any) -> int:
    return batch_size(contract)


def _validation() -> tuple[ValidationRow, ...]:
    from catallax.domains.production.validation import ROWS

    return ROWS


def _page() -> Any:
    from catallax.domains.production.pages import PAGE

    return PAGE


def _read(plain: Mapping[str, Any]) -> Contract:
    return Contract.from_dict(plain)


DOMAIN = Domain(
    name=PRODUCTION,
    title="a production economy: who makes what of what, and who gets it",
    kinds=(Mechanism, Oracle),
    mechanisms=REGISTRY,
    experiments={**EXPERIMENTS, FREE.name: FREE},
    measures=MEASURES,
    read=_read,
    sources=SOURCES,
    oracles=ORACLES,
    variants=VARIANTS,
    shocks=KINDS,
    axes=AXES,
    economies=ECONOMIES,
    usual_axes=USUAL,
    priors=PRIORS,
    validation=_validation,
    shown=COLUMNS,
    loops=True,
    observe=observe,
    abreast=_abreast,
    identity=_identity,
    always_said=("delegation",),
    page=_page,
)
