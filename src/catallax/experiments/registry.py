"""What can be run, by name."""

import sys
import zlib
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
    contract   : (economy, weeks=, knowledge=, channel=, and what `shock` names) -> contract
    shock      : what of its shock can be chosen, such as "week" and "factor"
    """

    name: str
    title: str
    mechanisms: tuple[str, ...]
    contract: Callable[..., Contract]
    shock: tuple[str, ...] = ()


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
    except (Exception, SystemExit) as e:
        raise InputError(f"{path}: mechanism() failed: {type(e).__name__}: {e}") from e
    if not isinstance(made, Mechanism):
        raise InputError(
            f"{path}: mechanism() returned {type(made).__name__}, expected a Mechanism"
        )
    return made


def _module(path: Path) -> ModuleType:
    """The file at `path` as a module, under a name of its own that is the same in every process."""
    module = ModuleType(f"_user_{path.stem}_{zlib.crc32(str(path.resolve()).encode()):08x}")
    module.__file__, source = str(path), _source(path)
    # Dataclasses and pickle look a class's module up by name.
    sys.modules[module.__name__] = module
    try:
        exec(compile(source, str(path), "exec"), module.__dict__)
    except (Exception, SystemExit) as e:
        del sys.modules[module.__name__]
        raise InputError(f"{path}: failed when read: {type(e).__name__}: {e}") from e
    return module


def _source(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as e:
        what = f"{path}: cannot be read ({e.strerror})"
        raise InputError(f"{what}; expected a Python file that defines mechanism()") from e
