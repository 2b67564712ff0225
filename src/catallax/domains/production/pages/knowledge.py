"""What facts are worth: a measure against the bits of each kind, drawn and in words."""

import numpy as np

from catallax.domains.production.value_of_information import FactValue, InformationValue
from catallax.show.chart import Chart, ChartLine, choose_look, make_linear_axis, make_log_axis
from catallax.show.picture import draw_side_by_side
from catallax.show.words import counted, fixed, label_mechanism, number, opened

UNUSED = "unused"  # rather than a nought, which looks like a measurement
IDLE = f"{UNUSED}: under every law tried the measure is the same to the last bit on every seed."


def draw_worth(worth: InformationValue) -> str:
    """A stand-alone SVG with a panel a mechanism: the measure against bits, kind by kind."""
    shown = [(opened(label_mechanism(m)), _chart_worth(worth, m)) for m in worth.facts]
    seeds = counted(len(worth.seeds), "seed")
    title = f"{opened(worth.measure)} against bits of each kind of fact, mean over {seeds}"
    return draw_side_by_side(f"{title}, on {worth.contract.place}", shown)


def _chart_worth(worth: InformationValue, mechanism: str) -> Chart:
    level = worth.level[mechanism]
    lines = [_make_line(k, fact, level) for k, fact in enumerate(worth.ranked(mechanism))]
    bits = np.concatenate([line.x for line in lines])
    values = np.concatenate([line.y for line in lines])
    pad = 0.05 * max(float(np.ptp(values)), 1e-3)
    x = make_log_axis(float(bits.min()), float(bits.max()), "bits of the kind a week")
    y = make_linear_axis(float(values.min()) - pad, float(values.max()) + pad, worth.measure)
    best = worth.ranked(mechanism)[0]
    most = number(best.per_kilobit, 3)
    summary = f"A bit is worth most in {best.kind}: {most} a thousand bits a week."
    return Chart(opened(label_mechanism(mechanism)), summary, x, y, lines)


def _make_line(k: int, fact: FactValue, level: float) -> ChartLine:
    """From the coarsest code to the finest; silence has no place on an axis in logs."""
    points = [(bits, level + change) for bits, change in fact.curve if bits > 0]
    x, y = np.array(points).T
    return ChartLine(fact.kind, choose_look(k), x, y)


def format_per_kilobit(fact: FactValue) -> str:
    """What a thousand bits a week of a kind are worth, as text; a word where no bit is used."""
    return UNUSED if fact.unused else number(fact.per_kilobit, 3)


def format_change(mean: float, half: float | None) -> str:
    """A change of the measure with half its interval, in points (hundredths)."""
    ends = "" if half is None else f" ± {fixed(100 * half, 2)}"
    return f"{fixed(100 * mean, 2)}{ends}"
