"""Score against bits: who is not beaten in both."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from catallax.study.frontier.contest import CellResult
from catallax.study.frontier.map import Map


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
