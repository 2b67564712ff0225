"""All kinds of inputs, and how many of each are tried."""

from tests.fuzz.commands import OPTIONS, SPECS
from tests.fuzz.hunting import Kind
from tests.fuzz.names import NAMES, PANELS
from tests.fuzz.runs import RUNS
from tests.fuzz.stores import STORES

KINDS = (SPECS, OPTIONS, STORES, RUNS, NAMES, PANELS)


def counts(count: int, name: str | None = None) -> dict[Kind, int]:
    """Kind -> inputs to try, `count` in all."""
    if name is not None:
        return {kind: count for kind in KINDS if kind.name == name}
    whole = sum(kind.share for kind in KINDS)
    return {kind: round(count * kind.share / whole) for kind in KINDS}
