"""Experiments and oracles of the production economy by name."""

from collections.abc import Callable, Mapping

from catallax.domains.production.run import Oracle, StaticOptimum
from catallax.errors import unknown
from catallax.protocol import Experiment

ORACLES: Mapping[str, Callable[[], Oracle]] = {"static_optimum": StaticOptimum}


EXPERIMENTS: dict[str, Experiment] = {}


def experiment(name: str) -> Experiment:
    """The experiment called `name`; InputError lists the known ones."""
    if name not in EXPERIMENTS:
        raise unknown("experiment", name, EXPERIMENTS)
    return EXPERIMENTS[name]
