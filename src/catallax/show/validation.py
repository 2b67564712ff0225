"""Published numbers, reproduced: one HTML page with every row, its tolerance and its source."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from catallax.protocol import ValidationResult, known_domain, versions
from catallax.show.chart import Look, fitting, look
from catallax.show.document import Section, document
from catallax.show.figures import drawn
from catallax.show.files import write_whole
from catallax.show.markup import Grid, Raw, bullets, code, details, figure, paragraph, table, tag
from catallax.show.strips import Strip, Strips
from catallax.show.words import MINUS, NONE, counted, joined, number, opened, percent

TITLE = "Published numbers, reproduced"
FARTHEST = 2.0  # tolerances; what is further off is drawn there
FAILED = look(1)
PASSED = look(0)
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
    write_whole(path, validation_page(results, command=command))


def validation_page(results: Sequence[ValidationResult], *, command: str) -> str:
    """The page of validation as HTML. command : the command line that makes it again"""
    names = list(dict.fromkeys(result.row.domain for result in results))
    sections = [_domain(name, [r for r in results if r.row.domain == name]) for name in names]
    made = joined([f"{k} {v}" for k, v in versions().items()])
    again = Raw(paragraph("In a terminal:") + code("The command", command))
    return document(
        TITLE,
        f"{counted(len(results), 'row')} of {joined(names)} · {made}",
        _story(results),
        [*sections, ("again", "Do it again", again), ("rules", "How to read it", bullets(READING))],
    )


def verdict(results: Sequence[ValidationResult]) -> str:
    """How many passed, held-out rows apart."""
    tuned = [result for result in results if not result.row.held_out]
    held = [result for result in results if result.row.held_out]
    says = f"{sum(r.passed for r in tuned)} of {counted(len(tuned), 'row')} passed"
    more = f"; of {len(held)} held out, {sum(r.passed for r in held)}" if held else ""
    return f"{says}{more}."


def _story(results: Sequence[ValidationResult]) -> Raw:
    lead = (
        "Before a domain answers a question, its model code has to reproduce published numbers, "
        "each under the exact definition under which it was published."
    )
    said = [paragraph(opened(verdict(results))), *_nearest(results)]
    found = tag("div", tag("h2", "In numbers"), *said, class_="finding")
    return Raw(paragraph(lead, class_="lead") + found + _failures(results))


def _nearest(results: Sequence[ValidationResult]) -> list[Raw]:
    """The row that used most of its tolerance."""
    shares = {r.row.id: s for r in results if (s := share_used(r)) is not None and r.passed}
    if not shares:
        return []
    most = max(shares, key=lambda name: abs(shares[name]))
    used = percent(abs(shares[most]), 2)
    return [paragraph(f"Of the rows that passed, {most} uses most of its tolerance: {used}.")]


def _failures(results: Sequence[ValidationResult]) -> Raw:
    failed = [f"{r.row.id}{_held(r)}: {r.reason}." for r in results if not r.passed]
    if not failed:
        return Raw("")
    return tag("div", paragraph("These rows failed:"), bullets(failed), class_="warning")


def _held(result: ValidationResult) -> str:
    return " (held out)" if result.row.held_out else ""


def share_used(result: ValidationResult) -> float | None:
    """Ours less the claim, in tolerances; None where there is no number or no tolerance."""
    if result.ours is None:
        return None
    off = result.ours - result.row.claimed
    if result.tolerance > 0:
        return off / result.tolerance
    return None if off else 0.0


def _domain(name: str, results: Sequence[ValidationResult]) -> Section:
    known = known_domain(name)
    about = paragraph(opened(known.title) + ".") if known is not None else Raw("")
    heading = opened(name.replace("_", " "))
    caption = (
        "How far ours is from what is claimed, in tolerances: between −1 and 1 a row passes. What "
        f"is off by more than {number(FARTHEST)} is drawn there."
    )
    chart = figure(f"{name}-chart", *drawn(f"{name}-chart", _strips(results)), caption=caption)
    return name, heading, Raw(about + chart + table(_grid(heading, results)))


def _strips(results: Sequence[ValidationResult]) -> Strips:
    strips = [_strip(result) for result in results]
    marks = ((-1.0, "−1"), (0.0, "claimed"), (1.0, "1"))
    ends = [np.array(s.drawn) for s in strips]
    x = fitting([*ends, np.array([-1.0, 1.0])], "ours less the claim, in tolerances")
    told = [f"{s.name} {s.text}" for s in strips]
    return Strips("Ours less the claim, in tolerances", f"{joined(told)}.", x, strips, marks)


def _strip(result: ValidationResult) -> Strip:
    used = share_used(result)
    at = None if used is None else float(np.clip(used, -FARTHEST, FARTHEST))
    shown = HELD_OUT if result.row.held_out else PASSED
    text = "no number" if used is None else number(used, 2)
    return Strip(result.row.id + _held(result), shown if result.passed else FAILED, text, at)


def _grid(heading: str, results: Sequence[ValidationResult]) -> Grid:
    return Grid(f"{heading}: every row", HEADS, [_cells(result) for result in results])


def _cells(result: ValidationResult) -> list[str]:
    row, ours = result.row, result.ours
    off = None if ours is None else abs(ours - row.claimed)
    passed = "passed" if result.passed else "failed"
    about = details(row.id, paragraph(f"{opened(row.definition)}."))
    return [
        about,
        _digits(row.claimed, 6),
        _digits(ours, 6),
        _digits(off, 2),
        _digits(result.tolerance, 3),
        f"{passed}{', held out' * row.held_out}",
        row.unit,
        row.source,
    ]


def _digits(value: float | None, digits: int) -> str:
    """A number in so many digits, with an exponent where it is small; a dash for none."""
    return NONE if value is None else f"{value:.{digits}g}".replace("-", MINUS)
