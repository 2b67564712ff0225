"""What belongs to one run of something that many hold side by side, cut when it is looked at."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from types import FunctionType, MethodType
from typing import Any, final

import numpy as np

from catallax.network import Floats
from catallax.run.union import Union


@final
class Sides:
    """Arrays of all runs in rows of one run each; every array is cut once for all runs."""

    def __init__(self, union: Union) -> None:
        self.union = union
        # By id of what was cut, which is kept, so that no other gets its id.
        self._cut: dict[int, tuple[Floats, Floats]] = {}
        self._rows: dict[int, tuple[object, dict[str, Floats]]] = {}

    def of(self, value: Any, run: int) -> Any:
        """The part of `run` in anything made of arrays."""
        if isinstance(value, np.ndarray):
            if id(value) not in self._cut:
                self._cut[id(value)] = value, self.union.apart(value)
            return self._cut[id(value)][1][run]
        if isinstance(value, Mapping):
            return Columns(value, lambda v: self.of(v, run))
        return Side(self, value, run) if is_dataclass(value) else value

    def rows(self, value: Any, run: int) -> dict[str, Any]:
        """The part of `run` in all short columns of a dataclass, by name."""
        if id(value) not in self._rows:
            most = len(self.union.whole.network.kind)
            columns = {f.name: getattr(value, f.name) for f in fields(value)}
            short = {
                name: self.union.apart(x)
                for name, x in columns.items()
                if isinstance(x, np.ndarray) and x.ndim == 1 and len(x) <= most
            }
            self._rows[id(value)] = value, short
        return {name: x[run] for name, x in self._rows[id(value)][1].items()}


@final
class Side:
    """One run's part of a value: it reads like the value of a run alone."""

    def __init__(self, sides: Sides, whole: object, run: int) -> None:
        self.__dict__.update(sides.rows(whole, run), _sides=sides, _whole=whole, _run=run)

    def __getattr__(self, name: str) -> Any:
        method = getattr(type(self._whole), name, None)
        if isinstance(method, FunctionType):  # which then works with this run's part
            return MethodType(method, self)
        value = self._sides.of(getattr(self._whole, name), self._run)
        self.__dict__[name] = value
        return value


@final
class Columns(Mapping[str, Any]):
    """One run's part of columns by name."""

    def __init__(self, whole: Mapping[str, Any], cut: Callable[[Any], Any]) -> None:
        self._whole, self._cut = whole, cut

    def __getitem__(self, name: str) -> Any:
        """The column called `name`."""
        return self._cut(self._whole[name])

    def __iter__(self) -> Iterator[str]:
        """Names."""
        return iter(self._whole)

    def __len__(self) -> int:
        """How many columns there are."""
        return len(self._whole)
