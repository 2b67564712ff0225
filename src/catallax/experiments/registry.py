"""What can be run, by name."""

import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import final

from catallax.errors import InputError, unknown
from catallax.mechanisms import REGISTRY, Mechanism
from catallax.run import Contract, Oracle, StaticOptimum

ORACLES: Mapping[str, Callable[[], Oracle]] = {"static_optimum": StaticOptimum}


@final
@dataclass(frozen=True)
class Experiment:
    """A named experiment.

    title      : what it asks, in a line
    mechanisms : compared by default
    contract   : (economy, weeks) -> contract with its shocks
    """

    name: str
    title: str
    mechanisms: tuple[str, ...]
    contract: Callable[..., Contract]


EXPERIMENTS: dict[str, Experiment] = {}


def experiment(name: str) -> Experiment:
    """The experiment called `name`; InputError lists the known ones."""
    if name not in EXPERIMENTS:
        raise unknown("experiment", name, EXPERIMENTS)
    return EXPERIMENTS[name]


def mechanism_named(name: str) -> Mechanism | Oracle:
    """A mechanism or oracle by name, or the one that a Python file defines.

    A file must define `mechanism()`, which returns a `Mechanism`. Raises InputError for an
    unknown name, a file that cannot be read or fails, or one that defines nothing.
    """
    if name in ORACLES:
        return ORACLES[name]()
    if name in REGISTRY:
        return REGISTRY[name]()
    if name.endswith(".py"):
        return mechanism_in(Path(name))
    raise unknown("mechanism", name, [*ORACLES, *REGISTRY])


def mechanism_in(path: Path) -> Mechanism:
    """The mechanism that the Python file at `path` defines. The file is executed."""
    define = getattr(_module(path), "mechanism", None)
    if not callable(define):
        raise InputError(
            f"{path}: defines no mechanism; expected a function `mechanism()` that returns a "
            f"catallax.mechanisms.Mechanism"
        )
    try:
        made = define()
    except Exception as e:
        raise InputError(f"{path}: mechanism() failed: {type(e).__name__}: {e}") from e
    if not isinstance(made, Mechanism):
        raise InputError(
            f"{path}: mechanism() returned {type(made).__name__}, expected a Mechanism"
        )
    return made


def _module(path: Path) -> ModuleType:
    if not path.is_file():
        raise InputError(f"{path}: no such file; expected a Python file that defines mechanism()")
    spec = importlib.util.spec_from_file_location(f"_user_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise InputError(f"{path}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as e:
        raise InputError(f"{path}: failed when read: {type(e).__name__}: {e}") from e
    return module
