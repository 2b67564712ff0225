"""What makes a mechanism from settings, and which settings that takes."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar, final

from catallax.errors import InputError
from catallax.protocol.settings import Setting, hints_of, plain_setting, settings_in

Make = Callable[..., Any]
"""Makes a mechanism of a domain from settings by keyword."""

F = TypeVar("F", bound=Make)
PARTS = "catallax_parts"  # the attribute of a function that says where its settings are described


@final
@dataclass(frozen=True)
class _SettingSources:
    """Where the settings of a function are described.

    whole : classes whose settings it takes, all of them where it takes `**settings`
    own   : a parameter -> the class that describes it
    """

    whole: tuple[type, ...] = ()
    own: Mapping[str, type] | None = None

    def describing(self, name: str) -> Setting | None:
        """The setting that a parameter is; None if no class describes it."""
        kinds = [(self.own or {}).get(name), *self.whole]
        found = [settings_in(kind)[name] for kind in kinds if kind and name in settings_in(kind)]
        return found[0] if found else None


def settings_from(*parts: type, **own: type) -> Callable[[F], F]:
    """Say where the settings of a function that makes a mechanism are described.

    parts : dataclasses. A parameter of the function that has the name of one of their fields is
            that setting, with the function's own default; `**settings` stands for all their fields
    own   : parameter -> the dataclass that has a field of that name
    """

    def say(make: F) -> F:
        setattr(make, PARTS, _SettingSources(parts, own))
        return make

    return say


def settings_of(make: Make) -> dict[str, Setting]:
    """Settings that `make` takes by keyword and has a default for, by name.

    They are the fields of a dataclass, or the parameters of a function and what it passes on to
    the parts that it makes: those that `settings_from` names or, where nobody says, those of a
    mechanism that is made to see.
    """
    if isinstance(make, type) and is_dataclass(make):
        return dict(settings_in(make))
    said: _SettingSources | None = getattr(make, PARTS, None)
    parameters = list(inspect.signature(make).parameters.values())
    named = dict(_own_parameters(make, parameters, said or _SettingSources()))
    if not any(p.kind is p.VAR_KEYWORD for p in parameters):
        return named
    passed = _settings_by_trial(make) if said is None else _settings_of_classes(said)
    return passed | named


def parts(made: object) -> tuple[object, ...]:
    """What holds the settings: the mechanism's parts in their order, each before its own parts.

    A mechanism with agents and a centre has these as fields; one that is a plain value is its own
    only part.
    """
    return (made, *_parts_inside(made))


def _parts_inside(part: object) -> Iterator[object]:
    """Values among the fields of a dataclass that are made of fields themselves."""
    if is_dataclass(part):
        for f in fields(part):
            value = getattr(part, f.name)
            if is_dataclass(value) and not isinstance(value, type):
                yield value
                yield from _parts_inside(value)


def _own_parameters(
    make: Make, parameters: Any, said: _SettingSources
) -> Iterator[tuple[str, Setting]]:
    """The function's own parameters."""
    hints = hints_of(make)
    for p in parameters:
        if p.kind not in (p.KEYWORD_ONLY, p.POSITIONAL_OR_KEYWORD) or p.default is p.empty:
            continue
        known = said.describing(p.name)
        found = (
            plain_setting(p.default, hints.get(p.name))
            if known is None
            else replace(known, default=p.default)
        )
        if found is not None:
            yield p.name, found


def _settings_of_classes(said: _SettingSources) -> dict[str, Setting]:
    """All settings of the classes that are named; of two of one name the first."""
    found: dict[str, Setting] = {}
    for kind in said.whole:
        found = found | {k: s for k, s in settings_in(kind).items() if k not in found}
    return found


def _settings_by_trial(make: Make) -> dict[str, Setting]:
    """Settings of the parts of one mechanism that `make` makes, as far as it passes them on."""
    found: dict[str, Setting] = {}
    for part in parts(make()):
        known = settings_in(type(part))
        now = {k: replace(s, default=getattr(part, k)) for k, s in known.items()}
        found = _keep_accepted(make, now) | found
    return found


def _keep_accepted(make: Make, known: Mapping[str, Setting]) -> dict[str, Setting]:
    """Those that `make` takes: all of them at once, or else each that it takes alone."""
    if not known or _accepts(make, known):
        return dict(known)
    return {k: s for k, s in known.items() if len(known) > 1 and _accepts(make, {k: s})}


def _accepts(make: Make, known: Mapping[str, Setting]) -> bool:
    try:
        make(**{k: s.default for k, s in known.items()})
    except (TypeError, InputError):
        return False
    return True
