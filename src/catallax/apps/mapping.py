"""`catallax frontier`: who wins where, in the terminal and as files."""

import json as jsonlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, final

from cyclopts import Parameter

from catallax.apps.command_line import command_line
from catallax.apps.common_options import ExperimentOption, Measure, Mechanisms, Out, Seeds
from catallax.apps.contract_options import DEFAULT_CONTRACT, ContractOptions
from catallax.apps.contracts import in_users_words
from catallax.apps.execution import DEFAULT_EXECUTION, Execution, ExecutionOptions, check_execution
from catallax.apps.exit_codes import Reply
from catallax.apps.files import place, write
from catallax.apps.mechanisms import PRODUCTION
from catallax.apps.study import Start, start
from catallax.apps.values import SEEDS, Flag, Whole, parsed, seeds_text
from catallax.errors import InputError

if TYPE_CHECKING:
    from catallax.protocol import AbstractContract
    from catallax.study.frontier import Border, Map, Question, Scale
    from catallax.study.sweep import Base

MECHANISMS = ("market", "ai_planner:best", "ai_market", "federated_market")
NAME = "frontier"
MOST_CELLS = 10_000
WIDE = 2280  # pixels of a PNG: three for each of the SVG
BLANK = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'


def frontier(
    x: Annotated[str, Parameter(help="axis across: AXIS or AXIS=VALUE,VALUE,...")],
    y: Annotated[str, Parameter(help="axis down, in the same way")],
    /,
    *,
    experiment: ExperimentOption = None,
    mechanisms: Mechanisms = None,
    seeds: Seeds = SEEDS,
    measure: Measure = None,
    budget: Annotated[
        Whole | None,
        Parameter(
            help="runs at most, spent where the border is; the grid on all seeds if left out"
        ),
    ] = None,
    out: Out = None,
    png: Annotated[Flag, Parameter(help="the picture as a PNG too")] = False,
    stability: Annotated[Flag, Parameter(help="where one market survives its gains")] = False,
    contract: ContractOptions = DEFAULT_CONTRACT,
    execution: ExecutionOptions = DEFAULT_EXECUTION,
) -> Reply:
    """Map who wins over two axes, and the border between them.

    A table, a page and a picture. Axes are those of the domain (`catallax list`),
    a key of the contract (channel.centre.delay) and a setting of a mechanism
    (market:kappa). NAME:best is a planner under its best delegation, chosen on
    other seeds. Without --experiment --weeks is 156. With --stability, of the
    production economy alone: whether one market is stable, swings, declines or
    collapses; axes also kappa, beta, gap and cover.

    $ catallax frontier delay=0,4 tacit=0,1 --economy small:0 --weeks 60 --seeds 2
    $ catallax frontier market:kappa=0.01,0.03 delay --economy us15 --store runs
    """
    asked = MapOptions(experiment, mechanisms, seeds, out, png, contract, execution)
    if stability:
        from catallax.apps import stability as fate

        _refuse_with_stability(measure=measure, budget=budget)
        return Reply(fate.run_stability(fate.order_stability(x, y, asked)))
    return Reply(run_map(order_map(x, y, asked, measure=measure, budget=budget)))


def _refuse_with_stability(**options: object) -> None:
    for name, value in options.items():
        if value is not None:
            raise InputError(f"--{name}: is not for --stability; leave out one of the two")


@final
@dataclass(frozen=True)
class MapOptions:
    """What the user asked of a map of either kind; nothing is checked yet."""

    experiment: str | None = None
    mechanisms: Sequence[str] | None = None
    seeds: tuple[int, ...] = SEEDS
    out: Path | None = None
    png: bool = False
    contract: ContractOptions = DEFAULT_CONTRACT
    execution: ExecutionOptions = DEFAULT_EXECUTION

    @property
    def words(self) -> dict[str, str | None]:
        """What of it belongs into the command line that makes the map again."""
        return {
            "experiment": self.experiment,
            "mechanisms": None if self.mechanisms is None else ",".join(self.mechanisms),
            "seeds": None if self.seeds == SEEDS else seeds_text(self.seeds),
        }


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
        sides = side(x, base.domain), side(y, base.domain)
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
    return MapOrder(question, begun.contract, budget, execution, files(asked, NAME), command)


def base_of(asked: MapOptions) -> tuple[Start, "Base"]:
    """The contract that the user asked for, and what all cells share."""
    begun = start(asked.contract, asked.experiment)
    usual = MECHANISMS if asked.experiment is None else begun.rivals
    names = mechanisms_asked(asked.mechanisms, usual, begun.domain.name)
    return begun, begun.base(names)


