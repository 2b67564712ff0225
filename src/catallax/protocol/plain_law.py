"""What a domain of settings and one function holds equal: its settings, and who plays its runs."""

from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, replace
from typing import Any, final

from catallax.errors import InputError, unknown
from catallax.protocol.contract import RunInput
from catallax.protocol.inputs import INPUTS, setting_of_input
from catallax.protocol.settings import (
    ASSUMED,
    Setting,
    plain_setting,
    setting,
    setting_of_field,
)
from catallax.protocol.tuned import Value

WEEKS = "weeks"
LENGTH = 52  # of a run, in weeks
Play = Callable[[Any, Any, int], Mapping[str, Any]]


@final
@dataclass(frozen=True, eq=False)
class PlainLaw:
    """What all contracts of a plain domain have in common.

    name     : of the domain
    title    : what it asks, in a line
    settings : key -> setting, `weeks` among them
    play     : (settings, mechanism, seed) -> series, each with weeks along the first axis
    inputs   : name -> series of another run that `play` gets under this name, where a contract
               says no other
    oracles  : types of what sees everything
    """

    name: str
    title: str
    settings: Mapping[str, Setting]
    play: Play
    inputs: Mapping[str, RunInput] = field(default_factory=dict)
    oracles: tuple[type, ...] = ()

    @property
    def defaults(self) -> dict[str, Value]:
        """Key -> value where it is not given."""
        return {key: s.default for key, s in self.settings.items() if s.default is not None}

    def setting_of(self, key: str) -> Setting:
        """The setting under a key, also of an input's; InputError lists the known keys."""
        if key.startswith(f"{INPUTS}."):
            return setting_of_input(key, self.inputs)
        if key not in self.settings:
            raise unknown("key", key, self.settings)
        return self.settings[key]

    def checked(self, key: str, value: Value) -> Value:
        """The value of a key; InputError for an unknown key, another type or out of range."""
        if key not in self.settings:
            raise unknown("key", key, self.settings)
        known = self.settings[key]
        known.check(key, value)
        return float(value) if known.kind is float else value


def plain_law(
    name: str,
    title: str,
    defaults: Mapping[str, Any],
    play: Play,
    ranges: Mapping[str, tuple[float, float]],
    inputs: Mapping[str, RunInput],
) -> PlainLaw:
    """The law of a domain, from values and from what `setting` made.

    ranges : key -> lowest and highest value allowed, where the setting does not say it itself

    Raises InputError for a default that is not a value or out of range, and for a range without a
    setting.
    """
    whole = {WEEKS: LENGTH, **defaults}
    found = {key: _make_setting(key, default) for key, default in whole.items()}
    for key, (low, high) in ranges.items():
        if key not in found:
            raise InputError(f"ranges: {unknown('key', key, found)}")
        found[key] = replace(found[key], low=low, high=high)
    for key, known in found.items():
        known.check(key, known.default)
    return PlainLaw(name, title, found, play, inputs)


def _make_setting(key: str, default: Any) -> Setting:
    if key == WEEKS and isinstance(default, int):
        default = setting(default, "length of a run", unit="weeks", low=1, source=ASSUMED)
    made = setting_of_field(default) if isinstance(default, Field) else plain_setting(default)
    if made is None or made.default is None:
        raise InputError(f"{key}: {default!r} is not a default; give a number, word or truth value")
    return made
