"""`catallax value-of-information`: what each kind of fact is worth, bit by bit."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, final

from cyclopts import Parameter

from catallax.apps.common_options import (
    ExperimentOption,
    MeasureOption,
    MechanismsOption,
    SeedsOption,
    mechanisms_of,
)
from catallax.apps.contract_options import DEFAULT_CONTRACT, ContractOptions
from catallax.apps.execution import DEFAULT_EXECUTION, Execution, ExecutionOptions, check_execution
from catallax.apps.exit_codes import Reply
from catallax.apps.output import format_json, format_table, prepare_file, write_file
from catallax.apps.study_start import describe_runs, economy_of, start_study
from catallax.apps.values import SEEDS, FolderPath, NameList

if TYPE_CHECKING:
    from catallax.domains.production.run import Contract
    from catallax.domains.production.value_of_information import (
        FactValue,
        InformationValue,
        LawPoint,
    )

MECHANISMS = ("market", "ai_planner")
KNOBS = ("resolution",)
ALONE = (
    "value-of-information varies the laws of messages, kind of fact by kind of fact; only the "
    "production economy has such laws"
)


def value_of_information(
    *,
    experiment: ExperimentOption = None,
    mechanisms: MechanismsOption = None,
    seeds: SeedsOption = SEEDS,
    laws: Annotated[
        NameList, Parameter(help="varied beside silence: resolution, delay, noise, coverage")
    ] = KNOBS,
    measure: MeasureOption = None,
    out: Annotated[
        FolderPath | None, Parameter(help="folder of the chart; none if left out")
    ] = None,
    contract: ContractOptions = DEFAULT_CONTRACT,
    execution: ExecutionOptions = DEFAULT_EXECUTION,
) -> Reply:
    """Measure what each kind of fact is worth: welfare against the bits that it takes.

    Only the production economy has kinds of fact. Without --experiment, --weeks
    is 156. Every kind takes six runs a seed, some seconds each on us71.

    $ catallax value-of-information --economy small:0 --weeks 60 --seeds 2 --mechanisms market
    $ catallax value-of-information --economy us15 --seeds 4 --laws resolution,delay --out charts
    """
    order = order_value(experiment, mechanisms, seeds, laws, measure, out, contract, execution)
    return Reply(run_value(order))


@final
@dataclass(frozen=True)
class ValueOrder:
    """What is to be valued, fully checked. picture : where the chart goes; None for none."""

    contract: "Contract"
    mechanisms: tuple[str, ...]
    seeds: tuple[int, ...]
    knobs: tuple[str, ...]
    measure: str
    picture: Path | None
    execution: Execution


def order_value(
    experiment: str | None,
    mechanisms: Sequence[str] | None,
    seeds: tuple[int, ...],
    laws: Sequence[str],
    measure: str | None,
    out: Path | None,
    options: ContractOptions,
    asked: ExecutionOptions,
) -> ValueOrder:
    """Check everything that the user asked for."""
    from catallax.domains.production.value_of_information.value import choose_values

    execution, knobs = check_execution(asked), tuple(laws)
    choose_values(knobs)
    begun = start_study(options, experiment)
    contract = economy_of(begun, ALONE)
    judged = begun.judged_by(measure)
    chosen = mechanisms_of(mechanisms, MECHANISMS)
    picture = None if out is None else prepare_file(out, "value_of_information.svg")
    return ValueOrder(contract, chosen, seeds, knobs, judged, picture, execution)


def run_value(order: ValueOrder) -> str:
    """Value and return what is to be printed: tables, or one JSON object."""
    from catallax.domains.production.pages.knowledge import draw_worth
    from catallax.domains.production.value_of_information import count_sent, value_information

    with order.execution.session(sources=order.mechanisms) as session:
        found = value_information(
            order.contract, order.mechanisms, order.seeds, session.gather, count_sent,
            knobs=order.knobs, measure=order.measure,
        )  # fmt: skip
    if order.picture is not None:
        write_file(order.picture, draw_worth(found))
    if order.execution.json:
        return format_json(found.to_dict())
    tables = [text for m in found.facts for text in _format_facts(found, m)]
    last = describe_runs(found.contract, found.seeds, found.runs, found.seconds)
    drawn = [] if order.picture is None else [f"chart: {order.picture}"]
    return "\n\n".join([*tables, "\n".join([last, *drawn])])


def _format_facts(found: "InformationValue", mechanism: str) -> list[str]:
    """The ranking of one mechanism's kinds of fact, and what each law of them does."""
    from catallax.domains.production.pages.knowledge import IDLE, format_change, format_per_kilobit
    from catallax.show.words import label_mechanism, number

    facts = found.ranked(mechanism)
    level = number(found.level[mechanism])
    name = label_mechanism(mechanism)
    title = f"{name}: {found.measure} {level}; kinds of fact by what a bit is worth"
    heads = ["", "numbers a week", "bits a week", "lost if silent, points", "a 1,000 bits a week"]
    rows = [
        [f.kind, number(f.scalars), number(f.own_bits),
         format_change(f.value, f.silence.half), format_per_kilobit(f)]
        for f in facts
    ]  # fmt: skip
    laws = [_format_law(facts, knob) for knob in facts[0].dots]
    return [
        f"{title}\n{format_table(heads, rows)}",
        *laws,
        *([IDLE] if any(f.unused for f in facts) else []),
    ]


def _format_law(facts: Sequence["FactValue"], knob: str) -> str:
    values = sorted({dot.value for fact in facts for dot in fact.dots.get(knob, ())}, key=float)
    own = ", ".join(sorted({f"{f.own[knob]:g}" for f in facts}))
    heads = ["", *(f"{v:g}" for v in values)]
    rows = [[f.kind, *(_format_cell(f.dots.get(knob, ()), v) for v in values)] for f in facts]
    return f"change in points where {knob} is not {own} but\n{format_table(heads, rows)}"


def _format_cell(dots: Sequence["LawPoint"], value: object) -> str:
    from catallax.domains.production.pages.knowledge import format_change

    there = [dot.change for dot in dots if dot.value == value]
    return format_change(there[0].mean, there[0].half) if there else ""
