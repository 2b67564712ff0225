"""Secure sums: exact for whoever falls silent, refused below the threshold, and blind to one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare, kstest

from catallax import InputError
from catallax.labs.federated import (
    FedAvg,
    Linear,
    Local,
    Participation,
    Plain,
    SecureSum,
    Training,
    TrainingLine,
    Updates,
    train,
)
from catallax.labs.federated.masks import (
    PUBLIC_BITS,
    SHARE_BITS,
    derive_public_key,
    recover_secret,
    reduce_modulo,
)
from catallax.labs.federated.secure import draw_member, exchange, make_pair_masks, mask
from catallax.streams import Streams
from tests.labs.federated.conftest import drawn

S = Streams(11)


def exchange_words(words, sent, helps, threshold, bits=32, streams=S, t=0):
    names = list(range(len(words)))
    return exchange(words, names, np.array(sent), np.array(helps), threshold, bits, streams, t)


@settings(max_examples=25)
@given(st.integers(2, 5), st.integers(0, 2**31), st.integers(8, 63), st.data())
def test_the_sum_is_exactly_that_of_who_sent_for_any_drop_outs(count, seed, bits, data):
    flags = st.lists(st.booleans(), min_size=count, max_size=count)
    sent = np.array(data.draw(flags))
    helps = sent & np.array(data.draw(flags))
    threshold = data.draw(st.integers(2, count))
    rng = np.random.default_rng(seed)
    words = rng.integers(0, 2**bits, (count, 3), dtype=np.uint64)
    total, seen = exchange_words(words, sent, helps, threshold, bits, Streams(seed))
    if helps.sum() < threshold:
        assert total is None
        assert seen.seeds == seen.secrets == {}
    else:
        expected = sum(int(x) for x in words[sent, 0]) % 2**bits
        assert int(total[0]) == expected
        assert np.array_equal(total, reduce_modulo(words[sent].sum(axis=0, dtype=np.uint64), bits))
        # Never both of one member.
        assert set(seen.seeds) == set(np.flatnonzero(sent).tolist())
        assert set(seen.secrets) == set(np.flatnonzero(~sent).tolist())


@pytest.mark.parametrize(
    ("threshold", "asked", "least"),
    [(2 / 3, 3, 2), (2 / 3, 10, 7), (0.5, 5, 3), (0.5, 6, 3), (1.0, 5, 5), (0.1, 5, 2)],
)
def test_at_least_the_threshold_must_help_and_never_one_alone(threshold, asked, least):
    assert SecureSum(threshold=threshold).least(asked) == least


def test_masks_in_pairs_cancel_and_each_alone_does_not():
    points = range(1, 5)
    members = [draw_member(n, points, 2, S, 0) for n in range(4)]
    keys = [derive_public_key(m.secret) for m in members]
    masks = [make_pair_masks(k, m.secret, keys, range(4), 6, 40) for k, m in enumerate(members)]
    assert not reduce_modulo(np.sum(masks, axis=0, dtype=np.uint64), 40).any()
    assert all(mask.any() for mask in masks)


def test_a_member_deals_what_it_holds():
    own = draw_member(3, range(1, 6), 3, S, 7)
    assert recover_secret({x: own.of_secret[x] for x in (1, 4, 5)}) == own.secret
    assert recover_secret({x: own.of_seed[x] for x in (2, 3, 4)}) == own.seed
    assert recover_secret({x: own.of_seed[x] for x in (2, 3)}) != own.seed
    assert draw_member(3, range(1, 6), 3, S, 8).secret != own.secret
    assert draw_member(2, range(1, 6), 3, S, 7).secret != own.secret


@pytest.mark.parametrize("value", [0, 1, 2**31])
def test_one_masked_message_is_uniform_whatever_it_says(value):
    """Chi-square over 256 cells and Kolmogorov-Smirnov, of 20,000 numbers that are all alike."""
    own = draw_member(0, range(1, 3), 2, S, 1)
    keys = [
        derive_public_key(own.secret),
        derive_public_key(draw_member(1, range(1, 3), 2, S, 1).secret),
    ]
    said = mask(np.full(20_000, value, dtype=np.uint64), 0, own, keys, 32)
    assert chisquare(np.bincount(said >> np.uint64(24), minlength=256)).pvalue > 1e-3
    assert kstest(said.astype(float) / 2**32, "uniform").pvalue > 1e-3


def test_two_messages_of_one_round_have_nothing_in_common_with_what_they_say():
    rng = np.random.default_rng(0)
    words = rng.integers(0, 2**32, (2, 20_000), dtype=np.uint64)
    words[1] = words[0]
    _, seen = exchange_words(words, [True, True], [True, True], 2)
    for arrived in seen.masked:
        assert abs(np.corrcoef(arrived, words[0])[0, 1]) < 5 / np.sqrt(20_000)
    # Their difference still has the mask of the pair, twice, and each one's own.
    apart = reduce_modulo(seen.masked[0] - seen.masked[1], 32)
    assert chisquare(np.bincount(apart >> np.uint64(24), minlength=256)).pvalue > 1e-3


def test_masks_are_new_in_every_round():
    words = np.zeros((2, 4), dtype=np.uint64)
    first, second = (
        exchange_words(words, [True] * 2, [True] * 2, 2, t=t)[1].masked for t in (0, 1)
    )
    assert not np.array_equal(first, second)


def test_training_by_secure_sums_is_plain_training_to_the_code():
    clients = drawn(0, (5, 9, 3))
    plain, secure = (
        train(Training(FedAvg(), 4, local=Local(0.1), aggregation=a), Linear(), clients, S).models
        for a in (Plain(), SecureSum(bits=48, fraction=32))
    )
    # Half a step for each of 3 clients over 17 examples, for 4 rounds that do not magnify it.
    assert np.abs(plain - secure).max() < 4 * 3 * 0.5 * 2.0**-32 / 17 * 2
    assert not np.array_equal(plain, secure)


def test_drop_outs_are_left_out_of_a_secure_mean_as_of_a_plain_one():
    clients = drawn(0, (5, 9, 3, 4))
    lost = Participation(dropout=0.3)
    found = [
        train(
            Training(FedAvg(), 3, participation=lost, aggregation=a), Linear(), clients, Streams(2)
        )
        for a in (Plain(), SecureSum(0.5, bits=48, fraction=32))
    ]
    assert not all(lost.draw(4, 5, Streams(2), t).arrives.all() for t in range(3))
    assert found[1].refused == ()
    assert found[1].model == pytest.approx(found[0].model, abs=1e-8)


def test_too_few_helpers_is_a_refusal_with_its_reason():
    way = Training(FedAvg(), 2, aggregation=SecureSum(silence=1.0))
    found = train(way, Linear(), drawn(0, (4, 4)), S)
    told = "0 clients helped to take masks off, expected at least 2"
    assert found.refused == ((0, told), (1, told))
    assert np.array_equal(found.model, np.zeros(3))
    lost = Training(FedAvg(), 1, participation=Participation(dropout=1.0), aggregation=SecureSum())
    assert train(lost, Linear(), drawn(), S).refused == ((0, "nobody's update arrived"),)


def test_a_number_that_could_run_over_is_refused_before_it_does():
    clients = drawn(0, (4, 4))
    way = Training(FedAvg(), 1, aggregation=SecureSum(bits=16, fraction=8))
    large = type(clients)(clients.features, 1e3 * clients.targets, clients.start)
    (refused,) = train(way, Linear(), large, S).refused
    assert "could run over 2^15; take more bits or a smaller fraction" in refused[1]
    assert train(way, Linear(), clients, S).refused == ()


def test_bits_of_a_secure_round_by_hand():
    """Three clients, one of whom is lost, three numbers and a count of 32 bits."""
    lost = Participation(dropout=0.4)
    t = next(t for t in range(50) if lost.draw(3, 5, Streams(t), 0).arrives.sum() == 2)
    way = Training(FedAvg(), 1, participation=lost, aggregation=SecureSum(0.5))
    kinds = train(way, Linear(), drawn(0, (4, 4, 4)), Streams(t)).tallies[1].kinds
    far = np.log2(3)
    keys = 3 * (PUBLIC_BITS + far) + 3 * 3 * PUBLIC_BITS
    assert kinds["keys"].bits_delivered == pytest.approx(keys)
    assert kinds["shares"].bits_delivered == pytest.approx(
        3 * (4 * SHARE_BITS + far) + 12 * SHARE_BITS
    )
    assert kinds["update"].bits_delivered == pytest.approx(2 * (4 * 32 + far))
    assert kinds["unmasking"].bits_delivered == pytest.approx(2 * 3 + 2 * (3 * SHARE_BITS + far))


@pytest.mark.parametrize(("said", "fits"), [(16_000.0, True), (20_000.0, False)])
def test_what_each_may_say_leaves_room_for_the_sum(said, fits):
    """Of 16 bits a number alone may reach 32,767; two of 20,000 would run over together."""
    everybody = Participation().draw(2, 1, S, 0)
    updates = Updates(
        np.full((2, 1), said), np.ones(2), np.ones(2, dtype=bool), everybody, TrainingLine()
    )
    found = SecureSum(bits=16, fraction=0).combine(updates, S, 0)
    if fits:
        assert found.update.tolist() == [said]
    else:
        assert found.update is None
        assert "the sum of 2 could run over" in found.reason


@pytest.mark.parametrize(
    "values",
    [{"threshold": 0.0}, {"bits": 64}, {"bits": 7}, {"fraction": 25}, {"silence": 2.0}],
)
def test_bad_settings_are_refused(values):
    with pytest.raises(InputError, match=rf"secure_sum\.{next(iter(values))}: .* is out of range"):
        SecureSum(**values)
