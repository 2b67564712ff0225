"""Runs on which mechanisms are tried, drawn from a seed: nobody can have prepared for them.

Every seed draws four runs. A mechanism is told of more weeks than are played, so that it cannot
tell a trial by its length.
"""

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from catallax.domains.production.economy import Economy, Shock, generate
from catallax.domains.production.knowledge import (
    BEHAVIOURS,
    BehaviourLaw,
    ChannelLaw,
    KnowledgeLaw,
    LineLaw,
)
from catallax.domains.production.run import Contract
from catallax.protocol import TrialRun

YEAR = 52


def draw_trials(seed: int) -> Sequence[TrialRun]:
    """A moving world of liars; several rounds a week; a backlog; years under plain laws.

    Each on an economy, a seed and a length of its own; the longest comes last.
    """
    chance = np.random.default_rng([seed, 0xBA221E2])
    return [made(chance) for made in (_draw_moving_world, _draw_rounds, _draw_backlog, _draw_years)]


def make_trial(contract: Contract, seed: int) -> TrialRun:
    """The run on a contract that somebody gives."""
    drawn = _draw_seed(np.random.default_rng([seed, 0xBA221E2]))
    return TrialRun(
        contract, drawn, contract.weeks, f"the contract that was given, {contract.hash}"
    )


def _draw_moving_world(chance: Generator) -> TrialRun:
    """Everything drifts and jumps, nobody is honest, goods are on the way."""
    law = KnowledgeLaw(
        float(chance.uniform(0.0, 1.0)), drift_z=0.02, novelty=0.5, jump=0.3,
        pattern=str(chance.choice(["seasonal", "trending"])), misspecification=0.3,
        tacit_sigma=0.5, tacit_capital=0.5, dispersion_capital=0.2,
    )  # fmt: skip
    contract = Contract(
        _draw_economy(chance, 20, lead=int(chance.integers(1, 3))),
        law,
        ChannelLaw(kinds=(("supply", LineLaw(3.0)),)),
        BehaviourLaw("adversarial"),
        shocks=_draw_shock(chance, 12),
        weeks=_draw_weeks(chance),
        settle=_draw_settle(chance),
    )
    return _draw_trial(chance, contract, int(chance.integers(12, 20)), "a moving world of liars")


def _draw_rounds(chance: Generator) -> TrialRun:
    """Several ticks a week, on lines that are late and lose some rows."""
    rounds = int(chance.integers(2, 4))
    late = LineLaw(1.0 / rounds, coverage=float(chance.uniform(0.6, 1.0)))
    contract = Contract(
        _draw_economy(chance),
        KnowledgeLaw(drift_z=0.01),
        ChannelLaw(rounds, late, LineLaw(float(chance.integers(0, 3)) / rounds)),
        BehaviourLaw("strategic"),
        weeks=_draw_weeks(chance),
        settle=_draw_settle(chance),
    )
    title = f"{rounds} rounds a week, strategic"
    return _draw_trial(chance, contract, int(chance.integers(6, 11)), title)


def _draw_backlog(chance: Generator) -> TrialRun:
    """Orders wait, and lines are exact."""
    exact = LineLaw(float(chance.integers(0, 3)), 0.0, 1.0, 0)
    behaviour = str(chance.choice(BEHAVIOURS))
    contract = Contract(
        _draw_economy(chance),
        KnowledgeLaw(drift_z=0.02),
        ChannelLaw(line=exact, centre=exact, measuring=0.0),
        BehaviourLaw(behaviour),
        _draw_shock(chance, 4),
        _draw_weeks(chance),
        backlog=True,
        settle=_draw_settle(chance),
    )
    title = f"a backlog and exact lines, {behaviour}"
    return _draw_trial(chance, contract, int(chance.integers(8, 14)), title)


def _draw_years(chance: Generator) -> TrialRun:
    """Three to five years under default laws: annual plans are made, and late weeks come."""
    played = int(chance.integers(3 * YEAR, 5 * YEAR))
    weeks = played + int(chance.integers(1, YEAR))
    economy, shock = _draw_economy(chance), _draw_shock(chance, YEAR)
    contract = Contract(economy, shocks=shock, weeks=weeks, settle=_draw_settle(chance))
    return _draw_trial(chance, contract, played, "years under plain laws")


def _draw_economy(chance: Generator, most: int = 6, lead: int = 0) -> Economy:
    """3 to `most` products, each of one or two firms, and one to three kinds of final user."""
    return generate(
        _draw_seed(chance),
        products=int(chance.integers(3, most + 1)),
        firms=2,
        households=int(chance.integers(1, 4)),
        inputs=3,
        lead=lead,
    )


def _draw_shock(chance: Generator, last: int) -> Shock:
    """Ore gets scarce, or plenty, before week `last`."""
    week, factor = int(chance.integers(2, last)), float(chance.choice([0.5, 0.7, 1.3]))
    return Shock("ore", week, factor, announced=bool(chance.random() < 0.5))


def _draw_weeks(chance: Generator) -> int:
    return int(chance.integers(2 * YEAR, 8 * YEAR))


def _draw_settle(chance: Generator) -> int:
    """Some weeks before week 0, or none."""
    return int(chance.integers(0, 9))


def _draw_seed(chance: Generator) -> int:
    """One of so many that nobody can have tried them all."""
    return int(chance.integers(1 << 62))


def _draw_trial(chance: Generator, contract: Contract, weeks: int, title: str) -> TrialRun:
    economy = contract.economy.network
    return TrialRun(
        contract, _draw_seed(chance), weeks, f"{title}; {economy.n} rows, {weeks} weeks"
    )
