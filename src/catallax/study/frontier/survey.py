"""Drawing a map: the whole grid, or as many runs as there are, spent where the border is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import final

from catallax.errors import InputError, unknown
from catallax.protocol import Measure, domain_named
from catallax.protocol.mechanism_names import spec_of
from catallax.study.frontier.best import CHOICE, all_members, choice_seeds, choose_members, members
from catallax.study.frontier.map import Key, Map
from catallax.study.frontier.results import CellSeeds, RunScheduler
from catallax.study.frontier.scale import Scale
from catallax.study.statistics import FIRST, estimate_mean, next_look
from catallax.study.sweep import Base, Cell, Gather, RunRows

PART = 3  # of what is left of the budget one round may spend a third


@final
@dataclass(frozen=True, eq=False)
class Question:
    """What is to be mapped.

    base    : what all cells share; a mechanism may be `NAME:best`
    x, y    : the two sides
    seeds   : at most, in order
    measure : by which mechanisms are judged; more is better
    """

    base: Base
    x: Scale
    y: Scale
    seeds: tuple[int, ...]
    measure: str = "score"

    def __post_init__(self) -> None:
        domain = domain_named(self.base.domain)
        graded = [name for name, m in domain.measures.items() if m.better == "higher"]
        if self.measure not in domain.measures:
            raise unknown("measure", self.measure, graded)
        if self.measure not in graded:
            raise InputError(
                f"measure: {self.measure} makes no map; expected one of which more is better: "
                f"{', '.join(graded)}"
            )
        self._check_length(domain.measures[self.measure])
        if self.x.name == self.y.name:
            raise InputError(f"{self.x.name}: is on both sides of the map; name two axes")
        if len(self.base.mechanisms) < 2 or len(self.seeds) < 2:
            raise InputError("frontier: give at least two mechanisms and two seeds")
        seers = [m for m in self.base.mechanisms if spec_of(m).name in domain.oracles]
        if seers:
            raise InputError(
                f"{seers[0]}: is a full-information oracle and cannot be ranked; remove it from "
                f"--mechanisms"
            )

    def _check_length(self, measure: Measure) -> None:
        weeks = self.base.contract().weeks
        if weeks <= measure.burn:
            raise InputError(
                f"weeks: {weeks} is too short, as {measure.name} counts from week {measure.burn} "
                f"on; give more than {measure.burn}"
            )

    def points(self) -> list[Key]:
        """Of the grid, row by row."""
        return [(x, y) for y in self.y.values for x in self.x.values]


def survey(question: Question, gather: Gather, budget: int | None = None) -> Map:
    """The map of the question.

    budget : runs at most; None for every cell of the grid on every seed, and nothing else

    With a budget every cell of the grid begins with the seeds of the first look (`statistics.
    looks`). What is left goes, round by round, to points halfway between neighbours with different
    leaders, then to undecided cells, those first of which least is known. Runs are counted whether
    or not a store has them, so that the map does not depend on it.

    Raises InputError for settings out of range and a budget that is too small to begin.
    """
    check_budget(question, budget)
    scheduler = RunScheduler(gather, question.measure)
    cells = _make_cells(question, question.points(), scheduler)
    if budget is None:
        scheduler.ask([(c, question.seeds) for c in cells])
        return _make_map(question, cells, scheduler, looked=False)
    scheduler.ask([(c, question.seeds[:FIRST]) for c in cells])
    found = _make_map(question, cells, scheduler, looked=True)
    while requests := _choose_affordable(question, found, scheduler, budget):
        scheduler.ask(requests)
        points = [dict(c.point) for c in cells]
        cells += [c for c, _ in requests if dict(c.point) not in points]
        found = _make_map(question, cells, scheduler, looked=True)
    return found


def check_budget(question: Question, budget: int | None) -> None:
    """Raise InputError unless the budget pays for the grid's first look, before anything is run."""
    base = all_members(question.base)
    names = (question.x.name, question.y.name)
    cells = [base.at(dict(zip(names, point, strict=True))) for point in question.points()]
    runs = RunScheduler(_gather_nothing, question.measure).cost
    every = [members(m, question.base.domain) for m in question.base.mechanisms]
    groups = [g for g in every if len(g) > 1]
    least = runs([(_keep_mechanisms(c, [g[0] for g in every]),
                   question.seeds[:FIRST]) for c in cells])  # fmt: skip
    least += runs(
        [(_keep_mechanisms(c, g), choice_seeds(question.seeds)) for c in cells for g in groups]
    )
    if budget is not None and least > budget:
        raise InputError(
            f"--budget {budget}: the grid alone takes {least} runs, {FIRST} seeds a cell; give "
            f"more, or fewer values or mechanisms"
        )


