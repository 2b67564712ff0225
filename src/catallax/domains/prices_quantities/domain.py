"""Prices against quantities as a domain."""

from collections.abc import Mapping
from typing import Any

from catallax.domains.prices_quantities.barrier import BARRIER
from catallax.domains.prices_quantities.contract import NAME, PlantsContract
from catallax.domains.prices_quantities.experiment import AXES, EXPERIMENT, PRIORS
from catallax.domains.prices_quantities.measures import MEASURES
from catallax.domains.prices_quantities.mechanisms import (
    FullInformation,
    Instrument,
    full_information,
    habit,
    hybrid,
    licences,
    price,
    quantity,
)
from catallax.domains.prices_quantities.run import LINES, trace_run
from catallax.domains.prices_quantities.shocks import SHOCKS
from catallax.protocol import Domain, ValidationRow

COLUMNS = {
    "welfare": "welfare",
    "share": "share",
    "loss": "loss",
    "output": "output",
    "spread": "spread",
    "wedge": "wedge",
    "messages": "mes-\nsages\n/week",
    "bits": "bits\n/week",
}
"""Measures of a table on a terminal -> heads of their columns."""

DRAWS_IN_JOB = 200_000  # draws in one job, each some 0.1 µs


def _read_contract(plain: Mapping[str, Any]) -> PlantsContract:
    return PlantsContract.from_dict(plain)


def _count_runs_in_job(contract: Any) -> int:
    """Runs in one job: several hundred of the default contract."""
    draws = int(contract.plants * contract.weeks)
    return max(DRAWS_IN_JOB // draws, 1)


def _load_validation() -> tuple[ValidationRow, ...]:
    from catallax.domains.prices_quantities.validation import ROWS

    return ROWS


CAVEATS = (
    "Curves are straight lines and costs are normal; output has no lower bound. Weitzman’s formula "
    "is exact here and an approximation elsewhere.",
    "Every week is a draw of its own: nobody learns from one week to the next, and plants neither "
    "report to the centre nor lie.",
    "Trade is free, nobody has power over its price, and the exchange finds it at once.",
    "A plant fills its quota whatever that costs.",
)


def _load_page() -> Any:
    from catallax.domains.prices_quantities.pages import PAGE

    return PAGE


DOMAIN = Domain(
    name=NAME,
    title="prices against quantities: what a centre should announce to plants that it cannot see",
    kinds=(Instrument, FullInformation),
    mechanisms={
        "price": price,
        "quantity": quantity,
        "hybrid": hybrid,
        "licences": licences,
        "habit": habit,
    },
    experiments={EXPERIMENT.name: EXPERIMENT},
    measures=MEASURES,
    read=_read_contract,
    sources=("catallax.protocol.shocks", "catallax.streams", "catallax.kernels", __package__),
    variants={"licences": {"valve": {"valve": True}}},
    oracles={"full_information": full_information},
    null="habit",
    shocks=SHOCKS,
    axes=AXES,
    priors=PRIORS,
    shown=COLUMNS,
    validation=_load_validation,
    abreast=_count_runs_in_job,
    loops=True,
    barrier=BARRIER,
    trace=trace_run,
    lines=LINES,
    caveats=CAVEATS,
    page=_load_page,
)
