"""A sweep as it is written down: what is varied, how, and on which seeds; frozen once read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any, TypeVar, final

import numpy as np

from catallax.errors import InputError, unknown
from catallax.experiments.sweep.spans import MOST, Listed, Span
from catallax.network import Floats
from catallax.protocol import Value
from catallax.tomlfile import list_of, made_of, table_of, typed_as

GRID, LATIN, SOBOL = "grid", "latin", "sobol"
DESIGNS = (GRID, LATIN, SOBOL)
KEYS = (
    "name", "experiment", "contract", "mechanisms", "seeds", "design", "samples", "seed", "axes",
)  # fmt: skip

Made = TypeVar("Made")


@final
@dataclass(frozen=True)
class Spec:
    """A sweep.

    name       : what it is called
    experiment : whose contract is varied
    axes       : name of an axis and its values
    mechanisms : as `mechanism_named` takes them; none for the experiment's own
    seeds      : text or number of the command line's kind ("8", "100-119"), or a list
    design     : "grid" takes all combinations, "latin" and "sobol" `samples` points
    samples    : of "latin" and "sobol"; for the latter a power of 2
    seed       : of the samples

    Raises InputError for an unknown design and for samples that do not go with it.
    """

    name: str
    experiment: str
    axes: tuple[tuple[str, Listed | Span], ...]
    mechanisms: tuple[str, ...] = ()
    seeds: str = "8"
    design: str = GRID
    samples: int = 0
    seed: int = 0

    def __post_init__(self) -> None:
        if self.design not in DESIGNS:
            raise InputError(f"design: {unknown('design', self.design, DESIGNS)}")
        if self.seed < 0:
            raise InputError(f"seed: {self.seed} is out of range, expected 0 or more")
        self._check_size()
        if self.design == GRID and self.samples:
            raise InputError("samples: a grid has none; take it out, or choose latin or sobol")
        if self.design != GRID and not 1 <= self.samples <= MOST:
            raise InputError(
                f"samples: {self.samples} is out of range, expected 1 to {MOST:,} for {self.design}"
            )
        if self.design == SOBOL and self.samples & (self.samples - 1):
            near = 1 << self.samples.bit_length()
            raise InputError(
                f"samples: {self.samples} is no power of 2, which {SOBOL} needs to be balanced; "
                f"give {near // 2} or {near}"
            )

    def _check_size(self) -> None:
        """Nothing is built of a grid that is too large to be built."""
        count = prod(max(given.size, 1) for _, given in self.axes) if self.design == GRID else 1
        if count > MOST:
            raise InputError(
                f"axes: a grid of {count:,} points is too large, at most {MOST:,}; give fewer "
                f"values, or {LATIN} or {SOBOL} as the design with a number of samples"
            )

    def points(self) -> list[dict[str, Value]]:
        """Where runs are made, each point once; one without axes if nothing is varied."""
        names = [name for name, _ in self.axes]
        if self.design == GRID:
            places = product(*(self._grid(name, given) for name, given in self.axes))
            return [dict(zip(names, place, strict=True)) for place in places]
        found = [
            {name: given.at(float(u)) for (name, given), u in zip(self.axes, row, strict=True)}
            for row in self._samples()
        ]
        return list({repr(point): point for point in found}.values())

    def _grid(self, name: str, given: Listed | Span) -> tuple[Value, ...]:
        return _told(f"axes.{name}", given.grid)

    def _samples(self) -> Floats:
        """(samples, axes) in [0, 1)."""
        if not self.axes:
            return np.zeros((1, 0))
        from scipy.stats import qmc  # takes most of a second

        kind = qmc.Sobol if self.design == SOBOL else qmc.LatinHypercube
        engine = kind(len(self.axes), seed=np.random.default_rng(self.seed))
        return np.asarray(engine.random(self.samples), dtype=np.float64)


def spec_of_table(table: Mapping[str, Any], kind_of: Callable[[str], type]) -> Spec:
    """The sweep that a TOML file says, but for its table `contract`.

    kind_of : axis -> type of its values; raises InputError for an unknown axis

    Raises InputError, which begins with the key that is wrong.
    """
    for key in table:
        if key not in KEYS:
            raise unknown("key", key, KEYS)
    said = {k: v for k, v in table.items() if k != "contract"}
    axes = table_of("axes", said.get("axes", {}))
    said["axes"] = tuple((name, _axis(name, given, kind_of)) for name, given in axes.items())
    if "mechanisms" in said:
        listed = list_of("mechanisms", said["mechanisms"])
        said["mechanisms"] = tuple(typed_as("mechanisms", str, m) for m in listed)
    if "seeds" in said:
        said["seeds"] = _seeds(said["seeds"])
    return made_of("", Spec, said)


def _axis(name: str, given: object, kind_of: Callable[[str], type]) -> Listed | Span:
    where = f"axes.{name}"
    kind = _told(where, lambda: kind_of(name))
    if isinstance(given, dict):
        if kind not in (int, float):
            raise InputError(f"{where}: has words for values; give a list of them")
        span = _told(where, lambda: made_of("", Span, given))
        for end in (span.low, span.high):
            typed_as(where, kind, end)
        return span
    values = [_value(where, kind, value) for value in list_of(where, given)]
    if len(set(values)) < len(values):
        raise InputError(f"{where}: has a value twice; give each once")
    return Listed(tuple(values))


def _value(where: str, kind: type, value: Any) -> Value:
    if kind is bool and not isinstance(value, bool):
        raise InputError(f"{where}: {value!r} is not true or false")
    found: Value = typed_as(where, kind, value)
    return found


def _seeds(said: object) -> str:
    """A number, a text or a list of numbers, as the command line has it."""
    if not isinstance(said, list):
        return str(said)
    seeds = [typed_as("seeds", int, seed) for seed in list_of("seeds", said)]
    return ",".join(str(s) for s in seeds) if len(seeds) > 1 else f"{seeds[0]}-{seeds[0]}"


def _told(where: str, make: Callable[[], Made]) -> Made:
    """What `make` makes; its complaints begin with `where`."""
    try:
        return make()
    except InputError as e:
        raise InputError(f"{where}: {e}") from e
