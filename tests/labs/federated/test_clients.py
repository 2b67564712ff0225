"""Each client's numbers come from its own examples alone, to the bit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax import InputError
from catallax.labs.federated import Clients, Linear, Local
from catallax.labs.federated.model import descend
from catallax.streams import Streams
from tests.labs.federated.conftest import drawn

SIZES = st.lists(st.integers(1, 40), min_size=1, max_size=8)


@given(st.integers(0, 50), SIZES, st.integers(1, 9), st.floats(0, 1))
def test_a_client_alone_has_the_bits_that_it_has_among_others(seed, sizes, width, pull):
    rng = np.random.default_rng(seed)
    clients = Clients.of([(rng.normal(size=(n, width)), rng.normal(size=n)) for n in sizes])
    w, steps = rng.normal(size=(len(sizes), width)), rng.integers(0, 4, len(sizes))
    model, local = Linear(0.1), Local(0.05, 3)
    end = descend(model, clients, w, local, steps, Streams(seed), 0, pull)
    for c in range(len(sizes)):
        own = clients.only(c)
        alone = descend(model, own, w[c : c + 1], local, steps[c : c + 1], Streams(seed), 0, pull)
        assert np.array_equal(alone[0], end[c])
        assert np.array_equal(model.loss(w[c : c + 1], own)[0], model.loss(w, clients)[c])


@given(st.integers(0, 50), SIZES)
def test_the_gradient_is_that_of_the_loss(seed, sizes):
    rng = np.random.default_rng(seed)
    clients = Clients.of([(rng.normal(size=(n, 3)), rng.normal(size=n)) for n in sizes])
    model, w = Linear(0.3, (0.0, 0.1, 0.2)), rng.normal(size=(len(sizes), 3))
    for k in range(3):
        step = 1e-5 * np.eye(3)[k]
        slope = (model.loss(w + step, clients) - model.loss(w - step, clients)) / 2e-5
        assert slope == pytest.approx(model.gradient(w, clients)[:, k], abs=1e-7)


def test_a_batch_has_each_example_once_and_no_more_than_asked():
    rng = np.random.default_rng(0)
    clients = Clients(np.arange(20.0)[:, None], np.arange(20.0), [0, 3, 4, 20])
    batch = clients.batch(rng.uniform(size=20), 5)
    assert batch.size.tolist() == [3, 1, 5]
    assert len(set(batch.targets.tolist())) == 9
    assert set(batch.targets[:3]) == {0.0, 1.0, 2.0}
    assert batch.targets[3] == 3.0
    assert (batch.targets[4:] >= 4).all()
    assert np.array_equal(batch.features[:, 0], batch.targets)


def test_batches_of_a_step_are_drawn_evenly():
    """Of 16 examples each is in a batch of 4 a quarter of the time: 5 standard errors."""
    clients = Clients(np.ones((16, 1)), np.arange(16.0), [0, 16])
    local, s = Local(batch=4), Streams(1)
    seen = np.zeros(16)
    for t in range(1000):
        seen[local.data(clients, 0, s, t).targets.astype(int)] += 1
    assert np.abs(seen - 250).max() < 5 * np.sqrt(1000 * 0.25 * 0.75)


def test_pooled_clients_are_one_that_holds_everything():
    clients = drawn()
    assert clients.pooled.count == 1
    assert clients.pooled.size.tolist() == [18]
    assert np.array_equal(clients.pooled.targets, clients.targets)


BAD = {
    "expected \\(N, d\\) and \\(N,\\)": (np.ones((3, 2)), np.ones(4), [0, 3]),
    "start must go from 0 to 3": (np.ones((3, 2)), np.ones(3), [0, 2]),
    "not finite": (np.full((3, 2), np.nan), np.ones(3), [0, 3]),
    "1, 2 hold no example": (np.ones((3, 2)), np.ones(3), [0, 3, 3, 3]),
}


@pytest.mark.parametrize("message", BAD)
def test_bad_clients_are_refused(message):
    with pytest.raises(InputError, match=message):
        Clients(*BAD[message])
    with pytest.raises(InputError, match="at least one"):
        Clients.of([])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Linear(-1.0), "ridge is -1"),
        (lambda: Linear(blur=(-1.0,)), "blur is"),
        (lambda: Local(rate=0.0), "rate: 0.0 is out of range"),
        (lambda: Local(steps=0), "steps: 0 is out of range"),
        (lambda: Local(batch=0), "batch: 0 is out of range"),
    ],
)
def test_bad_settings_are_refused(make, message):
    with pytest.raises(InputError, match=message):
        make()
