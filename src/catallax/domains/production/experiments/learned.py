"""What is learned: how close a planner comes to elasticities, how well facts can be foretold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.knowledge.tacit import mix_parts
from catallax.domains.production.mechanisms import Mechanism
from catallax.domains.production.mechanisms.planner import PlannerState
from catallax.domains.production.run import (
    Contract,
    Setup,
    World,
    act,
    begin,
    close_tick,
    decide,
    draw_truths,
    open_tick,
    settle_week,
)
from catallax.errors import InputError
from catallax.learning import forecaster
from catallax.streams import Streams


@final
@dataclass(frozen=True, eq=False)
class Learned:
    """Errors over weeks, and the power of time with which they fall.

    weeks : (w,) when the error was looked at
    error : (seeds, w) root mean square log error over rows
    """

    weeks: tuple[int, ...]
    error: Floats

    @property
    def rate(self) -> tuple[float, float]:
        """Slope of log error on log weeks, by least squares seed by seed: mean and s.e."""
        slopes = np.polyfit(np.log(self.weeks), np.log(self.error).T, 1)[0]
        return float(slopes.mean()), float(slopes.std(ddof=1) / np.sqrt(len(slopes)))


def elasticities_learned(
    contract: Contract, mechanism: Mechanism, seeds: Sequence[int], weeks: Sequence[int]
) -> Learned:
    """How far an `ai_planner`'s beliefs about plants' elasticities are off after some weeks.

    History begins in week 0: nothing is learned in weeks before it, of which there are none.

    Raises InputError where the mechanism's centre holds no such belief or a week is outside the
    run.
    """
    if min(weeks) < 1 or max(weeks) >= contract.weeks:
        raise InputError(f"weeks: {list(weeks)} are not all within 1 to {contract.weeks - 1}")
    contract = replace(contract, settle=0)
    errors = [[_off(w) for w in _worlds(contract, mechanism, s) if w.t in weeks] for s in seeds]
    return Learned(tuple(sorted(weeks)), np.array(errors))


def _off(world: World) -> float:
    """Root mean square log error of plants' elasticities as the centre believes them."""
    if not isinstance(world.memory, PlannerState):
        raise InputError("elasticities: only the centre of ai_planner holds beliefs about them")
    plants = world.memory.public.network.plants
    off = np.log(world.memory.estimates.elasticities.sigma / world.truth.whole.sigma)[plants]
    return float(np.sqrt(np.mean(off**2)))


def _worlds(contract: Contract, mechanism: Mechanism, seed: int) -> Iterator[World]:
    """Every week's world, after the centre spoke; ends where the run stops."""
    setup = Setup(contract, mechanism, seed)
    world = begin(setup)
    for _ in range(contract.weeks):
        for _ in range(contract.channel.rounds):
            world = open_tick(setup, world)
            told, world = decide(setup, world)
            world = close_tick(setup, world, told)
        yield world
        deed, world = act(setup, world)
        if deed is None:
            return
        world, week = settle_week(setup, world, deed)
        if isinstance(week, str):
            return


def taste_skill(contract: Contract, seed: int, forecast: str, ahead: int, burn: int = 52) -> float:
    """Share of the change of tastes over `ahead` weeks that a forecast from reports foretells.

    1 - (mean square error) / (mean square change), over the weeks from `burn` on; 1 is to know the
    future, 0 as good as to know the present and expect no change, less than 0 worse. Reports
    hold what can be said of tastes, with the errors of reports.

    Raises InputError for an unknown forecast and a run that is too short.
    """
    if not 1 <= ahead < contract.weeks - burn:
        raise InputError(
            f"ahead: {ahead} is out of range, expected 1 to {contract.weeks - burn - 1}"
        )
    rule, law = forecaster(forecast), contract.knowledge
    facts = [t.facts for t in draw_truths(contract, seed)]
    said = [mix_parts(law.tau_taste, f.taste + f.drift + f.course, tacit=False) for f in facts]
    noise = np.full(len(said[0]), contract.channel.report_error("share"))
    track, every, streams = rule.start(0.0 * said[0]), noise >= 0, Streams(seed)
    missed, moved = [], []
    for week, now in enumerate(said[: contract.weeks - ahead]):
        heard = now + noise * streams.normal("skill/report", len(now), week)
        track = rule.update(track, heard, every, noise)
        if week >= burn:
            then = said[week + ahead]
            missed.append(np.mean((rule.ahead(track, float(ahead)) - then) ** 2))
            moved.append(np.mean((now - then) ** 2))
    return float(1.0 - np.mean(missed) / np.mean(moved))
