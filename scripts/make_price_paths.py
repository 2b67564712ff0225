"""How a scarce thing finds its price: `python scripts/make_price_paths.py [us15 ...] [--seeds 2]`.

Tin halves; lines are exact and quotes are heard 0, 1 or 4 weeks late. For each market it prints the
price over the optimum's, the weeks until both first agree within 10 per cent, and efficiency after
the shock and in calm; docs/price_paths.svg shows the paths. Both economies and eight seeds take
some minutes.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import final

import numpy as np

from catallax import ChannelLaw, Contract, LineLaw, assess, simulate, tin
from catallax.arrays import Floats
from catallax.domains.production.economy import economy_named
from catallax.domains.production.measures.price_discovery import NEAR, find_price_ratio
from catallax.show.chart import (
    ORACLE,
    Chart,
    ChartLine,
    choose_look,
    make_linear_axis,
    make_week_axis,
)
from catallax.show.picture import draw_side_by_side
from catallax.study.statistics import half_width

FILE = Path(__file__).parents[1] / "docs" / "price_paths.svg"
ECONOMIES = ("us15", "us71")
MECHANISMS = ("market", "market:exchange", "ai_market")
DELAYS = (0.0, 1.0, 4.0)
FIRST = 200  # seed
WEEKS, EVERY, BEFORE = 208, 4, 8
SHOWN = (0, 4, 8, 16, 26, 52, 104)  # weeks after the shock


@final
@dataclass(frozen=True, eq=False)
class PricePath:
    """What one run came to.

    ratio : (weeks,) price of what gets scarce over the optimum's, from `BEFORE` weeks before
    after : mean efficiency from the shock on; calm: that of the same run without it
    """

    ratio: Floats
    after: float
    calm: float

    @property
    def weeks(self) -> float:
        """Weeks from the shock until the price is first near the optimum's; infinite if never."""
        near = np.flatnonzero(np.abs(self.ratio[BEFORE:] - 1.0) <= NEAR)
        return float(near[0]) if near.size else np.inf


@cache
def make_contract(economy: str, delay: float) -> Contract:
    """Tin halves, and nothing that anybody hears is off."""
    channel = ChannelLaw(line=LineLaw(delay))
    return replace(tin(economy_named(economy), weeks=WEEKS), channel=channel)


def follow_price(economy: str, delay: float, mechanism: str, seed: int) -> PricePath:
    """The path of one run. Between sampled weeks the optimum's price is drawn straight."""
    contract = make_contract(economy, delay)
    shock = contract.shocks[0]
    (resource,) = shock.reach().resources
    look = sorted({shock.week - 1, *range(0, WEEKS, EVERY)})
    run = simulate(contract, mechanism, seed)
    calm = assess(simulate(contract.calm(), mechanism, seed), range(shock.week, WEEKS, EVERY))
    path = assess(run, look)
    ratio = find_price_ratio(path, resource)
    late = path.mean(path.efficiency, shock.week)
    return PricePath(ratio[shock.week - BEFORE :], late, float(calm.efficiency.mean()))


def list_cases(economies: Sequence[str]) -> Iterator[tuple[str, float, str]]:
    """Economy, delay and mechanism of each line of the table."""
    for economy in economies:
        for delay in DELAYS:
            for mechanism in MECHANISMS:
                yield economy, delay, mechanism


def print_row(case: tuple[str, float, str], paths: Sequence[PricePath]) -> None:
    """One line of the table, in Markdown."""
    economy, delay, mechanism = case
    ratio = np.mean([p.ratio for p in paths], axis=0)
    cells = [economy, f"{delay:g}", f"`{mechanism}`"]
    cells += [_write_mean([p.weeks for p in paths], 0)]
    cells += [f"{ratio[BEFORE + week]:.2f}" for week in SHOWN]
    cells += [_write_mean([getattr(p, k) for p in paths], 4) for k in ("after", "calm")]
    print(f"| {' | '.join(cells)} |", flush=True)


def _write_mean(values: Sequence[float], digits: int) -> str:
    """Mean and half of its interval; "not all" where some never came."""
    if not np.all(np.isfinite(values)):
        return "not all"
    half = half_width(np.asarray(values)) if len(values) > 1 else None
    return f"{np.mean(values):.{digits}f}" + (f" ± {half:.{digits}f}" if half else "")


def draw_paths(found: dict[tuple[str, float, str], list[PricePath]]) -> str:
    """One panel an economy and delay."""
    panels = dict.fromkeys((economy, delay) for economy, delay, _ in found)
    shown = [(f"{e}, quotes {d:g} weeks late", _draw_panel(found, e, d)) for e, d in panels]
    return draw_side_by_side("The price of tin over the optimum's after its flow has halved", shown)


def _draw_panel(
    found: dict[tuple[str, float, str], list[PricePath]], economy: str, delay: float
) -> Chart:
    lines = []
    for k, mechanism in enumerate(MECHANISMS):
        ratios: Floats = np.array([p.ratio for p in found[economy, delay, mechanism]])
        x = np.arange(ratios.shape[1], dtype=np.float64) - BEFORE
        low, high = ratios.min(axis=0), ratios.max(axis=0)
        lines.append(ChartLine(mechanism, choose_look(k), x, ratios.mean(axis=0), low, high))
    ends = lines[0].x[[0, -1]]
    lines.append(ChartLine("optimum", ORACLE, ends, np.ones(2), whole=True))
    x_axis = make_week_axis(ends[0], ends[1], "weeks since the shock")
    y_axis = make_linear_axis(0.2, 1.4, "price over the optimum's")
    summary = "Lines are means over seeds and bands reach from the least to the largest."
    return Chart(f"{economy}, {delay:g}", summary, x_axis, y_axis, lines, marks=((0.0, "shock"),))


def main() -> None:
    """Run, print and draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("economies", nargs="*", default=ECONOMIES)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--out", type=Path, default=FILE)
    given = parser.parse_args()
    heads = ("economy", "delay", "mechanism", "weeks to 10 %", *map(str, SHOWN), "after", "calm")
    print(f"| {' | '.join(heads)} |\n| {' | '.join('---' for _ in heads)} |")
    found = {}
    for case in list_cases(given.economies):
        seeds = range(FIRST, FIRST + given.seeds)
        found[case] = [follow_price(*case, seed) for seed in seeds]
        print_row(case, found[case])
    given.out.write_text(draw_paths(found), encoding="utf-8")


if __name__ == "__main__":
    main()
