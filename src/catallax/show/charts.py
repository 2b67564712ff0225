"""From a comparison to charts: a line of the trace over weeks, a measure by mechanism."""

from collections.abc import Mapping, Sequence

import numpy as np

from catallax.arrays import Floats
from catallax.protocol import Measure, TraceLine
from catallax.show.chart import ORACLE, Axis, Chart, Line, Look, fitting, look
from catallax.show.chart import weekly as weeks_axis
from catallax.show.findings import heading
from catallax.show.series import Band, above_nought, band
from catallax.show.story import domain_behind, marks, named, order, titled
from catallax.show.strips import Strip, Strips
from catallax.show.words import counted, estimate, joined, number, opened
from catallax.study import Comparison, Summary

MANY = 8  # lines; more leave no room for their bands
TOLD = 12  # mechanisms that a description names

Bands = Mapping[str, Band]


def looks(comparison: Comparison) -> dict[str, Look]:
    """The look of every mechanism, the same in all charts."""
    plain = [m for m in comparison.outcomes if not comparison.oracle(m)]
    return {m: look(plain.index(m)) if m in plain else ORACLE for m in comparison.outcomes}


def lines_of(comparison: Comparison) -> dict[str, TraceLine]:
    """Every line that a run has, those first that the domain has words for."""
    told = domain_behind(comparison).lines
    every = (o.trace.lines for outcomes in comparison.outcomes.values() for o in outcomes)
    there = dict.fromkeys(name for lines in every for name in lines)
    names = [n for n in told if n in there] + [n for n in there if n not in told]
    return {n: told.get(n, TraceLine(opened(n.replace("_", " ")))) for n in names}


def bands_of(comparison: Comparison, line: str, *, logs: bool = False) -> Bands:
    """A line by mechanism, where there is one.

    logs : geometric means, where the line of every mechanism is above 0 everywhere
    """
    paths = {m: comparison.paths(m, line) for m in order(comparison)}
    logs = logs and all(above_nought(p) for p in paths.values())
    return {m: band(comparison.weeks, p, logs=logs) for m, p in paths.items() if len(p)}


def values_of(bands: Bands) -> list[Floats]:
    """Every number drawn."""
    return [b.values for b in bands.values()]


def over_weeks(
    comparison: Comparison,
    title: str,
    bands: Bands,
    unit: str,
    *,
    log: bool = False,
    y: Axis | None = None,
    others: Mapping[str, str] | None = None,
) -> Chart:
    """Bands over weeks, with what happens from outside marked.

    log    : whether an axis in logs is wanted; where a number is not above 0 the axis is linear
    y      : the axis, where several charts share one
    others : key of a band that is no mechanism's -> its name
    """
    weeks = np.concatenate([np.zeros(0), *(b.weeks for b in bands.values())])
    x = weeks_axis(float(weeks.min()), float(weeks.max())) if weeks.size else weeks_axis(0, 1)
    known = dict(others or {})
    shown = looks(comparison)
    names = {m: known[m] if m in known else titled(comparison, m) for m in bands}
    lines = [_line(names[m], shown.get(m, ORACLE), b, len(bands)) for m, b in bands.items()]
    first, last = x.low, x.high
    at = [(float(w), name) for w, name in sorted(marks(comparison).items()) if first <= w <= last]
    return Chart(
        title, _told(comparison, bands, names, unit), x,
        y or fitting(values_of(bands), unit, log=log), lines=lines, marks=at,
    )  # fmt: skip


def _line(name: str, shown: Look, b: Band, count: int) -> Line:
    if count > MANY:
        return Line(name, shown, b.weeks, b.mean)
    return Line(name, shown, b.weeks, b.mean, b.low, b.high)


def _told(comparison: Comparison, bands: Bands, names: Mapping[str, str], unit: str) -> str:
    """The chart in words, for those who do not see it."""
    ends = [f"{names[m]} {number(b.mean[-1])}" for m, b in bands.items() if len(b.mean)]
    seeds = counted(len(comparison.seeds), "seed")
    what = f"{opened(unit)}, mean" if unit else "Mean"
    return f"{what} over {seeds}. In the last week shown: {_some(ends)}."


def measure_strips(comparison: Comparison, measure: Measure) -> Strips:
    """A measure of every mechanism with its interval, one above the other."""
    found = {m: comparison.summary(m, measure.name) for m in order(comparison)}
    return summary_strips(comparison, heading(measure), measure.unit, found)


def difference_strips(comparison: Comparison, measure: Measure) -> Strips:
    """A measure of every mechanism less that of the first, paired on seeds."""
    others = [m for m in order(comparison) if m != comparison.base]
    found = {m: comparison.difference(m, measure.name) for m in others}
    base = named(comparison, comparison.base)
    title = f"{heading(measure)}: difference from {base}, paired on seeds"
    return summary_strips(comparison, title, measure.unit, found, marks=((0.0, "no difference"),))


def summary_strips(
    comparison: Comparison,
    title: str,
    unit: str,
    found: Mapping[str, Summary],
    *,
    marks: Sequence[tuple[float, str]] = (),
) -> Strips:
    """Summaries by mechanism, one above the other."""
    shown = looks(comparison)
    strips = [_strip(titled(comparison, m), shown[m], s) for m, s in found.items()]
    ends = [np.array(s.drawn) for s in strips]
    x = fitting([*ends, np.array([at for at, _ in marks])], unit, log=False)
    told = [f"{s.name} {s.text}" for s in strips]
    summary = f"Mean over {counted(len(comparison.seeds), 'seed')}: {_some(told)}."
    return Strips(title, summary, x, strips, marks)


def _strip(name: str, shown: Look, found: Summary) -> Strip:
    low, high = (None, None) if found.ci95 is None else found.ci95
    return Strip(name, shown, estimate(found), found.mean, low, high)


def _some(parts: Sequence[str]) -> str:
    more = [f"{len(parts) - TOLD} more"] if len(parts) > TOLD else []
    return joined([*parts[:TOLD], *more])
