"""What a measure comes to, whatever kind of number its function gives."""

from typing import Any

import numpy as np
import pytest

from catallax.protocol import Measure, Measured
from tests.show.toy import toy


@pytest.mark.parametrize("value", [np.float64(0.5), np.float32(0.5), 0.5])
def test_numbers_of_arrays_come_to_plain_ones(value: Any) -> None:
    """A row of a store takes plain numbers alone; runs with others were not kept."""
    measure = Measure(
        "half", "points", "higher", "A half.", "Nobody 1900", lambda run, twin: Measured(value)
    )
    found = toy("halves", lambda chances, amount, weeks: np.zeros(weeks), measure=measure)
    assert type(found.outcomes["adds"][0].row.values["half"]) is float
