"""What of the package a mechanism may not touch: closed functions, and parts that it replaces.

Calls are seen by a profile hook. What nobody may replace is compared before and after.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any, final

import numpy as np

from catallax.protocol import Finding, Offence
from catallax.testing.watch import READING, is_foreign

ROOT = Path(__file__).parents[1]
ALWAYS = tuple(
    f"catallax.{part}" for part in "arrays errors protocol extras renamed workers".split()
)
OWN = "catallax.testing.inside"
_BY_PYTHON = ("_abc", "__abstract", "__annotations", "__doc", "__dict", "__slotnames")  # adds these


@final
class ClosedCalls:
    """Notes the first closed function that foreign code, or a verb, has called.

    open : dotted names of the parts that mechanisms may use
    """

    def __init__(self, open: Sequence[str]) -> None:
        self.open = (*ALWAYS, OWN, *open)
        self.findings = list[Finding]()
        self._closed: dict[CodeType, bool] = {}

    @contextmanager
    def during(self, verb: str) -> Iterator[None]:
        """A context in which calls are looked at.

        verb : that is called; "" while the file is read, when only calls of foreign code count
        """
        sys.setprofile(self._make_hook(verb))
        try:
            yield
        finally:
            sys.setprofile(None)

    def _make_hook(self, verb: str) -> Callable[[FrameType, str, Any], None]:
        def look(frame: FrameType, event: str, _: Any) -> None:
            code = frame.f_code
            if event != "call" or self.findings or not self._is_closed(code):
                return
            above, on_behalf = frame.f_back, ""
            while above is not None:
                file = above.f_code.co_filename
                if file.startswith("<frozen importlib"):
                    return  # it is being imported
                if is_foreign(file):
                    on_behalf = on_behalf or f" ({file}, line {above.f_lineno})"
                above = above.f_back
            if verb or on_behalf:
                what = f"calls {_module_of(code)}.{code.co_qualname}{on_behalf}"
                who = "" if verb else READING
                self.findings.append(Finding(Offence.INSIDE, what, verb, who=who))

        return look

    def _is_closed(self, code: CodeType) -> bool:
        if code not in self._closed:
            self._closed[code] = self._belongs_to_closed(code)
        return self._closed[code]

    def _belongs_to_closed(self, code: CodeType) -> bool:
        module = _module_of(code)
        if not module or module == "catallax" or code.co_name == "<module>":
            return False
        return not any(module == name or module.startswith(f"{name}.") for name in self.open)


def _module_of(code: CodeType) -> str:
    """Dotted name of a module of the package; "" for code of others."""
    try:
        path = Path(code.co_filename).relative_to(ROOT)
    except ValueError:
        return ""
    return ".".join(["catallax", *path.with_suffix("").parts]).removesuffix(".__init__")


OUTSIDE = (np, np.random, np.linalg)


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
