"""A mechanism of your own in one file: `catallax check examples/base_year.py`.

Nobody decides anything: everybody orders what was ordered in the base year.
"""

from dataclasses import dataclass
from typing import final

from catallax.domains.production.mechanisms import Agents, Mechanism
from catallax.domains.production.network import Act, Table, View


@final
@dataclass(frozen=True)
class Habit(Agents):
    """Order what the public base-year table says; use whatever is there."""

    def start(self, view: View) -> tuple[Table, Table]:
        """Nothing to remember."""
        return Table(), Table()

    def report(self, view: View, report_memory: Table) -> tuple[Table, Table]:
        """Nothing to say."""
        return Table(), report_memory

    def act(self, view: View, act_memory: Table) -> tuple[Act, Table]:
        """Until a directive comes, the inbox holds the public value: the base-year flow."""
        return Act(ask=view.inbox.value.link["ask"]), act_memory


def mechanism() -> Mechanism:
    """What `catallax` looks for in a file."""
    return Mechanism("habit", Habit())
