"""`catallax federated`: learning together without pooling data, and its rivals."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, final

from cyclopts import Group, Parameter

from catallax.apps.common_options import SeedsOption
from catallax.apps.contract_options import given_options, options_for
from catallax.apps.execution import DEFAULT_JOBS, Execution, JobOptions, Session, check_execution
from catallax.apps.exit_codes import Reply
from catallax.apps.output import format_estimate, format_footnotes, format_json, format_table
from catallax.apps.values import SEEDS, NameList, OptionValue, Whole, check_within
from catallax.errors import unknown

if TYPE_CHECKING:
    from catallax.labs.federated.trials import LearningProblem
    from catallax.protocol import Setting as Described
    from catallax.show.tables import Footnotes

TABLES = ("errors", "border", "privacy", "price")
REFUSED = {"store": "rows that learn are no runs that a folder could keep"}
NAMES = {"pooled": "pooled", "fedavg": "FedAvg", "fedprox": "FedProx", "local": "local only"}
GROUP = Group("Learning", help="Alike for every way of learning.", sort_key=2)
PARTS: Mapping[str, Sequence[str]] = {
    "": ("clients", "weeks", "spread", "rounds", "delay", "mu"),
    "local": ("steps", "rate"),
    "participation": ("share", "stragglers", "dropout"),
    "line": ("noise", "resolution"),
}
"""Part of the setting -> what of it has an option."""

Result = tuple[dict[str, Any], str]


@Parameter(name="*")
@dataclass(frozen=True)
class LearningOptions:
    """What the user wants of the setting; `options` adds one option a part of it."""


DEFAULT_LEARNING = LearningOptions()


def federated(
    *,
    tables: Annotated[
        NameList, Parameter(help="which to make: errors, border, privacy, price")
    ] = TABLES,
    seeds: SeedsOption = SEEDS,
    regions: Annotated[
        Whole, Parameter(help="of the table `price`", validator=check_within(2, 1000))
    ] = 5,
    learning: LearningOptions = DEFAULT_LEARNING,
    execution: JobOptions = DEFAULT_JOBS,
) -> Reply:
    """Compare federated learning with pooled data and with learning alone.

    Rows follow linear laws of their own. Only the table `price` runs an
    economy. All tables take a minute or two.

    $ catallax federated --tables errors,price --seeds 2
    $ catallax federated --tables errors --clients 5 --rounds 5 --seeds 2 --json
    """
    return Reply(run_learning(order_learning(tables, seeds, regions, learning, execution)))


def options(words: Sequence[str], own: Mapping[str, bool]) -> type[LearningOptions]:
    """An option for each part of the setting, whatever the words are."""
    return options_for(LearningOptions, _described_settings(), GROUP)


@final
@dataclass(frozen=True)
class LearningOrder:
    """What is to be compared, fully checked."""

    problem: "LearningProblem"
    tables: tuple[str, ...]
    seeds: tuple[int, ...]
    regions: int
    execution: Execution


def order_learning(
    tables: Sequence[str],
    seeds: tuple[int, ...],
    regions: int,
    learning: LearningOptions,
    asked: JobOptions,
) -> LearningOrder:
    """Check everything that the user asked for."""
    for name in tables:
        if name not in TABLES:
            raise unknown("table", name, TABLES)
    chosen = tuple(t for t in TABLES if t in tables)
    return LearningOrder(
        _make_problem(given_options(learning)),
        chosen,
        seeds,
        regions,
        check_execution(asked, REFUSED),
    )


def _described_settings() -> "dict[str, Described]":
    """Every setting that has an option, with the default that it has here."""
    from catallax.labs.federated.trials import LearningProblem
    from catallax.protocol import settings_in

    plain, found = LearningProblem(), dict[str, "Described"]()
    for part, names in PARTS.items():
        holder = getattr(plain, part) if part else plain
        known = settings_in(type(holder))
        found |= {n: replace(known[n], default=getattr(holder, n)) for n in names}
    return found


def _make_problem(given: Mapping[str, OptionValue]) -> "LearningProblem":
    """The problem with the user's values."""
    from catallax.labs.federated.trials import LearningProblem

    plain, changes = LearningProblem(), dict[str, Any]()
    for part, names in PARTS.items():
        values = {n: given[n] for n in names if n in given}
        changes |= {part: replace(getattr(plain, part), **values)} if part else values
    return replace(plain, **changes)


def run_learning(order: LearningOrder) -> str:
    """Compare and return what is to be printed: tables, or one JSON object."""
    makers: dict[str, Callable[[LearningOrder, Session], Result]] = {
        "errors": _compare_errors,
        "border": _compare_borders,
        "privacy": _compare_privacy,
        "price": _compare_prices,
    }
    with order.execution.session() as session:
        found = {name: makers[name](order, session) for name in order.tables}
    if order.execution.json:
        plain = {name: result for name, (result, _) in found.items()}
        return format_json({"seeds": list(order.seeds), **plain})
    return "\n\n".join(text for _, text in found.values())


