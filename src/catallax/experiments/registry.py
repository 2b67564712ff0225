"""Experiments and mechanisms of the production economy by name."""

from collections.abc import Callable, Mapping
from typing import Any

from catallax.errors import unknown
from catallax.protocol import PRODUCTION, Domain, Experiment, Value, domain_named
from catallax.protocol.makers import Make
from catallax.protocol.named import maker_in, mechanism_in, mechanisms_in, values_in
from catallax.protocol.specs import Spec
from catallax.run import Oracle, StaticOptimum

ORACLES: Mapping[str, Callable[[], Oracle]] = {"static_optimum": StaticOptimum}


EXPERIMENTS: dict[str, Experiment] = {}


def experiment(name: str) -> Experiment:
    """The experiment called `name`; InputError lists the known ones."""
    if name not in EXPERIMENTS:
        raise unknown("experiment", name, EXPERIMENTS)
    return EXPERIMENTS[name]


def mechanism_named(text: str, domain: str | Domain = PRODUCTION) -> Any:
    """A mechanism or oracle by name, or the one that a Python file defines, with settings.

    text   : `name`, `name:variant` or `name:key=value`, any number of the latter after each other;
             a value that is given wins over a variant's
    domain : whose mechanisms are meant

    Raises InputError as `protocol.named.mechanism_in` does.
    """
    return mechanism_in(_domain(domain), text)


def every_mechanism(domain: str | Domain = PRODUCTION) -> list[str]:
    """Every registered mechanism and, after it, those variants that differ from its default."""
    return mechanisms_in(_domain(domain))


def values_of(text: str, domain: str | Domain = PRODUCTION) -> dict[str, Value]:
    """The value of every setting of the mechanism that `text` names, given or default."""
    return values_in(_domain(domain), text)


def maker(spec: Spec, domain: str | Domain = PRODUCTION) -> Make:
    """What makes the mechanism from settings: a registered function or a file's `mechanism`."""
    return maker_in(_domain(domain), spec)


def _domain(domain: str | Domain) -> Domain:
    return domain_named(domain) if isinstance(domain, str) else domain
