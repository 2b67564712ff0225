"""What commands have in common that vary a contract: where they start, and how they tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any, final

from catallax.apps.asked import Varied
from catallax.apps.contracts import economy_contract, settings

if TYPE_CHECKING:
    from catallax.experiments.sweep import Base
    from catallax.protocol import Value
    from catallax.run import Contract

WEEKS = "156"  # three years: scores count from the second one on
WIDTH = 110


@final
@dataclass(frozen=True)
class Start:
    """The contract before anything is varied.

    contract : as the user wants it
    settings : what the user said of it, by dotted key
    """

    contract: "Contract"
    settings: "Mapping[str, Value]"

    def base(self, mechanisms: Sequence[str]) -> "Base":
        """The same as a start of cells."""
        from catallax.experiments import FREE
        from catallax.experiments.sweep import Base

        return Base(FREE, self.settings, tuple(mechanisms))


def start(asked: Varied) -> Start:
    """The contract that the user asked for, of three years if he says nothing of its length."""
    from catallax.experiments import FREE

    found = settings(None, {"weeks": WEEKS}) | settings(
        asked.contract, asked.given, asked.set_ or ()
    )
    return Start(economy_contract(FREE, found), {key: s.value for key, s in found.items()})


def grid(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table as text: the first column to the left, all others to the right."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False)
    for k, head in enumerate(heads):
        table.add_column(head, justify="right" if k else "left")
    for row in rows:
        table.add_row(*row)
    out = StringIO()
    Console(file=out, width=WIDTH, highlight=False, markup=False).print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def where(contract: "Contract", seeds: Sequence[int], runs: int, seconds: float) -> str:
    """What was run, in a line."""
    from catallax.report.words import counted, number

    return (
        f"{contract.economy.name}, {counted(contract.weeks, 'week')}, "
        f"{counted(len(seeds), 'seed')}, contract {contract.hash}; {counted(runs, 'run')}, "
        f"{number(seconds, 3)} s"
    )


def plain(result: Any) -> str:
    """A result as one JSON object."""
    import json

    return json.dumps(result, indent=2, allow_nan=False, ensure_ascii=False)
