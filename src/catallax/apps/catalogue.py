"""`catallax list` and `catallax explain`: what this version knows, in the words of its code."""

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

Catalogue = Mapping[str, Mapping[str, str]]


def catalogue() -> Catalogue:
    """Section -> name -> a line about it."""
    from catallax.economy import disaggregate, generate, read_economy, small, town, us15, us71
    from catallax.experiments import EXPERIMENTS
    from catallax.experiments.registry import ORACLES
    from catallax.measures import MEASURES

    economies = {
        "us71": us71,
        "us15": us15,
        "made:SEED": generate,
        "small:SEED": small,
        "town:HOUSEHOLDS": town,
        "PATH": read_economy,
        "NAME:FIRMSxHOUSEHOLDS": disaggregate,
    }
    return {
        "experiments": {name: e.title for name, e in EXPERIMENTS.items()},
        "mechanisms": dict(_mechanisms()),
        "oracles": {name: first_line(o) for name, o in ORACLES.items()},
        "economies": {name: first_line(e) for name, e in economies.items()},
        "measures": {name: f"{m.unit}; better: {m.better}" for name, m in MEASURES.items()},
    }


def _mechanisms() -> Iterator[tuple[str, str]]:
    """Every mechanism and, after it, its variants with what they set."""
    from catallax.mechanisms import REGISTRY, VARIANTS

    for name, make in REGISTRY.items():
        yield name, first_line(inspect.getmodule(make))
        for word, settings in VARIANTS.get(name, {}).items():
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
        parts.append("\n".join([section.capitalize(), *lines]))
    return "\n\n".join(parts)


def explained(name: str) -> dict[str, Any]:
    """What a measure means; InputError for an unknown name."""
    from catallax.measures import explain

    measure = explain(name)
    return {k: getattr(measure, k) for k in ("name", "unit", "better", "text", "source")}
