"""What stays the same in a run, or in several that go side by side."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.economy import Economy, list_announcements
from catallax.domains.production.knowledge import make_public_technology
from catallax.domains.production.mechanisms import Centre, Mechanism
from catallax.domains.production.network import Event, Public, Table
from catallax.domains.production.network.layout import Layout
from catallax.domains.production.run.contract import Contract
from catallax.domains.production.run.oracle import Oracle
from catallax.streams import BatchStreams, Draws, Streams


@final
@dataclass(frozen=True, eq=False)
class Setup:
    """What stays the same in a run.

    contract  : what is held equal. Runs beside it share all of it but the shocks
    mechanism : who coordinates
    seed      : of all randomness, >= 0
    beside    : the runs that go beside this one, with the same mechanism
    """

    contract: Contract
    mechanism: Mechanism | Oracle
    seed: int
    beside: tuple["Setup", ...] = ()

    @property
    def runs(self) -> tuple["Setup", ...]:
        """Every run, by itself."""
        return (replace(self, beside=()), *self.beside) if self.beside else (self,)

    @property
    def centre(self) -> Centre[Any] | None:
        """The mechanism's centre, if it has one."""
        return None if isinstance(self.mechanism, Oracle) else self.mechanism.centre

    @cached_property
    def layout(self) -> Layout:
        """Where the runs stand in what holds them all."""
        return Layout(self.contract.economy.network, 1 + len(self.beside))

    @cached_property
    def economy(self) -> Economy:
        """The economies of all runs as one; of a run alone the contract's."""
        return join_economies(self.contract.economy, self.layout)

    @cached_property
    def streams(self) -> Draws:
        """All randomness of the runs."""
        if not self.beside:
            return Streams(self.seed)
        return BatchStreams(tuple(Streams(run.seed) for run in self.runs))

    @cached_property
    def public(self) -> Public:
        """What everybody knows in this run at the start, whatever goes beside it."""
        e, channel = self.contract.economy, self.contract.channel
        return Public(
            network=e.network,
            base=make_public_technology(e.technology),
            income=e.income,
            output=e.output,
            flow=e.flow,
            rounds=channel.rounds,
            noise=float(np.hypot(channel.centre.error, channel.measuring)),
            delay=channel.centre.delay,
            weeks=self.contract.weeks,
            noises={kind: channel.report_error(kind) for kind, _ in channel.kinds},
            decay=e.decay,
            jitter=channel.centre.jitter,
        )

    @cached_property
    def announced(self) -> tuple[tuple[Event, ...], ...]:
        """What is told to all in each run before its week 0, ascending in weeks."""
        held = (run.contract for run in self.runs)
        return tuple(list_announcements(c.economy, c.shocks) for c in held)

    @cached_property
    def coming(self) -> dict[tuple[int, ...], Table]:
        """What `views.show_coming` has worked out: how many events have come in each run -> it."""
        return {}

    @cached_property
    def silent(self) -> dict[str, Floats]:
        """(n,) per line and kind of its own: NaN for rows that cannot send, 0 for the others."""
        channel, rows = self.contract.channel, self.layout.places.rows
        laws = {"line": channel.line, "centre": channel.centre}
        laws |= {f"centre/{kind}": law for kind, law in channel.kinds}
        return {
            name: np.where(
                self.streams.uniform(f"coverage/{name}", rows) < law.coverage, 0.0, np.nan
            )
            for name, law in laws.items()
        }


def set_side_by_side(setups: tuple[Setup, ...]) -> Setup:
    """Runs of one economy, mechanism, law of knowledge, channel and length, side by side."""
    return replace(setups[0], beside=setups[1:])


def join_economies(economy: Economy, layout: Layout) -> Economy:
    """The economy of as many runs as the layout places, in which nobody meets anybody of another.

    Classes of owners are numbered on from run to run.
    """
    runs, places = range(layout.runs), layout.places
    if layout.runs == 1:
        return economy
    return Economy(
        economy.name,
        layout.join([economy.technology for _ in runs]),
        places.links.join([economy.flow for _ in runs]),
        places.rows.join([economy.decay for _ in runs]),
        places.links.join([economy.lead for _ in runs]),
        places.links.join([economy.iceberg for _ in runs]),
        places.rows.join([economy.owner + run * len(economy.own) for run in runs]),
        economy.own,
        places.households.join([economy.weight for _ in runs]),
        economy.group * layout.runs,
    )
