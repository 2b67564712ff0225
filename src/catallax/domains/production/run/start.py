"""How runs start: weeks before week 0 in which every economy settles under its institution.

They come without shocks and without announcements, so runs of one seed that differ in nothing else
settle alike: what they settle into is worked out once and shared. Mechanisms from elsewhere may
change what they remember in place, so each of their runs settles by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.knowledge import MessageCounts, Meter
from catallax.domains.production.mechanisms import Mechanism
from catallax.domains.production.run.contract import Contract
from catallax.domains.production.run.oracle import Oracle
from catallax.domains.production.run.setup import Setup
from catallax.domains.production.run.world import World
from catallax.protocol.makers import parts

if TYPE_CHECKING:
    from catallax.domains.production.run.batch import Batch
    from catallax.domains.production.run.log import Log

WEEKS, UTILITY = "starting_weeks", "starting_utility"  # names in `Run.sampled`


def sample_start(contract: Contract) -> list[int]:
    """Weeks below 0 in which utilities are kept: two in each doubling of time, and the last one."""
    after, k = {0, contract.settle - 1}, 1
    while k < contract.settle:
        after, k = after | {k, 3 * k // 2}, 2 * k
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


def find_openers(setups: Sequence[Setup]) -> list[int]:
    """Of each run the position of the one whose economy settles for it: the first of its seed.

    setups : of runs that differ in seeds and shocks alone
    """
    if not is_ours(setups[0].mechanism):
        return list(range(len(setups)))
    first: dict[int, int] = {}
    return [first.setdefault(setup.seed, k) for k, setup in enumerate(setups)]


def is_ours(mechanism: Mechanism | Oracle) -> bool:
    """Whether all its parts are the package's own.

    Tests prove that these keep to their own rows and change nothing that they remember.
    """
    return all(type(part).__module__.startswith("catallax.") for part in parts(mechanism))


def without_shocks(setup: Setup) -> Setup:
    """The run as it settles."""
    return replace(setup, contract=setup.contract.calm())


def take_up(
    settled: "Sequence[Batch]",
    openers: Sequence[int],
    setups: Sequence[Setup],
    logs: Sequence["Log"],
) -> list[tuple[Setup, World, "Log"]]:
    """Every run in week 0, in the state into which its opener's economy settled.

    settled : the openers that got so far
    openers : of each run, as `find_openers` says
    logs    : of all runs. Those whose economy did not get so far say why their run ended
    """
    worlds: dict[Log, World] = {}
    for batch in settled:
        for k, world in enumerate(batch.setup.layout.split(batch.world)):
            batch.logs[k].start.meter = batch.world.counts.meter(k)
            worlds[batch.logs[k]] = world
    for k in sorted(set(openers)):
        logs[k].close_start()
    for log, k in zip(logs, openers, strict=True):
        log.share_start(logs[k])
    together = zip(setups, logs, openers, strict=True)
    return [(s, _enter(s, worlds[logs[k]]), log) for s, log, k in together if log.ended is None]


def _enter(setup: Setup, settled: World) -> World:
    """The world of week 0 under the run's own contract, in which nothing was counted yet."""
    truth = settled.truth.under(setup.contract)
    return replace(settled, truth=truth, counts=MessageCounts())
