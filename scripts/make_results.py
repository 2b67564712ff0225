"""Make the tables of docs/results.md: `python scripts/make_results.py`.

The market and the planners under every delegation, on the three shocks of the US economy, with
both lines of delay 0, 1 and 4 weeks, seeds 0 to 3. Takes a quarter of an hour on two cores. Prose
in the page stands outside the marks and stays.
"""

import sys
from pathlib import Path

from catallax import ChannelLaw, Comparison, LineLaw, compare, us71
from catallax.experiments import Summary, experiment
from catallax.report.words import decimals, fixed, label, number

PAGE = Path(__file__).parents[1] / "docs" / "results.md"
BEGIN, END = "<!-- tables: begin -->", "<!-- tables: end -->"
NAMES = (
    "market",
    "ai_planner:in_kind",
    "ai_planner:own_mix",
    "ai_planner",
    "five_year_plan",
    "five_year_plan:rigid",
)
EXPERIMENTS = ("tin", "oil", "tariff")
DELAYS = (0, 1, 4)
SEEDS = range(4)
MEASURES = {
    "score": "score",
    "efficiency": "efficiency",
    "area_lost": "weeks lost",
    "welfare": "welfare",
    "bits": "bits a week",
}


def main() -> None:
    """Run everything and write the tables into the page."""
    parts = [_section(name, delay) for name in EXPERIMENTS for delay in DELAYS]
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, tail = rest.partition(END)
    PAGE.write_text(f"{head}{BEGIN}\n\n{''.join(parts)}{END}{tail}", encoding="utf-8")


def _section(name: str, delay: int) -> str:
    line = LineLaw(delay=delay)
    contract = experiment(name).contract(us71(), channel=ChannelLaw(line=line, centre=line))
    found = compare(name, contract, NAMES, SEEDS)
    print(f"{name}, delay {delay}: done", file=sys.stderr, flush=True)
    weeks = "no delay" if delay == 0 else f"a delay of {delay} week{'s' * (delay > 1)}"
    rows = sorted(NAMES, key=lambda m: -(found.summary(m, "score").mean or 0.0))
    lines = [
        f"**{name}**, {weeks} on both lines (contract `{contract.hash}`)\n",
        f"| | {' | '.join(MEASURES.values())} | score less {label(found.base)}'s |",
        f"|---|{'---|' * (len(MEASURES) + 1)}",
        *(_row(found, m) for m in rows),
    ]
    return "\n".join(lines) + "\n\n"


def _row(found: Comparison, mechanism: str) -> str:
    cells = [_cell(found.summary(mechanism, measure)) for measure in MEASURES]
    same = mechanism == found.base
    gap = "–" if same else _cell(found.difference(mechanism, "score"))
    return f"| {' | '.join([label(mechanism), *cells, gap])} |"


def _cell(found: Summary) -> str:
    """Mean and half-width of the 95 % interval."""
    if found.mean is None or found.ci95 is None:
        return number(found.mean)
    half = (found.ci95[1] - found.ci95[0]) / 2
    if abs(found.mean) >= 1e4:
        return number(found.mean)
    d = decimals(found.mean, half)
    return f"{fixed(found.mean, d)} ± {fixed(half, d)}"


if __name__ == "__main__":
    main()
