"""`catallax sensitivity`: on which axes a result depends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal, final

from cyclopts import Parameter

from catallax.apps.common_options import (
    ExperimentOption,
    MeasureOption,
    MechanismOption,
    SeedsOption,
    mechanisms_of,
)
from catallax.apps.contract_options import DEFAULT_CONTRACT, ContractOptions
from catallax.apps.execution import DEFAULT_EXECUTION, Execution, ExecutionOptions, check_execution
from catallax.apps.exit_codes import Reply
from catallax.apps.output import format_json, format_table
from catallax.apps.study_start import StudyStart, describe_failed_runs, describe_runs, start_study
from catallax.apps.values import NameList, Whole
from catallax.errors import InputError

if TYPE_CHECKING:
    from catallax.protocol import Domain, NumberRange
    from catallax.study.sensitivity import Sensitivity, SensitivityIndex, SensitivityMethod

SEEDS = tuple(range(4))
SAMPLES = {"sobol": 32, "morris": 8}
MEANING = {
    "sobol": "S1: share of the variance that is due to the axis alone; ST: with its interactions.",
    "morris": "mu*: mean size of the change as the axis goes from end to end; mu: with its sign; "
    "sigma: its s.d. over where the other axes stand.",
}


def sensitivity(
    first: MechanismOption = None,
    second: Annotated[
        str | None, Parameter(help="another; then the first less this is looked at")
    ] = None,
    /,
    *,
    experiment: ExperimentOption = None,
    axes: Annotated[
        NameList | None,
        Parameter(help="each NAME or NAME=LOW..HIGH; those that the domain says if left out"),
    ] = None,
    method: Annotated[
        Literal["morris", "sobol"], Parameter(help="of Morris 1991 or Sobol 1993")
    ] = "morris",
    samples: Annotated[
        Whole | None,
        Parameter(help="of Sobol's sequence, 32 if left out; Morris's walks, 8 if left out"),
    ] = None,
    seeds: SeedsOption = SEEDS,
    measure: MeasureOption = None,
    contract: ContractOptions = DEFAULT_CONTRACT,
    execution: ExecutionOptions = DEFAULT_EXECUTION,
) -> Reply:
    """Measure on which axes a mechanism's score, or the margin between two, depends.

    Without names it takes the first two mechanisms of the experiment. Without
    --experiment, --weeks is 156 and the axes are delay, noise, reports, tacit and drift.
    Sobol takes samples x (axes + 2) points, Morris samples x (axes + 1), each
    on every seed.

    $ catallax sensitivity market --axes tacit,drift --economy small:0 --samples 2
    $ catallax sensitivity market ai_planner --method sobol --store runs --json
    """
    who = [name for name in (first, second) if name is not None]
    order = order_sensitivity(
        experiment, who, axes, seeds, method, samples, measure, contract, execution
    )
    return Reply(run_sensitivity(order))


@final
@dataclass(frozen=True)
class SensitivityOrder:
    """What is to be weighed, fully checked."""

    start: StudyStart
    mechanisms: tuple[str, ...]
    ranges: Mapping[str, "NumberRange"]
    seeds: tuple[int, ...]
    method: "SensitivityMethod"
    measure: str
    execution: Execution


def order_sensitivity(
    experiment: str | None,
    mechanisms: Sequence[str],
    axes: Sequence[str] | None,
    seeds: tuple[int, ...],
    method: str,
    samples: int | None,
    measure: str | None,
    options: ContractOptions,
    asked: ExecutionOptions,
) -> SensitivityOrder:
    """Check everything that the user asked for, and that the library is there.

    mechanisms : one or two, or none for the first two of the experiment that can be ranked
    axes       : None for those that the domain says
    """
    from catallax.study.sensitivity import method_named, ranges_of, usual_ranges

    execution, begun = check_execution(asked), start_study(options, experiment)
    chosen = mechanisms_of(mechanisms, (), begun.domain.name) if mechanisms else begun.rivals[:2]
    known = begun.experiment
    ranges = usual_ranges(known) if axes is None else ranges_of(list(axes), known)
    if len(ranges) < 2:
        raise InputError("--axes: give at least two axes, such as NAME=LOW..HIGH,NAME=LOW..HIGH")
    judged = begun.judged_by(measure)
    for name, numbers in ranges.items():
        begun.base(chosen).at({name: numbers.value(0.0)})
        begun.base(chosen).at({name: numbers.value(1.0)})
    way = method_named(method, SAMPLES[method] if samples is None else samples, 1)
    return SensitivityOrder(begun, chosen, ranges, seeds, way, judged, execution)


def run_sensitivity(order: SensitivityOrder) -> str:
    """Weigh and return what is to be printed: a table, or one JSON object."""
    from catallax.study.sensitivity import measure_sensitivity

    blamed, loops = order.start.behind(order.mechanisms), order.start.domain.loops
    with order.execution.session(sources=blamed, loops=loops) as session:
        found = measure_sensitivity(
            order.start.base(order.mechanisms), order.ranges, order.seeds, session.gather,
            order.method, measure=order.measure,
        )  # fmt: skip
    if order.execution.json:
        contract = order.start.contract
        head = {"contract": contract.to_dict(), "contract_hash": contract.hash}
        return format_json({**head, **found.to_dict()})
    last = describe_runs(order.start.contract, found.seeds, found.runs, found.seconds)
    return f"{_format_indices(found, order.start.domain)}\n{last}"


def _format_indices(found: "Sensitivity", domain: "Domain") -> str:
    from catallax.show.words import label_mechanism, number

    what = " less ".join(label_mechanism(m) for m in found.what)
    mean, sd = number(float(found.answers.mean())), number(float(found.answers.std()), 3)
    title = f"{found.measure} of {what}: mean {mean}, s.d. {sd} over the axes' ranges"
    if not found.indices:
        return f"{title}\nNo axis matters: {found.reason}."
    names = list(next(iter(found.indices.values())))
    ranked = "mu*" if "mu*" in names else names[-1]
    order = sorted(found.ranges, key=lambda name: -(found.indices[name][ranked].value or 0.0))
    rows = [[name, *_format_row(found, name, names)] for name in order]
    lost = describe_failed_runs(found.measure, domain, found.failed)
    table = format_table(["", "range", *names], rows)
    return "\n".join([title, table, MEANING[found.method], *([f"{lost}."] if lost else [])])


def _format_row(found: "Sensitivity", axis: str, names: Sequence[str]) -> list[str]:
    """An axis's range and its indices."""
    numbers = found.ranges[axis]
    cells = [_format_cell(found.indices[axis][n]) for n in names]
    return [f"{numbers.low:g} to {numbers.high:g}", *cells]


def _format_cell(index: "SensitivityIndex") -> str:
    from catallax.show.words import NONE, fixed

    if index.value is None:
        return NONE
    return fixed(index.value, 3) + ("" if index.half is None else f" ± {fixed(index.half, 3)}")
