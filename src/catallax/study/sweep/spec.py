"""A sweep as it is written down: what is varied, how, and on which seeds; frozen once read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.errors import InputError, about, unknown
from catallax.protocol import Value
from catallax.protocol.settings import shorten
from catallax.tomlfile import read_as

MOST = 100_000  # points of a sweep, and so values of an axis
LARGEST = 1e100  # end of a span
GRID, LATIN, SOBOL = "grid", "latin", "sobol"


@final
@dataclass(frozen=True)
class Listed:
    """Values of an axis, one by one."""

    values: tuple[Value, ...]

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.values)

    def grid(self) -> tuple[Value, ...]:
        """All of them."""
        return self.values

    def at(self, u: float) -> Value:
        """The value at a share of the way through the list, 0 <= u < 1."""
        return self.values[int(u * len(self.values))]


@final
@dataclass(frozen=True)
class Span:
    """Values of an axis from `low` to `high`, both included.

    low, high : where both are whole numbers, so is what lies between them
    log       : whether steps are even in logs; then low is > 0
    count     : of values on a grid, >= 2; of no account in samples

    Raises InputError for what is out of range.
    """

    low: int | float
    high: int | float
    log: bool = False
    count: int = 0

    def __post_init__(self) -> None:
        for name, end in (("low", self.low), ("high", self.high)):
            if not -LARGEST <= end <= LARGEST:
                raise InputError(f"{name}: {end} is out of range, expected up to {LARGEST:g}")
        if not 0 <= self.count <= MOST:
            raise InputError(f"count: {self.count} is out of range, expected 2 to {MOST:,}")
        if not self.low < self.high:
            raise InputError(f"low: {self.low} is not below high, {self.high}")
        if self.log and self.low <= 0:
            raise InputError(f"low: {self.low} has no logarithm; give a number above 0")

    @property
    def size(self) -> int:
        """How many values a grid has, at most."""
        whole = isinstance(self.low, int) and isinstance(self.high, int)
        return min(self.count, int(self.high) - int(self.low) + 1) if whole else self.count

    def grid(self) -> tuple[Value, ...]:
        """`count` values in even steps, each once."""
        if self.count < 2:
            raise InputError("count: is missing; a grid needs the number of values, 2 or more")
        steps = np.linspace(0.0, 1.0, self.count)
        return tuple(dict.fromkeys(self.at(float(u)) for u in steps))

    def at(self, u: float) -> Value:
        """The value at a share of the way, 0 <= u <= 1."""
        whole = isinstance(self.low, int) and isinstance(self.high, int)
        if not whole:
            return self._between(self.low, self.high, u)
        # Half a step more on either side, so that the ends come as often as the others.
        half = 0.5 - 1e-9
        wide = self._between(max(self.low - half, 0.5 * self.low), self.high + half, u)
        return min(max(round(wide), int(self.low)), int(self.high))

    def _between(self, low: float, high: float, u: float) -> float:
        found = low * (high / low) ** u if self.log else low + (high - low) * u
        return min(max(shorten(found), low), high)


DESIGNS = (GRID, LATIN, SOBOL)
Values = Listed | Span


@final
@dataclass(frozen=True)
class SweepSpec:
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
    axes: tuple[tuple[str, Values], ...]
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
                f"samples: {self.samples} is not a power of 2, which {SOBOL} needs to be balanced; "
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
            places = product(*(self._grid_of(name, given) for name, given in self.axes))
            return [dict(zip(names, place, strict=True)) for place in places]
        found = [
            {name: given.at(float(u)) for (name, given), u in zip(self.axes, row, strict=True)}
            for row in self._draw_samples()
        ]
        return list({repr(point): point for point in found}.values())

    def _grid_of(self, name: str, given: Values) -> tuple[Value, ...]:
        with about(f"axes.{name}"):
            return given.grid()

    def _draw_samples(self) -> Floats:
        """(samples, axes) in [0, 1)."""
        if not self.axes:
            return np.zeros((1, 0))
        from scipy.stats import qmc  # takes most of a second

        kind = qmc.Sobol if self.design == SOBOL else qmc.LatinHypercube
        engine = kind(len(self.axes), seed=np.random.default_rng(self.seed))
        return np.asarray(engine.random(self.samples), dtype=np.float64)


@final
@dataclass(frozen=True)
class SweepFile:
    """What a TOML file says of a sweep, as it stands there; `SweepSpec` says what it means."""

    name: str = ""
    experiment: str = "compare"
    contract: Mapping[str, Any] = field(default_factory=dict)
    mechanisms: tuple[str, ...] | None = None
    seeds: int | str | tuple[int, ...] = "8"
    design: str = GRID
    samples: int = 0
    seed: int = 0
    axes: Mapping[str, tuple[Value, ...] | Span] = field(default_factory=dict)


def spec_of_file(said: SweepFile, name: str, kind_of: Callable[[str], type]) -> SweepSpec:
    """The sweep that a file says, but for its table `contract`.

    name    : what it is called if the file gives no name
    kind_of : axis -> type of its values; raises InputError for an unknown axis

    Raises InputError, which begins with the key that is wrong.
    """
    axes = tuple((axis, _read_axis(axis, given, kind_of)) for axis, given in said.axes.items())
    return SweepSpec(
        said.name or name,
        said.experiment,
        axes,
        _read_mechanisms(said.mechanisms),
        _read_seeds(said.seeds),
        said.design,
        said.samples,
        said.seed,
    )


def _read_axis(
    name: str, given: tuple[Value, ...] | Span, kind_of: Callable[[str], type]
) -> Values:
    """Its values, each of the type that the axis has."""
    where = f"axes.{name}"
    with about(where):
        kind = kind_of(name)
    if isinstance(given, Span):
        if kind not in (int, float):
            raise InputError(f"{where}: has words for values; give a list of them")
        for end in (given.low, given.high):
            read_as(where, kind, end)
        return given
    for value in given:
        read_as(where, kind, value)
    if not given:
        raise InputError(f"{where}: is empty; write [first, second, ...]")
    if len(set(given)) < len(given):
        raise InputError(f"{where}: has a value twice; give each once")
    return Listed(given)


def _read_mechanisms(said: tuple[str, ...] | None) -> tuple[str, ...]:
    """None for the experiment's own, which an empty list is not."""
    if said is None:
        return ()
    if not said:
        raise InputError(
            'mechanisms: is empty; write ["first", "second", ...], or leave it out for the '
            "experiment's own"
        )
    return said


def _read_seeds(said: int | str | tuple[int, ...]) -> str:
    """A number, a text or a list of numbers, as the command line has it."""
    if not isinstance(said, tuple):
        return str(said)
    return ",".join(str(s) for s in said) if len(said) != 1 else f"{said[0]}-{said[0]}"
