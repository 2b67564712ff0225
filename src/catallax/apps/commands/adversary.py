"""`catallax adversary`: the most plausible contract under which the other one wins."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, final

from cyclopts import Parameter

from catallax.apps.common_options import (
    ExperimentOption,
    MeasureOption,
    MechanismOption,
    mechanisms_of,
)
from catallax.apps.contract_options import DEFAULT_CONTRACT, ContractOptions
from catallax.apps.execution import (
    DEFAULT_EXECUTION,
    Execution,
    ExecutionOptions,
    Session,
    check_execution,
)
from catallax.apps.exit_codes import Reply
from catallax.apps.output import format_json
from catallax.apps.study_start import StudyStart, describe_failed_runs, describe_runs, start_study
from catallax.apps.values import NameList, SeedSet, Whole
from catallax.errors import InputError

if TYPE_CHECKING:
    from catallax.protocol import Domain
    from catallax.study.adversary import CentredPrior, Hunt
    from catallax.study.sweep.paired import PairedDifference

SEEDS, FRESH = tuple(range(4)), tuple(range(100, 120))
BUDGET, MOST = 800, 1_000_000


def adversary(
    first: MechanismOption = None,
    second: MechanismOption = None,
    /,
    *,
    experiment: ExperimentOption = None,
    keys: Annotated[
        NameList | None, Parameter(help="numbers that may be changed; all if left out")
    ] = None,
    seeds: Annotated[SeedSet, Parameter(help="of the search")] = SEEDS,
    fresh: Annotated[SeedSet, Parameter(help="of the check")] = FRESH,
    budget: Annotated[Whole, Parameter(help="runs of the search in each direction")] = BUDGET,
    seed: Annotated[Whole, Parameter(help="of the search's own draws, from 1 on")] = 1,
    measure: MeasureOption = None,
    contract: ContractOptions = DEFAULT_CONTRACT,
    execution: ExecutionOptions = DEFAULT_EXECUTION,
) -> Reply:
    """Search for the most plausible contract under which the other mechanism wins.

    The search goes both ways. Without names it takes the first two mechanisms
    of the experiment. Without --experiment, --weeks is 156. The domain says
    what is plausible. Every find is run again on fresh seeds before it is
    reported.

    $ catallax adversary market ai_planner --economy small:0 --budget 64
    $ catallax adversary market ai_planner --keys delay,drift --economy us15 --json
    """
    who = [name for name in (first, second) if name is not None]
    order = order_hunt(
        experiment, who, keys, seeds, fresh, budget, seed, measure, contract, execution
    )
    return Reply(run_hunt(order))


@final
@dataclass(frozen=True)
class HuntOrder:
    """What is to be searched, fully checked."""

    start: StudyStart
    pair: tuple[str, str]
    priors: tuple["CentredPrior", ...]
    seeds: tuple[int, ...]
    fresh: tuple[int, ...]
    budget: int
    seed: int
    measure: str
    execution: Execution


def order_hunt(
    experiment: str | None,
    pair: Sequence[str],
    keys: Sequence[str] | None,
    seeds: tuple[int, ...],
    fresh: tuple[int, ...],
    budget: int,
    seed: int,
    measure: str | None,
    options: ContractOptions,
    asked: ExecutionOptions,
) -> HuntOrder:
    """Check everything that the user asked for, and that the library is there.

    pair : two mechanisms, or none for the first two of the experiment that can be ranked
    """
    from catallax.adapters.cmaes import CMAES
    from catallax.study.adversary import priors_of

    execution, begun = check_execution(asked), start_study(options, experiment)
    chosen = mechanisms_of(pair, (), begun.domain.name) if pair else begun.rivals[:2]
    if len(chosen) != 2:
        raise InputError("adversary: give two mechanisms, or none for the experiment's own")
    priors = priors_of(begun.contract, None if keys is None else list(keys))
    judged = begun.judged_by(measure)
    if seed < 1:
        raise InputError(f"--seed: {seed} is out of range, expected a whole number from 1 up")
    CMAES(len(priors), seed)
    each = 2 * len(seeds)
    if not 2 * each <= budget <= MOST:
        raise InputError(
            f"--budget: {budget} runs are out of range, expected {2 * each} (two contracts) to "
            f"{MOST}"
        )
    return HuntOrder(
        begun, (chosen[0], chosen[1]), priors, seeds, fresh, budget, seed, judged, execution
    )  # fmt: skip


def run_hunt(order: HuntOrder) -> str:
    """Search in both directions and return what is to be printed."""
    one, two = order.pair
    began = time.monotonic()
    blamed, loops = order.start.behind(order.pair), order.start.domain.loops
    with order.execution.session(2 * order.budget, sources=blamed, loops=loops) as session:
        hunts = [_hunt(order, session, *pair) for pair in ((one, two), (two, one))]
    if order.execution.json:
        contract = order.start.contract
        head = {"contract": contract.to_dict(), "contract_hash": contract.hash}
        return format_json({**head, "hunts": [h.to_dict() for h in hunts]})
    texts = [describe_hunt(h, order.measure, order.start.domain) for h in hunts]
    runs = sum(h.runs for h in hunts)
    last = describe_runs(order.start.contract, order.seeds, runs, time.monotonic() - began)
    return "\n\n".join([*texts, last])


def _hunt(order: HuntOrder, session: Session, loser: str, winner: str) -> "Hunt":
    from catallax.adapters.cmaes import CMAES
    from catallax.study.adversary import hunt

    return hunt(
        order.start.base(order.pair), loser, winner, order.priors, order.seeds, order.fresh,
        session.gather, CMAES(len(order.priors), order.seed), budget=order.budget,
        measure=order.measure,
    )  # fmt: skip


def describe_hunt(hunt: "Hunt", measure: str, domain: "Domain") -> str:
    """What came of a search, in a few sentences."""
    from catallax.show.words import counted, joined, label_mechanism, number, opened

    loser, winner = label_mechanism(hunt.loser), label_mechanism(hunt.winner)
    if hunt.found is None or hunt.confirmed is None:
        near = _describe_changes(hunt, hunt.nearest.point, most=3)
        tail = (
            f" {opened(counted(len(hunt.refuted), 'contract'))} did on the seeds of the search, "
            f"but not on {counted(len(hunt.fresh), 'fresh seed')}."
            if hunt.refuted
            else f" It came nearest {f'with {joined(near)}' if near else 'as things are'}: "
            f"{_describe_margin(hunt.nearest.margin, loser, measure, domain)}."
        )
        return (
            f"No contract was found under which {winner} beats {loser}: "
            f"{counted(hunt.tried, 'contract')} tried, up to 4 prior s.d. a number.{tail}"
        )
    check = _describe_margin(hunt.confirmed.margin, loser, measure, domain)
    fresh = counted(len(hunt.fresh), "fresh seed")
    if hunt.is_needless:
        return f"{opened(winner)} beats {loser} as things are: {check} on {fresh}."
    return (
        f"{opened(winner)} beats {loser} with {joined(_describe_changes(hunt, hunt.found.point))}: "
        f"{number(hunt.found.distance, 2)} prior s.d. away, the least of "
        f"{counted(hunt.tried, 'contract')} tried; {check} on {fresh}."
    )


def _describe_changes(
    hunt: "Hunt", point: Mapping[str, object], most: int | None = None
) -> list[str]:
    """`tacit 0.06 (by default 0.25, 2.1 prior s.d.)`, the largest first, the rest by number."""
    from catallax.show.words import counted, number

    found = []
    for prior in hunt.priors:
        if prior.name in point:
            value = float(point[prior.name])  # type: ignore[arg-type]
            away, name = abs(prior.distance(value)), prior.name.rpartition(".")[2]
            text = f"{name} {value:g} (by default {prior.centre:g}, {number(away, 2)} prior s.d.)"
            found.append((away, text))
    texts = [text for _, text in sorted(found, reverse=True)]
    if most is None or len(texts) <= most + 1:
        return texts
    return [*texts[:most], counted(len(texts) - most, "other change")]


def _describe_margin(margin: "PairedDifference", loser: str, measure: str, domain: "Domain") -> str:
    from catallax.show.words import round_to_interval

    ends = margin.ci95 or (margin.mean, margin.mean)
    mean, low, high = round_to_interval(-margin.mean, -ends[1], -ends[0])
    lost = describe_failed_runs(measure, domain, margin.failed)
    ends_and_lost = f"{low} to {high}, {lost}" if lost else f"{low} to {high}"
    return f"its {measure} less that of {loser} is {mean} ({ends_and_lost})"
