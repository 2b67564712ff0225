"""Domains in little whose measures and lines are whatever a test wants."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from catallax import Comparison, compare
from catallax.protocol import Broken, Domain, Measure, Measured, plain_domain, register_domain

Draw = Callable[[np.random.Generator, float, int], Any]
"""(chances of the seed, what the mechanism adds, weeks) -> a line."""


@dataclass(frozen=True)
class Adds:
    """A mechanism that adds something to a line (Nobody 1900)."""

    amount: float = 0.0
    name: ClassVar[str] = "adds"


@dataclass(frozen=True)
class Sees:
    """An oracle in name: its amount is the best there is."""

    amount: float = 1.0
    name: ClassVar[str] = "sees"


@dataclass(frozen=True)
class Breaks:
    """A mechanism that breaks a rule at once."""

    amount: float = float("nan")
    name: ClassVar[str] = "breaks"


def toy(
    name: str,
    draw: Draw,
    *,
    mechanisms: Sequence[Any] = ("adds", "adds:amount=1"),
    seeds: int = 3,
    weeks: int = 30,
    measure: Measure | None = None,
    **more: Any,
) -> Comparison:
    """The comparison of a domain whose one line, `line`, is what `draw` gives."""

    def play(settings: dict[str, Any], mechanism: Any, seed: int) -> dict[str, Any]:
        if isinstance(mechanism, Breaks):
            raise Broken("it wants more than there is")
        line = draw(np.random.default_rng(seed), mechanism.amount, settings["weeks"])
        return {"line": np.asarray(line, dtype=np.float64)}

    usual = Measure("mean", "points", "higher", "Mean of the line.", "Nobody 1900", mean)
    domain = plain_domain(
        name, "what a toy does", {"weeks": weeks}, play, {"adds": Adds, "breaks": Breaks},
        [measure or usual], oracles={"sees": Sees}, **more,
    )  # fmt: skip
    contract = kept(domain).experiments[name].build({})
    return compare(name, contract, list(mechanisms), seeds, workers=0)


def kept(domain: Domain) -> Domain:
    """A domain that later tests of a file know too: see `known_again`."""
    MADE[domain.name] = domain
    return register_domain(domain)


def known_again() -> None:
    """Make known again what `no_domain_stays` has made unknown."""
    for domain in MADE.values():
        register_domain(domain)


MADE: dict[str, Domain] = {}


def mean(run: Any, twin: Any) -> Measured:
    """Mean of what is there of the line; none where nothing is."""
    line = run.series["line"]
    there = line[np.isfinite(line)]
    return Measured(float(there.mean())) if there.size else Measured(None, "the line is empty")
