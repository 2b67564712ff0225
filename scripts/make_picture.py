"""Make the README's picture and table: `python scripts/make_picture.py` writes docs/tin.svg.

Runs the main experiment with its defaults, which takes about two minutes, and prints the table.
"""

from pathlib import Path

from rich.console import Console

from catallax import compare, tin, us71
from catallax.experiments import experiment
from catallax.report import picture, terminal_table

TARGET = Path(__file__).parents[1] / "docs" / "tin.svg"


def main() -> None:
    """Run, draw, print."""
    found = compare("tin", tin(us71()), experiment("tin").mechanisms, range(8))
    TARGET.write_text(picture(found), encoding="utf-8")
    Console(width=100).print(terminal_table(found))


if __name__ == "__main__":
    main()
