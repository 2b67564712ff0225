"""Mechanisms of a domain by name, with settings, or from a Python file of the user's.

A name is written `name[:variant][:key=value ...]`: `market:kappa=0.05:cover=0.5`,
`five_year_plan:rigid`, `mine.py:share=0.9`. It is text, so it passes to worker processes, into
command lines and into JSON as it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, final

from catallax.errors import InputError, unknown
from catallax.protocol.domain import Domain
from catallax.protocol.hash_names import accept_name, current_name
from catallax.protocol.makers import Make, settings_of
from catallax.protocol.registry import PRODUCTION, domain_named
from catallax.protocol.tuned import Value
from catallax.protocol.userfile import SUFFIX, is_file, module_of

EXPECTED = "a Python file that defines mechanism()"


@final
@dataclass(frozen=True)
class MechanismSpec:
    """A mechanism's name taken apart.

    text     : as the user wrote it
    name     : of a registered mechanism or oracle, or a Python file's path
    variants : words that stand for settings
    given    : (key, text of the value) of each setting
    """

    text: str
    name: str
    variants: tuple[str, ...]
    given: tuple[tuple[str, str], ...]

    @property
    def file(self) -> bool:
        """Whether a Python file defines it."""
        return is_file(self.name)


def spec_of(text: str) -> MechanismSpec:
    """`text` taken apart; InputError for a part that is neither a word nor key=value."""
    name, parts = _split_text(text)
    for part in parts:
        if not part or part.startswith("="):
            raise InputError(
                f"{text}: {part!r} is not a setting; write name:key=value, such as "
                f"market:kappa=0.05"
            )
    pairs = [part.split("=", 1) for part in parts if "=" in part]
    given = tuple((key.strip(), value.strip()) for key, value in pairs)
    return MechanismSpec(text, name, tuple(p for p in parts if "=" not in p), given)


def _split_text(text: str) -> tuple[str, list[str]]:
    """Name and the parts behind it; a path may hold colons of its own."""
    path, dot, rest = text.rpartition(f"{SUFFIX}:")
    if text.endswith(SUFFIX):
        return text, []
    if dot:
        return path + SUFFIX, rest.split(":")
    name, *parts = text.split(":")
    return name, parts


def mechanism_named(text: str, domain: str | Domain = PRODUCTION) -> Any:
    """A mechanism or oracle by name, or the one that a Python file defines, with settings.

    text   : `name`, `name:variant` or `name:key=value`, any number of the latter after each other;
             a value that is given wins over a variant's
    domain : whose mechanisms are meant

    A file must define `mechanism()`, which returns a mechanism of the domain; its settings are the
    parameters of that function. Raises InputError for an unknown name, variant or setting, a value
    that is of the wrong type or out of range, and a file that cannot be read, fails or defines
    nothing.
    """
    known, spec = _find_domain(domain), spec_of(text)
    make = maker_of(spec, known)
    return make(**_read_given(known, spec, make))


def every_mechanism(domain: str | Domain = PRODUCTION) -> list[str]:
    """Every mechanism of a domain and, after it, those variants that differ from its default."""
    known, found = _find_domain(domain), []
    for name in known.mechanisms:
        plain, words = values_of(name, known), known.variants.get(name, {})
        others = [w for w, given in words.items() if {**plain, **given} != plain]
        found += [name, *(f"{name}:{word}" for word in others)]
    return found


def values_of(text: str, domain: str | Domain = PRODUCTION) -> dict[str, Value]:
    """The value of every setting of the mechanism that `text` names, given or default."""
    known, spec = _find_domain(domain), spec_of(text)
    make = maker_of(spec, known)
    usual = {key: s.default for key, s in settings_of(make).items() if s.default is not None}
    return usual | _read_given(known, spec, make)


def current_text(text: str, domain: str | Domain = PRODUCTION) -> str:
    """The same mechanism with each setting by its present name; `text` itself where all are."""
    known, spec = _find_domain(domain), spec_of(text)
    if not spec.given:
        return text
    settings = settings_of(maker_of(spec, known))
    given = [(current_name(key, settings), value) for key, value in spec.given]
    if tuple(given) == spec.given:
        return text
    return ":".join([spec.name, *spec.variants, *(f"{key}={value}" for key, value in given)])


def shown_settings(
    mechanism: str, settings: Mapping[str, Any], domain: str | Domain = PRODUCTION
) -> dict[str, Any]:
    """The settings of a run by the names that people see, from those that stand in hashes.

    mechanism : as the user named it; of one that the domain does not know they stay as they are
    settings  : as `Domain.identity` gives them, with a part before a dot where a mechanism has two
    """
    make = _find_domain(domain).mechanisms.get(mechanism.partition(":")[0])
    known = {} if make is None else settings_of(make)
    split = {key: key.rpartition(".") for key in settings}
    return {
        f"{part}{dot}{current_name(last, known)}": settings[key]
        for key, (part, dot, last) in split.items()
    }


def maker_of(spec: MechanismSpec, domain: str | Domain = PRODUCTION) -> Make:
    """What makes the mechanism from settings: a function of the domain's or a file's."""
    known = _find_domain(domain)
    if spec.name in known.oracles:
        return known.oracles[spec.name]
    if spec.name in known.mechanisms:
        return known.mechanisms[spec.name]
    if spec.file:
        return _load_maker(known, Path(spec.name))
    raise unknown("mechanism", spec.name, [*known.oracles, *known.mechanisms])


def _find_domain(domain: str | Domain) -> Domain:
    return domain_named(domain) if isinstance(domain, str) else domain


def _read_given(domain: Domain, spec: MechanismSpec, make: Make) -> dict[str, Value]:
    """The settings that a spec gives: those of its variants, and over them one by one."""
    if not spec.variants and not spec.given:
        return {}
    known, single = settings_of(make), []
    for given, text in spec.given:
        key = accept_name(given, known, spec.text)
        if key not in known:
            raise InputError(f"{spec.text}: {unknown(f'setting of {spec.name}', key, known)}")
        single.append({key: known[key].value(f"{spec.text}: {key}", text)})
    words = [_find_variant(domain, spec, word) for word in spec.variants]
    return _merge(spec, words) | _merge(spec, single)


def _find_variant(domain: Domain, spec: MechanismSpec, word: str) -> Mapping[str, Value]:
    known = domain.variants.get(spec.name, {})
    if word not in known:
        what = unknown(f"variant of {spec.name}", word, known)
        raise InputError(f"{spec.text}: {what} A setting is written key=value.")
    return known[word]


def _merge(spec: MechanismSpec, found: Iterable[Mapping[str, Value]]) -> dict[str, Value]:
    """All settings as one; the same one from two is refused, whichever was meant."""
    merged: dict[str, Value] = {}
    for part in found:
        for key in part:
            if key in merged:
                raise InputError(f"{spec.text}: sets {key} twice; give it once")
        merged |= part
    return merged


def _load_maker(domain: Domain, path: Path) -> Make:
    """The function `mechanism` of the Python file at `path`. The file is executed."""
    define = getattr(module_of(path, expected=EXPECTED), "mechanism", None)
    kind = domain.kinds[0]
    if not callable(define):
        raise InputError(
            f"{path}: defines no mechanism; expected a function `mechanism()` that returns a "
            f"{kind.__module__}.{kind.__qualname__}"
        )

    @wraps(define)
    def make(**settings: Value) -> Any:
        try:
            made = define(**settings)
        except InputError:
            raise
        except KeyboardInterrupt:
            raise
        except BaseException as e:  # whatever a user's code raises
            raise InputError(f"{path}: mechanism() failed: {type(e).__name__}: {e}") from e
        if not isinstance(made, kind):
            what = f"{path}: mechanism() returned {type(made).__name__}"
            raise InputError(f"{what}, expected a {kind.__name__}")
        return made

    return make
