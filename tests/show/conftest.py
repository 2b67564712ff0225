"""Domains of comparisons that several tests look at are known to each of them."""

import pytest

from tests.show.toy import known_again


@pytest.fixture(autouse=True)
def toys_are_known() -> None:
    """Before each test."""
    known_again()
