"""`catallax sensitivity`: which axes a result hangs on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal, final

from cyclopts import Parameter

from catallax.apps.common_options import ExperimentOption, Measure, Mechanism, Seeds
from catallax.apps.contract_options import DEFAULT_CONTRACT, ContractOptions
from catallax.apps.execution import DEFAULT_EXECUTION, Execution, ExecutionOptions, checked
from catallax.apps.exit_codes import Reply
from catallax.apps.mechanisms import mechanisms_of
from catallax.apps.study import Start, start, where
from catallax.apps.tables import grid, json_text
from catallax.apps.values import Whole, Words
from catallax.errors import InputError

if TYPE_CHECKING:
    from catallax.experiments.sensitivity import Index, Method, Range, Sensitivity

SEEDS = tuple(range(4))
AXES = ("delay", "noise", "tacit", "drift")
SAMPLES = {"sobol": 32, "morris": 8}
MEANING = {
    "sobol": "S1: share of the variance that is due to the axis alone; ST: with its interactions.",
    "morris": "mu*: mean size of the change as the axis goes from end to end; mu: with its sign; "
    "sigma: its s.d. over where the other axes stand.",
}


def sensitivity(
    first: Mechanism,
    second: Annotated[
        str | None, Parameter(help="another; then the first less this is looked at")
    ] = None,
    /,
    *,
    experiment: ExperimentOption = None,
    axes: Annotated[Words, Parameter(help="each NAME or NAME=LOW..HIGH")] = AXES,
    method: Annotated[
        Literal["morris", "sobol"], Parameter(help="of Morris 1991 or Sobol 1993")
    ] = "morris",
    samples: Annotated[
        Whole | None,
        Parameter(help="of Sobol's sequence, 32 if left out; Morris's walks, 8 if left out"),
    ] = None,
    seeds: Seeds = SEEDS,
    measure: Measure = None,
    contract: ContractOptions = DEFAULT_CONTRACT,
    execution: ExecutionOptions = DEFAULT_EXECUTION,
) -> Reply:
    """Say which axes a mechanism's score, or the margin between two, hangs on.

    Without --experiment --weeks is 156. Sobol takes samples x (axes + 2) points,
    Morris samples x (axes + 1), each on every seed.

    $ catallax sensitivity market --axes tacit,drift --economy small:0 --samples 2
    $ catallax sensitivity market ai_planner --method sobol --store runs --json
    """
    who = [first] if second is None else [first, second]
    order = ordered(experiment, who, axes, seeds, method, samples, measure, contract, execution)
    return Reply(weighed(order))


@final
@dataclass(frozen=True)
class Order:
    """What is to be weighed, fully checked."""

    start: Start
    mechanisms: tuple[str, ...]
    ranges: tuple["Range", ...]
    seeds: tuple[int, ...]
    method: "Method"
    measure: str
    execution: Execution


def ordered(
    experiment: str | None,
    mechanisms: Sequence[str],
    axes: Sequence[str],
    seeds: tuple[int, ...],
    method: str,
    samples: int | None,
    measure: str | None,
    options: ContractOptions,
    asked: ExecutionOptions,
) -> Order:
    """Check everything that the user asked for, and that the library is there."""
    from catallax.experiments.sensitivity import method_named, range_of
    from catallax.experiments.sweep.paired import check_graded

    chosen, judged = mechanisms_of(mechanisms, ()), measure or "score"
    ranges = tuple(range_of(text) for text in axes)
    if len({r.name for r in ranges}) < len(ranges) or len(ranges) < 2:
        raise InputError("--axes: give at least two axes, each once")
    check_graded(judged)
    begun = start(options, experiment)
    for r in ranges:
        begun.base(chosen).at({r.name: r.value(0.0)})
        begun.base(chosen).at({r.name: r.value(1.0)})
    way = method_named(method, SAMPLES[method] if samples is None else samples, 1)
    return Order(begun, chosen, ranges, seeds, way, judged, checked(asked))


def weighed(order: Order) -> str:
    """Weigh and return what is to be printed: a table, or one JSON object."""
    from catallax.experiments.sensitivity import sensitivity

    with order.execution.session(sources=order.mechanisms) as session:
        found = sensitivity(
            order.start.base(order.mechanisms), order.ranges, order.seeds, session.gather,
            order.method, measure=order.measure,
        )  # fmt: skip
    if order.execution.json:
        contract = order.start.contract
        head = {"contract": contract.to_dict(), "contract_hash": contract.hash}
        return json_text({**head, **found.to_dict()})
    last = where(order.start.contract, found.seeds, found.runs, found.seconds)
    return f"{_table(found)}\n{last}"


def _table(found: "Sensitivity") -> str:
    from catallax.report.words import counted, label, number

    what = " less ".join(label(m) for m in found.what)
    mean, sd = number(float(found.answers.mean())), number(float(found.answers.std()), 3)
    title = f"{found.measure} of {what}: mean {mean}, s.d. {sd} over the axes' ranges"
    if not found.indices:
        return f"{title}\nNo axis matters: {found.reason}."
    names = list(next(iter(found.indices.values())))
    order = sorted(found.ranges, key=lambda r: -(found.indices[r.name][names[-1]].value or 0.0))
    if "mu*" in names:
        order = sorted(found.ranges, key=lambda r: -(found.indices[r.name]["mu*"].value or 0.0))
    rows = [
        [r.name, f"{r.low:g} to {r.high:g}", *(_cell(found.indices[r.name][n]) for n in names)]
        for r in order
    ]
    grief = (
        f"\n{counted(found.failed, 'run')} without a {found.measure} counted as 0."
        if found.failed
        else ""
    )
    return f"{title}\n{grid(['', 'range', *names], rows)}\n{MEANING[found.method]}{grief}"


def _cell(index: "Index") -> str:
    from catallax.report.words import NONE, fixed

    if index.value is None:
        return NONE
    return fixed(index.value, 3) + ("" if index.half is None else f" ± {fixed(index.half, 3)}")
