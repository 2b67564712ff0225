"""How far institutions stay below what anybody could have done: a true bound on small economies.

The bound is on Nash welfare (see `measures.income_optimum`), by a programme that knows every week
of a run in advance (see `optimum.foresight`). Against a run it has to leave the stocks that the run
left, product by product; a bound that leaves nothing eats all stocks up and holds for every run.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.economy import Economy, Shock, start_state
from catallax.domains.production.experiments.questions import FACTOR, make_contract
from catallax.domains.production.knowledge import ChannelLaw, KnowledgeLaw
from catallax.domains.production.measures import (
    Assessed,
    assess,
    find_best_log,
    measure_nash_welfare,
)
from catallax.domains.production.optimum import ForesightPlan, Horizon, foresight, solve
from catallax.domains.production.run import Contract, Oracle, Recording, draw_truths, simulate
from catallax.errors import InputError
from catallax.execute import Executor, each
from catallax.protocol import Measured, Progress
from catallax.protocol.mechanism_names import mechanism_named
from catallax.study.statistics import Summary, summarise

WEEKS = 40
MECHANISMS = ("static_optimum", "market", "ai_planner", "five_year_plan", "habit")
OPTIMUM = "share of the optimum"
UNITS = {"efficiency": OPTIMUM, "welfare": OPTIMUM, "bound": OPTIMUM, "gap": "share of the bound"}


def shortage(
    economy: Economy,
    *,
    weeks: int = WEEKS,
    knowledge: KnowledgeLaw | None = None,
    channel: ChannelLaw | None = None,
) -> Contract:
    """A short contract in which the last endowment's flow halves after a third of the weeks."""
    resource = economy.network.names[economy.network.endowments][-1]
    shock = Shock(resource, weeks // 3, FACTOR)
    contract = make_contract(
        shock, economy=economy, weeks=weeks, knowledge=knowledge, channel=channel
    )
    return replace(contract, settle=0)


def perfect_foresight(contract: Contract, seed: int, final: Floats | None = None) -> ForesightPlan:
    """The best plan for the weeks of a run, whose every fact is known at its start.

    final : (n,) units of each product that must be left, such as a run's `series["stocks"][-1]`

    Raises InputError for a bad `final`, a foreign tariff, a backlog or weeks before week 0, and
    MissingExtra where the solver is not installed.
    """
    economy = contract.economy
    _check(contract)
    weeks = [truth.whole.untaxed for truth in draw_truths(contract, seed)]
    state = start_state(economy, solve(weeks[0], economy.income))
    return foresight(
        Horizon(
            weeks,
            economy.income,
            state.stock,
            state.held,
            state.transit,
            economy.decay,
            economy.lead,
            economy.iceberg,
            final,
        )
    )


def _check(contract: Contract) -> None:
    """Raise InputError for physics that the programme does not have."""
    if any(s.reach().border == "foreign" for s in contract.shocks):
        raise InputError(
            "bound: the programme knows no losses that change in time; take a domestic tariff, or "
            "a shock to a resource, instead of a foreign tariff"
        )
    if contract.settle:
        raise InputError(
            "bound: the programme begins with the stocks of an optimum, and these are settled in "
            "before week 0; set settle to 0"
        )
    if contract.backlog:
        raise InputError("bound: the programme knows no orders that wait; set backlog to false")


def nash_bound(plan: ForesightPlan, contract: Contract, seed: int) -> Measured:
    """The highest Nash welfare of a run of `contract` on `seed` that leaves what the plan must."""
    if not plan.found:
        return Measured(None, plan.stop.value)
    best = float(find_best_log(contract, seed, range(contract.weeks)).mean())
    if np.isnan(best):
        return Measured(None, "the optimum of some week was not found to the tolerance")
    return Measured(float(np.exp(plan.bound - best)))


@final
@dataclass(frozen=True)
class Gap:
    """One mechanism on one seed.

    efficiency : geometric mean over all weeks; no bound holds for it, but it bounds `welfare`
    welfare    : its Nash welfare over all weeks
    bound      : the highest that leaves the same stocks, wanted or not: who piles them up has a
                 lower one, and the free bound of `Gaps` is the one that all share
    """

    efficiency: Measured
    welfare: Measured
    bound: Measured

    @property
    def gap(self) -> Measured:
        """Share of the bound that was missed."""
        for part in (self.welfare, self.bound):
            if part.value is None:
                return part
        return Measured(1.0 - self.welfare.value / self.bound.value)  # type: ignore[operator]


@final
@dataclass(frozen=True, eq=False)
class Gaps:
    """Every mechanism's gap on every seed.

    free    : a seed each, the bound when nothing need be left
    gaps    : mechanism -> one a seed
    oracles : names of those that saw everything
    """

    contract: Contract
    seeds: tuple[int, ...]
    free: Sequence[Measured]
    gaps: Mapping[str, Sequence[Gap]]
    oracles: frozenset[str]

    def summary(self, mechanism: str, what: str) -> Summary:
        """`what` of `mechanism` over seeds, one of `UNITS`."""
        return summarise([getattr(g, what) for g in self.gaps[mechanism]], UNITS[what])

    @property
    def free_summary(self) -> Summary:
        """The free bound over seeds."""
        return summarise(self.free, OPTIMUM)

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values; what is undefined is None with a reason."""
        rows = {
            name: {
                "kind": "oracle" if name in self.oracles else "mechanism",
                **{what: self.summary(name, what).to_dict() for what in UNITS},
            }
            for name in self.gaps
        }
        return {
            "contract": {**self.contract.to_dict(), "hash": self.contract.hash},
            "seeds": list(self.seeds),
            "free_bound": self.free_summary.to_dict(),
            "mechanisms": rows,
        }


def bound_gap(
    contract: Contract,
    mechanisms: Sequence[str] = MECHANISMS,
    seeds: Iterable[int] = range(8),
    *,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Gaps:
    """Run every mechanism on every seed and compare it with perfect foresight.

    executor : does a mechanism on a seed at a time; None does all in this process
    progress : called with (done, all, what was finished)

    Every seed takes a plan for each mechanism and one more; 26 links over 40 weeks (`small`) take
    a second or two a plan. Raises InputError for an empty selection or an unknown mechanism and
    MissingExtra where the solver is not installed.
    """
    seeds = tuple(seeds)
    if not mechanisms or not seeds:
        raise InputError("bound: give at least one mechanism and one seed")
    made = {name: mechanism_named(name) for name in mechanisms}
    jobs = [(seed, name) for seed in seeds for name in (None, *mechanisms)]
    found = each(
        _gap_or_bound,
        [(contract, name, seed) for seed, name in jobs],
        names=[f"{name or 'free bound'}, seed {seed}" for seed, name in jobs],
        executor=executor,
        progress=progress,
    )
    by_job: dict[Any, Any] = dict(zip(jobs, found, strict=True))
    free = [by_job[seed, None] for seed in seeds]
    gaps = {name: [by_job[seed, name] for seed in seeds] for name in mechanisms}
    oracles = frozenset(n for n, m in made.items() if isinstance(m, Oracle))
    return Gaps(contract, seeds, free, gaps, oracles)


def _gap_or_bound(contract: Contract, mechanism: str | None, seed: int) -> Gap | Measured:
    """A mechanism's gap on one seed; without one the bound that leaves nothing."""
    if mechanism is None:
        return nash_bound(perfect_foresight(contract, seed), contract, seed)
    return gap_of(contract, mechanism, seed)


def gap_of(contract: Contract, mechanism: str, seed: int) -> Gap:
    """One mechanism on one seed against the best plan that leaves the same stocks."""
    recording = Recording(rows=contract.economy.network.n)
    run = simulate(contract, mechanism_named(mechanism), seed, recording=recording)
    if not run.completed:
        none = Measured(None, f"{run.stop.name.lower()}: {run.reason}")
        return Gap(none, none, none)
    path = assess(run, range(contract.weeks))
    plan = perfect_foresight(contract, seed, run.series["stocks"][-1])
    return Gap(
        _efficiency(path), measure_nash_welfare(path, None), nash_bound(plan, contract, seed)
    )


def _efficiency(path: Assessed) -> Measured:
    if path.unsolved:
        return Measured(None, f"the optimum of week {path.unsolved[0]} was not found")
    if np.any(path.efficiency <= 0):
        return Measured(None, "efficiency fell to zero")
    return Measured(float(np.exp(np.log(path.efficiency).mean())))
