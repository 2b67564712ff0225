"""The sections that every domain has: the measure that judges, side by side, week by week."""

from catallax.protocol import TraceLine
from catallax.show.chart import Chart
from catallax.show.charts import (
    bands_of,
    difference_strips,
    lines_of,
    measure_strips,
    over_weeks,
)
from catallax.show.document import Section
from catallax.show.figures import LINEAR, over_seeds, strips_figure, week_figure
from catallax.show.findings import TOWARDS, heading, judged
from catallax.show.markup import Raw, paragraph, tag
from catallax.show.story import named
from catallax.show.strips import Strips
from catallax.show.tables import differences
from catallax.show.words import opened
from catallax.study import Comparison


def plain_sections(comparison: Comparison) -> list[Section]:
    """What stands between the contents and the table of all measures."""
    found = [judged_section(comparison)]
    if comparison.others:
        found.append(side_section(comparison))
    if lines_of(comparison):
        found.append(weeks_section(comparison))
    return found


def plain_panels(comparison: Comparison) -> list[tuple[str, Chart | Strips]]:
    """The measure that judges, and the first line over weeks."""
    measure = judged(comparison)
    found: list[tuple[str, Chart | Strips]] = [
        (heading(measure), measure_strips(comparison, measure))
    ]
    for name, line in lines_of(comparison).items():
        bands = bands_of(comparison, name, logs=line.log)
        if bands:
            found.append(
                (line.title, over_weeks(comparison, line.title, bands, line.unit, log=line.log))
            )
            break
    return found


def judged_section(comparison: Comparison) -> Section:
    """The measure by which mechanisms are judged."""
    measure = judged(comparison)
    strips = measure_strips(comparison, measure)
    towards = TOWARDS[measure.better]
    said = f"{opened(towards)}. Source: {measure.source}." if towards else ""
    caption = f"{heading(measure)}, {measure.unit}. {over_seeds(comparison)}"
    inside = paragraph(f"{measure.text} {said or f'Source: {measure.source}.'}")
    return "judged", heading(measure), Raw(inside + strips_figure("judged-chart", strips, caption))


def side_section(comparison: Comparison) -> Section:
    """Each mechanism against the first, paired on seeds."""
    measure = judged(comparison)
    base = named(comparison, comparison.base)
    text = (
        f"Each mechanism on every seed, less {base} on the same seed: chances that both have in "
        "common cancel. Where the interval holds 0 the two cannot be told apart on these seeds."
    )
    caption = f"Difference from {base}, {measure.unit}. {over_seeds(comparison)}"
    drawn = strips_figure("side-chart", difference_strips(comparison, measure), caption)
    return "side", "Side by side", Raw(paragraph(text) + drawn + differences(comparison))


def weeks_section(comparison: Comparison) -> Section:
    """Every line of the trace, a chart each."""
    parts = [
        line_figure(comparison, k, name, line)
        for k, (name, line) in enumerate(lines_of(comparison).items())
    ]
    return "weeks", "Week by week", Raw("".join(parts))


def line_figure(comparison: Comparison, k: int, name: str, line: TraceLine) -> Raw:
    """The `k`-th line of the trace as a chart, with its heading."""
    bands = bands_of(comparison, name, logs=line.log)
    said = [tag("h3", line.title), *([paragraph(line.text)] if line.text else [])]
    if not bands:
        return Raw("".join(said) + paragraph("No run reached its end."))
    chart = over_weeks(comparison, line.title, bands, line.unit, log=line.log)
    mean = "Geometric mean" if chart.y.log else "Mean"
    caption = f"{over_seeds(comparison, mean, len(bands))}{_sampled(comparison)}"
    if line.log and not chart.y.log:
        caption += LINEAR
    return Raw("".join(said) + week_figure(f"line-chart-{k}", chart, bands, caption))


def _sampled(comparison: Comparison) -> str:
    """Which weeks are shown, where it is not all."""
    shown, weeks = len(comparison.weeks), comparison.contract.weeks
    return "" if shown >= weeks else f"; {shown} of {weeks} weeks"
