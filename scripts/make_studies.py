"""Make the figures of docs/information.md and docs/adversary.md: `python scripts/make_studies.py`.

    python scripts/make_studies.py [value-of-information] [sensitivity] [adversary]

The five institutions on us15, three years, on seeds that nothing was tuned on (20 up). On two
cores each takes some minutes. With a folder in STORE runs are kept there, and what is there is not
run again. Needs the extras `search` and `sensitivity`. Prose in the pages stands outside the marks
and stays.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from catallax.adapters.cmaes import CMAES
from catallax.apps.commands.adversary import describe_hunt
from catallax.apps.execution import ExecutionOptions, check_execution
from catallax.domains.production.economy import economy_named
from catallax.domains.production.experiments import FREE, free
from catallax.domains.production.pages.knowledge import (
    draw_worth,
    format_change,
    format_per_kilobit,
)
from catallax.domains.production.value_of_information import count_sent, value_information
from catallax.protocol import ANY, domain_named, experiment_named
from catallax.show.markup import write_whole
from catallax.show.words import counted, fixed, label_mechanism, number
from catallax.study.adversary import hunt, priors_of
from catallax.study.sensitivity import measure_sensitivity, method_named, ranges_of
from catallax.study.sweep import Base, Gather

DOCS = Path(__file__).parents[1] / "docs"
ECONOMY, WEEKS = "us15", 156
MECHANISMS = ("market", "ai_market", "federated_market", "ai_planner", "five_year_plan")
PAIR = ("market", "ai_planner")
AXES = ("delay=0..4", "noise", "tacit", "drift", "novelty", "sigma")
SEEDS, FRESH = range(20, 26), range(100, 120)
SEARCHED, BUDGET = range(20, 24), 2000


def main() -> None:
    """Make the figures that are named, or all, and write them into their pages."""
    made = {
        "value-of-information": ("information.md", values_of_facts),
        "sensitivity": ("information.md", sensitivities),
        "adversary": ("adversary.md", adversaries),
    }
    for name, (page, make) in made.items():
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        text = make()
        path = DOCS / page
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        head, _, rest = path.read_text(encoding="utf-8").partition(begin)
        _, _, tail = rest.partition(end)
        write_whole(path, f"{head}{begin}\n\n{text}\n{end}{tail}")
        print(f"{name}: done", file=sys.stderr, flush=True)


@contextmanager
def running() -> Iterator[Gather]:
    """What runs cells, on all cores."""
    store = os.environ.get("STORE")
    options = ExecutionOptions(store=None if store is None else Path(store))
    with check_execution(options).session(sources=MECHANISMS) as session:
        yield session.gather


def base(*mechanisms: str) -> Base:
    """What everything starts from."""
    return Base(FREE, {"economy": ECONOMY, "weeks": WEEKS}, mechanisms)


def values_of_facts() -> str:
    """Kinds of fact by what a bit of them is worth, and their curves."""
    contract = free(economy_named(ECONOMY), weeks=WEEKS)
    with running() as gather:
        found = value_information(contract, MECHANISMS, SEEDS, gather, count_sent)
    write_whole(DOCS / "information.svg", draw_worth(found))
    rows = [
        [label_mechanism(m) if not k else "", f.kind, number(f.own_bits),
         format_change(f.value, f.silence.half), format_per_kilobit(f)]
        for m in MECHANISMS
        for k, f in enumerate(found.ranked(m))
    ]  # fmt: skip
    heads = ["", "kind of fact", "bits a week", "points lost if silent", "per 1,000 bits a week"]
    curves = "![Score against the bits of each kind of fact](information.svg)"
    return f"{_markdown(heads, rows)}\n{_where(found.runs)}\n\n{curves}\n"


def sensitivities() -> str:
    """Elementary effects on the margin between the two."""
    ranges = ranges_of(AXES, experiment_named(ANY))
    way = method_named("morris", 8, 1)
    with running() as gather:
        found = measure_sensitivity(base(*PAIR), ranges, SEARCHED, gather, way)
    order = sorted(found.indices, key=lambda name: -(found.indices[name]["mu*"].value or 0.0))
    rows = []
    for name in order:
        of = found.indices[name]
        star = of["mu*"]
        ends = "" if star.half is None else f" ± {fixed(100 * star.half, 2)}"
        others = [fixed(100 * (of[i].value or 0.0), 2) for i in ("mu", "sigma")]
        rows.append([name, f"{fixed(100 * (star.value or 0.0), 2)}{ends}", *others])
    what = f"Score of {label_mechanism(PAIR[0])} less {label_mechanism(PAIR[1])}, in points"
    return f"{what}:\n\n{_markdown(['axis', 'mu*', 'mu', 'sigma'], rows)}\n{_where(found.runs)}\n"


def adversaries() -> str:
    """The smallest plausible change that turns the result, in both directions."""
    start, lines, runs = base(*PAIR), [], 0
    priors = priors_of(start.at({}).contract)
    for loser, winner in (PAIR, PAIR[::-1]):
        with running() as gather:
            found = hunt(
                start, loser, winner, priors, SEARCHED, FRESH, gather, CMAES(len(priors), 1),
                budget=BUDGET,
            )  # fmt: skip
        lines.append(f"- {describe_hunt(found, 'score', domain_named(start.domain))}")
        runs += found.runs
    return "\n".join([*lines, "", _where(runs), ""])


def _where(runs: int) -> str:
    return f"{ECONOMY}, {WEEKS} weeks, {counted(runs, 'run')}; made by `scripts/make_studies.py`."


def _markdown(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


if __name__ == "__main__":
    main()
