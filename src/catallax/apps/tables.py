"""Tables of a command's results as text, and estimates in their cells."""

from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table

    from catallax.show.tables import Footnotes
    from catallax.study import Summary

WIDTH = 110
SAME = 1e-9  # of a mean: less is no interval


def grid(heads: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> str:
    """A table as text: the first columns to the left, all others to the right."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False)
    for k, head in enumerate(heads):
        table.add_column(head, justify="left" if k < left else "right")
    for row in rows:
        table.add_row(*row)
    return text_of(table)


def text_of(table: "Table", width: int = WIDTH) -> str:
    """A table of rich's as lines without blanks at their ends."""
    from rich.console import Console

    out = StringIO()
    Console(file=out, width=width, highlight=False, markup=False).print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def estimate(found: "Summary", notes: "Footnotes", factor: float = 1.0) -> str:
    """Mean and half-width of the interval; a dash and the number of the reason for none."""
    from catallax.show.words import NONE, count_decimals, fixed, number

    if found.mean is None:
        return f"{NONE} [{notes.mark(found.reason)}]"
    mean = factor * found.mean
    half = 0.0 if found.ci95 is None else factor * (found.ci95[1] - found.ci95[0]) / 2
    if half <= SAME * abs(mean):
        return number(mean)
    d = count_decimals(mean, max(half, SAME))
    return f"{fixed(mean, d)} ± {fixed(half, d)}"


def footnotes(notes: "Footnotes") -> list[str]:
    """A line for each reason why a number is missing."""
    return [f"[{k}] {reason}" for k, reason in enumerate(notes.reasons, start=1)]


def json_text(result: Any) -> str:
    """A result as one JSON object."""
    import json

    return json.dumps(result, indent=2, allow_nan=False, ensure_ascii=False)
