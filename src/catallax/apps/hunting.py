"""`catallax adversary`: the most plausible contract under which the other one wins."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

from catallax.apps.asked import Varied
from catallax.apps.hands import Hands, gathering, hands_of
from catallax.apps.options import mechanisms_of, parsed, seeds_of
from catallax.apps.progress import progress
from catallax.apps.varied import Start, grief, plain, start, where
from catallax.errors import InputError

if TYPE_CHECKING:
    from catallax.experiments.adversary import CentredPrior, Hunt
    from catallax.experiments.sweep.paired import Paired
    from catallax.protocol import Domain

SEEDS, FRESH, BUDGET = "4", "100-119", "800"
MOST = 1_000_000


@final
@dataclass(frozen=True)
class Job:
    """What is to be searched, fully checked."""

    start: Start
    pair: tuple[str, str]
    priors: tuple["CentredPrior", ...]
    seeds: tuple[int, ...]
    fresh: tuple[int, ...]
    budget: int
    seed: int
    measure: str
    hands: Hands


def job(
    pair: Sequence[str],
    keys: Sequence[str] | None,
    seeds: str | None,
    fresh: str | None,
    budget: str | None,
    seed: str | None,
    asked: Varied,
    experiment: str | None = None,
) -> Job:
    """Check everything that the user asked for, and that the library is there.

    pair       : two mechanisms, or none for the first two of the experiment that can be ranked
    experiment : whose contract is varied, of any domain; None for any contract of the economy
    """
    from catallax.adapters.cmaes import CMAES
    from catallax.experiments.adversary import priors_of

    begun = start(asked, experiment)
    chosen = mechanisms_of(pair, (), begun.domain.name) if pair else begun.rivals[:2]
    if len(chosen) != 2:
        raise InputError("adversary: give two mechanisms, or none for the experiment's own")
    names = None if keys is None else [w.strip() for t in keys for w in t.split(",")]
    priors = priors_of(begun.contract, names)
    judged = begun.judged_by(asked.measure)
    draw = int(parsed("--seed", seed or "1", int))
    if draw < 1:
        raise InputError(f"--seed: {draw} is out of range, expected a whole number from 1 up")
    CMAES(len(priors), draw)
    most = int(parsed("--budget", budget or BUDGET, int))
    each = 2 * len(seeds_of(seeds or SEEDS))
    if not 2 * each <= most <= MOST:
        raise InputError(
            f"--budget: {most} runs are out of range, expected {2 * each} (two contracts) to {MOST}"
        )
    return Job(
        begun, (chosen[0], chosen[1]), priors, seeds_of(seeds or SEEDS), seeds_of(fresh or FRESH),
        most, draw, judged, hands_of(asked.workers, asked.kept),
    )  # fmt: skip


def run(order: Job, *, json: bool, quiet: bool) -> str:
    """Search in both directions and return what is to be printed."""
    one, two = order.pair
    began = time.monotonic()
    hunts = [_hunted(order, *pair, quiet=quiet) for pair in ((one, two), (two, one))]
    if json:
        contract = order.start.contract
        head = {"contract": contract.to_dict(), "contract_hash": contract.hash}
        return plain({**head, "hunts": [h.to_dict() for h in hunts]})
    texts = [said(h, order.measure, order.start.domain) for h in hunts]
    runs = sum(h.runs for h in hunts)
    last = where(order.start.contract, order.seeds, runs, time.monotonic() - began)
    return "\n\n".join([*texts, last])


def _hunted(order: Job, loser: str, winner: str, *, quiet: bool) -> "Hunt":
    from catallax.adapters.cmaes import CMAES
    from catallax.experiments.adversary import hunt

    search = CMAES(len(order.priors), order.seed)
    with (
        progress(order.budget, quiet=quiet) as tell,
        gathering(
            order.hands, order.start.behind(order.pair), quiet=True, loops=order.start.domain.loops
        ) as gather,
    ):
        return hunt(
            order.start.base(order.pair), loser, winner, order.priors, order.seeds, order.fresh,
            gather, search, budget=order.budget, measure=order.measure, progress=tell,
        )  # fmt: skip


def said(hunt: "Hunt", measure: str, domain: "Domain") -> str:
    """What came of a search, in a few sentences."""
    from catallax.report.words import counted, joined, label, number, opened

    loser, winner = label(hunt.loser), label(hunt.winner)
    if hunt.found is None or hunt.confirmed is None:
        near = _changes(hunt, hunt.nearest.point, most=3)
        tail = (
            f" {opened(counted(len(hunt.refuted), 'contract'))} did on the seeds of the search, "
            f"but not on {counted(len(hunt.fresh), 'fresh seed')}."
            if hunt.refuted
            else f" It came nearest {f'with {joined(near)}' if near else 'as things are'}: "
            f"{_margin(hunt.nearest.margin, loser, measure, domain)}."
        )
        return (
            f"No contract was found under which {winner} beats {loser}: "
            f"{counted(hunt.tried, 'contract')} tried, up to 4 prior s.d. a number.{tail}"
        )
    check = _margin(hunt.confirmed.margin, loser, measure, domain)
    fresh = counted(len(hunt.fresh), "fresh seed")
    if hunt.needless:
        return f"{opened(winner)} beats {loser} as things are: {check} on {fresh}."
    return (
        f"{opened(winner)} beats {loser} with {joined(_changes(hunt, hunt.found.point))}: "
        f"{number(hunt.found.distance, 2)} prior s.d. away, the least of "
        f"{counted(hunt.tried, 'contract')} tried; {check} on {fresh}."
    )


def _changes(hunt: "Hunt", point: Mapping[str, object], most: int | None = None) -> list[str]:
    """`tacit 0.06 (by default 0.25, 2.1 prior s.d.)`, the largest first, the rest by number."""
    from catallax.report.words import counted, number

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


def _margin(margin: "Paired", loser: str, measure: str, domain: "Domain") -> str:
    from catallax.report.words import spread

    ends = margin.ci95 or (margin.mean, margin.mean)
    mean, low, high = spread(-margin.mean, -ends[1], -ends[0])
    lost = grief(measure, domain, margin.failed)
    ends_and_lost = f"{low} to {high}, {lost}" if lost else f"{low} to {high}"
    return f"its {measure} less that of {loser} is {mean} ({ends_and_lost})"
