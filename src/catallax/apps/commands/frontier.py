"""`catallax frontier`: who wins where, in the terminal and as files."""

import json as jsonlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, final

from cyclopts import Parameter

from catallax.apps.common_options import (
    PRODUCTION,
    ExperimentOption,
    MeasureOption,
    MechanismsOption,
    OutOption,
    SeedsOption,
)
from catallax.apps.contract_options import DEFAULT_CONTRACT, ContractOptions
from catallax.apps.contracts import command_line, in_users_words
from catallax.apps.execution import DEFAULT_EXECUTION, Execution, ExecutionOptions, check_execution
from catallax.apps.exit_codes import Reply
from catallax.apps.map_options import (
    MECHANISMS,
    MapOptions,
    name_pictures,
    picture_files,
    read_mechanisms,
    read_values,
    write_pictures,
)
from catallax.apps.study_start import StudyStart, start_study
from catallax.apps.values import SEEDS, Flag, Whole
from catallax.errors import InputError

if TYPE_CHECKING:
    from catallax.protocol import AbstractContract
    from catallax.study.frontier import Map, MapBorder, Question, Scale
    from catallax.study.sweep import Base

NAME = "frontier"
MOST_CELLS = 10_000


def frontier(
    x: Annotated[str, Parameter(help="axis across: AXIS or AXIS=VALUE,VALUE,...")],
    y: Annotated[str, Parameter(help="axis down, in the same way")],
    /,
    *,
    experiment: ExperimentOption = None,
    mechanisms: MechanismsOption = None,
    seeds: SeedsOption = SEEDS,
    measure: MeasureOption = None,
    budget: Annotated[
        Whole | None,
        Parameter(
            help="runs at most, spent where the border is; the grid on all seeds if left out"
        ),
    ] = None,
    out: OutOption = None,
    png: Annotated[Flag, Parameter(help="the picture as a PNG too")] = False,
    stability: Annotated[Flag, Parameter(help="where one market survives its gains")] = False,
    contract: ContractOptions = DEFAULT_CONTRACT,
    execution: ExecutionOptions = DEFAULT_EXECUTION,
) -> Reply:
    """Map who wins over two axes, and the border between winners.

    It writes a table, a page and a picture. An axis is one of the domain's
    (`catallax list`), a key of the contract (channel.centre.delay) or a setting
    of a mechanism (market:kappa). NAME:best is a planner with its best
    delegation, chosen on other seeds. Without --experiment, --weeks is 156.
    --stability maps whether one market of the production economy is stable,
    swings, declines or collapses. Its axes may also be kappa, beta, gap and
    cover.

    $ catallax frontier delay=0,4 tacit=0,1 --economy small:0 --weeks 60 --seeds 2
    $ catallax frontier market:kappa=0.01,0.03 delay --economy us15 --store runs
    """
    asked = MapOptions(experiment, mechanisms, seeds, out, png, contract, execution)
    if stability:
        from catallax.apps.commands.frontier_stability import order_stability, run_stability

        _refuse_with_stability(measure=measure, budget=budget)
        return Reply(run_stability(order_stability(x, y, asked)))
    return Reply(run_map(order_map(x, y, asked, measure=measure, budget=budget)))


def _refuse_with_stability(**options: object) -> None:
    for name, value in options.items():
        if value is not None:
            raise InputError(f"--{name}: is not for --stability; leave out one of the two")


@final
@dataclass(frozen=True)
class MapOrder:
    """What is to be mapped, fully checked.

    budget  : runs at most; None for the whole grid on all seeds
    files   : where page and pictures go; none with JSON alone
    """

    question: "Question"
    contract: "AbstractContract"
    budget: int | None
    execution: Execution
    files: tuple[Path, ...]
    command: str


