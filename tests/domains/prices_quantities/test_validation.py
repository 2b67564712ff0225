"""The published numbers are reproduced, and a broken model does not reproduce them."""

import numpy as np
import pytest

from catallax.domains.prices_quantities import DOMAIN, curves
from catallax.domains.prices_quantities.validation import ROWS
from catallax.protocol import ValidationRow, validate

CLAIMED = {"weitzman-1": 0.125, "weitzman-2": 0.0, "weitzman-3": -0.5, "weitzman-plants": -2.0}


def test_there_is_a_row_by_expectation_and_one_by_simulation_for_each_claim() -> None:
    assert DOMAIN.validation() == ROWS
    found = {row.id: row.claimed for row in ROWS}
    assert found == CLAIMED | {f"{name}-simulated": x for name, x in CLAIMED.items()}
    assert {row.domain for row in ROWS} == {"prices_quantities"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_every_row_passes(row: ValidationRow) -> None:
    (result,) = validate([row])
    assert result.passed, result.reason
    assert result.tolerance <= (row.tolerance if "simulated" in row.id else 1e-9)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_no_row_passes_where_benefits_are_counted_wrongly(
    row: ValidationRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tenth of the benefit's slope is lost: then the claimed numbers must not come out."""

    def wrong(c: curves.BenefitCost, costs: np.ndarray, output: np.ndarray) -> np.ndarray:
        right = curves.compute_welfare(c, costs, output)
        return right - 0.05 * c.benefit_slope * output.sum(axis=1) ** 2 / output.shape[1]

    for module in ("simulate", "weitzman"):
        monkeypatch.setattr(f"catallax.domains.prices_quantities.{module}.compute_welfare", wrong)
    (result,) = validate([row])
    assert result.ours is not None
    assert not result.passed


def test_a_row_says_under_what_it_holds() -> None:
    definition = ROWS[0].definition
    assert "quota fixed before theta is known" in definition
    assert "one plant" in definition
    assert "4 independent plants" in ROWS[-1].definition
