"""What audits say of claims: exact means, sensible shrinkage, and a lot that is fair."""

import numpy as np
import pytest

from catallax import generate
from catallax.domains.production.mechanisms.audit import Audits

NET = generate(3).network


def record(gaps, rows):
    """The record after audits of `rows` that each found one of `gaps`."""
    audits = Audits.none(len(rows))
    for gap in gaps:
        audits = audits.found(gap * np.ones(len(rows)), np.zeros(len(rows)), np.array(rows))
    return audits


def test_a_rows_bias_is_the_mean_of_what_its_audits_found() -> None:
    audits = record([0.1, 0.3, 0.2], [True, False])
    assert audits.bias == pytest.approx([0.2, 0.0])
    assert audits.count.tolist() == [3, 0]


def test_without_audits_nothing_is_taken_off() -> None:
    assert not Audits.none(4).discount(np.full(4, 0.05)).any()


def test_rows_never_audited_are_believed_to_be_like_the_others() -> None:
    audits = record([0.2], [True, True, False])
    assert audits.discount(np.full(3, 0.05)) == pytest.approx([0.2, 0.2, 0.2])


def test_differences_that_noise_explains_are_shrunk_to_the_mean_and_others_are_kept() -> None:
    noise = np.full(200, 0.05)
    rng = np.random.default_rng(0)
    everybody = np.ones(200, dtype=bool)
    same, other = 0.2 + noise * rng.standard_normal(200), rng.normal(0.2, 0.5, 200)
    shrunk = Audits.none(200).found(same, np.zeros(200), everybody).discount(noise)
    assert shrunk.std() < 0.3 * same.std()
    kept = Audits.none(200).found(other, np.zeros(200), everybody).discount(noise)
    assert kept == pytest.approx(other, abs=0.03)


def test_the_lot_falls_on_plants_alone_as_often_as_it_should() -> None:
    drawn = np.zeros(NET.n)
    for week in range(400):
        order = Audits.order(NET, 0.1, [7, week])
        assert order is not None
        drawn += ~np.isnan(order.row["audit"])
    assert not drawn[NET.endowments].any()
    assert not drawn[NET.households].any()
    share = drawn[NET.plants].mean() / 400
    plants = NET.plants.stop - NET.plants.start
    assert abs(share - 0.1) < 4 * np.sqrt(0.09 / (400 * plants))
    assert Audits.order(NET, 0.0, [7, 0]) is None
