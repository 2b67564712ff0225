"""`catallax explain`: what a name means."""

from typing import Annotated, Any

from cyclopts import Parameter

from catallax.apps.execution import Json
from catallax.apps.exit_codes import Reply
from catallax.apps.tables import json_text


def explain(
    measure: Annotated[str, Parameter(help="its name; `catallax list` shows all")],
    /,
    *,
    json: Json = False,
) -> Reply:
    """Say what a measure means, in which unit, and where it comes from."""
    found = explained(measure)
    lines = (f"{name + ':':<8} {text}" for name, text in found.items())
    return Reply(json_text(found) if json else "\n".join(lines))


def explained(name: str) -> dict[str, Any]:
    """What a measure of any domain means; InputError for an unknown name."""
    from catallax.errors import unknown
    from catallax.protocol import domains

    every: dict[str, Any] = {}
    for domain in domains().values():
        for measure in domain.measures.values():
            every.setdefault(measure.name, measure)
    if name not in every:
        raise unknown("measure", name, every)
    return {k: getattr(every[name], k) for k in ("name", "unit", "better", "text", "source")}
