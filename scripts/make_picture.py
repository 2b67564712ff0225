"""Make pictures of the documents: `python scripts/make_picture.py [tin] [prices_quantities]`.

Each is of an experiment with its defaults, and is written to docs/NAME.svg; its table is printed.
`tin`, the README's, takes some minutes. Without names all are made. With the variable STORE, runs
are kept in that folder and not made twice.
"""

import os
import sys
from pathlib import Path

from rich.console import Console

from catallax import Comparison, compare
from catallax.execute.store import Store
from catallax.protocol import experiment_named
from catallax.show import picture, terminal_table

FOLDER = Path(__file__).parents[1] / "docs"
SEEDS = {"tin": range(8), "prices_quantities": range(100, 108)}


def compared(name: str) -> Comparison:
    """The experiment of that name with its defaults."""
    known = experiment_named(name)
    store = Store(os.environ["STORE"]) if "STORE" in os.environ else None
    return compare(name, known.build({}), known.mechanisms, SEEDS[name], store=store)


def main() -> None:
    """Run, draw, print."""
    for name in sys.argv[1:] or SEEDS:
        found = compared(name)
        (FOLDER / f"{name}.svg").write_text(picture(found), encoding="utf-8")
        Console(width=100).print(terminal_table(found))


if __name__ == "__main__":
    main()
