"""How runs start: weeks before week 0 in which every economy settles under its institution.

They come without shocks and without announcements, so runs of one seed that differ in nothing else
settle alike: what they settle into is worked out once and shared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.knowledge import MessageCounts, Meter
from catallax.domains.production.run.contract import Contract
from catallax.domains.production.run.setup import Setup
from catallax.domains.production.run.world import World

if TYPE_CHECKING:
    from catallax.domains.production.run.batch import Batch
    from catallax.domains.production.run.log import Log

WEEKS, UTILITY = "starting_weeks", "starting_utility"  # names in `Run.sampled`


def sample_start(contract: Contract) -> list[int]:
    """Weeks below 0 in which utilities are kept: ever fewer, and the last one."""
    after, k = {0, contract.settle - 1}, 1
    while k < contract.settle:
        after, k = after | {k}, 2 * k
    return sorted(week - contract.settle for week in after if 0 <= week < contract.settle)


@final
@dataclass(eq=False)
class Start:
    """What is kept of the weeks before week 0; it grows with them, then it stays.

    utility : week -> (H,) of each final user, in the weeks of `sample_start`
    meter   : what was said
    """

    utility: dict[int, Floats] = field(default_factory=dict)
    meter: Meter = field(default_factory=Meter)

    def sampled(self) -> Mapping[str, Floats]:
        """The weeks (k,) and utilities (k, H) by name; nothing where none were kept."""
        if not self.utility:
            return {}
        weeks = np.array(list(self.utility), dtype=np.float64)
        return {WEEKS: weeks, UTILITY: np.array(list(self.utility.values()))}


def list_openers(setups: Sequence[Setup]) -> list[int]:
    """Positions of the first run of each seed, whose economy settles for all others of the seed.

    setups : of runs that differ in seeds and shocks alone
    """
    first: dict[int, int] = {}
    for k, setup in enumerate(setups):
        first.setdefault(setup.seed, k)
    return list(first.values())


def without_shocks(setup: Setup) -> Setup:
    """The run as it settles."""
    return replace(setup, contract=setup.contract.calm())


def take_up(
    settled: "Sequence[Batch]", setups: Sequence[Setup], logs: Sequence["Log"]
) -> list[tuple[Setup, World, "Log"]]:
    """Every run in week 0, in the state into which its seed's economy settled.

    settled : the openers that got so far
    logs    : of all runs. Those whose economy did not get so far say why their run ended
    """
    worlds: dict[int, World] = {}
    for batch in settled:
        for k, world in enumerate(batch.setup.layout.split(batch.world)):
            batch.logs[k].start.meter = batch.world.counts.meter(k)
            worlds[batch.setup.runs[k].seed] = world
    openers = {setups[k].seed: logs[k] for k in list_openers(setups)}
    for opener in openers.values():
        opener.close_start()
    for setup, log in zip(setups, logs, strict=True):
        log.share_start(openers[setup.seed])
    together = zip(setups, logs, strict=True)
    return [(s, _enter(s, worlds[s.seed]), log) for s, log in together if log.ended is None]


def _enter(setup: Setup, settled: World) -> World:
    """The world of week 0 under the run's own contract, in which nothing was counted yet."""
    truth = settled.truth.under(setup.contract)
    return replace(settled, truth=truth, counts=MessageCounts())
