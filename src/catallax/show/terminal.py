"""The comparison as a table for the terminal."""

import math
from collections.abc import Mapping

from rich import box
from rich.table import Table
from rich.text import Text

from catallax.show.domain_page import page_of
from catallax.show.effort import caption
from catallax.show.story import domain_behind, named, order
from catallax.show.tables import Footnotes
from catallax.show.words import NONE, counted, decimals, fixed, number
from catallax.study import Comparison, Summary

FEW = 5  # columns that are narrower than their title
WIDTH = 78
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def terminal_table(comparison: Comparison) -> Table:
    """Mechanisms by measures, mean and half-width of the 95 % interval, in 80 columns."""
    notes = Footnotes()
    rows = [_row(comparison, m, notes) for m in order(comparison)]
    ends = "one seed has no interval" if len(comparison.seeds) == 1 else "± 95 % interval"
    notes_below = page_of(comparison).notes(comparison)
    says = [f"Mean over seeds, {ends}; {caption(comparison)}.", *notes_below]
    return _table(_title(comparison), comparison, rows, says, notes)


def differences_table(comparison: Comparison) -> Table:
    """Every mechanism less the first that is no oracle, paired on seeds, in 80 columns."""
    notes = Footnotes()
    rows = [
        [
            Text(_name(comparison, m)),
            *(Text(_apart(comparison, m, c, notes)) for c in _columns(comparison)),
        ]
        for m in order(comparison)
        if m != comparison.base
    ]
    one = "one seed has no interval" if len(comparison.seeds) == 1 else "± 95 % interval"
    says = f"Mean difference paired on seeds, {one}; 0 inside it: not told apart."
    title = f"Difference from {named(comparison, comparison.base)}"
    return _table(title, comparison, rows, [says], notes)


def _apart(comparison: Comparison, mechanism: str, measure: str, notes: Footnotes) -> str:
    return _cell(comparison.difference(mechanism, measure), notes)


def _columns(comparison: Comparison) -> Mapping[str, str]:
    """Measures that are shown -> heads of their columns."""
    return domain_behind(comparison).columns


def _table(
    title: str,
    comparison: Comparison,
    rows: list[list[Text]],
    says: list[str],
    notes: Footnotes,
) -> Table:
    table = Table(
        title=Text(title),
        caption=Text(_caption(says, notes)),
        box=box.SIMPLE_HEAD,
        padding=0,
        show_edge=False,
        min_width=None if len(_columns(comparison)) > FEW else WIDTH,
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("", min_width=14)
    for head in _columns(comparison).values():
        table.add_column(Text(head), justify="right", vertical="top")
    for row in rows:
        table.add_row(*row)
    return table


def _row(comparison: Comparison, mechanism: str, notes: Footnotes) -> list[Text]:
    cells = [_cell(comparison.summary(mechanism, c), notes) for c in _columns(comparison)]
    return [Text(_name(comparison, mechanism)), *(Text(c) for c in cells)]


def _name(comparison: Comparison, mechanism: str) -> str:
    return named(comparison, mechanism) + ("\n(oracle)" if comparison.oracle(mechanism) else "")


def _cell(found: Summary, notes: Footnotes) -> str:
    if found.mean is None:
        return NONE + str(notes.mark(found.reason)).translate(_RAISED)
    if found.ci95 is None:
        return _short(found.mean)
    return compact(found.mean, (found.ci95[1] - found.ci95[0]) / 2)


def _short(x: float) -> str:
    """A number without an interval: three digits, at most four decimals."""
    if abs(x) >= 1e4 or x == 0:
        return number(x)
    return fixed(x, min(max(2 - math.floor(math.log10(abs(x))), 0), 4))


def compact(mean: float, half: float) -> str:
    """A mean over its half-width, in some six letters each: `0.9813` over `±.0004`."""
    if abs(mean) >= 1e4 or half <= max(1e-9 * abs(mean), 1e-12):
        noise = half <= 1e-9 * abs(mean)  # rounding of sums, not of seeds
        return f"{number(mean)}\n±{number(0.0 if noise else half, 2)}"
    d = min(decimals(mean, half), 4)
    return f"{fixed(mean, d)}\n±{fixed(half, d).removeprefix('0')}"


def _title(comparison: Comparison) -> str:
    contract = comparison.contract
    weeks, seeds = counted(contract.weeks, "week"), counted(len(comparison.seeds), "seed")
    run = comparison.name
    if contract.place != run:
        run = f"{run} on {contract.place}"
    return f"{run}: {weeks}, {seeds}, contract {contract.hash}"


def _caption(says: list[str], notes: Footnotes) -> str:
    lines = list(says)
    lines += [f"{str(k + 1).translate(_RAISED)} {r}" for k, r in enumerate(notes.reasons)]
    return "\n".join(lines)