def _keep_mechanisms(cell: Cell, names: Sequence[str]) -> Cell:
    return Cell(cell.point, cell.contract, {m: cell.mechanisms[m] for m in names})


def _gather_nothing(cells: Sequence[Cell], seeds: Sequence[int]) -> RunRows:
    return RunRows(())


def _make_map(
    question: Question, cells: Sequence[Cell], scheduler: RunScheduler, *, looked: bool
) -> Map:
    results = tuple(scheduler.result(c, question.seeds) for c in cells)
    q = question
    return Map(q.x, q.y, q.measure, results, q.seeds, looked, scheduler.asked)


def _make_cells(question: Question, points: Sequence[Key], scheduler: RunScheduler) -> list[Cell]:
    base = all_members(question.base)
    names = (question.x.name, question.y.name)
    made = [base.at(dict(zip(names, point, strict=True))) for point in points]
    return choose_members(made, question.base.mechanisms, choice_seeds(question.seeds), scheduler)


def _choose_affordable(
    question: Question, found: Map, scheduler: RunScheduler, budget: int
) -> list[CellSeeds]:
    """The first requests that a third of what is left pays for; one at least if all of it does."""
    taken: list[CellSeeds] = []
    for request in _rank_requests(question, found, scheduler, budget):
        left = budget - scheduler.asked
        if scheduler.cost([*taken, request]) > (left // PART if taken else left):
            break
        taken.append(request)
    return taken


def _rank_requests(
    question: Question, found: Map, scheduler: RunScheduler, budget: int
) -> Iterator[CellSeeds]:
    """What is worth running next, the most pressing first."""
    groups = [members(label, question.base.domain) for label in question.base.mechanisms]
    fresh = sum(FIRST + CHOICE * len(g) * (len(g) > 1) for g in groups)
    for point in _find_midpoints(found):
        if scheduler.asked + fresh > budget:
            break
        cell = _make_midcell(question, point, scheduler)
        if cell is not None:
            yield cell, question.seeds[:FIRST]
    doubt = {found.key(c): estimate_mean(c.margin(c.leader, c.rival)).p for c in found.judged}
    open_ = [c for c in found.judged if found.winner(c) is None]
    for result in sorted(open_, key=lambda c: -doubt[found.key(c)]):
        ran = len(result.seeds) + len(result.unmeasured)
        if ran < len(question.seeds):
            yield result.cell, question.seeds[: next_look(ran, len(question.seeds))]


def _make_midcell(question: Question, point: Key, scheduler: RunScheduler) -> Cell | None:
    """The cell at a point between others; None where the contract cannot be, as half a tick."""
    try:
        return _make_cells(question, [point], scheduler)[0]
    except InputError:
        return None


def _find_midpoints(found: Map) -> list[Key]:
    """Points between neighbours of which another leads, widest gap first, none twice."""
    wide: dict[Key, float] = {}
    for a, b in _pair_neighbours(found):
        if found.at[a].leader == found.at[b].leader or not _is_clear(found, a, b):
            continue
        x = a[0] if a[0] == b[0] else found.x.between(a[0], b[0])
        y = a[1] if a[1] == b[1] else found.y.between(a[1], b[1])
        if x is not None and y is not None and (x, y) not in found.at:
            wide[x, y] = abs(found.x.index(a[0]) - found.x.index(b[0])) + abs(
                found.y.index(a[1]) - found.y.index(b[1])
            )
    return sorted(wide, key=lambda point: -wide[point])


def _is_clear(found: Map, *keys: Key) -> bool:
    """Whether one of the cells is decided, or can have no more seeds: else these come first."""
    cells = [found.at[key] for key in keys]
    full = len(found.seeds)
    return any(found.winner(c) or len(c.seeds) + len(c.unmeasured) >= full for c in cells)


def _pair_neighbours(found: Map) -> Iterator[tuple[Key, Key]]:
    """Pairs of judged cells that follow each other on a line across the map."""
    keys = [found.key(c) for c in found.judged]
    for side, scale in ((0, found.x), (1, found.y)):
        lines: dict[object, list[Key]] = {}
        for key in keys:
            lines.setdefault(key[1 - side], []).append(key)
        for line in lines.values():
            line.sort(key=lambda key, s=side, to=scale: to.index(key[s]))  # type: ignore[misc]
            yield from pairwise(line)
