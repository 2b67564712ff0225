"""What mechanisms are shown in a run cannot be made writable, whichever way the run is played."""

import pickle
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np
import pytest

from catallax.domains.production.knowledge import ChannelLaw, LineLaw
from catallax.domains.production.mechanisms import Agents, Centre, Mechanism
from catallax.domains.production.network import Act, Table
from catallax.domains.production.run import Contract, simulate, simulate_many
from catallax.kernels.switch import plain

EXACT = ChannelLaw(line=LineLaw(0.0, 0.0, 1.0, 0), centre=LineLaw(1.0, 0.0, 1.0, 0), measuring=0.0)


def arrays(value: Any) -> Iterator[np.ndarray]:
    """All arrays in what a mechanism is shown, also those that are worked out and kept."""
    if isinstance(value, np.ndarray):
        yield value
    elif is_dataclass(value):
        for f in fields(value):
            yield from arrays(getattr(value, f.name))
        yield from arrays(getattr(value, "__dict__", {}))
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from arrays(part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from arrays(part)


def check(value: Any) -> None:
    """Nothing in it, and nothing that it stands on, can be made writable."""
    for array in arrays(value):
        base: Any = array
        while isinstance(base, np.ndarray):
            with pytest.raises(ValueError, match="WRITEABLE"):
                base.setflags(write=True)
            base = base.base


@dataclass(frozen=True)
class Looking(Agents):
    def start(self, view):
        _ = view.rows.csr, view.rows.buyer_start
        check(view)
        return Table(), Table()

    def report(self, view, said):
        check(view)
        return Table({"z": np.array(view.facts.row["z"])}), said

    def act(self, view, done):
        check(view)
        return Act(view.inbox.value.link["ask"].copy(), price=view.seen.row["price"].copy()), done


@dataclass(frozen=True)
class Office(Centre):
    def start(self, public, rng):
        _ = public.network.sold_by, public.network.final, public.network.log_buyers
        check(public)

    def decide(self, heard, t, memory):
        check(heard)
        return Table({"price": np.ones(len(heard.value.row["z"]))}), memory


LOOKING = Mechanism("looking", Looking(), Office())


@pytest.mark.parametrize("economy", ["small:0", "us15"])
@pytest.mark.parametrize("channel", [ChannelLaw(), EXACT])
def test_nothing_shown_can_be_made_writable(economy: str, channel: ChannelLaw) -> None:
    contract = Contract(economy, channel=channel, weeks=3, settle=0)
    assert simulate(contract, LOOKING, 1).completed
    assert simulate(pickle.loads(pickle.dumps(contract)), LOOKING, 1).completed
    assert all(run.completed for run in simulate_many(contract, LOOKING, [1, 2]))


@dataclass(frozen=True)
class Late(Looking):
    """Says one array and changes it while it is on its way."""

    def start(self, view):
        return Table({"z": np.zeros(view.rows.n)}), Table()

    def report(self, view, said):
        said.row["z"][:] = float(view.t)
        return Table({"z": said.row["z"]}), said


@dataclass(frozen=True)
class Listening(Office):
    heard: list[float]

    def decide(self, heard, t, memory):
        self.heard.append(float(heard.value.row["z"][0]))
        return None, memory


def test_what_is_on_its_way_can_be_changed_by_nobody() -> None:
    heard: list[float] = []
    contract = Contract("small:0", channel=EXACT, weeks=4, settle=0)
    assert simulate(contract, Mechanism("late", Late(), Listening(heard)), 1).completed
    assert heard[1:] == [0.0, 1.0, 2.0]


@dataclass(frozen=True)
class Handing(Agents):
    """Hands over arrays of its own, and writes into them later if it is `late`."""

    late: bool
    pays: bool
    given: list[Act]
    saw: list[bytes]

    def start(self, view):
        return Table(), Table()

    def report(self, view, said):
        return Table(), said

    def act(self, view, done):
        for act in self.given if self.late else ():
            for column in (act.ask, act.use, act.price):
                if column is not None:
                    column[:] = 7.0
        self.saw.extend(column.tobytes() for column in arrays(view.seen))
        price = np.full(view.rows.n, 1.5) if self.pays else None
        self.given.append(
            Act(view.inbox.value.link["ask"] * 1.0, view.seen.link["held"] / 2, price)
        )
        return self.given[-1], done


@pytest.mark.parametrize("pays", [True, False])
@pytest.mark.parametrize("backlog", [True, False])
@pytest.mark.parametrize("loops", [True, False])
def test_an_act_that_was_handed_over_is_out_of_reach(
    pays: bool, backlog: bool, loops: bool
) -> None:
    """Or the orders that sellers are said to have met would be what a buyer writes afterwards."""
    contract = Contract("small:0", weeks=4, backlog=backlog, settle=0)
    kept: list[Handing] = [Handing(late, pays, [], []) for late in (True, False)]
    with nullcontext() if loops else plain():
        runs = [simulate(contract, Mechanism("handing", agents), 1) for agents in kept]
    assert all(run.completed for run in runs)
    assert (kept[0].given[0].ask == 7.0).all()
    assert runs[0].bits == runs[1].bits
    assert kept[0].saw == kept[1].saw
