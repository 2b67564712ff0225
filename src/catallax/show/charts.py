"""From a comparison to charts: means over seeds with 95 % bands, by week or by mechanism."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.protocol import Measure, TraceLine
from catallax.show.chart import ORACLE, Chart, ChartAxis, ChartLine, Look, choose_look, fit_axis
from catallax.show.chart import make_week_axis as weeks_axis
from catallax.show.findings import head_measure
from catallax.show.story import (
    find_domain,
    mark_weeks,
    name_mechanism,
    order_mechanisms,
    title_mechanism,
)
from catallax.show.strips import Strip, Strips
from catallax.show.words import counted, format_estimate, joined, number, opened
from catallax.study import Comparison, Summary
from catallax.study.statistics import half_width


@final
@dataclass(frozen=True, eq=False)
class Band:
    """A mean over seeds (k,) with the ends of its interval; None for one seed."""

    weeks: Floats
    mean: Floats
    low: Floats | None
    high: Floats | None

    def part(self, first: float, last: float) -> "Band":
        """The weeks from `first` to `last`."""
        keep = (self.weeks >= first) & (self.weeks <= last)
        low, high = (None if v is None else v[keep] for v in (self.low, self.high))
        return Band(self.weeks[keep], self.mean[keep], low, high)

    @property
    def values(self) -> Floats:
        """Every number drawn, in one row."""
        return np.concatenate([v for v in (self.mean, self.low, self.high) if v is not None])


def average_paths(weeks: Floats, paths: Floats, *, logs: bool = False) -> Band:
    """Mean of (seeds, k) paths with Student's t interval; geometric where `logs`.

    A week in which one path has no finite number has no mean.
    """
    there = np.where(np.isfinite(paths), paths, np.nan)
    x = np.log(there) if logs else there
    back = np.exp if logs else np.asarray
    mean = x.mean(axis=0)
    if len(x) < 2:
        return Band(weeks, back(mean), None, None)
    half = half_width(x)
    return Band(weeks, back(mean), back(mean - half), back(mean + half))


def are_positive(paths: Floats) -> bool:
    """Whether every number that is there is above 0, so that it has a log."""
    return bool(np.all(paths[np.isfinite(paths)] > 0.0))


MANY = 8  # lines; more leave no room for their bands
NAMED = 12  # mechanisms that a description names

Bands = Mapping[str, Band]


def choose_looks(comparison: Comparison) -> dict[str, Look]:
    """The look of every mechanism, the same in all charts."""
    plain = [m for m in comparison.outcomes if not comparison.oracle(m)]
    return {m: choose_look(plain.index(m)) if m in plain else ORACLE for m in comparison.outcomes}


def list_lines(comparison: Comparison) -> dict[str, TraceLine]:
    """Every line that a run has, those first that the domain has words for."""
    known = find_domain(comparison).lines
    every = (o.trace.lines for outcomes in comparison.outcomes.values() for o in outcomes)
    there = dict.fromkeys(name for lines in every for name in lines)
    names = [n for n in known if n in there] + [n for n in there if n not in known]
    return {n: known.get(n, TraceLine(opened(n.replace("_", " ")))) for n in names}


def collect_bands(comparison: Comparison, line: str, *, logs: bool = False) -> Bands:
    """A line by mechanism, where there is one.

    logs : geometric means, where the line of every mechanism is above 0 everywhere
    """
    paths = {m: comparison.paths(m, line) for m in order_mechanisms(comparison)}
    logs = logs and all(are_positive(p) for p in paths.values())
    return {m: average_paths(comparison.weeks, p, logs=logs) for m, p in paths.items() if len(p)}


def collect_values(bands: Bands) -> list[Floats]:
    """Every number drawn."""
    return [b.values for b in bands.values()]


def chart_over_weeks(
    comparison: Comparison,
    title: str,
    bands: Bands,
    unit: str,
    *,
    log: bool = False,
    y: ChartAxis | None = None,
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
    shown = choose_looks(comparison)
    names = {m: known[m] if m in known else title_mechanism(comparison, m) for m in bands}
    lines = [_make_line(names[m], shown.get(m, ORACLE), b, len(bands)) for m, b in bands.items()]
    first, last = x.low, x.high
    at = [
        (float(w), name) for w, name in sorted(mark_weeks(comparison).items()) if first <= w <= last
    ]
    return Chart(
        title, _describe_last_week(comparison, bands, names, unit), x,
        y or fit_axis(collect_values(bands), unit, log=log), lines=lines, marks=at,
    )  # fmt: skip


def _make_line(name: str, shown: Look, b: Band, count: int) -> ChartLine:
    if count > MANY:
        return ChartLine(name, shown, b.weeks, b.mean)
    return ChartLine(name, shown, b.weeks, b.mean, b.low, b.high)


def _describe_last_week(
    comparison: Comparison, bands: Bands, names: Mapping[str, str], unit: str
) -> str:
    """The chart in words, for those who do not see it."""
    ends = [f"{names[m]} {number(b.mean[-1])}" for m, b in bands.items() if len(b.mean)]
    seeds = counted(len(comparison.seeds), "seed")
    what = f"{opened(unit)}, mean" if unit else "Mean"
    return f"{what} over {seeds}. In the last week shown: {_join_few(ends)}."


def make_measure_strips(comparison: Comparison, measure: Measure) -> Strips:
    """A measure of every mechanism with its interval, one above the other."""
    found = {m: comparison.summary(m, measure.name) for m in order_mechanisms(comparison)}
    return make_summary_strips(comparison, head_measure(measure), measure.unit, found)


def make_difference_strips(comparison: Comparison, measure: Measure) -> Strips:
    """A measure of every mechanism less that of the first, paired on seeds."""
    others = [m for m in order_mechanisms(comparison) if m != comparison.base]
    found = {m: comparison.difference(m, measure.name) for m in others}
    base = name_mechanism(comparison, comparison.base)
    title = f"{head_measure(measure)}: difference from {base}, paired on seeds"
    return make_summary_strips(
        comparison, title, measure.unit, found, marks=((0.0, "no difference"),)
    )


def make_summary_strips(
    comparison: Comparison,
    title: str,
    unit: str,
    found: Mapping[str, Summary],
    *,
    marks: Sequence[tuple[float, str]] = (),
) -> Strips:
    """Summaries by mechanism, one above the other."""
    shown = choose_looks(comparison)
    strips = [_make_strip(title_mechanism(comparison, m), shown[m], s) for m, s in found.items()]
    ends = [np.array(s.drawn) for s in strips]
    x = fit_axis([*ends, np.array([at for at, _ in marks])], unit, log=False)
    texts = [f"{s.name} {s.text}" for s in strips]
    summary = f"Mean over {counted(len(comparison.seeds), 'seed')}: {_join_few(texts)}."
    return Strips(title, summary, x, strips, marks)


def _make_strip(name: str, shown: Look, found: Summary) -> Strip:
    low, high = (None, None) if found.ci95 is None else found.ci95
    return Strip(name, shown, format_estimate(found), found.mean, low, high)


def _join_few(parts: Sequence[str]) -> str:
    more = [f"{len(parts) - NAMED} more"] if len(parts) > NAMED else []
    return joined([*parts[:NAMED], *more])
