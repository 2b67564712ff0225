"""The search for the smallest plausible change of the contract that turns a result.

A search finds weak spots on a few seeds, and what it finds may be luck: many contracts were tried,
and the luckiest was kept. So nothing is reported before it has been run on seeds that the search
never saw, at a level that is shared out over all contracts that are so checked (Bonferroni).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, final

import numpy as np

from catallax.arrays import Floats
from catallax.errors import InputError
from catallax.protocol import Progress
from catallax.study.adversary.trials import FAR, SURE, CentredPrior, ContractTrial, ContractTrials
from catallax.study.sweep import Base, Gather
from catallax.study.sweep.paired import check_graded

CHECKED = 5  # contracts that are run on fresh seeds at most, the default among them
SEARCHED = 0.6  # share of the budget that goes to the search; the rest makes its finds simpler
HALVINGS = 4  # of the way back to the default


class Search(Protocol):
    """Ask for points, tell their losses."""

    def ask(self) -> Sequence[Floats]:
        """The next points, each (d,), in prior s.d. from what is there by default."""
        ...

    def tell(self, points: Sequence[Floats], losses: Sequence[float]) -> None:
        """How good they were: the smaller the better."""
        ...


@final
@dataclass(frozen=True, eq=False)
class Hunt:
    """What came of a search.

    loser, winner : who should lose, and who should win
    priors    : of what might be changed
    default   : the contract as it is
    found     : the smallest change that turned the result on fresh seeds; None if there is none
    confirmed : its margin on the fresh seeds
    refuted   : changes that turned it on the seeds of the search and not on fresh ones
    nearest   : of all that were tried, the one that came nearest to turning it
    tried     : contracts
    runs      : made in all
    seeds, fresh : of the search, and of the check
    """

    loser: str
    winner: str
    priors: Sequence[CentredPrior]
    default: ContractTrial
    found: ContractTrial | None
    confirmed: ContractTrial | None
    refuted: Sequence[ContractTrial]
    nearest: ContractTrial
    tried: int
    runs: int
    seeds: tuple[int, ...]
    fresh: tuple[int, ...]

    @property
    def is_needless(self) -> bool:
        """Whether the one that should win does so without any change."""
        return self.found is not None and not self.found.point

    def to_dict(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "loser": self.loser,
            "winner": self.winner,
            "priors": {
                p.name: {
                    "centre": p.centre,
                    "scale": p.prior.scale,
                    "spread": p.prior.spread,
                    "why": p.prior.source,
                }
                for p in self.priors
            },
            "default": self.default.to_dict(),
            "found": None if self.found is None else self.found.to_dict(),
            "confirmed": None if self.confirmed is None else self.confirmed.to_dict(),
            "refuted": [t.to_dict() for t in self.refuted],
            "nearest": self.nearest.to_dict(),
            "tried": self.tried,
            "runs": self.runs,
            "seeds": list(self.seeds),
            "fresh_seeds": list(self.fresh),
        }


def hunt(
    base: Base,
    loser: str,
    winner: str,
    priors: Sequence[CentredPrior],
    seeds: Sequence[int],
    fresh: Sequence[int],
    gather: Gather,
    search: Search,
    *,
    budget: int,
    measure: str = "score",
    progress: Progress | None = None,
) -> Hunt:
    """The smallest change, in prior s.d., under which `winner` beats `loser`.

    seeds  : of the search; every contract meets the same ones
    fresh  : of the check; none of them may be among `seeds`
    search : proposes contracts
    budget : runs of the search; the checks take up to 10 more a fresh seed

    Raises InputError for a seed in both, fewer than two of either, and a budget that does not
    cover a single contract.
    """
    check_graded(measure, base.domain)
    _check_seeds(seeds, fresh)
    each = 2 * len(seeds)
    if budget < 2 * each:
        raise InputError(f"adversary: budget is {budget} runs, expected {2 * each} at least")
    trials = ContractTrials(base, priors, loser, winner, tuple(seeds), gather, measure)
    default = trials.at([np.zeros(len(priors))])[0]
    again = trials.anew(fresh)
    # The default first: on the few seeds of a search a small lead may not show.
    found, confirmed, refuted = _confirm_first([default], trials, again)
    if found is None:
        _search(trials, search, budget, progress)
        _simplify(trials, budget)
        found, confirmed, refuted = _confirm_first(_candidates(trials, CHECKED - 1), trials, again)
    nearest = min(trials.done.values(), key=lambda t: t.margin.beyond(SURE))
    return Hunt(
        loser, winner, tuple(priors), default, found, confirmed, refuted, nearest,
        len(trials.done), trials.runs + again.runs, tuple(seeds), tuple(fresh),
    )  # fmt: skip


def _check_seeds(seeds: Sequence[int], fresh: Sequence[int]) -> None:
    both = set(seeds) & set(fresh)
    if both:
        raise InputError(f"adversary: seed {min(both)} is in the search and in the check; give "
                         f"the check seeds of its own")  # fmt: skip
    if min(len(seeds), len(fresh)) < 2:
        raise InputError("adversary: give at least two seeds to the search and two to the check")


def _search(trials: ContractTrials, search: Search, budget: int, progress: Progress | None) -> None:
    """Try what the search proposes until its share of the budget is spent."""
    idle = 0
    while trials.runs < SEARCHED * budget and idle < CHECKED:
        before, points = trials.runs, [np.clip(z, -FAR, FAR) for z in search.ask()]
        losses = [t.loss for t in trials.at(points)]
        search.tell(points, losses)
        idle = 0 if trials.runs > before else idle + 1  # all known: it has settled
        if progress is not None:
            progress(min(trials.runs, budget), budget, f"{trials.winner} over {trials.loser}")


def _simplify(trials: ContractTrials, budget: int) -> None:
    """Undo what is not needed of the best find, one number after the other, and go half back."""
    best = _nearest_turned(trials)
    if best is None:
        return
    z = trials.place(best)
    for k in sorted(np.flatnonzero(z), key=lambda k: abs(z[k])):
        less = z.copy()
        less[k] = 0.0
        if np.any(less) and _is_turned(trials, less, budget):
            z = less
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        if _is_turned(trials, middle * z, budget):
            high = middle
        else:
            low = middle


def _is_turned(trials: ContractTrials, z: Floats, budget: int) -> bool:
    """Whether the result is turned at `z`; False once the budget is spent."""
    return trials.runs < budget and trials.at([z])[0].is_turned


def _nearest_turned(trials: ContractTrials) -> ContractTrial | None:
    turned = [t for t in trials.done.values() if t.is_turned]
    return min(turned, key=lambda t: t.distance) if turned else None


def _confirm_first(
    candidates: Sequence[ContractTrial], trials: ContractTrials, again: ContractTrials
) -> tuple[ContractTrial | None, ContractTrial | None, list[ContractTrial]]:
    """The first that holds on fresh seeds, its trial there, and those before that did not hold."""
    refuted = list[ContractTrial]()
    for trial in candidates:
        if _holds(trials, trial, again):
            return trial, again.at([trials.place(trial)])[0], refuted
        refuted.append(trial)
    return None, None, refuted


def _holds(trials: ContractTrials, trial: ContractTrial, again: ContractTrials) -> bool:
    check = again.at([trials.place(trial)])[0]
    return check.margin.beyond(1.0 - (1.0 - SURE) / CHECKED) < 0


def _candidates(trials: ContractTrials, most: int) -> list[ContractTrial]:
    """The nearest find, and others that are further and surer: the nearest is often luck."""
    front, turned = (
        list[ContractTrial](),
        [t for t in trials.done.values() if t.is_turned and t.point],
    )
    for trial in sorted(turned, key=lambda t: t.distance):
        if not front or trial.margin.beyond(SURE) < front[-1].margin.beyond(SURE):
            front.append(trial)
    if len(front) <= most:
        return front
    return [front[round(k)] for k in np.linspace(0, len(front) - 1, most)]
