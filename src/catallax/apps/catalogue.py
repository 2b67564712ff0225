"""`catallax list` and `catallax explain`: what this version knows, in the words of its code."""

import inspect
from collections.abc import Mapping
from typing import Any

Catalogue = Mapping[str, Mapping[str, str]]


def catalogue() -> Catalogue:
    """Section -> name -> a line about it."""
    from catallax.economy import generate, small, us15, us71
    from catallax.experiments import EXPERIMENTS
    from catallax.experiments.registry import ORACLES
    from catallax.measures import MEASURES
    from catallax.mechanisms import REGISTRY

    economies = {"us71": us71, "us15": us15, "made:SEED": generate, "small:SEED": small}
    return {
        "experiments": {name: e.title for name, e in EXPERIMENTS.items()},
        "mechanisms": {name: first_line(inspect.getmodule(m)) for name, m in REGISTRY.items()},
        "oracles": {name: first_line(o) for name, o in ORACLES.items()},
        "economies": {name: first_line(e) for name, e in economies.items()},
        "measures": {name: f"{m.unit}; better: {m.better}" for name, m in MEASURES.items()},
    }


def first_line(thing: object) -> str:
    """First line of the docstring."""
    return (inspect.getdoc(thing) or "").partition("\n")[0]


def listed(sections: Catalogue) -> str:
    """The catalogue as text, names in one column."""
    width = max(len(name) for names in sections.values() for name in names)
    parts = []
    for section, names in sections.items():
        lines = [f"  {name:<{width}}  {line}".rstrip() for name, line in names.items()]
        parts.append("\n".join([section.capitalize(), *lines]))
    return "\n\n".join(parts)


def explained(name: str) -> dict[str, Any]:
    """What a measure means; InputError for an unknown name."""
    from catallax.measures import explain

    measure = explain(name)
    return {k: getattr(measure, k) for k in ("name", "unit", "better", "text", "source")}
