"""The production economy as a domain."""

from collections.abc import Mapping
from typing import Any

from catallax.domains.production.axes import AXES, PRIORS, USUAL
from catallax.domains.production.barrier import BARRIER
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
from catallax.domains.production.experiments.contracts import read_training_contract
from catallax.domains.production.experiments.questions import ORACLES
from catallax.domains.production.measures import MEASURES
from catallax.domains.production.mechanisms import REGISTRY, VARIANTS, Mechanism
from catallax.domains.production.observing import observe
from catallax.domains.production.run import Contract, Oracle, batch_size
from catallax.domains.production.run.simulate import read_settings
from catallax.protocol import PRODUCTION, Domain, ValidationRow

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
)
"""Modules whose code decides a number of a run or of a measure."""


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
    "messages": "mes-\nsages\n/week",
    "bits": "bits\n/week",
    "waste": "waste",
}
"""Measures of a table on a terminal -> heads of their columns, in 80 columns."""


def _identify(mechanism: Mechanism | Oracle) -> tuple[str, dict[str, Any]]:
    return mechanism.name, read_settings(mechanism)


def _count_runs_in_job(contract: Any) -> int:
    return batch_size(contract)


def _load_validation() -> tuple[ValidationRow, ...]:
    from catallax.domains.production.validation import ROWS

    return ROWS


def _load_page() -> Any:
    from catallax.domains.production.pages import PAGE

    return PAGE


def _read_contract(plain: Mapping[str, Any]) -> Contract:
    return Contract.from_dict(plain)


DOMAIN = Domain(
    name=PRODUCTION,
    title="a production economy: who makes what of what, and who gets it",
    kinds=(Mechanism, Oracle),
    mechanisms=REGISTRY,
    experiments={**EXPERIMENTS, FREE.name: FREE},
    measures=MEASURES,
    read=_read_contract,
    sources=SOURCES,
    oracles=ORACLES,
    null="habit",
    variants=VARIANTS,
    shocks=KINDS,
    axes=AXES,
    economies=ECONOMIES,
    usual_axes=USUAL,
    priors=PRIORS,
    validation=_load_validation,
    training=read_training_contract,
    shown=COLUMNS,
    loops=True,
    observe=observe,
    abreast=_count_runs_in_job,
    identity=_identify,
    barrier=BARRIER,
    always_said=("delegation",),
    page=_load_page,
)
