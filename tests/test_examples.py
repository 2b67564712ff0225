"""Every example is a mechanism that keeps the knowledge barrier."""

from pathlib import Path

import pytest

from catallax.testing import barrier

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.py"))


def test_there_are_examples() -> None:
    assert EXAMPLES


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_keeps_the_barrier(path: Path) -> None:
    report = barrier(str(path))
    assert report.passed, report.lines
