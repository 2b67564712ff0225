"""Private facts: what can be said of them, how they move, and on what they depend."""

from dataclasses import replace

import numpy as np
import pytest

from catallax.domains.production.economy import generate, us71
from catallax.domains.production.knowledge import (
    KnowledgeLaw,
    advance_facts,
    draw_facts,
    make_technology,
)
from catallax.errors import InputError
from catallax.streams import Streams

TAUS = (0.0, 0.06, 0.25, 0.5, 1.0)
SD = 0.1


@pytest.fixture(scope="module")
def e():
    return generate(5, products=6, firms=2, households=3, inputs=3)


def both(e, law, seed, t=0):
    """(whole, sayable) technology of week t."""
    streams = Streams(seed)
    facts = draw_facts(law, e.network, streams)
    for week in range(1, t + 1):
        facts = advance_facts(law, streams, facts, week)
    supply = e.technology.supply
    return tuple(make_technology(e.technology, law, facts, supply, tacit=k) for k in (True, False))


def deviations(e, law, seeds):
    """Whole and sayable log productivity of plants and contrasts of log tastes, over seeds.

    A taste shows in shares, which sum to 1, so the first good of each household stands for its
    level; the contrast of two independent tastes has twice their variance.
    """
    net = e.network
    first = net.rows.good_first[:-1]  # suppliers of a good share its taste
    mine = net.rows.good_row >= net.households.start
    start = np.flatnonzero(np.diff(net.rows.good_row, prepend=-1))[-3:]
    z, taste = [], []
    for seed in seeds:
        pair = both(e, law, seed)
        z.append([np.log(t.z / e.technology.z)[net.plants] for t in pair])
        log = [np.log(t.share / e.technology.share)[first] for t in pair]
        # Households are independent of one another; within one, use one contrast only.
        taste.append([(x[start + 1] - x[start]) / np.sqrt(2) for x in log])
        assert mine[start].all()
        assert mine[start + 1].all()
    return np.hstack(z), np.hstack(taste)


@pytest.mark.parametrize("tacit", TAUS)
def test_the_sayable_part_has_the_share_of_variance_that_is_not_tacit(e, tacit):
    """Bounds are 5 standard errors: the variance of N normals has relative s.d. sqrt(2/N)."""
    for whole, said in deviations(e, KnowledgeLaw(tacit, SD), range(600)):
        count = len(whole)
        assert count >= 1800
        wide = 5 * np.sqrt(2 / count)
        assert np.mean(whole**2) == pytest.approx(SD**2, rel=wide)
        assert np.mean(said**2) == pytest.approx((1 - tacit) * SD**2, rel=wide)
        hidden = whole - said
        assert np.mean(hidden**2) == pytest.approx(tacit * SD**2, rel=wide, abs=1e-30)
        # A and T are independent: their product averages to nothing.
        error = 5 * np.sqrt(tacit * (1 - tacit) / count) * SD**2
        assert abs(np.mean(said * hidden)) <= error + 1e-30
        assert abs(np.mean(whole)) <= 5 * SD / np.sqrt(count)


def test_without_tacitness_what_can_be_said_is_the_whole_bit_for_bit(e):
    whole, said = both(e, KnowledgeLaw(tacit=0.0), 1, t=5)
    for name in ("z", "share", "norm"):
        assert getattr(whole, name).tobytes() == getattr(said, name).tobytes()


def test_when_all_is_tacit_what_can_be_said_is_the_base_year(e):
    whole, said = both(e, KnowledgeLaw(tacit=1.0), 1, t=5)
    for name in ("z", "share", "norm"):
        np.testing.assert_allclose(getattr(said, name), getattr(e.technology, name), rtol=1e-15)
        assert np.max(np.abs(np.log(getattr(whole, name) / getattr(e.technology, name)))) > 0.05


def test_only_plants_differ_in_productivity_and_only_households_in_tastes(e):
    whole, _ = both(e, KnowledgeLaw(), 1, t=5)
    net, base = e.network, e.technology
    moved = whole.z != base.z
    assert moved[net.plants].all()
    assert not moved[net.endowments].any()
    assert not moved[net.households].any()
    bought = net.buyer >= net.households.start
    # Plants' shares are at most renormalised, by rounding.
    np.testing.assert_allclose(whole.share[~bought], base.share[~bought], rtol=1e-15)
    assert np.all(whole.share[bought] != base.share[bought])
    for name in ("sigma", "eps", "gamma", "K", "kept"):
        assert getattr(whole, name) is getattr(base, name)


def test_tastes_move_spending_between_goods_and_leave_prices_of_1_at_unit_cost_1(e):
    whole, said = both(e, KnowledgeLaw(), 1)
    rows, base = e.network.rows, e.technology
    for t in (whole, said):
        np.testing.assert_allclose(rows.sum(t.share)[e.network.households], 1.0, rtol=1e-14)
        np.testing.assert_allclose(t.norm / t.share, base.norm / base.share, rtol=1e-14)
        # Suppliers of one good keep their proportions.
        within = t.share / base.share
        same = np.diff(rows.good_of) == 0
        np.testing.assert_allclose(within[1:][same], within[:-1][same], rtol=1e-14)


def test_supply_is_known_and_can_be_said_in_full(e):
    supply = e.technology.supply * 0.5
    facts = draw_facts(KnowledgeLaw(), e.network, Streams(1))
    for tacit in (True, False):
        t = make_technology(e.technology, KnowledgeLaw(), facts, supply, tacit=tacit)
        np.testing.assert_array_equal(t.supply, supply)