def _compare_errors(order: LearningOrder, session: Session) -> Result:
    """Error against rounds, bits and weeks."""
    from catallax.labs.federated.trials import compare_ways

    found = compare_ways(order.problem, order.seeds, **_workers_of(session))
    rows = [
        [NAMES[way] if r == found.shown[0] else "", r, found.error(way, r), found.bits(way, r),
         found.weeks(way, r)]
        for way in found.paths
        for r in found.shown
    ]  # fmt: skip
    s = order.problem
    title = (
        f"Error beyond the unavoidable: {s.clients} rows, {s.weeks} weeks seen, spread "
        f"{s.spread:g}, noise {s.line.noise:g}, delay {s.delay:g}"
    )
    heads = ["", "rounds", "error", "bits delivered", "weeks"]
    return found.to_dict(), _format_table(title, heads, rows)


def _compare_borders(order: LearningOrder, session: Session) -> Result:
    """Where rows are better off alone, and what noise does to pooled reports."""
    from catallax.labs.federated.trials import map_border

    problem, weeks = order.problem, (order.problem.weeks,)
    raw = replace(problem, corrects=False)
    alone = map_border(problem, "spread", order.seeds, **_workers_of(session))
    noisy = map_border(problem, "noise", order.seeds, weeks=weeks, **_workers_of(session))
    blurred = map_border(raw, "noise", order.seeds, weeks=weeks, **_workers_of(session))
    rows: list[list[Any]] = [[w, alone.crossing(k)] for k, w in enumerate(alone.weeks)]
    first = _format_table(
        "Spread of rows' laws above which learning alone beats FedAvg",
        ["weeks seen", "spread"], rows,
    )  # fmt: skip
    rows = [[f"{v:g}", noisy.gap(0, k), blurred.gap(0, k)] for k, v in enumerate(noisy.values)]
    second = _format_table(
        f"Error of pooled learning less FedAvg's, {weeks[0]} weeks seen",
        ["noise of the line", "corrected for noise", "not corrected"], rows,
    )  # fmt: skip
    found = {"spread": alone, "noise": noisy, "noise_not_corrected": blurred}
    return {name: b.to_dict() for name, b in found.items()}, f"{first}\n\n{second}"


def _compare_privacy(order: LearningOrder, session: Session) -> Result:
    """What a listener reconstructs, and what privacy costs."""
    from catallax.labs.federated.trials import measure_costs, measure_leaks

    leaked = measure_leaks(order.problem, order.seeds, **_workers_of(session))
    cost = measure_costs(order.problem, order.seeds, **_workers_of(session))
    rows: list[list[Any]] = [
        [n, leaked.r2(n), leaked.correlation(n), leaked.epsilon[n], leaked.bits[n]]
        for n in leaked.found
    ]
    first = _format_table(
        "What a listener reconstructs of a row's orders",
        ["heard", "R2", "correlation", "epsilon", "bits a row-week"], rows,
    )  # fmt: skip
    rows = [[f"{n:g}", cost.epsilon(n), cost.error(n)] for n in cost.errors]
    second = _format_table(
        f"What noise in the sum costs: {cost.clients} rows, {cost.rounds} rounds",
        ["noise over clip", "epsilon", "error"], rows,
    )  # fmt: skip
    plain = {"leaks": leaked.to_dict(), "costs": cost.to_dict()}
    return plain, f"{first}\n\n{second}"


def _compare_prices(order: LearningOrder, session: Session) -> Result:
    """One price, by exchanged gradients and by the market."""
    from catallax.labs.federated.trials import discover_price, draw_regions

    found = discover_price(draw_regions(order.regions), delay=order.problem.delay).to_dict()
    session.further()(1, 1, "price")
    rows = [
        [way, f"{found[way]['error']:.1e}", found[way]["rounds"], found[way]["weeks"],
         found[way]["bits"]]
        for way in ("exchange", "market")
    ]  # fmt: skip
    title = (
        f"Log price that clears fuel in {order.regions} regions after it halves: "
        f"{found['clearing_log_price']:.4f}; with 5 steps of each region between two exchanges it "
        f"is missed by {found['error_of_several_steps']:.4f}"
    )
    heads = ["", "error at the end", f"rounds to {found['near']:g}", "weeks", "bits delivered"]
    return found, _format_table(title, heads, rows)


def _workers_of(session: Session) -> dict[str, Any]:
    """Who does the work of the next table, and who is told how far it is."""
    return {"executor": session.sharing, "progress": session.further()}


def _format_table(title: str, heads: list[str], rows: list[list[Any]]) -> str:
    """A title, a table and the reasons for what is missing, as text."""
    from catallax.show.tables import Footnotes

    notes = Footnotes()
    table = format_table(heads, [[_format_cell(value, notes) for value in row] for row in rows])
    return "\n".join([title, table, *format_footnotes(notes)])


def _format_cell(value: Any, notes: "Footnotes") -> str:
    from catallax.show.words import NONE, number
    from catallax.study import Summary

    if isinstance(value, Summary):
        return format_estimate(value, notes)
    if value is None:
        return NONE
    return value if isinstance(value, str) else number(float(value))
