"""The sections that show tables: measures, messages."""

from collections.abc import Callable, Mapping

import numpy as np

from catallax.protocol import Measure
from catallax.protocol.trace import FLOWS
from catallax.show.findings import TOWARDS
from catallax.show.markup import Grid, Raw, bullets, details, paragraph, table, tag
from catallax.show.notes import WAY, explain_way, note_means_above_one, note_no_way
from catallax.show.story import (
    find_difference,
    name_mechanism,
    order_mechanisms,
    title_mechanism,
)
from catallax.show.words import NONE, counted, joined, number, opened, round_to_interval
from catallax.study import Comparison, Summary


class Footnotes:
    """Reasons, numbered in the order in which they come up; `name` tells one list from another."""

    def __init__(self, name: str = "why") -> None:
        self.name, self.reasons = name, list[str]()

    def mark(self, reason: str) -> int:
        """The number of `reason`."""
        if reason not in self.reasons:
            self.reasons.append(reason)
        return self.reasons.index(reason) + 1


def list_mechanisms(comparison: Comparison, described: Callable[[Comparison, str], str]) -> Raw:
    """Who competes, in a line each."""
    return bullets(
        _introduce_mechanism(comparison, m, described(comparison, m))
        for m in order_mechanisms(comparison)
    )


def _introduce_mechanism(comparison: Comparison, mechanism: str, described: str) -> Raw:
    name = tag("strong", opened(title_mechanism(comparison, mechanism)))
    return Raw(f"{name}: {tag('span', described)}.") if described else Raw(f"{name}.")


def make_measures_section(comparison: Comparison) -> Raw:
    """Every measure of every mechanism."""
    names, notes = order_mechanisms(comparison), Footnotes()
    rows = [
        [_explain_measure(m), *(_fill_cell(comparison.summary(n, key), notes) for n in names)]
        for key, m in comparison.measures.items()
    ]
    if not comparison.no_way:
        rows.insert(1, _make_way_row(comparison, notes))
    seeds = counted(len(comparison.seeds), "seed")
    ends = "; below it the 95 % interval" if len(comparison.seeds) > 1 else ""
    heads = ["measure", *(title_mechanism(comparison, n) for n in names)]
    grid = Grid(f"Measures, mean over {seeds}{ends}", heads, rows)
    text = "Open a measure’s name to read what it is. Oracles see everything and are yardsticks."
    below = [*note_no_way(comparison), *note_means_above_one(comparison, comparison.measures)]
    said = "".join(paragraph(note) for note in below)
    return Raw(
        paragraph(text) + table(grid) + said + _list_reasons(notes) + _warn_of_one_seed(comparison)
    )


def _make_way_row(comparison: Comparison, notes: Footnotes) -> list[Raw]:
    """How far each mechanism gets from the null to the optimum."""
    unit = tag("span", "0 is the null, 1 the optimum; higher is better", class_="unit")
    cells = [comparison.share_of_way(n) for n in order_mechanisms(comparison)]
    head = Raw(details(WAY, paragraph(explain_way(comparison))) + unit)
    return [head, *(_fill_cell(found, notes) for found in cells)]


def tabulate_differences(comparison: Comparison) -> Raw:
    """Every measure of each mechanism less that of the first that is no oracle."""
    names, notes = (
        [m for m in order_mechanisms(comparison) if m != comparison.base],
        Footnotes("apart"),
    )
    rows = [
        [_name_measure(m), *(_fill_cell(find_difference(comparison, n, key), notes) for n in names)]
        for key, m in comparison.measures.items()
    ]
    ends = "; below it the 95 % interval" if len(comparison.seeds) > 1 else ""
    base = title_mechanism(comparison, comparison.base)
    heads = ["measure", *(title_mechanism(comparison, n) for n in names)]
    grid = Grid(f"Mean difference from {base}, paired on seeds{ends}", heads, rows)
    return Raw(table(grid) + _list_reasons(notes) + _warn_of_one_seed(comparison))


def has_messages(comparison: Comparison) -> bool:
    """Whether anybody counted messages."""
    return any(_average_traffic(comparison, m) for m in comparison.outcomes)


def make_messages_section(comparison: Comparison, meanings: Mapping[str, str]) -> Raw:
    """Messages and bits a week by kind. meanings : kind -> what it is"""
    rows = [row for m in order_mechanisms(comparison) for row in _list_traffic(comparison, m)]
    silent = [m for m in order_mechanisms(comparison) if not _average_traffic(comparison, m)]
    used = {kind for m in comparison.outcomes for kind in _average_traffic(comparison, m)}
    known = [f"{k}: {meanings[k]}" for k in meanings if k in used]
    said = [bullets(opened(k) for k in known)] if known else []
    if silent:
        names = joined([name_mechanism(comparison, m) for m in silent])
        said.append(paragraph(f"No message at all: {names}."))
    heads = ["mechanism", "kind", "sent", "delivered", "bits sent", "bits delivered", "of its bits"]
    grid = Grid("Messages and bits a week, by kind", heads, rows)
    return Raw("".join(said) + (table(grid) if rows else ""))


def _explain_measure(measure: Measure) -> Raw:
    text = paragraph(f"{measure.text} Source: {measure.source}.")
    return Raw(details(measure.name.replace("_", " "), text) + _show_unit(measure))


def _name_measure(measure: Measure) -> Raw:
    return Raw(measure.name.replace("_", " ") + _show_unit(measure))


def _show_unit(measure: Measure) -> Raw:
    better = TOWARDS[measure.better]
    return tag("span", f"{measure.unit}{f'; {better}' if better else ''}", class_="unit")


def _fill_cell(found: Summary, notes: Footnotes) -> Raw:
    if found.mean is None:
        k = str(notes.mark(found.reason))
        return Raw(
            NONE + tag("sup", tag("a", k, href=f"#{notes.name}-{k}", aria_label=f"reason {k}"))
        )
    if found.ci95 is None:
        return Raw(number(found.mean))
    mean, low, high = round_to_interval(found.mean, *found.ci95)
    ends = f"{low} to {high}" if low != high else "± 0"
    return Raw(tag("span", mean) + tag("span", ends, class_="interval"))


def _list_reasons(notes: Footnotes) -> Raw:
    if not notes.reasons:
        return Raw("")
    items = (
        tag("li", reason, id=f"{notes.name}-{k + 1}") for k, reason in enumerate(notes.reasons)
    )
    return Raw(tag("p", "Why there is no number:") + tag("ol", *items, class_="reasons"))


def _warn_of_one_seed(comparison: Comparison) -> str:
    if len(comparison.seeds) > 1:
        return ""
    return paragraph("One seed has no interval: every difference here may be chance.")


def _list_traffic(comparison: Comparison, mechanism: str) -> list[list[str]]:
    kinds = _average_traffic(comparison, mechanism)
    bits = sum(v[-1] for v in kinds.values()) or 1.0
    return [
        [
            title_mechanism(comparison, mechanism),
            kind,
            *(number(v) for v in values),
            f"{number(100 * values[-1] / bits, 3)} %",
        ]
        for kind, values in kinds.items()
    ]


def _average_traffic(comparison: Comparison, mechanism: str) -> Mapping[str, list[float]]:
    """kind -> messages and bits a week that was run, mean over the shocked runs."""
    every = [o.trace.traffic for o in comparison.outcomes[mechanism]]
    kinds = sorted({kind for traffic in every for kind in traffic})
    silent = (0.0,) * len(FLOWS)
    return {k: np.mean([t.get(k, silent) for t in every], axis=0).tolist() for k in kinds}
