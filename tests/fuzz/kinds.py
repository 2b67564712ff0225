"""All kinds of inputs, and how many of each are tried."""

from tests.fuzz.commands import OPTIONS, SPECS
from tests.fuzz.hunting import Kind
from tests.fuzz.mechanisms import MECHANISMS
from tests.fuzz.names import NAMES, PANELS
from tests.fuzz.runs import RUNS
from tests.fuzz.stores import STORES
from tests.fuzz.trials import TRIALS
from tests.fuzz.views import VIEWS

KINDS = (SPECS, OPTIONS, STORES, RUNS, NAMES, PANELS, MECHANISMS, VIEWS, TRIALS)


def counts(count: int, name: str | None = None) -> dict[Kind, int]:
    """Kind -> inputs to try, `count` in all."""
    if name is not None:
        return {kind: count for kind in KINDS if kind.name == name}
    whole, before, found = sum(kind.share for kind in KINDS), 0.0, {}
    for kind in KINDS:  # rounded where they end, so that they are `count` together
        after = before + count * kind.share / whole
        found[kind] = round(after) - round(before)
        before = after
    return found
