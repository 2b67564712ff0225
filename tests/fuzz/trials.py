"""Contracts by chance for the barrier test: the honest pass on all of them, and cheats on none."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

import numpy as np
from hypothesis import strategies as st

from catallax.domains.production.economy import Shock, generate
from catallax.domains.production.knowledge import (
    BEHAVIOURS,
    BehaviourLaw,
    ChannelLaw,
    KnowledgeLaw,
    LineLaw,
)
from catallax.domains.production.run import Contract
from catallax.protocol.mechanism_names import every_mechanism
from catallax.testing import barrier
from tests.fuzz.hunting import Kind, Pieces
from tests.testing.cheats import CHEATS, Cheat, written

SECONDS = 12.0  # of a test, below those that an input may take
HONEST = written(
    act="""
        k = view.rows.spread(done.row['id'])
        return Act(view.inbox.value.link['ask'] * (1 + 0.01 * k)), done
    """
)
NAMES = every_mechanism()


@final
@dataclass(frozen=True)
class Tried:
    """Who is tried: a mechanism by name, a cheat by its number, or an honest file.

    name  : "" for a file
    cheat : of `CHEATS`; None for the honest one
    """

    name: str = ""
    cheat: int | None = None

    def __repr__(self) -> str:
        return f"<{self.name or ('honest' if self.cheat is None else CHEATS[self.cheat])}>"


@final
@dataclass(frozen=True)
class World:
    """What a contract is made of; every value is in order.

    seed   : of the economy, its sizes, and all that is drawn below
    rounds : ticks a week
    kind   : of behaviour
    """

    seed: int
    rounds: int
    kind: str
    shocked: bool
    backlog: bool

    def contract(self) -> Contract:
        """The contract; two to five weeks."""
        chance = np.random.default_rng(self.seed)
        economy = generate(
            self.seed, products=int(chance.integers(2, 4)), firms=int(chance.integers(1, 3)),
            households=int(chance.integers(1, 3)), inputs=int(chance.integers(1, 4)),
            lead=int(chance.integers(0, 3)),
        )  # fmt: skip
        drawn = [float(x) for x in chance.random(8)]
        knowledge = KnowledgeLaw(
            drawn[0], drift_z=0.02 + 0.1 * drawn[1], novelty=drawn[2], jump=drawn[3],
            misspecification=drawn[4], tacit_sigma=drawn[5], dispersion_capital=drawn[6],
        )  # fmt: skip
        lines = [self._line(chance) for _ in range(3)]
        channel = ChannelLaw(self.rounds, lines[0], lines[1], (("supply", lines[2]),))
        shocks = Shock("ore", 1, 0.5, announced=drawn[7] < 0.5) if self.shocked else ()
        weeks = int(chance.integers(2, 6))
        return Contract(
            economy, knowledge, channel, BehaviourLaw(self.kind), shocks, weeks,
            backlog=self.backlog,
        )  # fmt: skip

    def _line(self, chance: np.random.Generator) -> LineLaw:
        delay = int(chance.integers(0, 2 * self.rounds + 1)) / self.rounds
        return LineLaw(
            delay, float(chance.choice([0.0, 0.05])), float(chance.uniform(0.3, 1.0)),
            int(chance.choice([0, 8, 16])),
        )  # fmt: skip


def play(pieces: Pieces, folder: Path) -> None:
    """The honest pass, every one of their calls made again; a cheat does not pass."""
    who, world = pieces
    source = who.name
    if not source:
        cheat: Cheat | None = None if who.cheat is None else CHEATS[who.cheat]
        (folder / "mine.py").write_text(HONEST if cheat is None else cheat.text, "utf-8")
        source = str(folder / "mine.py")
    report = barrier(source, contract=world.contract(), seed=world.seed, seconds=SECONDS)
    if who.cheat is None:
        assert report.passed, report.lines
        assert report.replayed > 0
    else:
        assert not report.passed, f"{CHEATS[who.cheat]} passes"


WORLDS: st.SearchStrategy[Any] = st.builds(
    World, st.integers(0, 1 << 40), st.integers(1, 3), st.sampled_from(BEHAVIOURS),
    st.booleans(), st.booleans(),
)  # fmt: skip
WHO = st.one_of(
    st.builds(Tried, st.sampled_from(NAMES)),
    st.builds(Tried, st.just(""), st.none()),
    st.builds(Tried, st.just(""), st.integers(0, len(CHEATS) - 1)),
)


def ready() -> None:
    """The process from which others are forked is there."""
    barrier("market", contract=World(0, 1, "truthful", shocked=False, backlog=False).contract())


TRIALS = Kind("trials", st.tuples(WHO, WORLDS), play, 0.01, ready)
