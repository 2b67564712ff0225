"""Published numbers, reproduced: one HTML page with every row, its tolerance and its source."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from catallax.protocol import ValidationResult, known_domain, versions
from catallax.show.chart import Look, choose_look, fit_axis
from catallax.show.figures import draw_both_sizes
from catallax.show.markup import (
    Grid,
    Raw,
    Section,
    build_document,
    bullets,
    code,
    details,
    figure,
    paragraph,
    table,
    tag,
    write_whole,
)
from catallax.show.strips import Strip, Strips
from catallax.show.words import MINUS, NONE, counted, joined, number, opened, percent

TITLE = "Published numbers, reproduced"
FARTHEST = 2.0  # tolerances; what is further off is drawn there
FAILED = choose_look(1)
PASSED = choose_look(0)
HELD_OUT = Look("c2", "", "diamond")
HEADS = ("row", "claimed", "ours", "off by", "allowed", "result", "unit", "source")

READING = (
    "A row that passes says that the code computes a published model under that definition. It "
    "does not say that the world is like that model.",
    "What is held out is shown as passed or failed, and nobody tunes anything to it; if it fails, "
    "nothing else does.",
    "Where a row is reproduced by draws, seeds are fixed and the tolerance is three standard "
    "errors or as the definition says.",
)


def write_validation(results: Sequence[ValidationResult], path: Path, *, command: str) -> None:
    """Write the page of validation to `path`, whole or not at all."""
    write_whole(path, build_validation_page(results, command=command))


def build_validation_page(results: Sequence[ValidationResult], *, command: str) -> str:
    """The page of validation as HTML. command : the command line that makes it again"""
    names = list(dict.fromkeys(result.row.domain for result in results))
    sections = [_show_domain(name, [r for r in results if r.row.domain == name]) for name in names]
    made = joined([f"{k} {v}" for k, v in versions().items()])
    again = Raw(paragraph("In a terminal:") + code("The command", command))
    return build_document(
        TITLE,
        f"{counted(len(results), 'row')} of {joined(names)} · {made}",
        _tell_story(results),
        [*sections, ("again", "Do it again", again), ("rules", "How to read it", bullets(READING))],
    )


def count_passed(results: Sequence[ValidationResult]) -> str:
    """How many passed, held-out rows apart."""
    tuned = [result for result in results if not result.row.held_out]
    held = [result for result in results if result.row.held_out]
    says = f"{sum(r.passed for r in tuned)} of {counted(len(tuned), 'row')} passed"
    more = f"; of {len(held)} held out, {sum(r.passed for r in held)}" if held else ""
    return f"{says}{more}."


def _tell_story(results: Sequence[ValidationResult]) -> Raw:
    lead = (
        "Before a domain answers a question, its model code has to reproduce published numbers, "
        "each under the exact definition under which it was published."
    )
    said = [paragraph(opened(count_passed(results))), *_name_nearest(results)]
    found = tag("div", tag("h2", "In numbers"), *said, class_="finding")
    return Raw(paragraph(lead, class_="lead") + found + _list_failures(results))


def _name_nearest(results: Sequence[ValidationResult]) -> list[Raw]:
    """The row that used most of its tolerance."""
    shares = {r.row.id: s for r in results if (s := find_share_used(r)) is not None and r.passed}
    if not shares:
        return []
    most = max(shares, key=lambda name: abs(shares[name]))
    used = percent(abs(shares[most]), 2)
    return [paragraph(f"Of the rows that passed, {most} uses most of its tolerance: {used}.")]


def _list_failures(results: Sequence[ValidationResult]) -> Raw:
    failed = [f"{r.row.id}{_mark_held_out(r)}: {r.reason}." for r in results if not r.passed]
    if not failed:
        return Raw("")
    return tag("div", paragraph("These rows failed:"), bullets(failed), class_="warning")


def _mark_held_out(result: ValidationResult) -> str:
    return " (held out)" if result.row.held_out else ""


def find_share_used(result: ValidationResult) -> float | None:
    """Ours less the claim, in tolerances; None where there is no number or no tolerance."""
    if result.ours is None:
        return None
    off = result.ours - result.row.claimed
    if result.tolerance > 0:
        return off / result.tolerance
    return None if off else 0.0


def _show_domain(name: str, results: Sequence[ValidationResult]) -> Section:
    known = known_domain(name)
    about = paragraph(opened(known.title) + ".") if known is not None else Raw("")
    heading = opened(name.replace("_", " "))
    caption = (
        "How far ours is from what is claimed, in tolerances: between −1 and 1 a row passes. What "
        f"is off by more than {number(FARTHEST)} is drawn there."
    )
    chart = figure(
        f"{name}-chart", *draw_both_sizes(f"{name}-chart", _make_strips(results)), caption=caption
    )
    return name, heading, Raw(about + chart + table(_tabulate_rows(heading, results)))


def _make_strips(results: Sequence[ValidationResult]) -> Strips:
    strips = [_make_strip(result) for result in results]
    marks = ((-1.0, "−1"), (0.0, "claimed"), (1.0, "1"))
    ends = [np.array(s.drawn) for s in strips]
    x = fit_axis([*ends, np.array([-1.0, 1.0])], "ours less the claim, in tolerances")
    texts = [f"{s.name} {s.text}" for s in strips]
    return Strips("Ours less the claim, in tolerances", f"{joined(texts)}.", x, strips, marks)


def _make_strip(result: ValidationResult) -> Strip:
    used = find_share_used(result)
    at = None if used is None else float(np.clip(used, -FARTHEST, FARTHEST))
    shown = HELD_OUT if result.row.held_out else PASSED
    text = "no number" if used is None else number(used, 2)
    return Strip(
        result.row.id + _mark_held_out(result), shown if result.passed else FAILED, text, at
    )


def _tabulate_rows(heading: str, results: Sequence[ValidationResult]) -> Grid:
    return Grid(f"{heading}: every row", HEADS, [_fill_cells(result) for result in results])


def _fill_cells(result: ValidationResult) -> list[str]:
    row, ours = result.row, result.ours
    off = None if ours is None else abs(ours - row.claimed)
    passed = "passed" if result.passed else "failed"
    about = details(row.id, paragraph(f"{opened(row.definition)}."))
    return [
        about,
        _format_digits(row.claimed, 6),
        _format_digits(ours, 6),
        _format_digits(off, 2),
        _format_digits(result.tolerance, 3),
        f"{passed}{', held out' * row.held_out}",
        row.unit,
        row.source,
    ]


def _format_digits(value: float | None, digits: int) -> str:
    """A number in so many digits, with an exponent where it is small; a dash for none."""
    return NONE if value is None else f"{value:.{digits}g}".replace("-", MINUS)
