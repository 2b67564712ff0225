"""Not finding an optimum is a recorded result, never an exception."""

import pytest

from catallax import Contract, StaticOptimum, generate, market, simulate, solve
from catallax.domains.production.run import Stop


def test_an_oracle_that_may_not_iterate_stops_with_a_reason() -> None:
    run = simulate(Contract(generate(1), weeks=5, settle=0), StaticOptimum(limit=1, tol=1e-15))
    assert run.stop is Stop.UNSOLVED
    assert run.reason.startswith("week 0")


def test_no_optimum_to_begin_from_is_a_result_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "catallax.domains.production.run.batch.solve", lambda *given: solve(*given, limit=1)
    )
    run = simulate(Contract(generate(1), weeks=5, settle=0), market())
    assert run.stop is Stop.UNSOLVED
    assert "to begin from" in run.reason
    assert not run.series
