"""How facts move: how much of it, in which form, and how much of that history can tell."""

from dataclasses import replace

import numpy as np
import pytest

from catallax.domains.production.economy import generate
from catallax.domains.production.knowledge import (
    KnowledgeLaw,
    advance_facts,
    draw_facts,
    make_technology,
)
from catallax.domains.production.network import PLANT
from catallax.errors import InputError
from catallax.streams import Streams

SD = 0.02
FREE = KnowledgeLaw(dispersion=0.0, drift=SD, drift_z=SD, reversion=0.0)
KINDS = {"tastes": ("drift", "course"), "productivity": ("drift_z", "course_z")}
YEAR = 52


@pytest.fixture(scope="module")
def e():
    return generate(5, products=12, firms=3, households=8, inputs=3)


def path(law, net, weeks, kind="tastes", seed=3):
    """(unpredicted, predictable) deviations, each (weeks, 2, k)."""
    streams = Streams(seed)
    facts = draw_facts(law, net, streams)
    out = []
    for t in range(weeks):
        facts = advance_facts(law, streams, facts, t) if t else facts
        out.append([getattr(facts, part) for part in KINDS[kind]])
    return tuple(np.array(part) for part in zip(*out, strict=True))


def fourth(novelty, jump):
    """E x^4 / (E x^2)^2 of a week's news: a normal, and a wider one with chance 1/52."""
    calm, leap = 1 - jump, jump * YEAR
    return (3 * calm**2 + 6 * calm * leap / YEAR + 3 * leap**2 / YEAR) if novelty else 0.0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("pattern", ["seasonal", "trending"])
@pytest.mark.parametrize(("novelty", "jump"), [(1, 0), (0.5, 0), (0.25, 0.6), (1, 1), (0, 0.5)])
def test_shares_of_the_variance_of_weekly_changes_are_those_of_the_law(
    e, kind, pattern, novelty, jump
):
    """Over whole years a season's mean square change is exact; the rest within 5 standard errors.

    The mean square of N changes of kurtosis k has relative s.d. sqrt((k - 1)/N).
    """
    law = replace(FREE, pattern=pattern, novelty=novelty, jump=jump)
    wander, known = (np.diff(x, axis=0) for x in path(law, e.network, 4 * YEAR + 1, kind))
    wide = 5 * np.sqrt((fourth(novelty, jump) - 1) / wander.size) if novelty else 0
    assert np.mean(wander**2) == pytest.approx(novelty * SD**2, rel=wide, abs=1e-30)
    slopes = known.shape[1] * known.shape[2]
    rest = (1 - novelty) * SD**2
    rel = 1e-9 if pattern == "seasonal" else 5 * np.sqrt(2 / slopes)
    assert np.mean(known**2) == pytest.approx(rest, rel=rel, abs=1e-30)
    if pattern == "seasonal" and novelty < 1:
        np.testing.assert_allclose(np.mean(known**2, axis=0), rest, rtol=1e-9)
    # Both parts have the same share, and what one does says nothing of the other's size.
    for x in (wander, known) if pattern == "seasonal" else (wander,):
        both = np.mean(x[:, 0] * x[:, 1])
        assert abs(both) <= 5 * np.sqrt(np.mean((x[:, 0] * x[:, 1]) ** 2) / slopes) + 1e-30


@pytest.mark.parametrize("pattern", ["seasonal", "trending"])
def test_tastes_and_productivity_move_by_settings_of_their_own(e, pattern):
    """A quarter of the variance is history's: what it predicts has an s.d. of half the law's."""
    law = replace(FREE, drift=0.01, drift_z=0.03, novelty=0.75, pattern=pattern)
    for kind, sd in (("tastes", 0.01), ("productivity", 0.03)):
        wander, known = (np.diff(x, axis=0) for x in path(law, e.network, 2 * YEAR + 1, kind))
        wide = 5 * np.sqrt(2 / wander.size)
        assert np.mean(wander**2) == pytest.approx(0.75 * sd**2, rel=wide)
        rel = 1e-9 if pattern == "seasonal" else 5 * np.sqrt(2 / known[0].size)
        assert np.mean(known**2) == pytest.approx(0.25 * sd**2, rel=rel)


