"""What can be run, by name."""

import sys
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from types import ModuleType
from typing import final

from catallax.errors import InputError, unknown
from catallax.experiments.settings import Make, Value, settings_of
from catallax.experiments.specs import Spec, spec_of
from catallax.mechanisms import REGISTRY, VARIANTS, Mechanism
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


def mechanism_named(text: str) -> Mechanism | Oracle:
    """A mechanism or oracle by name, or the one that a Python file defines, with settings.

    text : `name`, `name:variant` or `name:key=value`, any number of the latter after each other;
           a value that is given wins over a variant's

    A file must define `mechanism()`, which returns a `Mechanism`; its settings are the parameters
    of that function. Raises InputError for an unknown name, variant or setting, a value that is
    of the wrong type or out of range, and a file that cannot be read, fails or defines nothing.
    """
    spec = spec_of(text)
    make = maker(spec)
    return make(**_given(spec, make))


def every_mechanism() -> list[str]:
    """Every registered mechanism and, after it, those variants that differ from its default."""
    found = []
    for name in REGISTRY:
        plain = values_of(name)
        others = [w for w, given in VARIANTS.get(name, {}).items() if {**plain, **given} != plain]
        found += [name, *(f"{name}:{word}" for word in others)]
    return found


def values_of(text: str) -> dict[str, Value]:
    """The value of every setting of the mechanism that `text` names, given or default."""
    spec = spec_of(text)
    make = maker(spec)
    return {key: s.default for key, s in settings_of(make).items()} | _given(spec, make)


def maker(spec: Spec) -> Make:
    """What makes the mechanism from settings: a registered function or a file's `mechanism`."""
    if spec.name in ORACLES:
        return ORACLES[spec.name]
    if spec.name in REGISTRY:
        return REGISTRY[spec.name]
    if spec.file:
        return _defined(Path(spec.name))
    raise unknown("mechanism", spec.name, [*ORACLES, *REGISTRY])


def _given(spec: Spec, make: Make) -> dict[str, Value]:
    """The settings that a spec gives: those of its variants, and over them one by one."""
    if not spec.variants and not spec.given:
        return {}
    known, single = settings_of(make), []
    for key, text in spec.given:
        if key not in known:
            raise InputError(f"{spec.text}: {unknown(f'setting of {spec.name}', key, known)}")
        single.append({key: known[key].value(f"{spec.text}: {key}", text)})
    words = [_variant(spec, word) for word in spec.variants]
    return _merged(spec, words) | _merged(spec, single)


def _variant(spec: Spec, word: str) -> Mapping[str, Value]:
    known = VARIANTS.get(spec.name, {})
    if word not in known:
        what = unknown(f"variant of {spec.name}", word, known)
        raise InputError(f"{spec.text}: {what} A setting is written key=value.")
    return known[word]


def _merged(spec: Spec, found: Iterable[Mapping[str, Value]]) -> dict[str, Value]:
    """All settings as one; the same one from two is refused, whichever was meant."""
    merged: dict[str, Value] = {}
    for part in found:
        for key in part:
            if key in merged:
                raise InputError(f"{spec.text}: sets {key} twice; give it once")
        merged |= part
    return merged


def _defined(path: Path) -> Make:
    """The function `mechanism` of the Python file at `path`. The file is executed."""
    define = getattr(_module(path), "mechanism", None)
    if not callable(define):
        raise InputError(
            f"{path}: defines no mechanism; expected a function `mechanism()` that returns a "
            f"catallax.mechanisms.Mechanism"
        )

    @wraps(define)
    def make(**settings: Value) -> Mechanism:
        try:
            made = define(**settings)
        except InputError:
            raise
        except (Exception, SystemExit) as e:
            raise InputError(f"{path}: mechanism() failed: {type(e).__name__}: {e}") from e
        if not isinstance(made, Mechanism):
            what = f"{path}: mechanism() returned {type(made).__name__}"
            raise InputError(f"{what}, expected a Mechanism")
        return made

    return make


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
