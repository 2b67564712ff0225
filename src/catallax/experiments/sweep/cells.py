"""Points of the map: what is held equal there, and who competes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import final

from catallax.economy import Economy, economy_named
from catallax.errors import InputError
from catallax.experiments.registry import mechanism_named
from catallax.experiments.settings import Value
from catallax.experiments.sweep.axes import ECONOMY, axis, has_setting, with_key, with_setting
from catallax.run import Contract


@final
@dataclass(frozen=True, eq=False)
class Cell:
    """One contract and who competes under it.

    point      : axis -> its value
    contract   : what is held equal
    mechanisms : label -> the mechanism as `mechanism_named` takes it, with the settings that the
                 axes give it. Labels are the same in all cells
    """

    point: Mapping[str, Value]
    contract: Contract
    mechanisms: Mapping[str, str]


@final
@dataclass(frozen=True, eq=False)
class Base:
    """What all cells have in common before anything is varied.

    make       : (economy) -> contract
    economy    : name of the economy
    mechanisms : as `mechanism_named` takes them, which are their labels too
    """

    make: Callable[[Economy], Contract]
    economy: str
    mechanisms: Sequence[str]

    def at(self, point: Mapping[str, Value]) -> Cell:
        """The cell at a point.

        Raises InputError for unknown axes, values out of range and settings that nobody here has.
        """
        named = {name: axis(name) for name in point}
        keys = {key: point[name] for name, a in named.items() for key in a.keys}
        economy = self._economy({k: v for k, v in keys.items() if k.split(".")[0] == ECONOMY})
        contract = self.make(economy)
        for key, value in keys.items():
            if key.split(".")[0] != ECONOMY:
                contract = with_key(contract, key, value)
        texts = {label: self._text(label, point) for label in self.mechanisms}
        for text in texts.values():
            mechanism_named(text)
        for name, a in named.items():
            self._check_taken(name, a.settings)
        return Cell(dict(point), contract, texts)

    def _check_taken(self, name: str, settings: Sequence[str]) -> None:
        if settings and not any(has_setting(m, s) for m in self.mechanisms for s in settings):
            raise InputError(
                f"{name}: is a setting of none of {', '.join(self.mechanisms)}; leave it out or "
                f"add a mechanism that has it"
            )

    def _economy(self, given: Mapping[str, Value]) -> Economy:
        name = str(given.get(ECONOMY, self.economy))
        if f"{ECONOMY}.firms" in given:
            name = f"{name}:{given[f'{ECONOMY}.firms']}"
        if f"{ECONOMY}.sigma" in given:
            name = f"{name}:sigma={given[f'{ECONOMY}.sigma']}"
        return economy_named(name)

    def _text(self, label: str, point: Mapping[str, Value]) -> str:
        text = label
        for name, value in point.items():
            mechanism, _, key = name.rpartition(":")
            for setting in (key,) if mechanism else axis(name).settings:
                if not mechanism or label.split(":")[0] == mechanism:
                    text = with_setting(text, setting, value)
        return text