def test_the_course_of_week_0_has_the_settings_of_its_kind(e):
    """Facts are drawn before the first move: a season's height is that of its own law at once."""
    law = replace(FREE, drift=0.01, drift_z=0.03, novelty=0.0)
    first = draw_facts(law, e.network, Streams(3))
    same = draw_facts(replace(law, drift=0.03), e.network, Streams(3))
    np.testing.assert_array_equal(first.course_z, same.course_z)
    np.testing.assert_allclose(3.0 * first.course, same.course, rtol=1e-12)
    zero = draw_facts(replace(law, drift_z=0.0), e.network, Streams(3))
    assert not zero.course_z.any()
    assert first.course_z.any()


@pytest.mark.parametrize("novelty", [0.3, 0.7])
def test_a_regression_on_the_season_leaves_the_share_that_is_new(e, novelty):
    """Of T changes a season takes 2 degrees of freedom beside its own wave."""
    law = replace(FREE, novelty=novelty)
    weeks = 20 * YEAR
    change = np.diff(sum(path(law, e.network, weeks + 1)), axis=0).reshape(weeks, -1)
    angle = 2 * np.pi * np.arange(weeks) / YEAR
    wave = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    left = change - wave @ np.linalg.lstsq(wave, change, rcond=None)[0]
    wide = 5 * np.sqrt(2 / left.size)
    assert np.mean(left**2) == pytest.approx(novelty * SD**2 * (1 - 2 / weeks), rel=wide)
    assert np.mean(change**2) == pytest.approx(SD**2, rel=wide)


def test_without_novelty_the_first_year_tells_all_others(e):
    for kind in KINDS:
        wander, known = path(replace(FREE, novelty=0.0, jump=0.5), e.network, 4 * YEAR, kind)
        assert not wander.any()
        for year in range(1, 4):
            assert known[year * YEAR :][:YEAR].tobytes() == known[:YEAR].tobytes()
        # Items and parts have seasons of their own.
        assert len(np.unique(known[0])) == known[0].size


def test_without_novelty_a_trend_is_a_straight_line(e):
    for kind in KINDS:
        law = replace(FREE, novelty=0.0, pattern="trending")
        wander, known = path(law, e.network, 60, kind)
        assert not wander.any()
        assert not known[0].any()
        expected = np.arange(60)[:, None, None] * known[1]
        np.testing.assert_allclose(known, expected, rtol=1e-12, atol=0)
        assert len(np.unique(known[1])) == known[1].size


def test_an_item_jumps_once_a_year_in_both_of_its_parts(e):
    """The count of jumps is binomial; without calm weeks nothing else moves."""
    wander, _ = path(replace(FREE, jump=1.0), e.network, 10 * YEAR + 1)
    moved = np.diff(wander, axis=0) != 0
    np.testing.assert_array_equal(moved[:, 0], moved[:, 1])
    count = moved[:, 0].size
    assert np.mean(moved[:, 0]) == pytest.approx(1 / YEAR, abs=5 * np.sqrt(1 / YEAR / count))


@pytest.mark.parametrize("t", [0, 17, 300])
def test_a_season_is_as_wide_in_every_week(t):
    """sin^2 of a uniform phase has mean 1/2 and variance 1/8; bounds are 5 standard errors."""
    big = generate(5, products=60, firms=1, households=40, inputs=3).network
    _, known = path(replace(FREE, novelty=0.0), big, t + 1)
    height = SD / (np.sqrt(2) * np.sin(np.pi / YEAR))
    count = known[-1].size
    assert np.mean((known[-1] / height) ** 2) == pytest.approx(0.5, abs=5 * np.sqrt(1 / 8 / count))
    assert abs(np.mean(known[-1] / height)) < 5 * np.sqrt(0.5 / count)


