"""Messages on their way: compiled as in plain NumPy, whatever is said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax.domains.production.knowledge import ChannelLaw, LineLaw, Post, deliver, send
from catallax.domains.production.knowledge.messages import blurred
from catallax.domains.production.network import Table
from catallax.domains.production.run.message_accounting import sum_asks
from catallax.kernels.messages import count_positive, count_spoken, file_spoken, sum_newer
from catallax.kernels.switch import plain
from catallax.streams import Streams

SAID = st.lists(
    st.one_of(
        st.floats(-1e6, 1e6).filter(lambda x: x == 0 or abs(x) > 1e-300),
        st.sampled_from([0.0, -0.0, np.nan, 1e-9, 1e-290, 1e290]),
    ),
    min_size=1,
    max_size=60,
)


@given(SAID, st.sampled_from([0.0, 0.05, 1.0]), st.sampled_from([None, 1, 2, 16, 52]))
def test_noise_and_resolution(said, noise, bits):
    said = np.array(said)
    public = np.where(np.arange(len(said)) % 3 == 0, 0.0, 2.5)
    top = None if bits is None else 2.0 ** (bits - 1) - 1.0

    def heard():
        return blurred(said, public, noise, top, 4.0, Streams(5), "x", 3)

    fast = heard()
    with plain():
        slow = heard()
    np.testing.assert_allclose(fast, slow, rtol=1e-12)
    assert np.array_equal(np.signbit(fast), np.signbit(slow))


def test_threads_change_no_bit(alike):
    said = np.random.default_rng(0).lognormal(0, 1, 4099)
    public = np.ones_like(said)
    alike(lambda: blurred(said, public, 0.05, 2.0**15 - 1, 4.0, Streams(1), "x", 0))


@given(SAID, st.integers(0, 2**31))
def test_what_is_filed(said, seed):
    said, r = np.array(said), np.random.default_rng(seed)
    before, sent = r.normal(size=len(said)), r.choice([-np.inf, 3.0], len(said))

    def both():
        return count_spoken(said), count_positive(said), *file_spoken(said, 9.0, before, sent)

    fast = both()
    with plain():
        slow = both()
    for a, b in zip(fast, slow, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("quiet", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("idle", [0.0, 0.5, 1.0])
def test_what_asks_come_to(drawn, alike, quiet, idle):
    """Quotes of all sellers at once, of some, of none; asks on all links, on some, on none."""
    net, r = drawn(4).network, np.random.default_rng(1)
    post = Post.empty(Table(link={"price": np.ones(net.m)}))
    for tick in (0, 1):
        price = np.where(r.random(net.m) < quiet * tick, np.nan, 1.1)
        mail = Table(link={"price": price})
        post = send(post, ChannelLaw().line, tick + 1, tick, mail, "quote", Streams(0))
        post, _ = deliver(post, tick + 2)
    ask = np.where(r.random(net.m) < idle, 0.0, r.random(net.m))

    def told():
        return tuple(vars(sum_asks(ask, post, net)).values())

    alike(told)
    assert sum_asks(ask, post, net).count.tolist() == [np.count_nonzero(ask)]


def test_an_exact_line_hands_on_what_was_said():
    said = np.array([1.0, np.nan, -3.0])
    post = send(
        Post.empty(Table()), LineLaw(noise=0, resolution=0), 0, 0, Table({"x": said}), "x",
        Streams(0),
    )  # fmt: skip
    post, _ = deliver(post, 0)
    np.testing.assert_array_equal(post.inbox.value.row["x"], [1.0, 1.0, -3.0])
    assert post.inbox.age.row["x"].tolist() == [0.0, np.inf, 0.0]


@given(st.integers(0, 2**32), st.integers(0, 30))
def test_what_was_sent_later_is_counted_and_summed(alike, seed, size) -> None:
    r = np.random.default_rng(seed)
    ticks = np.array([-np.inf, 0.0, 1.0, 2.0, 3.0])
    sent, before = r.choice(ticks, size), r.choice(ticks, size)
    alike(lambda: sum_newer(sent, before))
    later = sent > before
    assert sum_newer(sent, before) == (later.sum(), sent[later].sum())
