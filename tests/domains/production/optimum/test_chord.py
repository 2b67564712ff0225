"""Following a sequence of optima: the same answers, from fewer evaluations."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace

import numpy as np
import pytest

from catallax import generate, solve
from catallax.domains.production.network import Technology
from catallax.domains.production.optimum import Settled, farrell
from catallax.domains.production.optimum import chord as chord_module
from catallax.domains.production.optimum.chord import EASY, LIMIT, PRICE, Chord, pursue, tangent
from catallax.domains.production.optimum.fixed_point import FixedPoint, Spending
from catallax.kernels.switch import plain

ECONOMY = generate(4, products=8)


def drifted(k: int, size: float = 0.01) -> Technology:
    """The economy after `k` small steps of productivity."""
    z = ECONOMY.technology.z
    news = np.random.default_rng(k).normal(0, size, len(z))
    return replace(ECONOMY.technology, z=z * np.exp(news))


def test_followers_find_the_same_optima_with_fewer_evaluations() -> None:
    last = solve(ECONOMY.technology, ECONOMY.income, follow=True)
    for k in range(5):
        alone = solve(drifted(k), ECONOMY.income)
        last = solve(drifted(k), ECONOMY.income, start=last, follow=True)
        assert last.stop is Settled.CONVERGED
        assert last.iterations < alone.iterations / 2
        assert last.price == pytest.approx(alone.price, rel=1e-9)
        assert last.balance <= 1e-9


def test_who_loses_track_falls_back_and_takes_a_new_tangent() -> None:
    near = solve(ECONOMY.technology, ECONOMY.income, follow=True)
    supply = ECONOMY.technology.supply.copy()
    supply[1] *= 0.05
    far = replace(ECONOMY.technology, supply=supply)
    found = solve(far, ECONOMY.income, start=near, follow=True)
    alone = solve(far, ECONOMY.income)
    assert found.stop is Settled.CONVERGED
    assert found.price == pytest.approx(alone.price, rel=1e-9)
    assert found.chord is not None
    assert near.chord is not None
    assert not np.array_equal(found.chord.transposed, near.chord.transposed)


def test_efficiency_is_followed_too() -> None:
    u = 0.9 * solve(ECONOMY.technology, ECONOMY.income).utility
    last = farrell(ECONOMY.technology, u, follow=True).optimum
    again = farrell(drifted(3), u, start=last)
    assert again.value == pytest.approx(farrell(drifted(3), u).value, rel=1e-9)


def test_the_tangent_is_the_inverse_of_the_slope() -> None:
    """At the fixed point a move of dx changes the gap by the slope: J^-1 gap(x + dx) = dx."""
    best = solve(ECONOMY.technology, ECONOMY.income, tol=1e-12)
    point = FixedPoint(ECONOMY.technology, Spending(ECONOMY.income))
    chord = tangent(point, best.point)
    assert chord is not None
    dx = np.random.default_rng(0).normal(0, 1e-5, len(best.point))
    assert chord.transposed.T @ point.gap(best.point + dx)[0] == pytest.approx(dx, abs=1e-8)


def test_a_chord_is_renewed_when_hard_problems_have_cost_as_much() -> None:
    chord, hard = Chord(np.eye(2)), EASY + 7
    for _ in range(PRICE // 7):
        after = chord.after(hard)
        assert after is not None
        easy = after.after(EASY - 1)
        assert easy is not None
        assert easy.worn == after.worn == chord.worn + 7
        chord = after
    assert chord.after(hard) is None


def test_a_worn_chord_gives_way_to_the_tangent_at_the_new_point() -> None:
    near = solve(ECONOMY.technology, ECONOMY.income, follow=True)
    assert near.chord is not None
    worn = replace(near, chord=replace(near.chord, worn=PRICE))
    kept = solve(drifted(1, 0.1), ECONOMY.income, start=near, follow=True)
    fresh = solve(drifted(1, 0.1), ECONOMY.income, start=worn, follow=True)
    assert kept.iterations == fresh.iterations > EASY
    expected = tangent(FixedPoint(fresh.technology, Spending(ECONOMY.income)), fresh.point)
    assert kept.chord is not None
    assert fresh.chord is not None
    assert expected is not None
    assert kept.chord.transposed is near.chord.transposed
    assert np.array_equal(fresh.chord.transposed, expected.transposed)


def test_a_large_problem_has_no_tangent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chord_module, "LARGEST", 5)
    assert solve(ECONOMY.technology, ECONOMY.income, follow=True).chord is None


def test_a_pursuit_that_gets_worse_or_lasts_too_long_is_given_up() -> None:
    chord, errors = Chord(np.zeros((2, 2))), iter([1.0, 2.5])
    x, used, residual = pursue(lambda x: (x, next(errors)), np.ones(2), chord, 1e-9)
    assert (used, residual) == (2, 1.0)
    assert pursue(lambda x: (x, 1.0), np.ones(2), chord, 1e-9)[1] == LIMIT
    assert pursue(lambda x: (x, np.nan), np.ones(2), chord, 1e-9)[1] == 1
    assert np.array_equal(x, np.ones(2))


def test_evaluations_of_a_pursuit_that_fails_are_counted_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    near = solve(ECONOMY.technology, ECONOMY.income, follow=True)
    supply = ECONOMY.technology.supply.copy()
    supply[1] *= 0.05
    far = replace(ECONOMY.technology, supply=supply)
    calls, evaluate = [0], FixedPoint.gap

    def counted(self: FixedPoint, *given: object) -> object:
        calls[0] += 1
        return evaluate(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(FixedPoint, "gap", counted)
    alone = solve(far, ECONOMY.income, start=near.price).iterations
    assert calls[0] == alone
    calls[0] = 0
    found = solve(far, ECONOMY.income, start=near)
    assert found.stop is Settled.CONVERGED
    assert found.iterations == calls[0]
    assert found.chord is None  # the pursuit failed


@pytest.mark.parametrize(
    ("second", "used"), [((-0.8, 3.0), True), ((-0.95, 3.0), False), ((-1.5, 3.0), True)]
)
def test_what_a_step_showed_is_used_where_it_went_far_enough_along_the_step(
    second: tuple[float, float], used: bool
) -> None:
    """After s = (1, 0) the chord 1 says H dF = s + H F = (0.2, 3), of which 0.2 is along s.

    By hand: w = (s - (0.2, 3)) / 0.2 = (4, -15), and the next step is -(F + w (s F)) with s F =
    -0.8. Where less than 0.1 of |s|^2 is along s the update is left out, however much is across.
    """
    moves = [np.array([-1.0, 0.0]), np.array(second), np.array([np.nan, np.nan])]
    for switch in (None, plain):
        seen = _visited(moves, switch)
        s, move = -moves[0], moves[1]
        update = -move / (s + move)[0] if used else np.zeros(2)
        expected = -(move + update * move[0])
        assert seen[1] - seen[0] == pytest.approx([1.0, 0.0], abs=1e-15)
        assert seen[2] - seen[1] == pytest.approx(expected, rel=1e-12)


def _visited(moves: list[np.ndarray], switch: Callable[[], object] | None) -> list[np.ndarray]:
    """The points at which a pursuit with the identity for a chord looks."""
    seen: list[np.ndarray] = []
    errors: Iterator[float] = iter([1.0, 0.9, np.nan])

    def step(x: np.ndarray) -> tuple[np.ndarray, float]:
        seen.append(x)
        return moves[len(seen) - 1], next(errors)

    with switch() if switch else nullcontext():  # type: ignore[attr-defined]
        pursue(step, np.zeros(2), Chord(np.eye(2)), 1e-9)
    return seen