def mechanisms_asked(
    given: Sequence[str] | None, default: Sequence[str] = MECHANISMS, domain: str = PRODUCTION
) -> tuple[str, ...]:
    """Labels of mechanisms, `NAME:best` among them, each checked."""
    from catallax.protocol.named import mechanism_named
    from catallax.study.frontier.best import members

    if given is None:
        return tuple(default)
    for name in given:
        if given.count(name) > 1:
            raise InputError(f"--mechanisms: {name!r} is there twice; give each name once")
        for member in members(name, domain):
            mechanism_named(member, domain)
    return tuple(given)


def side(text: str, domain: str = PRODUCTION) -> "Scale":
    """The axis of `AXIS` or `AXIS=VALUE,VALUE,...`, with its own values or these."""
    from catallax.study.frontier import scale

    return scale(*values_of(text), domain)


def values_of(text: str) -> tuple[str, tuple[int | float | str, ...]]:
    """Name and values of `AXIS=VALUE,VALUE,...`; no values of `AXIS`."""
    name, equals, values = text.partition("=")
    if equals and not all(v.strip() for v in values.split(",")):
        raise InputError(f"{text!r}: a value is missing; write AXIS=VALUE,VALUE, such as tacit=0,1")
    return name, tuple(_value(v.strip()) for v in values.split(",")) if values else ()


def _value(text: str) -> int | float | str:
    """A whole number, a number or a word."""
    for kind in (int, float):
        try:
            return parsed(text, kind)
        except InputError as e:
            if "not finite" in str(e):
                raise
    return text


def _check_size(x: "Scale", y: "Scale") -> None:
    count = len(x.values) * len(y.values)
    if count > MOST_CELLS:
        raise InputError(
            f"frontier: {count} cells, expected {MOST_CELLS} at most; give fewer values"
        )


def files(asked: MapOptions, name: str) -> tuple[Path, ...]:
    """Where page and pictures go; nowhere with JSON alone. Tells early if they cannot be made."""
    if asked.out is None and asked.execution.json:
        if asked.png:
            raise InputError("--png: with --json nothing is drawn unless --out names a folder")
        return ()
    if asked.png:
        from catallax.adapters.resvg import png as probe

        probe(BLANK, 1)
    kinds = ("html", "svg", "png")[: 3 if asked.png else 2]
    return tuple(place(asked.out or Path(), f"{name}.{kind}") for kind in kinds)


def run_map(order: MapOrder) -> str:
    """Draw the map, write page and picture; return what is to be printed."""
    from catallax.protocol import domain_of
    from catallax.show.frontier import build_map_page, draw_map, write_map_text
    from catallax.study.frontier import borders, survey

    began = time.monotonic()
    runs, names = order.budget or _grid(order.question), order.question.base.mechanisms
    execution, loops = order.execution, domain_of(order.contract).loops
    execution.announce(_plan(order, runs))
    with execution.session(runs, sources=names, loops=loops) as session:
        found = survey(order.question, session.gather, order.budget)
    told, seconds = borders(found), time.monotonic() - began
    if order.files:
        text = build_map_page(found, told, order.contract, order.command)
        write_pictures(order.files, text, draw_map(found, told))
    if execution.json:
        return jsonlib.dumps(_plain(order, found, told, seconds), indent=2, allow_nan=False)
    text = write_map_text(found, told, order.contract, seconds)
    return "\n".join([text, *drawn(order.files)])


def _grid(question: "Question") -> int:
    """Runs of the whole grid at most: what an axis does not touch takes fewer."""
    return len(question.points()) * len(question.seeds) * len(question.base.mechanisms)


def _plan(order: MapOrder, asked: int) -> str:
    q = order.question
    return (
        f"frontier: {q.x.name} ({len(q.x.values)} values) by {q.y.name} ({len(q.y.values)}), "
        f"{order.contract.place}, {order.contract.weeks} weeks, up to {len(q.seeds)} seeds, up to "
        f"{asked} runs: {', '.join(q.base.mechanisms)}"
    )


def _plain(
    order: MapOrder, found: "Map", told: Sequence["Border"], seconds: float
) -> dict[str, Any]:
    from catallax.protocol import versions
    from catallax.study.frontier import sentence

    return {
        "command": order.command,
        "contract": {**order.contract.to_dict(), "hash": order.contract.hash},
        "map": found.to_dict(),
        "borders": [{**b.to_dict(), "sentence": sentence(b)} for b in told],
        "versions": versions(),
        "seconds": seconds,
        "runs_a_second": found.asked / seconds,
    }


def drawn(places: Sequence[Path]) -> list[str]:
    """Where page and pictures are, for people; no line if there are none."""
    return [f"Map: {', '.join(map(str, places))}"] if places else []


def write_pictures(places: Sequence[Path], page: str, picture: str) -> None:
    """Write page and pictures, each whole or not at all."""
    for path in places:
        write(path, _content(path, page, picture))


def _content(path: Path, page: str, picture: str) -> str | bytes:
    if path.suffix == ".png":
        from catallax.adapters.resvg import png

        return png(picture, WIDE)
    return page if path.suffix == ".html" else picture
