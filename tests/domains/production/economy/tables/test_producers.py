"""Value added and output are worked out in one place for every kind of table."""

from typing import Any

import numpy as np
import pytest

from catallax.domains.production.economy.tables import InputOutputTable, RegionalTable
from catallax.domains.production.economy.tables.table import Producers

FLOW, FINAL = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0], [6.0]])
ADDED: dict[str, Any] = {
    "compensation": np.array([2.0, 3.0]),
    "taxes": np.array([-1.0, 1.0]),
    "surplus": np.array([3.0, 3.0]),
}
NONE = np.zeros(2)
LABELS = (("north", "farm"), ("south", "farm"))


@pytest.mark.parametrize(
    "table",
    [
        InputOutputTable(
            "one", ("a", "b"), ("A", "B"), FLOW, FINAL, NONE, NONE, **ADDED, users=("all",)
        ),
        RegionalTable("many", LABELS, (("north", "all"),), FLOW, FINAL, **ADDED),
    ],
    ids=["one country", "regions"],
)
def test_output_is_inputs_and_value_added_by_hand(table):
    assert isinstance(table, Producers)
    assert not {"value_added", "output"} & set(vars(type(table)))
    np.testing.assert_array_equal(table.value_added, [4, 7])
    np.testing.assert_array_equal(table.output, [8, 13])
