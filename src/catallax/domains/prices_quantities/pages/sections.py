"""The sections of the page: what is lost and why, price or quotas, side by side, week by week."""

from catallax.domains.prices_quantities.pages.charts import loss_strips, weitzman_chart
from catallax.domains.prices_quantities.pages.story import coefficient
from catallax.show.charts import list_lines
from catallax.show.figures import describe_average, make_figure, make_strips_figure
from catallax.show.markup import Grid, Raw, Section, paragraph
from catallax.show.sections import make_side_section, make_weeks_section
from catallax.show.words import number
from catallax.study import Comparison

EVERY = 6  # points of the curve from one row of its table to the next


def sections(comparison: Comparison) -> list[Section]:
    """What stands between the contents and the table of all measures."""
    found = [_why(comparison), _weitzman(comparison)]
    if comparison.others:
        found.append(make_side_section(comparison))
    if list_lines(comparison):
        found.append(make_weeks_section(comparison))
    return found


def _why(comparison: Comparison) -> Section:
    text = (
        "Somebody who knew every cost would let each plant produce until its marginal cost is the "
        "marginal benefit. Whatever is lost against that has two causes. Marginal costs differ "
        "between plants: the same total could be had for less. Or the total is wrong: one more "
        "unit is worth more, or less, than it costs. A price makes marginal costs equal and lets "
        "the total run; a quota holds the total and lets costs differ; trade in quotas does both."
    )
    caption = f"Loss against full information. {describe_average(comparison)}"
    drawn = make_strips_figure("why-chart", loss_strips(comparison), caption)
    return "why", "What each instrument loses, and why", Raw(paragraph(text) + drawn)


def _weitzman(comparison: Comparison) -> Section:
    chart = weitzman_chart(comparison)
    text = (
        "Above the line of 0 a price is worth more than quotas, below it less. Where benefits "
        "curve more than costs, a wrong total is dear, and quotas win."
    )
    curve = chart.lines[0]
    rows = [
        (number(x), number(y, 3))
        for x, y in zip(curve.x[::EVERY].tolist(), curve.y[::EVERY].tolist(), strict=True)
    ]
    heads = [f"B″, {chart.x.title.rpartition(', ')[2]}", "by the formula"]
    grid = Grid(f"{chart.title} {chart.y.title}", heads, rows)
    caption = f"Welfare of the price less that of the quota. {describe_average(comparison)}"
    drawn = make_figure("weitzman-chart", chart, grid, caption)
    inside = Raw(paragraph(coefficient(comparison)) + paragraph(text) + drawn)
    return "weitzman", "A price or quotas?", inside
