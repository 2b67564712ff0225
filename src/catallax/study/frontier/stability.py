"""Gains decide a market's fate: where it survives, how well, and if it swings or declines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.errors import InputError
from catallax.execute.row import FAILED
from catallax.protocol import Value
from catallax.study.frontier.scale import Scale, make_scale
from catallax.study.statistics import Estimate, estimate_mean
from catallax.study.sweep import Base, Gather, RunRow

FLOOR = 0.5  # a score below it is no survival
# S.d. of logs from which an economy is said to swing: US output about its trend has 0.017
# (Kydland & Prescott 1990, quarterly).
SWINGS = 0.02
# Logs a year: output that falls by a tenth is called a depression (Claessens & Kose 2009).
DECLINES = -0.1

GAINS: Mapping[str, tuple[str, str, tuple[Value, ...]]] = {
    "kappa": ("kappa", "price step a week, kappa", (0.01, 0.03, 0.1, 0.3)),
    "beta": ("beta", "weight of profit in scale, beta", (0.04, 0.1, 0.3, 0.5)),
    "cover": ("cover", "stocks wanted, weeks of sales", (0.02, 0.25, 0.5, 1.0)),
    "gap": ("a", "share of a gap closed in a week, a", (0.06, 0.1, 0.3, 1.0)),
}
"""Axis -> setting of the mechanism, title, values to begin with."""


def gain_scale(name: str, mechanism: str, values: tuple[Value, ...] = ()) -> Scale:
    """An axis of the stability map: a gain of `GAINS` by its short name, or any other axis."""
    if name not in GAINS:
        return make_scale(name, values)
    setting, title, usual = GAINS[name]
    return replace(make_scale(f"{mechanism}:{setting}", values or usual), title=title)


@final
@dataclass(frozen=True, eq=False)
class Fate:
    """What became of one cell.

    scores   : by seed; 0 where the economy came down
    swings, trends : by seed, of those that have one
    reasons  : why runs came down, one a run
    """

    point: Mapping[str, Value]
    scores: Floats
    swings: Floats
    trends: Floats
    reasons: tuple[str, ...]

    @property
    def survived(self) -> float:
        """Share of runs with all weeks run, a score, and that at least `FLOOR`; 0 to 1."""
        return float(np.mean(self.scores >= FLOOR))

    @property
    def below(self) -> Estimate:
        """1 less the score: how far below the optimum."""
        return estimate_mean(1.0 - self.scores)

    @property
    def swing(self) -> float | None:
        """Mean s.d. of weekly utility in logs over the last year; None if no run has one."""
        return float(self.swings.mean()) if len(self.swings) else None

    @property
    def trend(self) -> float | None:
        """Mean slope of utility over the last year, in logs a year; None if no run has one."""
        return float(self.trends.mean()) if len(self.trends) else None

    @property
    def verdict(self) -> str:
        """Collapses if any run does; swings; declines; or stable."""
        if self.survived < 1.0:
            return "collapses"
        if self.swing is not None and self.swing >= SWINGS:
            return "swings"
        return "declines" if self.trend is not None and self.trend <= DECLINES else "stable"

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values."""
        return {"point": dict(self.point), "verdict": self.verdict, "survived": self.survived,
                "below_optimum": self.below.to_dict(), "swing": self.swing,
                "trend": self.trend, "seeds": len(self.scores),
                "reasons": list(self.reasons)}  # fmt: skip


@final
@dataclass(frozen=True, eq=False)
class Stability:
    """The map of one mechanism's fate, cells row by row."""

    mechanism: str
    x: Scale
    y: Scale
    fates: tuple[Fate, ...]
    seeds: tuple[int, ...]
    asked: int

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values; never NaN."""
        sides = {k: {"name": s.name, "title": s.title, "values": list(s.values)}
                 for k, s in (("x", self.x), ("y", self.y))}  # fmt: skip
        return {
            "mechanism": self.mechanism,
            **sides,
            "seeds": list(self.seeds),
            "floor": FLOOR,
            "swings_from": SWINGS,
            "declines_from": DECLINES,
            "runs": self.asked,
            "cells": [f.to_dict() for f in self.fates],
        }


def map_stability(
    base: Base, x: Scale, y: Scale, seeds: Sequence[int], gather: Gather
) -> Stability:
    """Every cell on every seed, of the base's one mechanism.

    A run whose computation was lost is left out and told; a cell of which nothing is left raises
    InputError, as do two mechanisms and the same axis on both sides.
    """
    if len(base.mechanisms) != 1 or x.name == y.name or not seeds:
        raise InputError("stability: give one mechanism, two axes and a seed")
    points: list[dict[str, Value]] = [{x.name: a, y.name: b} for b in y.values for a in x.values]
    cells = [base.at(point) for point in points]
    rows = gather(cells, seeds)
    label = base.mechanisms[0]
    fates = tuple(_judge_cell(point, list(rows.at(point, label).values())) for point in points)
    return Stability(label, x, y, fates, tuple(seeds), len({row.key for row in rows}))


def _judge_cell(point: Mapping[str, Value], rows: Sequence[RunRow]) -> Fate:
    kept = [r for r in rows if r.stop != FAILED]
    if not kept:
        why = rows[0].reason if rows else "nothing was run"
        raise InputError(f"stability: {dict(point)} could not be measured ({why})")
    scores = [r.values.get("score") for r in kept]
    swings, trends = (_read_measure(kept, of) for of in ("swing", "trend"))
    return Fate(
        point,
        np.array([0.0 if s is None else s for s in scores]),
        swings,
        trends,
        tuple(
            r.reasons.get("score") or r.reason or r.stop
            for r, s in zip(kept, scores, strict=True)
            if s is None
        ),
    )


def _read_measure(rows: Sequence[RunRow], measure: str) -> Floats:
    """What runs have of a measure; whoever has a score has it, unless its row is older than it."""
    found = [r.values.get(measure) for r in rows]
    for row, value in zip(rows, found, strict=True):
        if value is None and row.values.get("score") is not None:
            why = row.reasons.get(measure, "its store is from before that was measured")
            raise InputError(f"stability: a run has a score and no {measure} ({why}); run it anew")
    return np.array([v for v in found if v is not None], dtype=np.float64)
