"""What audits say of claims, and accounts by double entry.

Means of audits are exact and shrunk sensibly; accounts are held on a network small enough to add
up by hand.
"""

import numpy as np
import pytest

from catallax.domains.production.mechanisms.planner.credibility import (
    CHANCE,
    MOST,
    PASSING,
    AuditRecord,
    DoubleEntry,
)
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


def compare(accounts: DoubleEntry, needs: float = 1.0, made: float = 1.0) -> DoubleEntry:
    """With plants that say they use `needs` times and make `made` times what they do."""
    return accounts.compare(NET, SUPPLY, made * OUTPUT, needs * USED, GOT)


def test_books_that_add_up_accuse_nobody() -> None:
    found = compare(DoubleEntry())
    assert (found.claimed, found.made, found.count) == (0.0, 0.0, 1)
    assert not found.is_contradicted


@pytest.mark.parametrize("needs", [1.2, 0.9])
@pytest.mark.parametrize("made", [0.8, 1.0, 1.1])
def test_what_all_plants_misstate_alike_is_found_to_the_last_digit(needs, made) -> None:
    found = compare(DoubleEntry(), needs, made)
    assert found.claimed == pytest.approx(np.log(needs), rel=1e-12)
    assert found.made == pytest.approx(np.log(made), rel=1e-12, abs=1e-15)
    assert found.padding == found.claimed
    assert found.hiding == (found.made if made != 1.0 else 0.0)


def test_sellers_of_whom_a_part_is_unknown_are_left_out() -> None:
    """Without the mill's word of its ore nothing is known of the mine, and all of the mill."""
    used = np.where(NET.good == 1, np.nan, USED)
    found = DoubleEntry().compare(NET, SUPPLY, np.array([0.0, 99.0, 4.0, 0.0]), used, GOT)
    assert found.claimed == 0.0
    assert found.made == pytest.approx(np.log(4.0 / 8.0))


def test_totals_are_averaged_and_later_ones_count_a_tenth() -> None:
    found, told = DoubleEntry(), []
    for k in range(12):
        found = compare(found, needs=np.exp(0.01 * k))
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
    assert DoubleEntry(claimed=found, count=5).padding == (found if told else 0.0)
    assert DoubleEntry(made=found, count=5).hiding == (found if told else 0.0)
    assert DoubleEntry(made=found, count=5).is_contradicted == told


def record(gaps, rows):
    """The record after audits of `rows` that each found one of `gaps`."""
    audits = AuditRecord.start(len(rows))
    for gap in gaps:
        audits = audits.add(gap * np.ones(len(rows)), np.zeros(len(rows)), np.array(rows))
    return audits


def test_a_rows_bias_is_the_mean_of_what_its_audits_found() -> None:
    audits = record([0.1, 0.3, 0.2], [True, False])
    assert audits.bias == pytest.approx([0.2, 0.0])
    assert audits.count.tolist() == [3, 0]


def test_without_audits_nothing_is_taken_off() -> None:
    assert not AuditRecord.start(4).discount(np.full(4, 0.05)).any()


def test_rows_never_audited_are_believed_to_be_like_the_others() -> None:
    audits = record([0.2], [True, True, False])
    assert audits.discount(np.full(3, 0.05)) == pytest.approx([0.2, 0.2, 0.2])


def test_differences_that_noise_explains_are_shrunk_to_the_mean_and_others_are_kept() -> None:
    noise = np.full(200, 0.05)
    rng = np.random.default_rng(0)
    everybody = np.ones(200, dtype=bool)
    same, other = 0.2 + noise * rng.standard_normal(200), rng.normal(0.2, 0.5, 200)
    shrunk = AuditRecord.start(200).add(same, np.zeros(200), everybody).discount(noise)
    assert shrunk.std() < 0.3 * same.std()
    kept = AuditRecord.start(200).add(other, np.zeros(200), everybody).discount(noise)
    assert kept == pytest.approx(other, abs=0.03)
