"""The compiled map of the optimum against the plain one, at once and in parts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax.domains.production.optimum import chord, fixed_point
from catallax.domains.production.optimum.fixed_point import FixedPoint, Spending
from catallax.domains.production.optimum.secants import Secants
from catallax.kernels.switch import plain

SEED = st.integers(0, 2**32 - 1)


def point_of(t, seed, money):
    """A map and a point of it far from settled; the second endowment's price is near its floor."""
    r = np.random.default_rng(seed)
    f = FixedPoint(t, Spending(r.lognormal(0, 1, 3), money))
    price = np.exp(r.normal(0, 0.5, t.network.n))
    price[1] = r.choice([1e-13, 1.0])
    return f, f.start(price)


@pytest.mark.parametrize("money", [0.0, 2.5])
@given(seed=SEED, passes=st.integers(1, 4))
def test_gaps_at_once_and_in_parts(drawn, alike, money, seed, passes) -> None:
    t = drawn(seed)
    f, x = point_of(t, seed, money)

    def work():
        gap, error = FixedPoint(t, f.spend).gap(x, passes)
        return gap, error

    alike(work, size=1e-13)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fixed_point, "GRAIN", 0)
        alike(work, size=1e-13)


@given(SEED)
def test_what_a_point_comes_to(drawn, alike, seed) -> None:
    t = drawn(seed)
    f, x = point_of(t, seed, 0.0)
    alike(lambda: FixedPoint(t, f.spend).finish(x), size=1e-13)


@given(SEED)
def test_bases(drawn, alike, seed) -> None:
    t = drawn(seed)

    def work():
        return FixedPoint(t, Spending(np.ones(3))).bases

    alike(work, size=1e-15)


@given(SEED)
def test_a_nan_is_an_error(drawn, seed) -> None:
    f, x = point_of(drawn(seed), seed, 0.0)
    x[3] = np.nan
    assert np.isnan(f.gap(x)[1])


@given(SEED, st.integers(1, 9))
def test_accelerated_steps(alike, seed, window) -> None:
    """Steps of a bent map in 1,500 dimensions, two blocks; kernel and NumPy take the same."""
    r = np.random.default_rng(seed)
    slope, goal = r.uniform(-0.9, 0.5, 1500), r.normal(size=1500)

    def work():
        past, x, points = Secants(window, 1500, 1.5), np.zeros(1500), []
        for _ in range(6):
            x = past.beyond(x, slope * (x - goal) - 0.05 * (x - goal) ** 3, 0.5)
            points.append(x)
        return points

    alike(work, rel=1e-9, size=1e-10)


def test_a_linear_map_is_solved_in_as_many_steps_as_it_has_dimensions() -> None:
    """Anderson's steps are those of GMRES where the map is linear (Walker & Ni 2011)."""
    r = np.random.default_rng(0)
    slope, goal = 0.5 * np.eye(4) + 0.1 * r.normal(size=(4, 4)), r.normal(size=4)
    past, x = Secants(4, 4, 1.5), np.zeros(4)
    for _ in range(6):
        x = past.beyond(x, slope @ (goal - x), 1e9)
    assert x == pytest.approx(goal, abs=1e-9)


@given(SEED)
def test_broydens_steps(seed) -> None:
    r = np.random.default_rng(seed)
    d = int(r.integers(3, 12))
    known, moves = chord.Chord(r.normal(size=(d, d))), r.normal(size=(4, d))

    def steps():
        broyden = chord._Broyden(known)
        return np.array([broyden.step(m) for m in moves])

    fast = steps()
    with plain():
        slow = steps()
    assert fast == pytest.approx(slow, rel=1e-10, abs=1e-11 * float(np.abs(slow).max()))


def test_an_update_makes_the_matrix_true_of_the_last_step() -> None:
    """The secant equation, H (r1 - r0) = s, gives the step from r0 + (r1 - r0) = r1 by H r0."""
    r = np.random.default_rng(0)
    broyden = chord._Broyden(chord.Chord(np.eye(5) + 0.1 * r.normal(size=(5, 5))))
    first, second = r.normal(size=(2, 5))
    s = broyden.step(first)
    broyden.step(second)
    w, left = broyden.rights[0], broyden.lefts[0]
    assert broyden.count == 1
    turned = broyden.chord.transposed.T @ (second - first)
    assert turned + w * (left @ turned) == pytest.approx(s, rel=1e-12)
