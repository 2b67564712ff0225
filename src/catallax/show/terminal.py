"""The comparison for a terminal: as tables, and as strict JSON."""

import json
import math
from collections.abc import Mapping

from rich import box
from rich.table import Table
from rich.text import Text

from catallax.show.notes import SHORT, note_means_above_one, note_no_way
from catallax.show.origins import summarise_tuning
from catallax.show.page import find_domain_page
from catallax.show.story import (
    find_difference,
    find_domain,
    mark_mechanism,
    name_mechanism,
    order_mechanisms,
)
from catallax.show.tables import Footnotes
from catallax.show.words import NONE, count_decimals, counted, fixed, number, opened
from catallax.study import Comparison, Summary

FEW = 5  # columns that are narrower than their title
WIDTH = 78
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def terminal_table(comparison: Comparison) -> Table:
    """Mechanisms by measures, mean and half-width of the 95 % interval, in 80 columns."""
    notes, heads = Footnotes(), _list_columns(comparison)
    rows = [_make_row(comparison, m, notes) for m in order_mechanisms(comparison)]
    ends = "one seed has no interval" if len(comparison.seeds) == 1 else "± 95 % interval"
    says = [
        f"Mean over seeds, {ends}; {summarise_tuning(comparison)}.",
        *_describe_way(comparison),
        *note_means_above_one(comparison, heads),
        *find_domain_page(comparison).notes(comparison),
    ]
    if not comparison.no_way:
        heads = _put_way(heads, SHORT)
    return _make_table(_write_title(comparison), heads, rows, says, notes)


def _put_way(cells: Mapping[str, str], way: str) -> dict[str, str]:
    """Cells or heads by measure, and after the first that of the share of the way."""
    first, *others = cells
    return {first: cells[first], SHORT: way, **{name: cells[name] for name in others}}


def _describe_way(comparison: Comparison) -> list[str]:
    """What the column is, or why there is none."""
    if comparison.no_way:
        return note_no_way(comparison)
    null, optimum = (
        name_mechanism(comparison, name or "") for name in (comparison.null, comparison.optimum)
    )
    measure = comparison.judged_by.replace("_", " ")
    return [f"{opened(SHORT)}: share of the way from {null} (0) to {optimum} (1) by {measure}."]


def differences_table(comparison: Comparison) -> Table:
    """Every mechanism less the first that is no oracle, paired on seeds, in 80 columns."""
    notes = Footnotes()
    rows = [
        [
            Text(_name_in_column(comparison, m)),
            *(Text(_fill_difference(comparison, m, c, notes)) for c in _list_columns(comparison)),
        ]
        for m in order_mechanisms(comparison)
        if m != comparison.base
    ]
    one = "one seed has no interval" if len(comparison.seeds) == 1 else "± 95 % interval"
    says = f"Mean difference paired on seeds, {one}; with 0 inside it: too small to tell."
    title = f"Difference from {name_mechanism(comparison, comparison.base)}"
    return _make_table(title, _list_columns(comparison), rows, [says], notes)


def _fill_difference(comparison: Comparison, mechanism: str, measure: str, notes: Footnotes) -> str:
    return _fill_cell(find_difference(comparison, mechanism, measure), notes)


def _list_columns(comparison: Comparison) -> Mapping[str, str]:
    """Measures that are shown -> heads of their columns."""
    return find_domain(comparison).columns


def _make_table(
    title: str,
    heads: Mapping[str, str],
    rows: list[list[Text]],
    says: list[str],
    notes: Footnotes,
) -> Table:
    table = Table(
        title=Text(title),
        caption=Text(_write_caption(says, notes)),
        box=box.SIMPLE_HEAD,
        padding=0,
        show_edge=False,
        min_width=None if len(heads) > FEW else WIDTH,
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("", min_width=14)
    for head in heads.values():
        table.add_column(Text(head), justify="right", vertical="top")
    for row in rows:
        table.add_row(*row)
    return table


def _make_row(comparison: Comparison, mechanism: str, notes: Footnotes) -> list[Text]:
    cells = {
        c: _fill_cell(comparison.summary(mechanism, c), notes) for c in _list_columns(comparison)
    }
    if not comparison.no_way:
        cells = _put_way(cells, _fill_cell(comparison.share_of_way(mechanism), notes))
    return [Text(_name_in_column(comparison, mechanism)), *(Text(c) for c in cells.values())]


def _name_in_column(comparison: Comparison, mechanism: str) -> str:
    mark = mark_mechanism(comparison, mechanism)
    return name_mechanism(comparison, mechanism) + (f"\n{mark}" if mark else "")


def _fill_cell(found: Summary, notes: Footnotes) -> str:
    if found.mean is None:
        return NONE + str(notes.mark(found.reason)).translate(_RAISED)
    if found.ci95 is None:
        return _format_short(found.mean)
    return format_compact(found.mean, (found.ci95[1] - found.ci95[0]) / 2)


def _format_short(x: float) -> str:
    """A number without an interval: three digits, at most four decimals."""
    if abs(x) >= 1e4 or x == 0:
        return number(x)
    return fixed(x, min(max(2 - math.floor(math.log10(abs(x))), 0), 4))


def format_compact(mean: float, half: float) -> str:
    """A mean over its half-width, in some six letters each: `0.9813` over `±.0004`."""
    if abs(mean) >= 1e4 or half <= max(1e-9 * abs(mean), 1e-12):
        noise = half <= 1e-9 * abs(mean)  # rounding of sums, not of seeds
        return f"{number(mean)}\n±{number(0.0 if noise else half, 2)}"
    d = min(count_decimals(mean, half), 4)
    return f"{fixed(mean, d)}\n±{fixed(half, d).removeprefix('0')}"


def _write_title(comparison: Comparison) -> str:
    contract = comparison.contract
    weeks, seeds = counted(contract.weeks, "week"), counted(len(comparison.seeds), "seed")
    run = comparison.name
    if contract.place != run:
        run = f"{run} on {contract.place}"
    return f"{run}: {weeks}, {seeds}, contract {contract.hash}"


def _write_caption(says: list[str], notes: Footnotes) -> str:
    lines = list(says)
    lines += [f"{str(k + 1).translate(_RAISED)} {r}" for k, r in enumerate(notes.reasons)]
    return "\n".join(lines)


def to_json(comparison: Comparison) -> str:
    """The comparison as strict JSON: no NaN, what is undefined is null with a reason."""
    return json.dumps(comparison.to_dict(), indent=2, allow_nan=False, ensure_ascii=False) + "\n"
