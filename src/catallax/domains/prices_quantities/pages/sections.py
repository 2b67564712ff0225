"""The page in words and sections: the question, who knows what, what is lost and why."""

from typing import Any

import numpy as np

from catallax.domains.prices_quantities.mechanisms import Price, Quota
from catallax.domains.prices_quantities.pages.charts import (
    BETWEEN,
    make_loss_strips,
    make_weitzman_chart,
    split_losses,
)
from catallax.domains.prices_quantities.weitzman import compute_price_advantage, find_border
from catallax.show import findings as plain
from catallax.show import story
from catallax.show.charts import list_lines
from catallax.show.figures import describe_average, make_figure, make_strips_figure
from catallax.show.markup import Grid, Raw, Section, paragraph
from catallax.show.sections import make_side_section, make_weeks_section
from catallax.show.words import counted, format_estimate, joined, number, percent
from catallax.study import Comparison, Summary

PRICE, QUOTA = Price.name, Quota.name
QUESTION = "Prices or quantities, where only plants know what output costs them"
KINDS = {
    "announcement": "what the centre tells every plant, such as a price or a quota; 64 bits a "
    "number",
    "bid": "what a plant tells the exchange: its marginal cost at its quota; 64 bits, and log₂ of "
    "the plants to say who bids",
    "exchange price": "the price of a licence, heard by every plant; 64 bits",
}


def write_title(comparison: Comparison) -> str:
    """The question of the experiment; of other comparisons their own."""
    asked = comparison.name in story.find_domain(comparison).experiments
    return QUESTION if asked else story.write_title(comparison)


def describe_knowledge(comparison: Comparison) -> str:
    """Who knows of costs, and of what happens from outside."""
    every_week = (
        "Every week each plant draws its cost anew and sees it before it answers; nobody else does."
    )
    return (
        f"{story.describe_announcements(comparison)} {every_week}"
        if comparison.contract.shocks
        else every_week
    )


def describe_setting(comparison: Comparison) -> str:
    """What is worth what, and who runs it."""
    c = comparison.contract
    shared = f", with a correlation of {number(c.correlation)} between plants"
    return (
        f"{_count_makers(c.plants)} the same good. A unit more is worth "
        f"{number(c.benefit)} in the base year, and each further one "
        f"{_describe_slope(c.benefit_slope)} (B″ = {number(c.benefit_slope)}). "
        f"A plant’s marginal cost rises by {number(c.cost_slope)} with each unit (C″) and "
        f"has a standard deviation of {number(c.sigma)} over "
        f"weeks{shared if c.correlation else ''}. {_describe_errors(c)}"
        f"{story.introduce_mechanisms(comparison, 'these plants', 'with the same draws of costs')}."
    )


def _count_makers(plants: int) -> str:
    return f"{counted(plants, 'plant')} {'makes' if plants == 1 else 'make'}"


def _describe_slope(slope: float) -> str:
    if slope == 0:
        return "as much"
    return f"{number(abs(slope))} {'less' if slope < 0 else 'more'}"


def _describe_errors(contract: Any) -> str:
    """What the centre errs about."""
    beliefs = (("σ", contract.sigma_belief), ("C″", contract.cost_slope_belief))
    said = [f"{name} for {number(times)} times what it is" for name, times in beliefs if times != 1]
    return f"The centre takes {joined(said)}. " if said else ""


def state_findings(comparison: Comparison) -> list[str]:
    """What was measured, why it was lost, and Weitzman's coefficient beside what was found."""
    said = [
        *plain.state_findings(comparison),
        _state_causes(comparison),
        state_coefficient(comparison),
    ]
    return [s for s in said if s]


def _state_causes(comparison: Comparison) -> str:
    found = {m: why for m, why in split_losses(comparison).items() if sum(why) > 1e-9}
    parts = [
        f"{percent(why[BETWEEN] / sum(why))} of it under {story.name_mechanism(comparison, m)}"
        for m, why in found.items()
        if not comparison.oracle(m)
    ]
    if not parts:
        return ""
    return (
        "What is lost against full information is lost because the wrong plants produce, or "
        f"because the total is wrong. The wrong plants account for {joined(parts)}."
    )


def state_coefficient(comparison: Comparison) -> str:
    """Weitzman's coefficient of the contract, and what was found of it."""
    contract = comparison.contract
    expected, slope = compute_price_advantage(contract), number(contract.benefit_slope)
    where = f"the border is at B″ = {number(find_border(contract))}, and here B″ = {slope}"
    if np.isclose(find_border(contract), contract.benefit_slope):
        where = f"this contract lies on the border, B″ = {slope}"
    said = (
        f"Weitzman’s formula expects a price to be worth {number(expected, 3)} a week per plant "
        f"more than a quota ({where})"
    )
    found = find_advantage(comparison)
    if found is None or found.mean is None:
        return f"{said}."
    text = f"{said}; found was {format_estimate(found)}"
    if found.ci95 is None:
        return f"{text} on one seed."
    inside = found.ci95[0] - 1e-9 <= expected <= found.ci95[1] + 1e-9
    more = "which agrees" if inside else "an interval that misses it, as one in twenty does"
    return f"{text}, {more}."


def find_advantage(comparison: Comparison) -> Summary | None:
    """Welfare of the price less that of the quota, paired on seeds; None where one is missing."""
    if not {PRICE, QUOTA} <= set(comparison.outcomes):
        return None
    return comparison.difference(PRICE, "welfare", QUOTA)


def list_notes(comparison: Comparison) -> list[str]:
    """Below the table on a terminal: Weitzman's coefficient."""
    return [state_coefficient(comparison)]


EVERY = 6  # points of the curve from one row of its table to the next


def make_sections(comparison: Comparison) -> list[Section]:
    """What stands between the contents and the table of all measures."""
    found = [_explain_losses(comparison), _explain_coefficient(comparison)]
    if comparison.others:
        found.append(make_side_section(comparison))
    if list_lines(comparison):
        found.append(make_weeks_section(comparison))
    return found


def _explain_losses(comparison: Comparison) -> Section:
    text = (
        "Somebody who knew every cost would let each plant produce until its marginal cost is the "
        "marginal benefit. Whatever is lost against that has two causes. Marginal costs differ "
        "between plants: the same total could be had for less. Or the total is wrong: one more "
        "unit is worth more, or less, than it costs. A price makes marginal costs equal and lets "
        "the total run; a quota holds the total and lets costs differ; trade in quotas does both."
    )
    caption = f"Loss against full information. {describe_average(comparison)}"
    drawn = make_strips_figure("why-chart", make_loss_strips(comparison), caption)
    return "why", "What each instrument loses, and why", Raw(paragraph(text) + drawn)


def _explain_coefficient(comparison: Comparison) -> Section:
    chart = make_weitzman_chart(comparison)
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
    inside = Raw(paragraph(state_coefficient(comparison)) + paragraph(text) + drawn)
    return "weitzman", "A price or quotas?", inside
