"""`catallax list` and `catallax explain`: what this version knows, in the words of its code."""

import inspect
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from catallax.apps.execution import Json
from catallax.apps.exit_codes import Reply
from catallax.apps.tables import json_text

if TYPE_CHECKING:
    from catallax.protocol import Domain

FREE = "compare"  # a command of its own

Catalogue = Mapping[str, Mapping[str, str]]


def list_(*, json: Json = False) -> Reply:
    """Show experiments, mechanisms, oracles, economies and measures."""
    return Reply(json_text(catalogue()) if json else listed(catalogue()))


def catalogue() -> Catalogue:
    """Section -> name -> a line about it; of each further domain a section of its own."""
    from catallax.protocol import PRODUCTION, domains

    known = dict(domains())
    economy = known.pop(PRODUCTION)
    sections: dict[str, Mapping[str, str]] = {
        "experiments": {name: e.title for name, e in economy.experiments.items() if name != FREE},
        "mechanisms": dict(_mechanisms(economy)),
        "oracles": {name: first_line(o) for name, o in economy.oracles.items()},
        "economies": _economies(),
        "measures": dict(_measures(economy)),
    }
    for name, domain in known.items():
        whole = {e: experiment.title for e, experiment in domain.experiments.items()}
        whole |= dict(_mechanisms(domain))
        whole |= {name: f"{first_line(o)} (oracle)" for name, o in domain.oracles.items()}
        whole |= dict(_measures(domain))
        sections[f"domain {name}"] = whole
    return sections


def _economies() -> dict[str, str]:
    from catallax.economy import disaggregate, generate, read_economy, small, town, us15, us71

    makers = {
        "us71": us71,
        "us15": us15,
        "made:SEED": generate,
        "small:SEED": small,
        "town:HOUSEHOLDS": town,
        "PATH": read_economy,
        "NAME:FIRMSxHOUSEHOLDS": disaggregate,
    }
    return {name: first_line(maker) for name, maker in makers.items()}


def _measures(domain: "Domain") -> Iterator[tuple[str, str]]:
    for name, m in domain.measures.items():
        yield name, f"{m.unit}; better: {m.better}"


def _mechanisms(domain: "Domain") -> Iterator[tuple[str, str]]:
    """Every mechanism and, after it, its variants with what they set."""
    for name, make in domain.mechanisms.items():
        own = make.__module__.endswith(f".{name}")  # one file, one mechanism
        yield name, first_line(inspect.getmodule(make) if own else make)
        for word, settings in domain.variants.get(name, {}).items():
            set_to = ", ".join(f"{key}={value}" for key, value in settings.items())
            yield f"{name}:{word}", f"the same with {set_to}"


def first_line(thing: object) -> str:
    """First line of the docstring."""
    return (inspect.getdoc(thing) or "").partition("\n")[0]


def listed(sections: Catalogue) -> str:
    """The catalogue as text, names in one column."""
    width = max(len(name) for names in sections.values() for name in names)
    parts = []
    for section, names in sections.items():
        lines = [f"  {name:<{width}}  {line}".rstrip() for name, line in names.items()]
        parts.append("\n".join([_heading(section), *lines]))
    return "\n\n".join(parts)


def _heading(section: str) -> str:
    """A section's name for people; of a domain also what it is about."""
    from catallax.protocol import known_domain

    domain = (
        known_domain(section.removeprefix("domain ")) if section.startswith("domain ") else None
    )
    return section.capitalize() + ("" if domain is None else f": {domain.title}")