@pytest.mark.parametrize("jump", [0.0, 0.8])
def test_what_is_new_reverts_to_a_stationary_spread(e, jump):
    """novelty sd^2/(1 - (1 - r)^2); looks 60 weeks apart at r = 0.1 are as good as independent."""
    law = replace(FREE, novelty=0.6, jump=jump, reversion=0.1)
    wander, _ = path(law, e.network, 5000)
    seen = wander[200::60]
    exact = 0.6 * SD**2 / (1 - 0.9**2)
    # A sum of decayed news has kurtosis nearer 3 than one week's news.
    excess = (fourth(0.6, jump) - 3) * (1 - 0.9**2) ** 2 / (1 - 0.9**4)
    wide = 5 * np.sqrt((2 + excess) / seen.size)
    assert np.mean(seen**2) == pytest.approx(exact, rel=wide)
    assert wide < 0.15


def test_productivity_moves_for_plants_alone_and_leaves_tastes_as_they_are(e):
    streams, still = Streams(1), replace(FREE, drift_z=0.0)
    met = []
    for law in (FREE, still):
        facts = draw_facts(law, e.network, streams)
        for t in range(1, 10):
            facts = advance_facts(law, streams, facts, t)
        met.append(make_technology(e.technology, law, facts, e.technology.supply, tacit=True))
    moving, base = met
    assert moving.share.tobytes() == base.share.tobytes()
    plant = e.network.kind == PLANT
    np.testing.assert_array_equal(moving.z != e.technology.z, plant)
    np.testing.assert_array_equal(base.z, e.technology.z)


def test_productivity_and_tastes_have_streams_of_their_own(e):
    law = replace(FREE, novelty=0.5, jump=0.5)
    a, b = (path(law, e.network, 20, kind) for kind in KINDS)
    size = min(a[0].shape[2], b[0].shape[2])
    for x, y in zip(a, b, strict=True):
        assert not np.any(x[1:, :, :size] == y[1:, :, :size])


def test_moves_depend_on_the_week_and_not_on_the_weeks_that_were_asked_for(e):
    law, streams = replace(FREE, novelty=0.5, jump=0.5), Streams(2)
    facts = draw_facts(law, e.network, streams)
    for t in range(1, 5):
        facts = advance_facts(law, streams, facts, t)
    late = advance_facts(law, Streams(2), facts, 9)
    again = advance_facts(law, streams, facts, 9)
    assert late.drift.tobytes() == again.drift.tobytes()
    assert late.course.tobytes() == again.course.tobytes()
    assert advance_facts(law, Streams(3), facts, 9).drift.tobytes() != late.drift.tobytes()


@pytest.mark.parametrize("name", ["drift", "drift_z", "novelty", "jump"])
def test_moving_less_of_one_thing_changes_the_size_and_not_the_draws(e, name):
    """So laws that differ in a size are paired: their paths are proportional."""
    law = replace(FREE, novelty=1.0 if name != "novelty" else 0.8)
    other = replace(law, **{name: 0.5 * getattr(law, name)}) if name != "jump" else law
    if name == "jump":
        law = replace(law, jump=1.0)
        other = replace(law, novelty=0.25)
    kind = "productivity" if name == "drift_z" else "tastes"
    (a, _), (b, _) = (path(x, e.network, 80, kind) for x in (law, other))
    scale = np.sqrt(0.5) if name == "novelty" else 0.5
    np.testing.assert_allclose(b, a * scale, rtol=1e-12, atol=1e-15)


def test_an_unknown_pattern_is_refused():
    with pytest.raises(InputError, match=r"unknown pattern 'sesonal'. Did you mean 'seasonal'"):
        KnowledgeLaw(pattern="sesonal")
