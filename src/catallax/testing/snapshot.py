"""Functions, classes and tables of the package and of NumPy, which nobody may replace."""

import sys
from collections.abc import Iterator, Mapping
from types import FunctionType
from typing import Any, final

import numpy as np

from catallax.protocol import Finding, Offence

OUTSIDE = (np, np.random, np.linalg)
_BY_PYTHON = ("_abc", "__abstract", "__annotations", "__doc", "__dict", "__slotnames")  # adds these


@final
class Snapshot:
    """What stands where in modules and classes at one time."""

    def __init__(self) -> None:
        self.then = dict(_list_entries())

    def changed(self) -> list[Finding]:
        """The first thing that is another one now, or that a class has got in addition."""
        now = dict(_list_entries())
        for name, thing in now.items():
            before = self.then.get(name, self)
            added = before is self and ":" in name and name.rpartition(".")[0] in self.then
            if added or (before is not self and before is not thing):
                what = f"replaces {name.replace(':', '.')}"
                return [Finding(Offence.PATCHED, what, who="the file")]
        return []


def _list_entries() -> Iterator[tuple[str, Any]]:
    """Name -> function, class or what a class or table holds; of functions their code too."""
    ours = [m for name, m in list(sys.modules.items()) if name.partition(".")[0] == "catallax"]
    for module in [*ours, *OUTSIDE]:
        for name, thing in list(vars(module).items()):
            if isinstance(thing, type) and thing.__module__ == module.__name__:
                yield from _list_class(f"{module.__name__}:{name}", thing)
            if callable(thing):
                yield f"{module.__name__}.{name}", thing
            if isinstance(thing, FunctionType):
                yield f"{module.__name__}.{name}()", thing.__code__
            if isinstance(thing, Mapping) and name.isupper():
                yield from ((f"{module.__name__}.{name}[{k!r}]", v) for k, v in thing.items())


def _list_class(name: str, kind: type) -> Iterator[tuple[str, Any]]:
    yield name, kind
    for part, thing in list(vars(kind).items()):
        if not part.startswith(_BY_PYTHON):
            yield f"{name}.{part}", thing
        if isinstance(thing, FunctionType):
            yield f"{name}.{part}()", thing.__code__
