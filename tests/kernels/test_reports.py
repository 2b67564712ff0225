"""What a planner makes of reports, compiled against plain."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from catallax.domains.production.mechanisms.planner.evidence import (
    infer_productivity,
    log_ratio,
    observe_tastes,
    read_tastes,
    tilt_recipes,
)
from catallax.domains.production.mechanisms.planner.reference import PublicReference
from catallax.domains.production.mechanisms.planner.reports import ReportAges
from catallax.domains.production.network import Public
from catallax.kernels.reports import find_apart

SEED = st.integers(0, 2**32 - 1)


def heard(t, seed):
    """What is public, what was said on links, some of it nothing, and ages, some of them new."""
    r = np.random.default_rng(seed)
    net = t.network
    flow = t.norm * r.lognormal(0, 0.3, net.m)
    one = np.ones(net.n)
    reference = PublicReference(Public(net, t, np.ones(3), one, flow, 1, 0.05, 1.0, 10))
    said = np.where(r.random(net.m) < 0.1, 0.0, flow * r.lognormal(0, 0.3, net.m))
    now = r.choice([1.0, 2.0, np.inf], net.m, p=[0.7, 0.2, 0.1])
    before = np.where(r.random(net.m) < 0.5, np.inf, 1.0)
    return reference, said, ReportAges(now, before, 1.0), r


@given(SEED)
def test_tastes_told_and_bought(drawn, alike, seed) -> None:
    t = drawn(seed)
    *_, r = heard(t, seed)
    paid = r.lognormal(0, 0.5, t.network.m)

    def work():
        reference, said, ages, _ = heard(t, seed)  # anew: nothing is worked out yet
        found = read_tastes(reference, said, ages), observe_tastes(reference, said, ages, paid)
        return [
            (np.where(live, taste, 0.0), live.astype(float), error) for taste, live, error in found
        ]

    alike(work, size=1e-12)


@given(SEED)
def test_tilts(drawn, alike, seed) -> None:
    t = drawn(seed)
    reference, *_, r = heard(t, seed)
    taste = r.normal(0, 1, len(reference.final.good_row))
    alike(lambda: tilt_recipes(PublicReference(reference.public), taste))
    share, norm = tilt_recipes(reference, taste)
    plants = slice(0, reference.final_links.start)
    assert np.array_equal(share[plants], t.share[plants])
    assert np.array_equal(norm[plants], t.norm[plants])


@given(SEED)
def test_productivity_and_what_is_of_one_report(drawn, alike, seed) -> None:
    t = drawn(seed)
    _, used, ages, r = heard(t, seed)
    output = r.lognormal(0, 1, t.network.n)
    age = np.full(t.network.n, 1.0)
    alike(
        lambda: [
            infer_productivity(t, used, output),
            infer_productivity(t, used, output, t.sigma[::-1].copy()),
            find_apart(t.network.rows, ages.now, age).astype(float),
        ],
        size=1e-12,
    )


@given(SEED)
def test_news(drawn, alike, seed) -> None:
    *_, ages, _ = heard(drawn(seed), seed)
    alike(lambda: ages.has_fresh)
    alike(lambda: ages._replace(now=np.full_like(ages.now, np.inf)).has_fresh)
    assert ages.has_fresh == ages.fresh.any()


def test_of_what_was_not_said_there_is_no_ratio() -> None:
    said, public, fresh = np.array([2.0, 0.0, 2.0]), np.array([1.0, 1.0, 1.0]), np.array([1, 1, 0])
    log, live = log_ratio(said, public, fresh.astype(bool))
    assert live.tolist() == [True, False, False]
    assert log.tolist() == [np.log(2.0), 0.0, 0.0]
