"""The production economy as a domain."""

from collections.abc import Mapping
from typing import Any

from catallax.domains.production.axes import AXES, PRIORS, USUAL
from catallax.domains.production.economy import (
    KINDS,
    disaggregate,
    generate,
    read_economy,
    small,
    town,
    us15,
    us71,
)
from catallax.domains.production.experiments import EXPERIMENTS, FREE
from catallax.domains.production.experiments.registry import ORACLES
from catallax.domains.production.experiments.training import training_contract
from catallax.domains.production.listened import listened
from catallax.domains.production.measures import MEASURES
from catallax.domains.production.mechanisms import REGISTRY, VARIANTS, Mechanism
from catallax.domains.production.observing import observe
from catallax.domains.production.recorder import record
from catallax.domains.production.run import Contract, Oracle, batch_size
from catallax.domains.production.run.simulate import settings
from catallax.domains.production.trials import on, trials
from catallax.protocol import PRODUCTION, Barrier, Domain, ValidationRow

SOURCES = (
    "catallax.protocol.shocks",
    "catallax.placement",
    "catallax.streams",
    "catallax.kernels",
    "catallax.domains.production.network",
    "catallax.domains.production.optimum",
    "catallax.domains.production.economy",
    "catallax.domains.production.knowledge",
    "catallax.learning",
    "catallax.domains.production.mechanisms",
    "catallax.domains.production.run",
    "catallax.domains.production.measures",
    "catallax.domains.production.observing",
    "catallax.domains.production.tracing",
)
"""Modules whose code decides a number of a run or of a measure."""


OPEN = (
    "catallax.domains.production.network",
    "catallax.domains.production.optimum",
    "catallax.learning",
    "catallax.kernels",
    "catallax.domains.production.mechanisms",
    "catallax.domains.production.calls",
    "catallax.domains.production.listened",
)
"""Modules that mechanisms may use; the last two hold draws and inboxes on trial."""


ECONOMIES = {
    "us71": us71,
    "us15": us15,
    "synthetic:SEED": generate,
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
    training=training_contract,
    shown=COLUMNS,
    loops=True,
    observe=observe,
    abreast=_abreast,
    identity=_identity,
    barrier=Barrier(trials, on, record, OPEN, listened),
    always_said=("delegation",),
    page=_page,
)
