"""Names of modules that users' files may still import, and where what they held is now.

An old name imports with a warning that says the new one; nothing in the package uses one.
"""

import sys
import warnings
from collections.abc import Sequence
from importlib import import_module, util
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, final

PRODUCTION = "catallax.domains.production"
MOVED: dict[str, tuple[str, ...]] = {
    "economy": (f"{PRODUCTION}.economy",),
    "experiments": (f"{PRODUCTION}.experiments", "catallax.study", "catallax.protocol.named"),
    "experiments.adversary": ("catallax.study.adversary",),
    "experiments.claims": ("catallax.study.claims",),
    "experiments.execute": ("catallax.execute",),
    "experiments.federated": ("catallax.labs.federated.trials",),
    "experiments.forecasting": ("catallax.labs.forecasting",),
    "experiments.frontier": ("catallax.study.frontier",),
    "experiments.sensitivity": ("catallax.study.sensitivity",),
    "experiments.statistics": ("catallax.study.statistics",),
    "experiments.store": ("catallax.execute.store",),
    "experiments.sweep": ("catallax.study.sweep",),
    "experiments.tuning": ("catallax.study.tuning",),
    "experiments.worth": (f"{PRODUCTION}.value_of_information",),
    "knowledge": (f"{PRODUCTION}.knowledge",),
    "learning.federated": ("catallax.labs.federated",),
    "measures": (f"{PRODUCTION}.measures", "catallax.protocol"),
    "mechanisms": (f"{PRODUCTION}.mechanisms",),
    "network": (f"{PRODUCTION}.network", "catallax.arrays", "catallax.protocol.sealed"),
    "optimum": (f"{PRODUCTION}.optimum",),
    "report": ("catallax.show",),
    "run": (f"{PRODUCTION}.run",),
}
"""Old name behind `catallax.` -> modules that hold now what it held, the first one above all."""


def places_of(name: str) -> tuple[str, ...]:
    """The modules that hold now what the module called `name` held; () if it was never moved."""
    before, _, rest = name.partition(".")
    if before != "catallax" or not rest:
        return ()
    words = rest.split(".")
    for end in range(len(words), 0, -1):
        held = MOVED.get(".".join(words[:end]))
        if held is not None:
            return held if end == len(words) else (".".join((held[0], *words[end:])),)
    return ()


@final
class OldName(ModuleType):
    """A module by its old name, which hands out what the new ones hold."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        for place in places_of(self.__name__):
            module = import_module(place)
            if hasattr(module, name):
                return getattr(module, name)
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")


@final
class OldNames(MetaPathFinder, Loader):
    """Finds the modules of old names, after Python has looked for them in vain."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where an old name is; None for a name that never was."""
        places = places_of(fullname)
        if not places or util.find_spec(places[0]) is None:
            return None
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """A module that knows where everything is now."""
        return OldName(spec.name, f"Moved to {places_of(spec.name)[0]}.")

    def exec_module(self, module: ModuleType) -> None:
        """Say the new name."""
        now = places_of(module.__name__)[0]
        warnings.warn(
            f"{module.__name__} is now {now}; import that", DeprecationWarning, stacklevel=2
        )


def accept_old_names() -> None:
    """Make the old names importable, once."""
    if not any(isinstance(finder, OldNames) for finder in sys.meta_path):
        sys.meta_path.append(OldNames())
