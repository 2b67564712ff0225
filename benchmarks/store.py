"""The file of results: what was measured, when, and on what machine."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, final

from benchmarks.figure import Figure
from benchmarks.machine import machine


@final
@dataclass(frozen=True)
class Results:
    """What is in a file of results.

    by_bench : benchmark -> machine, seconds, smoke, missing and figures of its last run
    """

    by_bench: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def figures(self, bench: str) -> list[Figure]:
        """The figures of a benchmark; none if it was not run."""
        entry = self.by_bench.get(bench, {})
        return [Figure.from_plain(plain) for plain in entry.get("figures", ())]

    def with_run(
        self, bench: str, figures: Sequence[Figure], *, seconds: float, smoke: bool, missing: str
    ) -> "Results":
        """The same with the last run of `bench`; other benchmarks keep theirs."""
        entry = {
            "machine": machine(),
            "seconds": round(seconds, 1),
            "smoke": smoke,
            "missing": missing,
            "figures": [figure.plain() for figure in figures],
        }
        return Results({**self.by_bench, bench: entry})

    def save(self, path: Path) -> None:
        """Write it."""
        path.write_text(json.dumps(self.by_bench, indent=1, ensure_ascii=False) + "\n", "utf-8")

    @staticmethod
    def load(path: Path) -> "Results":
        """Read it; an absent file holds nothing."""
        return Results(json.loads(path.read_text("utf-8"))) if path.exists() else Results()
