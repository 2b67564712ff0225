"""The sections that every domain has: the measure that judges, side by side, week by week."""

from catallax.protocol import TraceLine
from catallax.show.chart import Chart
from catallax.show.charts import (
    chart_over_weeks,
    collect_bands,
    list_lines,
    make_difference_strips,
    make_measure_strips,
)
from catallax.show.figures import LINEAR, describe_average, make_strips_figure, make_week_figure
from catallax.show.findings import TOWARDS, find_judging_measure, head_measure
from catallax.show.markup import Raw, Section, paragraph, tag
from catallax.show.story import name_mechanism
from catallax.show.strips import Strips
from catallax.show.tables import tabulate_differences
from catallax.show.words import opened
from catallax.study import Comparison


def make_plain_sections(comparison: Comparison) -> list[Section]:
    """What stands between the contents and the table of all measures."""
    found = [make_judging_section(comparison)]
    if comparison.others:
        found.append(make_side_section(comparison))
    if list_lines(comparison):
        found.append(make_weeks_section(comparison))
    return found


def make_plain_panels(comparison: Comparison) -> list[tuple[str, Chart | Strips]]:
    """The measure that judges, and the first line over weeks."""
    measure = find_judging_measure(comparison)
    found: list[tuple[str, Chart | Strips]] = [
        (head_measure(measure), make_measure_strips(comparison, measure))
    ]
    for name, line in list_lines(comparison).items():
        bands = collect_bands(comparison, name, logs=line.log)
        if bands:
            found.append(
                (
                    line.title,
                    chart_over_weeks(comparison, line.title, bands, line.unit, log=line.log),
                )
            )
            break
    return found


def make_judging_section(comparison: Comparison) -> Section:
    """The measure by which mechanisms are judged."""
    measure = find_judging_measure(comparison)
    strips = make_measure_strips(comparison, measure)
    towards = TOWARDS[measure.better]
    said = f"{opened(towards)}. Source: {measure.source}." if towards else ""
    caption = f"{head_measure(measure)}, {measure.unit}. {describe_average(comparison)}"
    inside = paragraph(f"{measure.text} {said or f'Source: {measure.source}.'}")
    return (
        "judged",
        head_measure(measure),
        Raw(inside + make_strips_figure("judged-chart", strips, caption)),
    )


def make_side_section(comparison: Comparison) -> Section:
    """Each mechanism against the first, paired on seeds."""
    measure = find_judging_measure(comparison)
    base = name_mechanism(comparison, comparison.base)
    text = (
        f"The difference from {base} on the same seed: chances that both have in common cancel. "
        "Where the interval holds 0, the two differ by less than these seeds can tell."
    )
    caption = f"Difference from {base}, {measure.unit}. {describe_average(comparison)}"
    drawn = make_strips_figure("side-chart", make_difference_strips(comparison, measure), caption)
    return "side", "Side by side", Raw(paragraph(text) + drawn + tabulate_differences(comparison))


def make_weeks_section(comparison: Comparison) -> Section:
    """Every line of the trace, a chart each."""
    parts = [
        make_line_figure(comparison, k, name, line)
        for k, (name, line) in enumerate(list_lines(comparison).items())
    ]
    return "weeks", "Week by week", Raw("".join(parts))


def make_line_figure(comparison: Comparison, k: int, name: str, line: TraceLine) -> Raw:
    """The `k`-th line of the trace as a chart, with its heading."""
    bands = collect_bands(comparison, name, logs=line.log)
    said = [tag("h3", line.title), *([paragraph(line.text)] if line.text else [])]
    if not bands:
        return Raw("".join(said) + paragraph("No run reached its end."))
    chart = chart_over_weeks(comparison, line.title, bands, line.unit, log=line.log)
    mean = "Geometric mean" if chart.y.log else "Mean"
    caption = f"{describe_average(comparison, mean, len(bands))}{_describe_sampling(comparison)}"
    if line.log and not chart.y.log:
        caption += LINEAR
    return Raw("".join(said) + make_week_figure(f"line-chart-{k}", chart, bands, caption))


def _describe_sampling(comparison: Comparison) -> str:
    """Which weeks are shown, where it is not all."""
    shown, weeks = len(comparison.weeks), comparison.contract.weeks
    return "" if shown >= weeks else f"; {shown} of {weeks} weeks"
