"""What is overheard in the last year of a run."""

import numpy as np
import pytest

from catallax.domains.production.economy import generate
from catallax.domains.production.knowledge import ChannelLaw, KnowledgeLaw, LineLaw
from catallax.domains.production.mechanisms import Agents, Centre, Mechanism, market
from catallax.domains.production.network import HOUSEHOLD, PLANT, Act, Table
from catallax.domains.production.run import Contract, draw_truths, simulate

E = generate(2, products=3, households=2)
NET = E.network
LAST = slice(NET.m - NET.final.m, NET.m)
EXACT = LineLaw(delay=1.0, noise=0.0, resolution=0)


def contract(weeks=60, line=EXACT, tacit=0.25):
    return Contract(
        E, KnowledgeLaw(tacit), ChannelLaw(1, line, line, measuring=0.0), weeks=weeks, settle=0
    )


@pytest.mark.parametrize("weeks", [60, 20])
def test_facts_are_means_over_the_last_year(weeks):
    run = simulate(contract(weeks), market())
    late = [t.whole for t in draw_truths(run.contract, run.seed)][-52:]
    z = np.mean([np.log(t.z / E.technology.z) for t in late], axis=0)
    share = np.mean([t.share[LAST] for t in late], axis=0)
    np.testing.assert_allclose(run.sampled["true_z"], z, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(run.sampled["true_share"], share, rtol=1e-12)
    assert np.ptp(z) > 0.1


def test_prices_are_overheard_as_they_are_quoted():
    """Without noise a quote is the price that bound a week before."""
    run = simulate(contract(), market(price_error=0.2), 2)
    price = np.log(run.series["price"][8 - 1 : 60 - 1]).mean(axis=0)
    sellers = NET.orders(np.ones(NET.m)) > 0
    np.testing.assert_allclose(run.sampled["heard_price"][sellers], price[sellers], rtol=1e-9)
    assert np.isnan(run.sampled["heard_price"][~sellers]).all()
    assert np.isnan(run.sampled["heard_z"]).all()
    assert np.isnan(run.sampled["heard_share"]).all()


class Counters(Agents):
    """Households ask for more in every week."""

    def start(self, view):
        return Table(), Table()

    def report(self, view, said):
        return Table(), said

    def act(self, view, done):
        norm = np.where(view.rows.linked(HOUSEHOLD), E.technology.norm, 0.0)
        return Act(norm * view.t), done


def test_asks_are_overheard_as_they_are_made():
    """Norms times the week, of which the last 52 are 8 to 59; no line blurs them."""
    run = simulate(contract(line=LineLaw(noise=0.5)), Mechanism("counters", Counters()))
    assert np.isnan(run.sampled["heard_price"]).all()
    norm = E.technology.norm[LAST]
    np.testing.assert_allclose(run.sampled["heard_ask"], norm * (8 + 59) / 2, rtol=1e-12)


class Half(Agents):
    """Plants report productivity in every other week, households their tastes in week 30."""

    def start(self, view):
        return Table(), Table()

    def report(self, view, said):
        z = np.where((view.rows.kind == PLANT) & (view.t % 2 == 0), view.facts.row["z"], np.nan)
        share = np.where(view.t == 30, view.facts.link["share"], np.nan)
        return Table({"z": z}, {"share": share}), said

    def act(self, view, done):
        return Act(0 * view.facts.link["kept"]), done


class Ear(Centre):
    """Listens only."""

    def start(self, public, rng):
        return None

    def decide(self, heard, t, memory):
        return None, memory


def test_reports_are_overheard_as_they_were_last_heard():
    run = simulate(contract(), Mechanism("half", Half(), Ear()))
    facts = list(draw_truths(run.contract, run.seed))
    z = np.log(facts[0].sayable.z)
    plants = NET.kind == PLANT
    np.testing.assert_allclose(run.sampled["heard_z"][plants], z[plants], rtol=1e-12)
    assert np.isnan(run.sampled["heard_z"][~plants]).all()
    share = facts[30].sayable.share[LAST]
    np.testing.assert_allclose(run.sampled["heard_share"], share, rtol=1e-12)


def test_noise_blurs_what_is_overheard():
    """Twenty-six reports each count for two weeks."""
    many = generate(3, products=60, firms=3, households=2, inputs=4)
    channels = [ChannelLaw(1, EXACT, LineLaw(noise=noise), measuring=0.0) for noise in (0.0, 0.5)]
    runs = [
        simulate(Contract(many, channel=c, weeks=60, settle=0), Mechanism("half", Half(), Ear()))
        for c in channels
    ]
    plants = many.network.kind == PLANT
    off = (runs[1].sampled["heard_z"] - runs[0].sampled["heard_z"])[plants]
    assert off.std() == pytest.approx(0.5 / 26**0.5, rel=0.2)
