"""Mechanisms of a domain by name, with settings, or from a Python file of the user's."""

from collections.abc import Iterable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any

from catallax.errors import InputError, unknown
from catallax.protocol.domain import Domain
from catallax.protocol.makers import Make, settings_of
from catallax.protocol.registry import PRODUCTION, domain_named
from catallax.protocol.specs import Spec, spec_of
from catallax.protocol.tuned import Value
from catallax.protocol.userfile import module_of

EXPECTED = "a Python file that defines mechanism()"


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
    known, spec = _domain(domain), spec_of(text)
    make = maker_of(spec, known)
    return make(**_given(known, spec, make))


def every_mechanism(domain: str | Domain = PRODUCTION) -> list[str]:
    """Every mechanism of a domain and, after it, those variants that differ from its default."""
    known, found = _domain(domain), []
    for name in known.mechanisms:
        plain, words = values_of(name, known), known.variants.get(name, {})
        others = [w for w, given in words.items() if {**plain, **given} != plain]
        found += [name, *(f"{name}:{word}" for word in others)]
    return found


def values_of(text: str, domain: str | Domain = PRODUCTION) -> dict[str, Value]:
    """The value of every setting of the mechanism that `text` names, given or default."""
    known, spec = _domain(domain), spec_of(text)
    make = maker_of(spec, known)
    usual = {key: s.default for key, s in settings_of(make).items() if s.default is not None}
    return usual | _given(known, spec, make)


def maker_of(spec: Spec, domain: str | Domain = PRODUCTION) -> Make:
    """What makes the mechanism from settings: a function of the domain's or a file's."""
    known = _domain(domain)
    if spec.name in known.oracles:
        return known.oracles[spec.name]
    if spec.name in known.mechanisms:
        return known.mechanisms[spec.name]
    if spec.file:
        return _defined(known, Path(spec.name))
    raise unknown("mechanism", spec.name, [*known.oracles, *known.mechanisms])


def _domain(domain: str | Domain) -> Domain:
    return domain_named(domain) if isinstance(domain, str) else domain


def _given(domain: Domain, spec: Spec, make: Make) -> dict[str, Value]:
    """The settings that a spec gives: those of its variants, and over them one by one."""
    if not spec.variants and not spec.given:
        return {}
    known, single = settings_of(make), []
    for key, text in spec.given:
        if key not in known:
            raise InputError(f"{spec.text}: {unknown(f'setting of {spec.name}', key, known)}")
        single.append({key: known[key].value(f"{spec.text}: {key}", text)})
    words = [_variant(domain, spec, word) for word in spec.variants]
    return _merged(spec, words) | _merged(spec, single)


def _variant(domain: Domain, spec: Spec, word: str) -> Mapping[str, Value]:
    known = domain.variants.get(spec.name, {})
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


def _defined(domain: Domain, path: Path) -> Make:
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
