"""A small registry and laws made up for tests, in place of the laboratory."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from catallax.execute.row import RunRow
from catallax.study.claims import Registry, registry
from catallax.study.sweep import RunRows

Law = Callable[[Mapping[str, object], str, int], float | None]

SMALL = """
seeds = 4

[essays]
H = "an essay"

[rules]
share = 0.9
central = 0.8
confidence = 0.95

[contracts.calm]
why = "as small as it can be"
weeks = 60
economy = "small:0"

[maps.told]
why = "half below the border, half above"
contracts = { calm = 1.0 }
[maps.told.axes]
tacit = { values = [0.1, 0.2, 0.3, 0.4], weights = [0.1, 0.2, 0.3, 0.4] }
delay = { values = [0.0, 1.0], weights = [0.5, 0.5] }

[claims.H1]
text = "Prices are better."
experiment = "frontier"
looked_at = "score"
rule = "direction"
map = "told"
changes = "another world"
[[claims.H1.parts]]
title = "market less planner"
measure = "score"
first = "market"
second = "ai_planner"
form = "difference"
sign = 1
failed = 0.0
[[claims.H1.parts]]
title = "change of the market's score over tacit share"
measure = "score"
first = "market"
form = "level"
along = "tacit"
sign = 1

[claims.H2]
text = "Prices are a quarter better."
experiment = "frontier"
looked_at = "score"
figure = "+25 %"
rule = "figure"
value = 0.25
map = "told"
changes = "another world"
[[claims.H2.parts]]
title = "market over planner"
measure = "score"
first = "market"
second = "ai_planner"
form = "ratio"
sign = 1

[claims.H3]
text = "Nobody knows."
experiment = "none"
looked_at = "nothing"
rule = "direction"
why = "nothing can be run"

[claims.H4]
text = "Two things at once."
experiment = "none"
looked_at = "nothing"
figure = "2 and 3"
rule = "inconsistent"
figures = [[2.0, 2.0], [3.0, 3.0]]
unit = "points"
why = "nothing can be run"
"""


@pytest.fixture
def small(tmp_path: Path) -> Registry:
    """Four claims about a small economy."""
    file = tmp_path / "registry.toml"
    file.write_text(SMALL, encoding="utf-8")
    return registry(file)


@pytest.fixture
def law() -> Callable[..., Callable[..., RunRows]]:
    """(law, stop) -> a gather that answers by it; None is a run that stopped with that reason."""

    def made(value: Law, stop: str = "BAD_ACT") -> Callable[..., RunRows]:
        def gather(cells, seeds):
            rows = []
            for number, cell in enumerate(cells):
                for label, text in cell.mechanisms.items():
                    for seed in seeds:
                        got = value(cell.point, label, seed)
                        rows.append(
                            RunRow(
                                f"{number} {label} {seed}",
                                cell.point,
                                label,
                                text,
                                seed,
                                cell.contract.to_dict(),
                                {"score": got},
                                {} if got is not None else {"score": "it came down"},
                                "COMPLETED" if got is not None else stop,
                                "" if got is not None else "row 3 broke a rule",
                                seconds=0.5,
                            )
                        )
            return RunRows.of(rows)

        return gather

    return made
