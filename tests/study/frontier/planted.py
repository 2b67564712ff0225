"""A law made up in place of the laboratory: scores are what it says, with noise."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from catallax import Contract
from catallax.domains.production.economy import economy_named
from catallax.domains.production.experiments import FREE
from catallax.study.frontier import Map, Question, make_scale, survey
from catallax.study.sweep import Base, Cell, RunRow, RunRows

CONTRACT = Contract(economy_named("small:0"), weeks=60)
NAMES = ("market", "ai_planner")


@dataclass(frozen=True)
class Planted:
    """Answers as `gather` does.

    law   : (point, mechanism) -> score; None where the economy comes down
    noise : s.d. of scores, half of it common to both mechanisms
    draw  : tells one such laboratory from another
    ran   : every run that was asked for
    """

    law: Callable[[dict, str], float | None]
    noise: float = 0.0
    draw: int = 0
    ran: list[tuple[Any, ...]] = field(default_factory=list)

    def __call__(self, cells: Sequence[Cell], seeds: Sequence[int]) -> RunRows:
        return RunRows.of(
            self._row(cell, label, text, seed)
            for cell in cells
            for label, text in cell.mechanisms.items()
            for seed in seeds
        )

    def _row(self, cell: Cell, label: str, text: str, seed: int) -> RunRow:
        point = dict(cell.point)
        self.ran.append((*point.values(), text, seed))
        score = self.law(point, text)
        if score is not None:
            own = zlib.crc32(f"{seed} {cell.contract.hash} {text}".encode())
            e, shared = (np.random.default_rng([s, self.draw]).normal() for s in (own, seed))
            score += self.noise * (e + shared)
        values = {"score": score, "bits": 100.0 + len(text)}
        values |= {} if score is None else {"swing": 0.001, "trend": 0.0}
        why = {} if score is not None else {"score": "nothing was made from week 52 on"}
        key = f"{cell.contract.hash} {text} {seed}"
        plain = cell.contract.to_dict()
        return RunRow(key, point, label, text, seed, plain, values, why, seconds=1.0)


def question(
    x: str = "tacit",
    y: str = "drift",
    *,
    seeds: int = 6,
    names: Sequence[str] = NAMES,
    xs: tuple = (0.0, 0.1, 0.2, 0.3, 0.4),
    ys: tuple = (0.0, 0.01, 0.02, 0.03),
) -> Question:
    """A question over two axes of a tiny economy, which is never run."""
    base = Base(FREE, {"economy": "small:0", "weeks": 60}, names)
    return Question(base, make_scale(x, xs), make_scale(y, ys), tuple(range(seeds)))


def drawn(law: Planted, budget: int | None = None, **of) -> Map:
    """The map of such a question."""
    return survey(question(**of), law, budget)
