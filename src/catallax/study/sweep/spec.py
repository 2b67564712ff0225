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
from catallax.study.sweep.spans import MOST, Listed, Span
from catallax.tomlfile import read_as

GRID, LATIN, SOBOL = "grid", "latin", "sobol"
DESIGNS = (GRID, LATIN, SOBOL)
Values = Listed | Span


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

    def _grid(self, name: str, given: Values) -> tuple[Value, ...]:
        with about(f"axes.{name}"):
            return given.grid()

    def _samples(self) -> Floats:
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
    """What a TOML file says of a sweep, as it stands there; `Spec` says what it means."""

    name: str = ""
    experiment: str = "compare"
    contract: Mapping[str, Any] = field(default_factory=dict)
    mechanisms: tuple[str, ...] | None = None
    seeds: int | str | tuple[int, ...] = "8"
    design: str = GRID
    samples: int = 0
    seed: int = 0
    axes: Mapping[str, tuple[Value, ...] | Span] = field(default_factory=dict)


def spec_of_file(said: SweepFile, name: str, kind_of: Callable[[str], type]) -> Spec:
    """The sweep that a file says, but for its table `contract`.

    name    : what it is called if the file gives no name
    kind_of : axis -> type of its values; raises InputError for an unknown axis

    Raises InputError, which begins with the key that is wrong.
    """
    axes = tuple((axis, _axis(axis, given, kind_of)) for axis, given in said.axes.items())
    return Spec(
        said.name or name,
        said.experiment,
        axes,
        _mechanisms(said.mechanisms),
        _seeds(said.seeds),
        said.design,
        said.samples,
        said.seed,
    )


def _axis(name: str, given: tuple[Value, ...] | Span, kind_of: Callable[[str], type]) -> Values:
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


def _mechanisms(said: tuple[str, ...] | None) -> tuple[str, ...]:
    """None for the experiment's own, which an empty list is not."""
    if said is None:
        return ()
    if not said:
        raise InputError(
            'mechanisms: is empty; write ["first", "second", ...], or leave it out for the '
            "experiment's own"
        )
    return said


def _seeds(said: int | str | tuple[int, ...]) -> str:
    """A number, a text or a list of numbers, as the command line has it."""
    if not isinstance(said, tuple):
        return str(said)
    return ",".join(str(s) for s in said) if len(said) != 1 else f"{said[0]}-{said[0]}"
