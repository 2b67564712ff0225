"""Rolling origins never see what came later."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catallax.errors import InputError
from catallax.labs.forecasting import (
    LEVELS,
    METHODS,
    Choice,
    FittedEwma,
    Last,
    choose_origins,
    collect_outcomes,
    forecast,
    roll_forecasts,
)

EVERY = [*(make(4) for make in METHODS.values()), Choice((Last(), FittedEwma()), seen=3)]


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.name)
@settings(max_examples=10)
@given(st.integers(0, 2**32 - 1), st.integers(0, 2))
def test_what_comes_after_an_origin_changes_nothing(rule, seed, which) -> None:
    r = np.random.default_rng(seed)
    series = r.normal(size=(3, 45)).cumsum(axis=1)
    at = choose_origins(45, 4, 3)
    before = roll_forecasts(series, rule, 4, at, LEVELS)
    series[:, at[which] :] += r.normal(size=series[:, at[which] :].shape)
    after = roll_forecasts(series, rule, 4, at, LEVELS)
    assert before[: which + 1].tobytes() == after[: which + 1].tobytes()
    if which < 2:
        assert not np.array_equal(before[which + 1], after[which + 1])


def test_origins_are_the_last_whose_horizon_is_there() -> None:
    assert list(choose_origins(51, 8, 3)) == [41, 42, 43]
    series = np.arange(102.0).reshape(2, 51)
    assert np.array_equal(collect_outcomes(series, 8, [43])[0], series[:, 43:])
    assert np.array_equal(
        roll_forecasts(series, Last(), 8, [41], (0.5,))[0],
        forecast(series[:, :41], 8, Last(), (0.5,)).values,
    )


def test_too_short_a_history_is_refused_with_what_would_do() -> None:
    with pytest.raises(InputError, match=r"10 periods are too few for 8 origins.* at least 12"):
        choose_origins(10, 4, 8)
    assert choose_origins(12, 4, 8)[0] == 1
