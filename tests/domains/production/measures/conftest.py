"""An institution that says all that can be said, and what a measure comes to."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from catallax.domains.production.measures import Assessed, assess, measure_all
from catallax.domains.production.mechanisms import Agents, Centre, Mechanism
from catallax.domains.production.network import Act, Table
from catallax.domains.production.run import Run


class Tellers(Agents):
    """Report productivity and tastes; ask for the base year's flow and use it up."""

    def start(self, view):
        return Table(), Table()

    def report(self, view, said):
        return Table({"z": view.facts.row["z"]}, {"share": view.facts.link["share"]}), said

    def act(self, view, done):
        return Act(view.inbox.value.link["ask"]), done


@dataclass(frozen=True)
class Periodic(Centre):
    """Directs everybody alike every `period` ticks, from the first."""

    period: int = 1

    def start(self, public, rng):
        return public.flow

    def decide(self, heard, t, memory):
        return (Table(link={"ask": memory}) if t % self.period == 0 else None), memory


@pytest.fixture(scope="session")
def tellers() -> Callable[..., Mechanism]:
    """(period) -> the institution, directed every `period` ticks."""
    return lambda period=1: Mechanism("tellers", Tellers(), Periodic(period))


@pytest.fixture(scope="session")
def value_of() -> Callable[..., float | str]:
    """(measure, run) -> its value, or the reason why there is none."""

    def of(name: str, run: Run | Assessed) -> float | str:
        found = measure_all(run if isinstance(run, Assessed) else assess(run, [0]), None)[name]
        assert (found.value is None) == bool(found.reason)
        assert found.value is None or np.isfinite(found.value)
        return found.reason if found.value is None else found.value

    return of
