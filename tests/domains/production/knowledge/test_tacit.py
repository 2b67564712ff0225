"""Facts of every kind: what can be said of each, and the one that nobody can say."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest

from catallax.domains.production.economy import disaggregate, generate, us15, us71
from catallax.domains.production.knowledge import (
    KnowledgeLaw,
    draw_facts,
    find_public_sigma,
    make_public_technology,
    make_reference,
    make_technology,
)
from catallax.domains.production.mechanisms import Agents, Centre, Mechanism, market
from catallax.domains.production.network import Act, Table
from catallax.domains.production.optimum import solve
from catallax.domains.production.run import Contract, Setup, draw_truths, simulate
from catallax.streams import Streams

TAUS = (0.0, 0.3, 1.0)


@pytest.fixture(scope="module")
def e():
    return generate(5, products=6, firms=2, households=3, inputs=3)


def both(e, law, seed=1):
    """(whole, sayable) technology of week 0."""
    facts = draw_facts(law, e.network, Streams(seed))
    supply = e.technology.supply
    return tuple(make_technology(e.technology, law, facts, supply, tacit=k) for k in (True, False))


def log_ratio(technologies, base, name):
    return [np.log(getattr(t, name) / getattr(base, name)) for t in technologies]


# ---------------------------------------------------------------- shares by kind


@pytest.mark.parametrize(("tacit_z", "tacit_taste"), [(None, None), (0.0, 1.0), (1.0, 0.0)])
def test_each_kind_has_its_own_tacit_share_and_else_the_common_one(e, tacit_z, tacit_taste):
    """A share that is named does as a common share of that size does."""
    mixed = both(e, KnowledgeLaw(0.25, tacit_z=tacit_z, tacit_taste=tacit_taste))
    z = both(e, KnowledgeLaw(0.25 if tacit_z is None else tacit_z))
    taste = both(e, KnowledgeLaw(0.25 if tacit_taste is None else tacit_taste))
    for k in range(2):
        assert mixed[k].z.tobytes() == z[k].z.tobytes()
        assert mixed[k].share.tobytes() == taste[k].share.tobytes()


@pytest.mark.parametrize("tau", TAUS)
def test_capital_is_public_unless_it_is_dispersed_and_then_said_in_its_share(e, tau):
    """Bounds are 5 standard errors: the variance of N normals has relative s.d. sqrt(2/N)."""
    still = both(e, KnowledgeLaw(tacit_capital=tau))
    assert all(t.K is e.technology.K for t in still)
    law, base, plants = (
        KnowledgeLaw(dispersion_capital=0.2, tacit_capital=tau),
        e.technology,
        e.network.plants,
    )
    pairs = [log_ratio(both(e, law, seed), base, "K") for seed in range(300)]
    whole, said = (np.array([pair[k][plants] for pair in pairs]).ravel() for k in (0, 1))
    wide = 5 * np.sqrt(2 / len(whole))
    assert np.mean(whole**2) == pytest.approx(0.04, rel=wide)
    assert np.mean(said**2) == pytest.approx((1 - tau) * 0.04, rel=wide, abs=1e-30)
    assert np.mean((whole - said) ** 2) == pytest.approx(tau * 0.04, rel=wide, abs=1e-30)
    for pair in pairs[:5]:
        assert not np.delete(pair, np.r_[plants], axis=1).any()


@pytest.mark.parametrize("tau", [0.2, 0.5, 0.9])
def test_elasticities_are_split_into_uncorrelated_parts_of_their_shares(tau):
    """Expectations over the blur, given the true elasticities; bounds are 5 standard errors."""
    base, count = us71().technology, 300
    public, plants = find_public_sigma(base), base.network.plants
    d = np.log(base.sigma / public)[plants]
    law = KnowledgeLaw(tacit_sigma=tau)
    said = []
    for seed in range(count):
        whole, sayable = both(us71(), law, seed)
        assert whole.sigma is base.sigma
        said.append(np.log(sayable.sigma / public)[plants])
    said, s2, blur = np.array(said), np.mean(d**2), np.sqrt(tau * (1 - tau) * np.mean(d**2))
    hidden = d - said
    for found, share, slope in (
        (said**2, (1 - tau) * s2, 2 * (1 - tau) * d),
        (hidden**2, tau * s2, 2 * tau * d),
        (said * hidden, 0.0, (1 - 2 * tau) * d),
    ):
        # x = m + blur eps: x^2 varies by its slope times blur, and by blur^2 sqrt 2.
        sd = np.sqrt(np.mean(slope**2) * blur**2 + 2 * blur**4)
        assert np.mean(found) == pytest.approx(share, abs=5 * sd / np.sqrt(found.size))


def test_at_the_ends_an_elasticity_is_said_in_full_or_not_at_all(e):
    base = e.technology
    _, full = both(e, KnowledgeLaw(tacit_sigma=0.0))
    assert full.sigma is base.sigma
    _, none = both(e, KnowledgeLaw(tacit_sigma=1.0))
    np.testing.assert_allclose(none.sigma, find_public_sigma(base), rtol=1e-12)
    assert np.std(np.log(base.sigma[e.network.plants])) > 0.1
    np.testing.assert_array_equal(none.sigma[e.network.endowments], base.sigma[:2])


def test_a_row_with_a_fixed_recipe_says_so(e):
    sigma = e.technology.sigma.copy()
    first = e.network.plants.start
    sigma[first] = 0.0
    base = replace(e.technology, sigma=sigma)
    law = KnowledgeLaw(tacit_sigma=0.5)
    facts = draw_facts(law, e.network, Streams(1))
    said = make_technology(base, law, facts, base.supply, tacit=False).sigma
    assert said[first] == 0.0
    assert np.all(np.isfinite(said))


def test_the_public_knows_the_mean_elasticity_of_each_kind_of_row(e):
    public = Setup(Contract(e, settle=0), market(), 0).public.base.sigma
    net, sigma = e.network, e.technology.sigma
    for kind in (net.plants, net.households):
        np.testing.assert_allclose(np.log(public[kind]), np.mean(np.log(sigma[kind])), rtol=1e-12)


def test_the_public_knows_the_mean_productivity_of_a_plants_firms():
    """Of their own z and capital neither what is published nor the coding of messages tells."""
    whole, e = us15(), disaggregate(us15(), firms=60)
    public = Setup(Contract(e, settle=0), market(), 0).public
    true, z, K, i = e.technology, public.base.z, public.base.K, e.network.plants
    plant = [name.split(", firm ")[0] for name in e.network.names]
    for name in set(plant[i]):
        own = [k for k in range(i.start, i.stop) if plant[k] == name]
        mean = np.exp(np.mean(np.log(true.z[own])))
        np.testing.assert_allclose(z[own], mean, rtol=1e-14)
        drawn = mean / whole.technology.z[whole.network.row(name)]
        size = e.output[own] * drawn ** (-1 / (1 - true.gamma[own]))
        np.testing.assert_allclose(K[own], size, rtol=1e-12)
    assert np.std(np.log(true.z / z)[i]) > 0.05
    coded = make_reference(public).row
    assert coded["z"] is z
    assert coded["K"] is K


def test_the_public_base_year_still_has_prices_of_1():
    e = disaggregate(us15(), firms=60)
    best = solve(make_public_technology(e.technology), e.income)
    np.testing.assert_allclose(best.price, 1, rtol=1e-9)


@pytest.mark.parametrize("whole", [us15(), us71(), generate(3)], ids=lambda e: e.name)
def test_of_a_plant_without_its_like_the_public_knows_z_and_capital_to_the_bit(whole):
    public = make_public_technology(whole.technology)
    assert public.z.tobytes() == whole.technology.z.tobytes()
    assert public.K.tobytes() == whole.technology.K.tobytes()


# ---------------------------------------------------------------- misspecification


def test_true_elasticities_between_suppliers_spread_about_the_public_one(e):
    base, found = e.technology, []
    for seed in range(200):
        whole, said = both(e, KnowledgeLaw(misspecification=0.3), seed)
        assert said.eps is base.eps
        found.append(np.log(whole.eps / base.eps))
    x = np.array(found)
    assert np.mean(x**2) == pytest.approx(0.09, rel=5 * np.sqrt(2 / x.size))
    assert abs(np.mean(x)) < 5 * 0.3 / np.sqrt(x.size)
    assert both(e, KnowledgeLaw())[0].eps is base.eps


def test_true_elasticities_stay_for_the_whole_run_and_change_nothing_else(e):
    law = KnowledgeLaw(misspecification=0.4)
    plain = Contract(e, replace(law, misspecification=0.0), weeks=6, settle=0)
    for a, b in zip(
        draw_truths(replace(plain, knowledge=law), 3), draw_truths(plain, 3), strict=True
    ):
        if a.t == 0:
            first = a.whole.eps
        np.testing.assert_array_equal(a.whole.eps, first)
        assert a.whole.z.tobytes() == b.whole.z.tobytes()
        assert a.whole.share.tobytes() == b.whole.share.tobytes()


@dataclass(frozen=True)
class Watcher(Agents):
    """Asks as in the base year and keeps what elasticities it is shown, and where."""

    ask: Any
    log: list[Any] = field(default_factory=list)

    def start(self, view):
        self.log.append(("start", view.facts.row["eps"]))
        return Table(), Table()

    def report(self, view, said):
        self.log.append(("report", view.facts.row["eps"]))
        return Table(), said

    def act(self, view, done):
        self.log.append(("act", view.facts.row["eps"]))
        return Act(self.ask.copy()), done


@dataclass(frozen=True)
class Mute(Centre[Any]):
    def start(self, public, rng):
        return public

    def decide(self, heard, t, memory):
        return None, memory


def test_rows_act_on_their_true_elasticity_and_cannot_report_it(e):
    contract = Contract(e, KnowledgeLaw(misspecification=0.3), weeks=3, settle=0)
    agents = Watcher(np.array(e.flow))
    assert simulate(contract, Mechanism("toy", agents, Mute()), 1).completed
    true = next(iter(draw_truths(contract, 1))).whole.eps
    assert len(agents.log) == 1 + 3 + 3
    for verb, shown in agents.log:
        np.testing.assert_array_equal(shown, true if verb == "act" else e.technology.eps)
    public = Setup(contract, market(), 1).public
    np.testing.assert_array_equal(public.base.eps, e.technology.eps)


def test_with_all_else_said_a_planner_is_right_about_the_base_year_alone(e):
    """What it believes is the truth but for suppliers: the same at prices of 1, wrong elsewhere."""
    for dispersion, wrong in ((0.0, False), (0.2, True)):
        law = KnowledgeLaw(0.0, dispersion, drift=0.0, misspecification=0.5)
        truth, belief = (solve(t, e.income) for t in both(e, law))
        gap = np.max(np.abs(truth.ship / belief.ship - 1))
        assert gap > 0.01 if wrong else gap < 1e-8
        known, told = (solve(t, e.income) for t in both(e, replace(law, misspecification=0.0)))
        np.testing.assert_allclose(known.ship, told.ship, rtol=1e-8)


@pytest.mark.parametrize("seed", range(3))
def test_the_optimum_is_found_at_the_widest_misspecification(seed):
    whole, _ = both(us71(), KnowledgeLaw(misspecification=1.0), seed)
    best = solve(whole, us71().income)
    assert best.residual <= 1e-10
    assert best.balance < 1e-8
    assert whole.eps.max() > 20
