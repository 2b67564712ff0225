"""Prices against quantities in words: the question, who knows what, and what was found."""

from typing import Any

import numpy as np

from catallax.domains.prices_quantities.mechanisms import Price, Quota
from catallax.domains.prices_quantities.pages.charts import BETWEEN, why_lost
from catallax.domains.prices_quantities.weitzman import border, price_advantage
from catallax.show import findings as plain
from catallax.show import story
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


def title(comparison: Comparison) -> str:
    """The question of the experiment; of other comparisons their own."""
    asked = comparison.name in story.find_domain(comparison).experiments
    return QUESTION if asked else story.write_title(comparison)


def secrecy(comparison: Comparison) -> str:
    """Who knows of costs, and of what happens from outside."""
    every_week = (
        "Every week each plant draws its cost anew and sees it before it answers; nobody else does."
    )
    return (
        f"{story.describe_announcements(comparison)} {every_week}"
        if comparison.contract.shocks
        else every_week
    )


def setting(comparison: Comparison) -> str:
    """What is worth what, and who runs it."""
    c = comparison.contract
    shared = f", with a correlation of {number(c.correlation)} between plants"
    return (
        f"{_makers(c.plants)} the same good. A unit more is worth "
        f"{number(c.benefit)} in the base year, and each further one {_moved(c.benefit_slope)} "
        f"(B″ = {number(c.benefit_slope)}). A plant’s marginal cost rises by "
        f"{number(c.cost_slope)} with each unit (C″) and has a standard deviation of "
        f"{number(c.sigma)} over weeks{shared if c.correlation else ''}. {_wrong(c)}"
        f"{story.introduce_mechanisms(comparison, 'these plants', 'with the same draws of costs')}."
    )


def _makers(plants: int) -> str:
    return f"{counted(plants, 'plant')} {'makes' if plants == 1 else 'make'}"


def _moved(slope: float) -> str:
    if slope == 0:
        return "as much"
    return f"{number(abs(slope))} {'less' if slope < 0 else 'more'}"


def _wrong(contract: Any) -> str:
    """What the centre errs about."""
    beliefs = (("σ", contract.sigma_belief), ("C″", contract.cost_slope_belief))
    said = [f"{name} for {number(times)} times what it is" for name, times in beliefs if times != 1]
    return f"The centre takes {joined(said)}. " if said else ""


def findings(comparison: Comparison) -> list[str]:
    """What was measured, why it was lost, and Weitzman's coefficient beside what was found."""
    said = [*plain.state_findings(comparison), _why(comparison), coefficient(comparison)]
    return [s for s in said if s]


def _why(comparison: Comparison) -> str:
    found = {m: why for m, why in why_lost(comparison).items() if sum(why) > 1e-9}
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


def coefficient(comparison: Comparison) -> str:
    """Weitzman's coefficient of the contract, and what was found of it."""
    contract = comparison.contract
    expected, slope = price_advantage(contract), number(contract.benefit_slope)
    where = f"the border is at B″ = {number(border(contract))}, and here B″ = {slope}"
    if np.isclose(border(contract), contract.benefit_slope):
        where = f"this contract lies on the border, B″ = {slope}"
    said = (
        f"Weitzman’s formula expects a price to be worth {number(expected, 3)} a week per plant "
        f"more than a quota ({where})"
    )
    found = advantage_found(comparison)
    if found is None or found.mean is None:
        return f"{said}."
    text = f"{said}; found was {format_estimate(found)}"
    if found.ci95 is None:
        return f"{text} on one seed."
    inside = found.ci95[0] - 1e-9 <= expected <= found.ci95[1] + 1e-9
    more = "which agrees" if inside else "an interval that misses it, as one in twenty does"
    return f"{text}, {more}."


def advantage_found(comparison: Comparison) -> Summary | None:
    """Welfare of the price less that of the quota, paired on seeds; None where one is missing."""
    if not {PRICE, QUOTA} <= set(comparison.outcomes):
        return None
    return comparison.difference(PRICE, "welfare", QUOTA)


def notes(comparison: Comparison) -> list[str]:
    """Below the table on a terminal: Weitzman's coefficient."""
    return [coefficient(comparison)]
