"""Accounts by double entry, on a network small enough to add up by hand."""

import numpy as np
import pytest

from catallax.domains.production.mechanisms.accounts import CHANCE, MOST, PASSING, Accounts
from catallax.domains.production.network import Network

# mine <- labour, mill <- labour, mill <- mine, Ann <- labour, Ann <- mill: a servant and bread.
LINKS = [(1, 0, 0), (2, 0, 0), (2, 1, 1), (3, 0, 0), (3, 2, 2)]
NET = Network.build(
    [0, 1, 1, 2], [0, 1, 2, -1], LINKS, ["labour", "mine", "mill", "Ann"], ["work", "ore", "bread"]
)
SUPPLY = np.array([10.0, 0.0, 0.0, 0.0])
OUTPUT = np.array([0.0, 5.0, 8.0, 0.0])
USED = np.array([3.0, 4.0, 5.0, 0.0, 0.0])  # by plants
GOT = np.array([0.0, 0.0, 0.0, 3.0, 8.0])  # by Ann, who takes 3 of 10 of labour


def compared(accounts: Accounts, needs: float = 1.0, made: float = 1.0) -> Accounts:
    """With plants that say they use `needs` times and make `made` times what they do."""
    return accounts.compared(NET, SUPPLY, made * OUTPUT, needs * USED, GOT)


def test_books_that_add_up_accuse_nobody() -> None:
    found = compared(Accounts())
    assert (found.claimed, found.made, found.count) == (0.0, 0.0, 1)
    assert not found.contradicted


@pytest.mark.parametrize("needs", [1.2, 0.9])
@pytest.mark.parametrize("made", [0.8, 1.0, 1.1])
def test_what_all_plants_misstate_alike_is_found_to_the_last_digit(needs, made) -> None:
    found = compared(Accounts(), needs, made)
    assert found.claimed == pytest.approx(np.log(needs), rel=1e-12)
    assert found.made == pytest.approx(np.log(made), rel=1e-12, abs=1e-15)
    assert found.padding == found.claimed
    assert found.hiding == (found.made if made != 1.0 else 0.0)


def test_sellers_of_whom_a_part_is_unknown_are_left_out() -> None:
    """Without the mill's word of its ore nothing is known of the mine, and all of the mill."""
    used = np.where(NET.good == 1, np.nan, USED)
    found = Accounts().compared(NET, SUPPLY, np.array([0.0, 99.0, 4.0, 0.0]), used, GOT)
    assert found.claimed == 0.0
    assert found.made == pytest.approx(np.log(4.0 / 8.0))


def test_totals_are_averaged_and_later_ones_count_a_tenth() -> None:
    found, told = Accounts(), []
    for k in range(12):
        found = compared(found, needs=np.exp(0.01 * k))
        told.append(0.01 * k)
        if k < 10:
            assert found.claimed == pytest.approx(np.mean(told), abs=1e-12)
    expected = np.mean(told[:10])
    for newest in told[10:]:
        expected += PASSING * (newest - expected)
    assert found.claimed == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("found", "told"),
    [(0.9 * CHANCE, False), (1.1 * CHANCE, True), (1.1 * MOST, False), (-1.1 * CHANCE, True)],
)
def test_what_chance_explains_or_nobody_would_dare_is_no_misstatement(found, told) -> None:
    assert Accounts(claimed=found, count=5).padding == (found if told else 0.0)
    assert Accounts(made=found, count=5).hiding == (found if told else 0.0)
    assert Accounts(made=found, count=5).contradicted == told
