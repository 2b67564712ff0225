"""What each instrument loses and why, and Weitzman's coefficient over the slope of benefits."""

from dataclasses import replace

import numpy as np

from catallax.arrays import Floats
from catallax.domains.prices_quantities.mechanisms import Price, Quota
from catallax.domains.prices_quantities.run import WHY
from catallax.domains.prices_quantities.weitzman import compute_price_advantage, find_border
from catallax.show.chart import (
    ORACLE,
    Chart,
    ChartLine,
    Dots,
    choose_look,
    fit_axis,
    make_linear_axis,
)
from catallax.show.charts import choose_looks
from catallax.show.story import order_mechanisms, title_mechanism
from catallax.show.strips import Bar, Strip, Strips
from catallax.show.words import format_estimate, joined, number
from catallax.study import Comparison

BETWEEN, TOTAL = 0, 1  # places in `WHY`
CAUSES = ("the wrong plants produce", "the total is wrong")
MONEY = "money a week per plant"
POINTS = 61  # of the curve


def split_losses(comparison: Comparison) -> dict[str, Floats]:
    """Mean loss by cause, (2,), of each mechanism that ran to its end."""
    found: dict[str, Floats] = {}
    for m in order_mechanisms(comparison):
        parts = [o.trace.vectors[WHY] for o in comparison.outcomes[m] if WHY in o.trace.vectors]
        if len(parts) == len(comparison.seeds):
            found[m] = np.mean(parts, axis=0)
    return found


def make_loss_strips(comparison: Comparison) -> Strips:
    """What each instrument loses against full information, by cause."""
    shown, why = choose_looks(comparison), split_losses(comparison)
    strips = []
    for m in order_mechanisms(comparison):
        found = comparison.summary(m, "loss")
        low, high = found.ci95 or (None, None)
        bars = _make_bars(why[m], shown[m].colour) if m in why else ()
        name = title_mechanism(comparison, m)
        strips.append(Strip(name, shown[m], format_estimate(found), found.mean, low, high, bars))
    ends = [np.array(s.drawn) for s in strips]
    texts = [f"{s.name} {s.text}" for s in strips]
    x = fit_axis([np.zeros(1), *ends], MONEY)
    summary = f"Loss against full information: {joined(texts)}."
    return Strips("What each instrument loses, and why", summary, x, strips)


def _make_bars(why: Floats, colour: str) -> tuple[Bar, Bar]:
    between, total = why.tolist()
    return (
        Bar(CAUSES[BETWEEN], colour, 0.0, between, hatched=True),
        Bar(CAUSES[TOTAL], colour, between, between + total),
    )


def make_weitzman_chart(comparison: Comparison) -> Chart:
    """The coefficient over B″ by the contract's formula, and what was found at its own."""
    contract = comparison.contract
    here, there = contract.benefit_slope, find_border(contract)
    slopes = np.linspace(2.0 * min(here, there), max(here, 0.0), POINTS)
    expected = np.array(
        [compute_price_advantage(replace(contract, benefit_slope=b)) for b in slopes]
    )
    x = make_linear_axis(
        float(slopes[0]), float(slopes[-1]), "slope of marginal benefit B″, money per unit²"
    )
    ends = np.array([slopes[0], slopes[-1]])
    lines = [
        ChartLine("Weitzman’s formula", choose_look(0), slopes, expected, whole=True),
        ChartLine("", ORACLE, ends, np.zeros(2), whole=True),
    ]
    dots = []
    found = _find_advantage(comparison)
    if found is not None:
        at, low, high = np.array([here]), *np.array(found[1:])
        dots.append(_make_dot(here, found[0]))
        lines.append(
            ChartLine("", choose_look(1), np.repeat(at, 2), np.array([low, high]), whole=True)
        )
    y = fit_axis([expected, *([np.array(found)] if found else [])], MONEY)
    summary = (
        f"The advantage of a price over a quota falls to 0 at B″ = {number(there)}. Here B″ = "
        f"{number(here)}, and the formula says {number(compute_price_advantage(contract))}."
    )
    apart = not np.isclose(here, there)
    marks = sorted([(there, "border"), (here, "here")] if apart else [(here, "border, and here")])
    return Chart("A price or quotas?", summary, x, y, lines, dots, marks)


def _make_dot(slope: float, mean: float) -> Dots:
    at, value, size = np.array([slope]), np.array([mean]), np.array([4.5])
    return Dots("found: price less quota", choose_look(1), at, value, size, [number(mean)])


def _find_advantage(comparison: Comparison) -> tuple[float, float, float] | None:
    """Mean and ends of welfare of price less quota; None where there is none."""
    if not {Price.name, Quota.name} <= set(comparison.outcomes):
        return None
    found = comparison.difference(Price.name, "welfare", Quota.name)
    if found.mean is None:
        return None
    return (found.mean, *(found.ci95 or (found.mean, found.mean)))


def make_panels(comparison: Comparison) -> list[tuple[str, Chart | Strips]]:
    """Of the stand-alone picture: losses by cause, and the coefficient."""
    return [
        ("What each instrument loses, and why", make_loss_strips(comparison)),
        ("A price or quotas? The advantage of the price", make_weitzman_chart(comparison)),
    ]
