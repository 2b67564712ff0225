"""Make the tables of docs/results.md: `python scripts/make_results.py`.

The market and the planners under every delegation, on the three shocks of the US economy, with
both lines of delay 0, 1 and 4 weeks, seeds 0 to 3. Takes a quarter of an hour on two cores. Prose
in the page stands outside the marks and stays.
"""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from catallax import BehaviourLaw, ChannelLaw, Comparison, Contract, LineLaw, compare, us71
from catallax.domains.production.experiments import experiment
from catallax.show.words import count_decimals, fixed, label_mechanism, number
from catallax.study import Summary

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
AUDITED = (
    "market",
    "ai_planner:in_kind",
    "ai_planner:in_kind:audit=0.1",
    "ai_planner",
    "ai_planner:audit=0.1",
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
    parts = [_shock(name, delay) for name in EXPERIMENTS for delay in DELAYS]
    text = "".join([*parts, strategic()])
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, tail = rest.partition(END)
    PAGE.write_text(f"{head}{BEGIN}\n\n{text}{END}{tail}", encoding="utf-8")


def strategic() -> str:
    """Plants that hide a fifth of their capacity and pad their needs by a fifth."""
    contract = replace(_contract("tin", 1), behaviour=BehaviourLaw("strategic"))
    return _section("tin, strategic plants", "a delay of 1 week", contract, AUDITED)


def _shock(name: str, delay: int) -> str:
    weeks = "no delay" if delay == 0 else f"a delay of {delay} week{'s' * (delay > 1)}"
    return _section(name, weeks, _contract(name, delay), NAMES)


def _contract(name: str, delay: int) -> Contract:
    line = LineLaw(delay=delay)
    made: Contract = experiment(name).contract(us71(), channel=ChannelLaw(line=line, centre=line))
    return made


def _section(name: str, weeks: str, contract: Contract, names: Sequence[str]) -> str:
    found = compare(name, contract, names, SEEDS)
    print(f"{name}, {weeks}: done", file=sys.stderr, flush=True)
    rows = sorted(names, key=lambda m: -(found.summary(m, "score").mean or 0.0))
    lines = [
        f"**{name}**, {weeks} on both lines (contract `{contract.hash}`)\n",
        f"| | {' | '.join(MEASURES.values())} | score less {label_mechanism(found.base)}'s |",
        f"|---|{'---|' * (len(MEASURES) + 1)}",
        *(_row(found, m) for m in rows),
    ]
    return "\n".join(lines) + "\n\n"


def _row(found: Comparison, mechanism: str) -> str:
    cells = [_cell(found.summary(mechanism, measure)) for measure in MEASURES]
    same = mechanism == found.base
    gap = "–" if same else _cell(found.difference(mechanism, "score"))
    return f"| {' | '.join([label_mechanism(mechanism), *cells, gap])} |"


def _cell(found: Summary) -> str:
    """Mean and half-width of the 95 % interval."""
    if found.mean is None or found.ci95 is None:
        return number(found.mean)
    half = (found.ci95[1] - found.ci95[0]) / 2
    if abs(found.mean) >= 1e4:
        return number(found.mean)
    d = count_decimals(found.mean, half)
    return f"{fixed(found.mean, d)} ± {fixed(half, d)}"


if __name__ == "__main__":
    main()