def order_map(
    x: str, y: str, asked: MapOptions, *, measure: str | None = None, budget: int | None = None
) -> MapOrder:
    """Check everything that the user asked for.

    x, y : `AXIS` or `AXIS=VALUE,VALUE,...`
    """
    from catallax.study.frontier import Question
    from catallax.study.frontier.survey import check_budget

    execution = check_execution(asked.execution)
    begun, base = base_of(asked)
    judged = measure or begun.domain.judged_by
    try:
        sides = read_side(x, base.domain), read_side(y, base.domain)
        question = Question(base, *sides, asked.seeds, judged)
    except InputError as e:
        raise InputError(in_users_words(str(e), begun.given)) from e
    _check_size(question.x, question.y)
    check_budget(question, budget)
    own = {
        **asked.words,
        "measure": measure,
        "budget": None if budget is None else str(budget),
        **execution.words,
    }
    command = command_line([NAME, x, y], own, begun.given, asked.contract)
    return MapOrder(
        question, begun.contract, budget, execution, picture_files(asked, NAME), command
    )


def base_of(asked: MapOptions) -> tuple[StudyStart, "Base"]:
    """The contract that the user asked for, and what all cells share."""
    begun = start_study(asked.contract, asked.experiment)
    usual = MECHANISMS if asked.experiment is None else begun.rivals
    names = read_mechanisms(asked.mechanisms, usual, begun.domain.name)
    return begun, begun.base(names)


def read_side(text: str, domain: str = PRODUCTION) -> "Scale":
    """The axis of `AXIS` or `AXIS=VALUE,VALUE,...`, with its own values or these."""
    from catallax.study.frontier import make_scale

    return make_scale(*read_values(text), domain)


def _check_size(x: "Scale", y: "Scale") -> None:
    count = len(x.values) * len(y.values)
    if count > MOST_CELLS:
        raise InputError(
            f"frontier: {count} cells, expected {MOST_CELLS} at most; give fewer values"
        )


def run_map(order: MapOrder) -> str:
    """Draw the map, write page and picture; return what is to be printed."""
    from catallax.protocol import domain_of
    from catallax.show.frontier import build_map_page, draw_map, write_map_text
    from catallax.study.frontier import find_borders, survey

    began = time.monotonic()
    runs, names = order.budget or _count_grid_runs(order.question), order.question.base.mechanisms
    execution, loops = order.execution, domain_of(order.contract).loops
    execution.announce(_describe_plan(order, runs))
    with execution.session(runs, sources=names, loops=loops) as session:
        found = survey(order.question, session.gather, order.budget)
    told, seconds = find_borders(found), time.monotonic() - began
    if order.files:
        text = build_map_page(found, told, order.contract, order.command)
        write_pictures(order.files, text, draw_map(found, told))
    if execution.json:
        return jsonlib.dumps(_plain_map(order, found, told, seconds), indent=2, allow_nan=False)
    text = write_map_text(found, told, order.contract, seconds)
    return "\n".join([text, *name_pictures(order.files)])


def _count_grid_runs(question: "Question") -> int:
    """Runs of the whole grid at most: what an axis does not touch takes fewer."""
    return len(question.points()) * len(question.seeds) * len(question.base.mechanisms)


def _describe_plan(order: MapOrder, asked: int) -> str:
    q = order.question
    return (
        f"frontier: {q.x.name} ({len(q.x.values)} values) by {q.y.name} ({len(q.y.values)}), "
        f"{order.contract.place}, {order.contract.weeks} weeks, up to {len(q.seeds)} seeds, up to "
        f"{asked} runs: {', '.join(q.base.mechanisms)}"
    )


def _plain_map(
    order: MapOrder, found: "Map", told: Sequence["MapBorder"], seconds: float
) -> dict[str, Any]:
    from catallax.protocol import versions
    from catallax.study.frontier import describe_border

    return {
        "command": order.command,
        "contract": {**order.contract.to_dict(), "hash": order.contract.hash},
        "map": found.to_dict(),
        "borders": [{**b.to_dict(), "sentence": describe_border(b)} for b in told],
        "versions": versions(),
        "seconds": seconds,
        "runs_a_second": found.asked / seconds,
    }
