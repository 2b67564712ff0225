"""Make the maps of docs/frontier.md: `python scripts/make_frontier.py FOLDER [NAME ...]`.

FOLDER holds a store of runs for each map; what is not there is run, which takes hours. With names
only these maps are made and the others stay. Prose in the page stands outside the marks and stays.
"""

import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from catallax.apps.commands.frontier import order_map, run_map
from catallax.apps.commands.frontier_stability import order_stability, run_stability
from catallax.apps.contract_options import contract_options
from catallax.apps.execution import ExecutionOptions
from catallax.apps.map_options import MapOptions
from catallax.apps.values import seeds_of
from catallax.domains.production.experiments import FREE

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "frontier.md"
BEGIN, END = "<!-- maps: begin -->", "<!-- maps: end -->"
TOLD = ("delay=0,1,4", "tacit=0,0.1,0.25,0.5,1")
PLANNED = ("drift=0.005,0.01,0.02,0.04", "interval=1,4,13,52")
FEW_TOLD = ("delay=0,1,4", "tacit=0,0.25,1")  # a week of a thousand firms takes three times as long
FEW_PLANNED = ("drift=0.005,0.02", "interval=1,4,52")
FIRMS = "synthetic:1002:1000"
MECHANISMS = ["market", "ai_planner:best", "ai_market", "federated_market"]


@dataclass(frozen=True)
class Drawn:
    """A map to be made: its title, sides, economy, seeds and runs at most (of who wins where)."""

    title: str
    sides: tuple[str, str]
    economy: str
    seeds: str
    budget: int = 800
    stability: bool = False  # of the market under its gains


# What is checked stands on other economies and other seeds than what it checks.
MAPS = {
    "us71-told": Drawn("What can be told, and how late", TOLD, "us71", "8"),
    "us71-pace": Drawn(
        "How often is planned, and how fast things change", PLANNED, "us71", "16", 1600
    ),
    "firms-told": Drawn("What can be told: a thousand firms", FEW_TOLD, FIRMS, "8", 290),
    "firms-pace": Drawn("How often is planned: a thousand firms", FEW_PLANNED, FIRMS, "8", 180),
    "us15-told": Drawn("Check: what can be told, 15 industries", TOLD, "us15", "100-107"),
    "made-told": Drawn("Check: what can be told, made up", TOLD, "synthetic:1003", "100-107"),
    "gains-beta": Drawn(
        "The market's gains: price step and weight of profit",
        ("kappa", "beta"),
        "us71",
        "8",
        stability=True,
    ),
    "gains-delay": Drawn(
        "The market's gains: price step and delay", ("kappa", "delay"), "us71", "8", stability=True
    ),
    "gains-cover": Drawn(
        "The market's gains: stocks and delay", ("cover", "delay"), "us71", "8", stability=True
    ),
}


def main(arguments: Sequence[str]) -> None:
    """Make the maps and write them into the page."""
    folder, *names = arguments
    for name in names or MAPS:
        write(name, made(Path(folder), name))
        print(f"{name}: done", file=sys.stderr, flush=True)


def made(folder: Path, name: str) -> str:
    """One map as Markdown; its picture goes to the documents."""
    drawn = MAPS[name]
    with tempfile.TemporaryDirectory() as out:
        asked = MapOptions(
            mechanisms=None if drawn.stability else MECHANISMS,
            seeds=seeds_of(drawn.seeds),
            out=Path(out),
            contract=contract_options(FREE, {"economy": drawn.economy}),
            execution=ExecutionOptions(store=folder / name, quiet=True),
        )
        text, picture = (fated if drawn.stability else mapped)(drawn, asked, Path(out))
    (DOCS / f"frontier-{name}.svg").write_text(picture, encoding="utf-8")
    told = [line for line in text.splitlines() if not line.startswith("Map: ")]
    # A time says nothing here: most runs come from the store.
    told[-1] = re.sub(r" in [\d.]+ s, .*$", ".", told[-1])
    body = "\n".join(told)
    return f"### {drawn.title}\n\n![{drawn.title}](frontier-{name}.svg)\n\n```text\n{body}\n```\n"


def mapped(drawn: Drawn, asked: MapOptions, out: Path) -> tuple[str, str]:
    """Who wins where, as text and as a picture."""
    text = run_map(order_map(*drawn.sides, asked, budget=drawn.budget))
    return text, (out / "frontier.svg").read_text(encoding="utf-8")


def fated(drawn: Drawn, asked: MapOptions, out: Path) -> tuple[str, str]:
    """The market's fate under its gains, as text and as a picture."""
    text = run_stability(order_stability(*drawn.sides, asked))
    return text, (out / "stability.svg").read_text(encoding="utf-8")


def write(name: str, text: str) -> None:
    """Put a map into the page, in place of the one of that name or after the others."""
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    inside, _, tail = rest.partition(END)
    found = dict(re.findall(r"<!-- map: (\S+) -->\n(.*?)(?=<!-- map: |\Z)", inside, re.DOTALL))
    found[name] = f"\n{text}\n"
    parts = [f"<!-- map: {key} -->\n{found[key]}" for key in MAPS if key in found]
    PAGE.write_text(f"{head}{BEGIN}\n{''.join(parts)}{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
