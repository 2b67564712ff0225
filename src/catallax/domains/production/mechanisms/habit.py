"""The null: everybody repeats the base year, and nobody coordinates anything."""

from typing import final

import numpy as np

from catallax.domains.production.mechanisms.base import Agents, Mechanism
from catallax.domains.production.network import Act, Table, View


@final
class HabitualAgents(Agents):
    """Everybody repeats the base year: no price, no report, no centre.

    A row asks each of its sellers for the base year's shipment, and uses the base year's input as
    far as it is there. What is asked for too much is rationed as for everybody else. It answers
    nothing, so that what it attains is worth of no coordination at all: the zero of every score.
    """

    def start(self, view: View) -> tuple[Table, Table]:
        """Nothing to remember: the base year stands in the public table."""
        return Table(), Table()

    def report(self, view: View, report_memory: Table) -> tuple[Table, Table]:
        """Nothing to say."""
        return Table(), report_memory

    def act(self, view: View, act_memory: Table) -> tuple[Act, Table]:
        """Ask for the base year's shipments, and use the base year's inputs."""
        base = view.inbox.value.link
        return Act(base["ask"], np.minimum(base["use"], view.seen.link["held"])), act_memory


def habit() -> Mechanism:
    """The base year for ever: what no coordination at all is worth."""
    return Mechanism("habit", HabitualAgents())