def test_without_dispersion_and_drift_facts_are_the_base_year(e):
    whole, said = both(e, KnowledgeLaw(dispersion=0.0, drift=0.0), 1, t=5)
    for t in (whole, said):
        np.testing.assert_array_equal(t.z, e.technology.z)
        np.testing.assert_allclose(t.share, e.technology.share, rtol=1e-15)


def path(law, net, seed, weeks):
    """(weeks, 2, G) drift."""
    streams = Streams(seed)
    facts = draw_facts(law, net, streams)
    out = [facts.drift]
    for t in range(1, weeks):
        facts = advance_facts(law, streams, facts, t)
        out.append(facts.drift)
    return np.array(out)


def test_drift_reverts_to_its_mean_and_adds_what_is_new(e):
    """With reversion 1 a week's drift is that week's news; any other is its decayed sum."""
    news = path(KnowledgeLaw(drift=0.01, reversion=1.0), e.network, 3, 30)
    drift = path(KnowledgeLaw(drift=0.01, reversion=0.2), e.network, 3, 30)
    assert not drift[0].any()
    for t in range(30):
        kept = 0.8 ** (t - np.arange(1, t + 1))
        expected = np.tensordot(kept, news[1 : t + 1], axes=1)
        np.testing.assert_allclose(drift[t], expected, rtol=0, atol=1e-15)


def test_news_of_a_week_is_independent_of_other_weeks_parts_and_goods():
    news = path(KnowledgeLaw(drift=1.0, reversion=1.0), us71().network, 3, 40)[1:]
    x = news[news != 0]
    assert np.unique(x).size == x.size > 39 * 2 * 300
    assert np.mean(x**2) == pytest.approx(1.0, rel=5 * np.sqrt(2 / x.size))
    assert abs(np.mean(news[1:] * news[:-1])) < 5 / np.sqrt(news[1:].size)
    assert abs(np.mean(news[:, 0] * news[:, 1])) < 5 / np.sqrt(news[:, 0].size)


def test_at_defaults_drift_alone_has_a_stationary_sd_near_the_dispersion():
    """Exactly drift / sqrt(1 - (1 - reversion)^2) = 0.10013; it takes some 200 weeks to forget.

    Looks 200 weeks apart are correlated by e^-1, which leaves (1 - e^-2)/(1 + e^-2) of them.
    """
    law = KnowledgeLaw()
    exact = law.drift / np.sqrt(1 - (1 - law.reversion) ** 2)
    assert exact == pytest.approx(law.dispersion, rel=2e-3)
    seen = path(law, us71().network, 1, 3001)[1400::200]
    seen = seen[:, :, seen.any(axis=(0, 1))]
    count = seen.size * (1 - np.exp(-2)) / (1 + np.exp(-2))
    assert count > 5000
    assert np.mean(seen**2) == pytest.approx(exact**2, rel=5 * np.sqrt(2 / count))


def test_drift_is_split_between_what_can_be_said_and_what_cannot(e):
    law = KnowledgeLaw(tacit=0.25, dispersion=0.0, drift=0.05)
    drift = path(law, e.network, 1, 6)[5]
    whole, said = both(e, law, 1, t=5)
    rows = e.network.rows
    for t, weight in ((whole, [np.sqrt(0.75), 0.5]), (said, [np.sqrt(0.75), 0.0])):
        taste = np.zeros(len(rows.good_row))
        taste[len(taste) - drift.shape[1] :] = np.array(weight) @ drift
        change = np.log(t.share / e.technology.share) - taste[rows.good_of]
        level = rows.sum(change) / np.maximum(rows.sum(np.ones(rows.m)), 1)
        np.testing.assert_allclose(change, rows.spread(level), rtol=0, atol=1e-14)


def test_without_drift_facts_stand_still(e):
    law = KnowledgeLaw(drift=0.0)
    facts = draw_facts(law, e.network, Streams(1))
    assert advance_facts(law, Streams(1), facts, 1) is facts


def test_draws_do_not_depend_on_what_was_drawn_before(e):
    law = KnowledgeLaw()
    alone = Streams(7)
    busy = Streams(7)
    for purpose in ("agents/x", "noise/report/stock", "z/said", "drift/tacit"):
        busy.normal(purpose, 5, 3)
        busy.generator(purpose).random(17)
    facts = [draw_facts(law, e.network, s) for s in (alone, busy)]
    for t in (1, 2, 3):
        facts = [advance_facts(law, s, f, t) for s, f in zip((alone, busy), facts, strict=True)]
    for name in ("z", "taste", "drift"):
        assert getattr(facts[0], name).tobytes() == getattr(facts[1], name).tobytes()


def test_the_two_laws_of_tacitness_share_their_draws(e):
    """So runs at different tau are paired: only the weights of the same A and T differ."""
    facts = [draw_facts(KnowledgeLaw(tacit=tau), e.network, Streams(7)) for tau in (0.0, 0.5)]
    np.testing.assert_array_equal(facts[0].z, facts[1].z)
    np.testing.assert_array_equal(facts[0].taste, facts[1].taste)


def test_seeds_differ(e):
    a, b = (draw_facts(KnowledgeLaw(), e.network, Streams(s)) for s in (1, 2))
    plants = e.network.plants
    assert np.all(a.z[:, plants] != b.z[:, plants])
    assert not np.any(a.z[0, plants] == a.z[1, plants])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tacit", -0.1),
        ("tacit", 1.1),
        ("tacit", float("nan")),
        ("dispersion", -0.1),
        ("dispersion", 2.1),
        ("drift", -0.01),
        ("drift", 1.1),
        ("reversion", -0.1),
        ("reversion", 1.1),
    ],
)
def test_a_setting_out_of_range_is_refused_by_name(name, value):
    with pytest.raises(InputError, match=rf"knowledge\.{name}: {value} is out of range"):
        replace(KnowledgeLaw(), **{name: value})
