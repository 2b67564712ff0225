"""The map of who wins, cell by cell, and score against bits: who is not beaten in both."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, final

import numpy as np

from catallax.protocol import Measure, Value, domain_of
from catallax.study.frontier.results import CellResult
from catallax.study.frontier.scale import Scale
from catallax.study.statistics import (
    Chance,
    Verdict,
    cost,
    count_by_chance,
    estimate_mean,
    verdicts,
)

Key = tuple[Value, Value]


@final
@dataclass(frozen=True, eq=False)
class Map:
    """Who wins where.

    x, y    : its sides
    measure : by which the mechanisms are judged; more is better
    cells   : those of the grid, row by row, and after them those that were added near the border
    seeds   : that might be used; a cell may have fewer
    looked  : whether seeds were added where it was undecided, so that each look had to pay
    asked   : number of runs that it took
    """

    x: Scale
    y: Scale
    measure: str
    cells: tuple[CellResult, ...]
    seeds: tuple[int, ...]
    looked: bool
    asked: int

    @property
    def defined(self) -> Measure:
        """What the measure is."""
        return domain_of(self.cells[0].cell.contract).measure(self.measure)

    @property
    def unit(self) -> str:
        """The measure's unit."""
        return self.defined.unit

    @property
    def labels(self) -> tuple[str, ...]:
        """The mechanisms."""
        return tuple(self.cells[0].cell.mechanisms)

    def key(self, result: CellResult) -> Key:
        """Values of a cell on both axes."""
        return result.cell.point[self.x.name], result.cell.point[self.y.name]

    def on_grid(self, result: CellResult) -> bool:
        """Whether a cell is one of the grid, not one that was added near the border."""
        x, y = self.key(result)
        return x in self.x.values and y in self.y.values

    @cached_property
    def at(self) -> Mapping[Key, CellResult]:
        """Values on both axes -> cell."""
        return {self.key(c): c for c in self.cells}

    @cached_property
    def judged(self) -> tuple[CellResult, ...]:
        """Cells with at least one seed on which all were measured."""
        return tuple(c for c in self.cells if c.seeds)

    @cached_property
    def verdicts(self) -> Mapping[Key, Verdict]:
        """Of the judged cells: the leader against the rival, Holm's correction over all of them."""
        pairs = [(c.leader, c.rival, c.margin(c.leader, c.rival)) for c in self.judged]
        if not pairs:
            return {}
        return dict(
            zip(map(self.key, self.judged), verdicts(pairs, looked=self.looked), strict=True)
        )

    def winner(self, result: CellResult) -> str | None:
        """Who wins a cell; None if it is undecided."""
        verdict = self.verdicts.get(self.key(result))
        return None if verdict is None else verdict.winner

    @cached_property
    def won(self) -> Mapping[str, int]:
        """Label -> number of cells won beyond doubt."""
        winners = [self.winner(c) for c in self.cells]
        return {label: winners.count(label) for label in self.labels}

    @property
    def undecided(self) -> int:
        """Number of cells that nobody wins beyond doubt."""
        return len(self.cells) - sum(self.won.values())

    @property
    def chance(self) -> Chance:
        """How many winners chance would make if verdicts were not corrected for their number."""
        found = []
        for c in self.judged:
            margin = c.margin(c.leader, c.rival)
            found.append(
                min(1.0, estimate_mean(margin).p * (cost(len(margin)) if self.looked else 1))
            )
        return count_by_chance(np.array(found))

    @property
    def lost(self) -> Mapping[str, int]:
        """Label -> number of runs that brought their economy down and count 0."""
        return {label: sum(len(c.lost[label]) for c in self.cells) for label in self.labels}

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values; never NaN."""
        return {
            "x": _plain_scale(self.x),
            "y": _plain_scale(self.y),
            "measure": self.measure,
            "unit": self.unit,
            "mechanisms": list(self.labels),
            "seeds": list(self.seeds),
            "looked": self.looked,
            "runs": self.asked,
            "won": dict(self.won),
            "undecided": self.undecided,
            "by_chance": self.chance.to_dict(),
            "lost": dict(self.lost),
            "cells": [self._plain_cell(c) for c in self.cells],
        }

    def _plain_cell(self, c: CellResult) -> dict[str, Any]:
        verdict = self.verdicts.get(self.key(c))
        return {
            "point": dict(c.cell.point),
            "contract": c.cell.contract.hash,
            "seeds": list(c.seeds),
            "winner": self.winner(c),
            "leader": None if verdict is None else verdict.first,
            "rival": None if verdict is None else verdict.second,
            "margin": None if verdict is None else verdict.margin.to_dict(),
            "mechanisms": {
                label: {
                    "runs": c.cell.mechanisms[label],
                    **({"estimate": estimate_mean(x).to_dict()} if len(x) else {"estimate": None}),
                    "bits": c.bits[label],
                    "lost": list(c.lost[label]),
                }
                for label, x in c.values.items()
            },
            "unmeasured": list(c.unmeasured),
        }


def _plain_scale(scale: Scale) -> dict[str, Any]:
    return {"name": scale.name, "title": scale.title, "values": list(scale.values),
            "log": scale.log}  # fmt: skip


@final
@dataclass(frozen=True)
class ParetoPoint:
    """What a mechanism attains and what it takes to be said.

    score : mean of the measure
    bits  : a week, mean
    front : whether no other has as much of the one for no more of the other; by means alone
    """

    score: float
    bits: float
    front: bool


def pareto_points(result: CellResult) -> Mapping[str, ParetoPoint]:
    """Label -> its place in one cell, of those whose bits are known."""
    return _mark_front({label: (result.means[label], b) for label, b in result.bits.items()
                   if b is not None and result.seeds})  # fmt: skip


def overall_pareto_points(found: Map) -> Mapping[str, ParetoPoint]:
    """Label -> its place by the means over the cells of the grid in which all have bits."""
    cells = [c for c in found.judged if found.on_grid(c) and None not in c.bits.values()]
    if not cells:
        return {}
    return _mark_front({
        label: (
            sum(c.means[label] for c in cells) / len(cells),
            sum(c.bits[label] or 0.0 for c in cells) / len(cells),
        )
        for label in found.labels
    })  # fmt: skip


def _mark_front(at: Mapping[str, tuple[float, float]]) -> dict[str, ParetoPoint]:
    return {
        label: ParetoPoint(score, bits, not any(
            s >= score and b <= bits and (s > score or b < bits) for s, b in at.values()
        ))
        for label, (score, bits) in at.items()
    }  # fmt: skip
