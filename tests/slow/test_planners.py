"""What decides whether a planner can win, with intervals over seeds. Minutes.

More delay or tacitness does not help: the 99 % interval of the mean paired difference lies below
+0.001. Seeds are none of those that are reported or tuned on.
"""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import stdtrit

from catallax import (
    ChannelLaw,
    Contract,
    KnowledgeLaw,
    LineLaw,
    assess,
    measure_all,
    simulate,
    us15,
)
from catallax.domains.production.knowledge import BehaviourLaw
from catallax.domains.production.mechanisms import DELEGATIONS
from catallax.protocol.mechanism_names import mechanism_named

pytestmark = pytest.mark.slow

SEEDS = range(200, 220)  # with ten, intervals are wider than what is to be told from nothing
NO_HELP = 0.001


def picky(elasticity):
    """us15 with final users who substitute little, so that knowing their tastes matters."""
    economy = us15()
    sigma = economy.technology.sigma.copy()
    sigma[economy.network.households] = elasticity
    return replace(economy, technology=replace(economy.technology, sigma=sigma))


def contract(economy=None, delay=1.0, tacit=0.0, behaviour="truthful"):
    line = LineLaw(delay=delay)
    return Contract(
        economy or us15(),
        KnowledgeLaw(tacit=tacit, drift=0.02),
        ChannelLaw(line=line, centre=line),
        BehaviourLaw(behaviour),
        weeks=156,
    )


def believing(delegation, audit):
    """The planner that takes reports one by one and never holds them against each other."""
    return mechanism_named(f"ai_planner:plain:delegation={delegation}:audit={audit}")


def planner(delegation, audit=0.0):
    """The planner as tuned with that delegation."""
    return mechanism_named(f"ai_planner:{delegation}:audit={audit}")


def scores(law, mechanism):
    return np.array(
        [measure_all(assess(simulate(law, mechanism, s)), None)["score"].value for s in SEEDS]
    )


def interval(x, level=0.99):
    half = stdtrit(len(x) - 1, 0.5 + level / 2) * x.std(ddof=1) / np.sqrt(len(x))
    return x.mean() - half, x.mean() + half


@pytest.mark.parametrize("delegation", DELEGATIONS)
def test_more_delay_does_not_help(delegation) -> None:
    paths = [scores(contract(delay=d), planner(delegation)) for d in (0, 1, 4, 8)]
    for short, long in itertools.pairwise(paths):
        assert interval(long - short)[1] < NO_HELP


@pytest.mark.parametrize("delegation", DELEGATIONS)
def test_more_tacitness_does_not_help(delegation) -> None:
    paths = [scores(contract(tacit=t), planner(delegation)) for t in (0, 0.25, 0.5, 1)]
    for more, less in itertools.pairwise(paths):
        assert interval(less - more)[1] < NO_HELP


def test_delay_costs_what_a_random_walk_costs() -> None:
    """A plan d weeks late misses tastes by drift sqrt(2 d): it loses variance / (2 sigma).

    To second order a nest whose taste is off by u costs u^2 / (2 sigma) of a CES utility. With
    sigma = 0.05 (the least that the sourced elasticities are clipped to), four weeks' delay on
    both lines and a drift of 0.02 that is 3.2 %; with the default 0.57 it is 0.28 %, so that
    there delay cannot cost 0.01. Goods weigh unequally, tastes revert, and at no delay noise
    already costs something: half to once and a half of it is what is asked.
    """
    for elasticity in (0.05, 0.57):
        economy = picky(elasticity)
        now, late = (scores(contract(economy, d), planner("in_kind")) for d in (0, 4))
        loss, expected = (now - late).mean(), 8 * 0.02**2 / (2 * elasticity)
        assert 0.5 * expected < loss < 1.5 * expected, elasticity
        assert (loss >= 0.01) == (elasticity == 0.05)


def test_tacit_tastes_cost_a_plan_in_kind_and_shops_win_some_back() -> None:
    said, unsaid = (scores(contract(tacit=t), planner("in_kind")) for t in (0, 1))
    assert interval(unsaid - said)[1] < 0
    shops = scores(contract(tacit=1.0), planner("retail"))
    low, high = interval(shops - unsaid)
    print(f"retail recovers {(shops - unsaid).mean():.4f} ({low:.4f} to {high:.4f})")
    assert low > 0


@pytest.mark.parametrize("delegation", DELEGATIONS)
def test_strategic_reports_cost_who_believes_and_audits_buy_some_back(delegation) -> None:
    trusting, auditor = (believing(delegation, a) for a in (0.0, 0.1))
    honest = scores(contract(), trusting)
    padded = scores(contract(behaviour="strategic"), trusting)
    audited = scores(contract(behaviour="strategic"), auditor)
    assert interval(padded - honest)[1] < 0
    assert interval(audited - padded)[0] > 0


def test_reports_held_against_each_other_win_some_back_without_an_audit() -> None:
    law = contract(behaviour="strategic")
    padded = scores(law, believing("retail", 0.0))
    assert interval(scores(law, planner("retail")) - padded)[0] > 0
