"""Calls of those parts of the package that are closed to mechanisms, seen by a profile hook."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, final

from catallax.protocol import Finding, Offence
from catallax.testing.watch import READING, is_foreign

ROOT = Path(__file__).parents[1]
ALWAYS = tuple(
    f"catallax.{part}" for part in "arrays errors protocol extras renamed workers".split()
)
OWN = "catallax.testing.inside"


@final
class Inside:
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
