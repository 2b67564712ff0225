"""`catallax list`: what this version knows, domain by domain, in the words of its code."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from catallax.apps.execution import Json
from catallax.apps.exit_codes import Reply
from catallax.apps.meanings import describe_parts, first_line, line_of, summary, write_settings
from catallax.apps.output import format_json

if TYPE_CHECKING:
    from catallax.protocol import Domain

Catalogue = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Domain -> section -> name -> a line about it."""

FREE = "compare"  # a command of its own


def list_(
    domain: Annotated[
        str | None, Parameter(help="a domain or a Python file that defines one; all if left out")
    ] = None,
    /,
    *,
    json: Json = False,
) -> Reply:
    """Show what there is to run and to look at, domain by domain.

    Of one domain alone the settings of its contracts are shown too.

    $ catallax list
    $ catallax list production --json
    """
    known = _choose_domains(domain)
    found = {name: dict(_list_sections(d, alone=domain is not None)) for name, d in known.items()}
    if json:
        plain = {name: {"title": known[name].title, **found[name]} for name in known}
        return Reply(format_json(plain))
    return Reply(catalogue_text(known, found))


def _choose_domains(domain: str | None) -> "Mapping[str, Domain]":
    from catallax.protocol import domain_in, domain_named, domains, is_file

    if domain is None:
        return domains()
    found = domain_in(domain) if is_file(domain) else domain_named(domain)
    return {found.name: found}


def _list_sections(domain: "Domain", *, alone: bool) -> Iterator[tuple[str, dict[str, str]]]:
    """Heading -> name -> line, of the sections that are not empty."""
    experiments = {n: e.title for n, e in domain.experiments.items() if n != FREE}
    first = next(iter(domain.experiments.values()))
    sections: dict[str, dict[str, str]] = {
        "experiments": experiments,
        "mechanisms": dict(_list_mechanisms(domain)),
        "oracles": {n: summary(n, o) for n, o in domain.oracles.items()},
        "economies": {n: first_line(make) for n, make in domain.economies.items()},
        "measures": {n: f"{m.unit}; better: {m.better}" for n, m in domain.measures.items()},
        "axes": {n: a.title for n, a in domain.axes.items()},
        "shocks": {kind: first_line(read) for kind, read in domain.shocks.items()},
        "settings": {k: line_of(describe_parts(s)) for k, s in first.settings.items()}
        if alone
        else {},
    }
    return ((heading, names) for heading, names in sections.items() if names)


def _list_mechanisms(domain: "Domain") -> Iterator[tuple[str, str]]:
    """Every mechanism and, after it, its variants with what they set."""
    for name, make in domain.mechanisms.items():
        yield name, summary(name, make)
        for word, settings in domain.variants.get(name, {}).items():
            yield f"{name}:{word}", f"the same with {write_settings(settings)}"


def catalogue_text(known: "Mapping[str, Domain]", found: Catalogue) -> str:
    """The catalogue as text, names in one column."""
    width = max(len(n) for parts in found.values() for names in parts.values() for n in names)
    blocks = []
    for domain, sections in found.items():
        blocks.append(f"{domain.upper()}: {known[domain].title}")
        for heading, names in sections.items():
            lines = [f"  {name:<{width}}  {line}".rstrip() for name, line in names.items()]
            blocks.append("\n".join([heading.capitalize(), *lines]))
    return "\n\n".join(blocks)
