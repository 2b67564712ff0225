"""Make the tables of docs/learning.md: `python scripts/make_learning.py`.

The AI planner against itself before it learned, firms that learn against those that do not, what is
learned as weeks go by, and forecasts over novelty; seeds 0 to 3. Takes a quarter of an hour on two
cores. Prose in the page stands outside the marks and stays.
"""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from catallax import (
    BehaviourLaw,
    Comparison,
    Contract,
    KnowledgeLaw,
    Shock,
    compare,
    generate,
    us15,
    us71,
)
from catallax.domains.production.experiments import experiment
from catallax.domains.production.experiments.learned import elasticities_learned, taste_skill
from catallax.domains.production.mechanisms import ai_planner
from catallax.show.words import count_decimals, fixed, label_mechanism, number
from catallax.study import Summary
from catallax.study.statistics import half_width

PAGE = Path(__file__).parents[1] / "docs" / "learning.md"
SEEDS = range(4)
PLANNERS = ("ai_planner:plain", "ai_planner")
SAME_GAINS = "ai_planner:weight=0.123:taut=0.0327:cover=0.0866"  # as those of the plain one
MARKETS = ("market", "market:quote_smoothing=1", "ai_market", "federated_market", "ai_planner")
HORIZONS = tuple(
    f"ai_planner{how}{weeks}" for how in ("", ":in_kind") for weeks in (":horizon=0", "")
)
WEEKS = (26, 52, 104, 208)
PROBES = (0.0, 0.03, 0.1)
NOVELTY = (0.0, 0.25, 0.5, 0.75, 1.0)
RULES = ("last", "ewma", "holt_winters", "structural")
AHEAD = (4, 13)


def main() -> None:
    """Make the tables that are named, or all, and write them into the page."""
    text = PAGE.read_text(encoding="utf-8")
    tables = {
        "planner": planner, "elasticities": elasticities, "markets": markets,
        "announced": announced, "skill": skill, "novelty": novelty,
    }  # fmt: skip
    for name, make in tables.items():
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        head, _, rest = text.partition(begin)
        _, _, tail = rest.partition(end)
        text = f"{head}{begin}\n\n{make()}\n{end}{tail}"
        PAGE.write_text(text, encoding="utf-8")
        print(f"{name}: done", file=sys.stderr, flush=True)


def planner() -> str:
    """The AI planner against itself before it learned."""
    rows = {name: experiment(name).contract(us71()) for name in ("tin", "oil", "tariff")}
    rows["tin, strategic plants"] = replace(rows["tin"], behaviour=BehaviourLaw("strategic"))
    rows["elasticities tacit"] = Contract(us71(), KnowledgeLaw(tacit_sigma=1.0))
    rows["a season"] = Contract(us71(), KnowledgeLaw(drift=0.03, novelty=0.0))
    return _table(rows, (*PLANNERS, SAME_GAINS))


def markets() -> str:
    """Firms that learn against firms that do not."""
    tin, law = experiment("tin").contract(us71()), KnowledgeLaw
    row = tin.shocks[0]
    assert isinstance(row, Shock)
    rows = {
        "calm": Contract(us71(), law(drift=0.0)),
        "drift 0.01": Contract(us71(), law()),
        "drift 0.03": Contract(us71(), law(drift=0.03)),
        "a season (forecastable)": Contract(us71(), law(drift=0.03, novelty=0.0)),
        "tin (unforecastable)": tin,
        "tin, announced": replace(tin, shocks=(replace(row, announced=True),)),
    }
    return _table(rows, MARKETS)


def announced() -> str:
    """The AI planner with and without stocks laid up for a shortage that everybody was told of."""
    named = {"tin, us71": ("tin", us71()), "oil, us71": ("oil", us71())}
    named |= {f"ore, synthetic:{seed}": ("tin", generate(seed)) for seed in (1002, 1003)}
    rows = {
        title: experiment(name).contract(economy, week=104, announced=True)
        for title, (name, economy) in named.items()
    }
    return "\n".join(_table(rows, names) for names in (HORIZONS[:2], HORIZONS[2:]))


def novelty() -> str:
    """Scores over the share of change that no history predicts."""
    rows = {
        f"novelty {x:g}": Contract(us15(), KnowledgeLaw(drift=0.03, novelty=x)) for x in NOVELTY
    }
    return _table(rows, ("market", "ai_market", "federated_market", *PLANNERS))


def _table(contracts: dict[str, Contract], names: Sequence[str]) -> str:
    """Mean scores and, of all but the first mechanism, paired differences to it."""
    lines = [
        f"| | {' | '.join(_name(n) for n in names)} | "
        + " | ".join(f"{_name(n)} less {_name(names[0])}" for n in names[1:])
        + " |",
        f"|---|{'---|' * (2 * len(names) - 1)}",
    ]
    for title, contract in contracts.items():
        found = compare(title, contract, names, SEEDS)
        lines.append(_row(title, found, names))
        print(f"  {title}", file=sys.stderr, flush=True)
    return "\n".join(lines) + "\n"


def _row(title: str, found: Comparison, names: Sequence[str]) -> str:
    scores = [_cell(found.summary(n, "score")) for n in names]
    gaps = [_cell(found.difference(n, "score")) for n in names[1:]]
    return f"| {title} | {' | '.join(scores)} | {' | '.join(gaps)} |"


def _name(mechanism: str) -> str:
    return "AI planner (gains as plain)" if mechanism == SAME_GAINS else label_mechanism(mechanism)


def _cell(found: Summary) -> str:
    """Mean and half-width of the 95 % interval."""
    if found.mean is None or found.ci95 is None:
        return number(found.mean)
    return _pm(found.mean, (found.ci95[1] - found.ci95[0]) / 2)


def _pm(mean: float, half: float) -> str:
    d = count_decimals(mean, half)
    return f"{fixed(mean, d)} ± {fixed(half, d)}"


def elasticities() -> str:
    """Log error of plants' elasticities as weeks go by, and the power of time."""
    contract = Contract(us15(), KnowledgeLaw(tacit_sigma=1.0), weeks=max(WEEKS) + 1)
    lines = [
        f"| | {' | '.join(f'{w} weeks' for w in WEEKS)} | power of time |",
        f"|---|{'---|' * (len(WEEKS) + 1)}",
    ]
    for probe in PROBES:
        found = elasticities_learned(contract, ai_planner(probe=probe), range(8), WEEKS)
        cells = [_pm(float(m), float(h)) for m, h in zip(
            found.error.mean(axis=0), half_width(found.error), strict=True)]  # fmt: skip
        mean, error = found.rate
        title = f"experiments of {probe:g}" if probe else "no experiments"
        lines.append(f"| {title} | {' | '.join(cells)} | {_pm(mean, 1.96 * error)} |")
    return "\n".join(lines) + "\n"


def skill() -> str:
    """Skill of forecasts of tastes over novelty."""
    heads = [f"{rule}, {ahead} weeks" for ahead in AHEAD for rule in RULES]
    lines = [f"| novelty | {' | '.join(heads)} |", f"|---|{'---|' * len(heads)}"]
    for x in NOVELTY:
        contract = Contract(us15(), KnowledgeLaw(drift=0.03, novelty=x), weeks=208)
        cells = []
        for ahead in AHEAD:
            for rule in RULES:
                found = np.array([taste_skill(contract, s, rule, ahead, 104) for s in range(8)])
                cells.append(_pm(float(found.mean()), float(half_width(found))))
        lines.append(f"| {x:g} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
