"""What arrives: noise of the right size, a code of the right width, bits by the rule."""

import numpy as np
import pytest

from catallax import InputError
from catallax.labs.federated import (
    FedAvg,
    Linear,
    Participation,
    Tally,
    Training,
    TrainingLine,
    train,
)
from catallax.labs.federated.line import count_addressed, count_down, count_up
from catallax.streams import Streams
from tests.labs.federated.conftest import drawn

S = Streams(0)


def test_without_noise_and_rounding_all_arrives_as_it_was_said():
    said = np.array([[1.0, -2.5], [1e-9, 300.0]])
    assert np.array_equal(TrainingLine().carried(said, "x", S, 0), said)


def test_noise_is_in_logs_and_keeps_signs():
    said = np.where(np.arange(20_000) % 2, -3.0, 2.0)
    heard = TrainingLine(noise=0.1).carried(said, "x", S, 0)
    off = np.log(heard / said)
    assert off.std() == pytest.approx(0.1, rel=5 / np.sqrt(2 * 20_000))
    assert abs(off.mean()) < 5 * 0.1 / np.sqrt(20_000)


def test_the_code_has_as_many_numbers_as_its_bits_allow():
    said = np.linspace(-5, 5, 10_001)
    heard = TrainingLine(resolution=4).carried(said, "x", S, 0)
    assert len(np.unique(heard)) == 15
    assert heard.min() == -4
    assert heard.max() == 4
    inside = np.abs(said) <= 4
    assert np.abs(heard - said)[inside].max() <= 4 / 7 / 2 + 1e-12


def test_bits_of_a_round_by_hand():
    """Three clients, three numbers and the count of examples, 16 bits; the model is broadcast."""
    way = Training(FedAvg(), 2, line=TrainingLine(resolution=16))
    found = train(way, Linear(), drawn(0, (4, 4, 4)), S)
    kinds = found.tallies[1].kinds
    assert set(kinds) == {"model", "update"}
    model, update = kinds["model"], kinds["update"]
    assert (model.sends, model.deliveries, model.scalars) == (1, 3, 3)
    assert (model.bits_sent, model.bits_delivered) == (48, 144)
    assert (update.sends, update.deliveries, update.scalars) == (3, 3, 12)
    assert update.bits_sent == 192
    assert update.bits_delivered == pytest.approx(192 + 3 * np.log2(3))
    assert found.tallies[2].bits == pytest.approx(2 * found.tallies[1].bits)
    assert found.tallies[0].bits == 0


def test_who_is_not_asked_or_does_not_answer_costs_nothing():
    way = Training(FedAvg(), 1, participation=Participation(0.5, dropout=1.0))
    kinds = train(way, Linear(), drawn(0, (4, 4, 4, 4)), S).tallies[1].kinds
    assert kinds["model"].deliveries == 2
    assert kinds["model"].bits_sent == pytest.approx(2 * (3 * 64 + 2))
    assert kinds["update"].bits_delivered == 0


def test_tallies_add_up():
    a, b = Tally().add("x", count_up(2, 3, 16, 4)), Tally().add("x", count_down(4, 3, 16, 4))
    both = a + b.add("y", count_addressed(2, 1, 8, 4))
    assert both.kinds["x"].scalars == 9
    assert both.bits == 2 * (48 + 2) + 4 * 48 + 2 * 8
    assert both.total.bits_sent == 96 + 48 + 2 * (8 + 2)


def test_weeks_are_the_legs_times_the_delay_but_a_tick_at_least():
    found = train(Training(FedAvg(), 3), Linear(), drawn(), S)
    assert found.weeks(3, 1.0) == 6
    assert found.weeks(2, 0.0, tick=0.25) == 1


@pytest.mark.parametrize(
    "values", [{"noise": -1}, {"resolution": 1}, {"resolution": 53}, {"reach": 0}]
)
def test_bad_settings_are_refused(values):
    with pytest.raises(InputError, match=next(iter(values))):
        TrainingLine(**values)
