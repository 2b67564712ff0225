"""A talkative toy mechanism and a small economy for the tests of channel and meter."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from catallax.domains.production.economy import Economy, generate
from catallax.domains.production.knowledge import ChannelLaw, KnowledgeLaw, LineLaw
from catallax.domains.production.mechanisms import Agents, Centre, Mechanism
from catallax.domains.production.network import Act, Table
from catallax.domains.production.run import Contract, Setup, simulate


@dataclass(frozen=True)
class Speakers(Agents):
    """Every row numbers its reports and its prices; what it hears goes to `log`.

    extra : report output too
    links : report on each link what was used
    quiet : ticks at which nothing is said
    """

    log: list[Any] = field(default_factory=list)
    extra: bool = False
    links: bool = False
    quiet: tuple[int, ...] = ()

    def start(self, view):
        return Table({"k": np.zeros(view.rows.n)}), Table()

    def report(self, view, said):
        k = said.row["k"]
        spoken = np.isin(k, self.quiet, invert=True)
        mail = {"orders": np.where(spoken, k + 1.0, np.nan)}
        if self.extra:
            mail["output"] = 3.0 + k
        self.log.append(("report", view.t, view.inbox))
        used = {"used": view.rows.spread(5.0 + k)} if self.links else {}
        return Table(mail, used), Table({"k": k + 1})

    def act(self, view, done):
        self.log.append(("act", view.t, view.inbox))
        price = np.full(view.rows.n, 100.0 + view.t)
        return Act(np.zeros(view.rows.m), None, price), done


@dataclass(frozen=True)
class Listener(Centre[int]):
    """Hears reports, keeps what it heard in `log` and numbers its directives from 1."""

    log: list[Any] = field(default_factory=list)
    silent: bool = False

    def start(self, public, rng):
        return 0

    def decide(self, heard, t, memory):
        self.log.append((t, heard))
        told = Table({"told": np.full(len(heard.value.row["orders"]), t + 1.0)})
        return (None if self.silent else told), memory + 1


@dataclass
class Heard:
    """What everybody heard in a run.

    centre : (tick, inbox) at every decision; rows : (verb, week, inbox) at every call
    """

    economy: Economy
    run: Any
    public: Any
    centre: list[Any]
    rows: list[Any]


@pytest.fixture(scope="session")
def talk():
    """Run the toy mechanism under a line law for all; everything exact unless said otherwise."""

    def talked(
        line=None,
        centre=None,
        rounds=1,
        weeks=8,
        seed=1,
        extra=False,
        links=False,
        quiet=(),
        silent=False,
        kinds=(),
        measuring=0.0,
        settle=0,
    ):
        exact = LineLaw(noise=0.0, resolution=0)
        economy = generate(2, products=3, firms=2, households=2, inputs=2)
        law = ChannelLaw(rounds, line or exact, centre or line or exact, kinds, measuring)
        contract = Contract(economy, KnowledgeLaw(), law, weeks=weeks, settle=settle)
        rows, hall = Speakers(extra=extra, links=links, quiet=quiet), Listener(silent=silent)
        mechanism = Mechanism("toy", rows, hall, ("told", "eps", "gamma"))
        run = simulate(contract, mechanism, seed)
        assert run.completed
        return Heard(economy, run, Setup(contract, mechanism, seed).public, hall.log, rows.log)

    return talked
