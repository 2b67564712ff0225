"""The law of the lines: delay, age, noise, resolution and coverage, alike for every mechanism."""

from dataclasses import asdict, replace

import numpy as np
import pytest

from catallax.domains.production.knowledge import (
    KINDS,
    LINK,
    ROW,
    ChannelLaw,
    LineLaw,
    Post,
    deliver,
    make_reference,
    send,
)
from catallax.domains.production.knowledge.reference import MODEL
from catallax.domains.production.network import Table
from catallax.errors import InputError
from catallax.protocol.provenance import hash_of
from catallax.streams import Streams

EXACT = {"noise": 0.0, "resolution": 0}
CLOCKS = [(1, 0.0), (1, 1.0), (1, 3.0), (4, 0.0), (4, 0.25), (4, 0.75), (4, 1.0), (4, 1.5)]


def one(inbox, kind, part="row"):
    """The one value and age that all entries of a kind share."""
    value, age = getattr(inbox.value, part)[kind], getattr(inbox.age, part)[kind]
    assert np.all(value == value[0])
    assert np.all(age == age[0])
    return value[0], age[0]


# ---------------------------------------------------------------- delays and ages, in a run


@pytest.mark.parametrize(("rounds", "delay"), CLOCKS)
def test_a_report_is_heard_its_delay_later_and_is_that_old(talk, rounds, delay):
    """Reports are numbered 1, 2, ...: at tick T the centre knows report T - ticks + 1."""
    heard = talk(LineLaw(delay, **EXACT), rounds=rounds)
    ticks = round(delay * rounds)
    assert [tick for tick, _ in heard.centre] == list(range(8 * rounds))
    for tick, inbox in heard.centre:
        if tick < ticks:
            np.testing.assert_array_equal(inbox.value.row["orders"], heard.public.output)
            assert np.all(np.isinf(inbox.age.row["orders"]))
        else:
            assert one(inbox, "orders") == (tick - ticks + 1, ticks)


@pytest.mark.parametrize(("rounds", "delay"), CLOCKS)
def test_a_directive_is_obeyed_its_delay_later(talk, rounds, delay):
    """An act follows the week's last tick; directives are numbered by their tick, from 1."""
    heard = talk(LineLaw(delay, **EXACT), rounds=rounds)
    ticks = round(delay * rounds)
    acts = [(week, inbox) for verb, week, inbox in heard.rows if verb == "act"]
    assert [week for week, _ in acts] == list(range(8))
    for week, inbox in acts:
        sent = week * rounds + rounds - 1 - ticks
        if sent < 0:
            assert np.isinf(inbox.age.row["told"]).all()
        else:
            assert one(inbox, "told") == (sent + 1, ticks)


@pytest.mark.parametrize(("rounds", "delay"), CLOCKS)
def test_a_directive_is_known_when_rows_report_its_delay_later(talk, rounds, delay):
    """Messages arrive before the tick's reports; without delay the report came first."""
    heard = talk(LineLaw(delay, **EXACT), rounds=rounds)
    ticks = max(round(delay * rounds), 1)
    reports = [inbox for verb, _, inbox in heard.rows if verb == "report"]
    assert len(reports) == 8 * rounds
    for tick, inbox in enumerate(reports):
        if tick < ticks:
            assert np.isinf(inbox.age.row["told"]).all()
        else:
            assert one(inbox, "told") == (tick - ticks + 1, ticks)


@pytest.mark.parametrize(("rounds", "delay"), CLOCKS)
def test_a_price_posted_in_week_t_reaches_buyers_in_week_t_plus_1_plus_its_delay(
    talk, rounds, delay
):
    """The price of week t is 100 + t and is sent when week t + 1 begins."""
    heard = talk(LineLaw(delay, **EXACT), rounds=rounds)
    ticks = round(delay * rounds)
    tick = -1
    for verb, week, inbox in heard.rows:
        tick += verb == "report"
        # An act comes after its week's last tick, a report at its own; what is due is there.
        sent = [t for t in range(week) if (t + 1) * rounds + ticks <= tick]
        value, age = one(inbox, "price", "link")
        if sent:
            assert (value, age) == (100 + sent[-1], tick - (sent[-1] + 1) * rounds)
        else:
            assert (value, age) == (1.0, np.inf)
    if delay == int(delay):
        acts = [(week, inbox) for verb, week, inbox in heard.rows if verb == "act"]
        for week, inbox in acts[int(delay) + 1 :]:
            assert one(inbox, "price", "link")[0] == 100 + week - 1 - delay


def test_the_two_lines_have_their_own_delays(talk):
    heard = talk(LineLaw(0.0, **EXACT), LineLaw(2.0, **EXACT))
    assert one(heard.centre[-1][1], "orders") == (6, 2)
    assert one(heard.rows[-1][2], "price", "link") == (106, 0)


def test_silence_keeps_what_was_heard_before_and_lets_it_age(talk):
    heard = talk(LineLaw(1.0, **EXACT), quiet=(2, 3, 5))
    known = [one(inbox, "orders") for _, inbox in heard.centre[1:]]
    assert known == [(1, 1), (2, 1), (2, 2), (2, 3), (5, 1), (5, 2), (7, 1)]


def test_a_centre_that_says_nothing_is_not_heard(talk):
    heard = talk(LineLaw(0.0, **EXACT), silent=True)
    assert all(np.isinf(inbox.age.row["told"]).all() for _, _, inbox in heard.rows)
    assert "directive" not in heard.run.meter.kinds


def test_before_anything_arrives_public_values_are_known(talk):
    heard = talk(LineLaw(4.0, **EXACT))
    public = make_reference(heard.public)
    inbox = heard.centre[0][1]
    for part in ("row", "link"):
        for kind, value in getattr(public, part).items():
            np.testing.assert_array_equal(getattr(inbox.value, part)[kind], value)
            assert np.all(np.isinf(getattr(inbox.age, part)[kind]))


def test_what_was_heard_is_read_only(talk):
    heard = talk()
    for inbox in (heard.centre[-1][1], heard.rows[-1][2]):
        for value in (*inbox.value.row.values(), *inbox.age.link.values()):
            assert not value.flags.writeable


# ---------------------------------------------------------------- one message, by hand


def said_and_heard(law, said, public=None, *, seed=1, tick=0, kind="x", name="report"):
    """What becomes of one column of numbers."""
    table = Table() if public is None else Table({kind: np.asarray(public, dtype=float)})
    mail = Table({kind: np.asarray(said, dtype=float)})
    post = send(Post.empty(table), law, tick, tick, mail, name, Streams(seed))
    post, arrived = deliver(post, tick)
    assert len(arrived) == 1
    return arrived[0].row[kind]


def test_exact_means_exact():
    said = np.array([0.0, 1e-300, 0.1, 1 / 3, 1e300, -0.1, np.nan])
    np.testing.assert_array_equal(said_and_heard(LineLaw(**EXACT), said, np.full(7, 3.0)), said)


@pytest.mark.parametrize("sd", [0.05, 0.5])
def test_noise_is_log_normal_with_the_stated_sd(sd):
    """Bounds are 5 standard errors of mean, variance, skewness and kurtosis of N normals."""
    count, said = 40_000, 7.0
    heard = said_and_heard(LineLaw(noise=sd, resolution=0), np.full(count, said))
    x = np.log(heard / said) / sd
    assert abs(x.mean()) < 5 / np.sqrt(count)
    assert np.mean(x**2) == pytest.approx(1.0, rel=5 * np.sqrt(2 / count))
    assert abs(np.mean(x**3)) < 5 * np.sqrt(15 / count)
    assert np.mean(x**4) == pytest.approx(3.0, abs=5 * np.sqrt(96 / count))


def test_noise_is_relative_so_it_does_not_depend_on_the_public_value():
    law = LineLaw(noise=0.3, resolution=0)
    plain = said_and_heard(law, np.full(50, 2.0))
    np.testing.assert_allclose(said_and_heard(law, np.full(50, 2.0), np.full(50, 9.0)), plain)
    np.testing.assert_allclose(said_and_heard(law, np.full(50, 6.0)), 3 * plain)


def test_noise_depends_on_seed_tick_kind_direction_and_slot_alone():
    law, said = LineLaw(noise=0.3, resolution=0), np.full(50, 2.0)
    first = said_and_heard(law, said)
    np.testing.assert_array_equal(said_and_heard(law, said), first)
    longer = said_and_heard(law, np.full(60, 2.0))
    np.testing.assert_array_equal(longer[:50], first)
    others = [{"seed": 2}, {"tick": 1}, {"kind": "y"}, {"name": "directive"}]
    for other in others:
        assert not np.any(said_and_heard(law, said, **other) == first)
    assert len(np.unique(first)) == 50


@pytest.mark.parametrize("bits", [1, 2, 3, 4, 8])
def test_so_many_bits_have_so_many_codes(bits):
    """Whatever is said above or at zero, at most 2^bits different numbers are heard."""
    said = np.concatenate([[0.0], 5.0 * np.exp(np.linspace(-6, 6, 20_001))])
    law = LineLaw(noise=0.0, resolution=bits)
    heard = said_and_heard(law, said, np.full(len(said), 5.0))
    assert len(np.unique(heard)) == 2**bits
    assert heard[0] == 0.0
    assert np.all(heard[1:] > 0)


@pytest.mark.parametrize("bits", [2, 4, 16])
def test_values_lie_on_a_grid_uniform_in_logs_4_either_side_of_the_public_value(bits):
    said = 5.0 * np.exp(np.linspace(-6, 6, 20_001))
    heard = said_and_heard(LineLaw(noise=0.0, resolution=bits), said, np.full(len(said), 5.0))
    step = 4.0 / (2 ** (bits - 1) - 1)
    at = np.log(heard / 5.0) / step
    np.testing.assert_allclose(at, np.round(at), rtol=0, atol=1e-9)
    off = np.abs(np.log(heard) - np.clip(np.log(said), np.log(5.0) - 4, np.log(5.0) + 4))
    assert np.max(off) <= step / 2 * (1 + 1e-9)
    assert np.log(heard[[0, -1]] / 5.0) == pytest.approx([-4, 4], abs=1e-12)
    assert heard[10_000] == 5.0  # the public value itself comes through unchanged


def test_zero_has_a_code_of_its_own_and_noise_does_not_touch_it():
    heard = said_and_heard(LineLaw(noise=0.5, resolution=16), np.zeros(20), np.full(20, 3.0))
    np.testing.assert_array_equal(heard, np.zeros(20))


def test_where_the_public_value_is_0_or_unknown_the_grid_is_about_1():
    law, said = LineLaw(noise=0.0, resolution=4), np.array([1.0, 1e9])
    for public in (None, np.zeros(2)):
        np.testing.assert_allclose(said_and_heard(law, said, public), [1.0, np.exp(4)], rtol=1e-14)


@pytest.mark.parametrize("law", [LineLaw(noise=0.3, resolution=0), LineLaw(0, 0, resolution=3)])
def test_a_negative_number_is_blurred_like_a_positive_one(law):
    """Or whoever wanted to be heard exactly would only have to put a minus before it."""
    said, public = np.geomspace(0.1, 10, 50), np.full(50, 2.0)
    plain = said_and_heard(law, said, public)
    assert np.count_nonzero(plain != said) > 40
    np.testing.assert_array_equal(said_and_heard(law, -said, public), -plain)


def test_silence_stays_silence():
    said = np.array([np.nan, 1.0, np.nan])
    heard = said_and_heard(LineLaw(), said, np.ones(3))
    np.testing.assert_array_equal(np.isnan(heard), np.isnan(said))


def test_messages_wait_in_flight_and_the_newer_wins():
    law, s = LineLaw(**EXACT), Streams(0)
    post = Post.empty(Table({"x": np.array([9.0, 9.0])}))
    post = send(post, law, 2, 0, Table({"x": np.array([1.0, 2.0])}), "report", s)
    post = send(post, law, 3, 1, Table({"x": np.array([5.0, np.nan])}), "report", s)
    early, arrived = deliver(post, 1)
    assert not arrived
    np.testing.assert_array_equal(early.inbox.value.row["x"], [9, 9])
    assert len(early.flight) == 2
    at_2, _ = deliver(early, 2)
    np.testing.assert_array_equal(at_2.inbox.value.row["x"], [1, 2])
    np.testing.assert_array_equal(at_2.inbox.age.row["x"], [2, 2])
    for late, _ in (deliver(at_2, 3), deliver(post, 3)):
        np.testing.assert_array_equal(late.inbox.value.row["x"], [5, 2])
        np.testing.assert_array_equal(late.inbox.age.row["x"], [2, 3])
        assert not late.flight
    later, arrived = deliver(late, 10)
    assert not arrived
    np.testing.assert_array_equal(later.inbox.age.row["x"], [9, 10])


# ---------------------------------------------------------------- coverage


def silent_rows(heard):
    """Rows that the centre has never heard, and links whose quote never came."""
    rows = np.isinf(heard.centre[-1][1].age.row["orders"])
    links = np.isinf(heard.rows[-1][2].age.link["price"])
    return rows, links


def test_coverage_silences_a_fixed_share_of_rows(talk):
    """The share of silent rows over 40 seeds is binomial; the bound is 5 standard errors."""
    law = LineLaw(0.0, coverage=0.7, **EXACT)
    never = []
    for seed in range(40):
        heard = talk(law, seed=seed, weeks=3)
        rows, links = silent_rows(heard)
        # Who is silent is silent always, and the others are heard at every tick.
        for _, inbox in heard.centre:
            np.testing.assert_array_equal(np.isinf(inbox.age.row["orders"]), rows)
            assert np.all(inbox.age.row["orders"][~rows] == 0)
        never.append(rows)
        # A seller outside the line's coverage is silent to all of its buyers alike.
        net = heard.economy.network
        by_seller = net.orders(links.astype(float)) / np.maximum(net.orders(np.ones(net.m)), 1)
        assert set(np.unique(by_seller)) <= {0.0, 1.0}
    never = np.concatenate(never)
    assert never.mean() == pytest.approx(0.3, abs=5 * np.sqrt(0.21 / never.size))


def test_the_two_lines_silence_rows_apart(talk):
    law = LineLaw(0.0, coverage=0.5, **EXACT)
    differ = 0
    for seed in range(5):
        heard = talk(law, seed=seed, weeks=3)
        rows, links = silent_rows(heard)
        differ += not np.array_equal(rows[heard.economy.network.seller], links)
    assert differ == 5


@pytest.mark.parametrize(("coverage", "share"), [(0.0, 1.0), (1.0, 0.0)])
def test_no_coverage_is_silence_and_full_coverage_none(talk, coverage, share):
    rows, links = silent_rows(talk(LineLaw(0.0, coverage=coverage, **EXACT), weeks=3))
    assert rows.mean() == links.mean() == share


# ---------------------------------------------------------------- between mechanisms


def test_equal_messages_meet_equal_noise_in_different_mechanisms(talk):
    """One mechanism also reports output and its centre keeps silent: all else is the same."""
    law = LineLaw(1.0, noise=0.3, coverage=0.8)
    plain = talk(law, rounds=2)
    other = talk(law, rounds=2, extra=True, silent=True)
    for (_, a), (_, b) in zip(plain.centre, other.centre, strict=True):
        assert a.value.row["orders"].tobytes() == b.value.row["orders"].tobytes()
        assert a.age.row["orders"].tobytes() == b.age.row["orders"].tobytes()
    for (_, _, a), (_, _, b) in zip(plain.rows, other.rows, strict=True):
        assert a.value.link["price"].tobytes() == b.value.link["price"].tobytes()
    last, extra = plain.centre[-1][1].value.row, other.centre[-1][1].value.row
    assert not np.array_equal(last["output"], extra["output"])
    # There was noise to compare.
    spoken = np.isfinite(plain.centre[-1][1].age.row["orders"])
    assert len(np.unique(last["orders"][spoken])) > 5


# ---------------------------------------------------------------- a law for a kind of report


def test_every_kind_of_report_has_a_public_value_and_may_have_a_law(talk):
    table = make_reference(talk(weeks=1).public)
    told = {"ask", "use", "quota", "value", "audit", "audited", *MODEL}
    assert {*table.row, *table.link} == {*KINDS, *told}
    assert (set(table.row), set(table.link)) == (set(ROW), set(LINK))
    assert len(set(KINDS)) == len(KINDS)


def test_kinds_of_ones_own_stand_in_every_inbox_from_the_start(talk):
    heard = talk(weeks=1)
    table = make_reference(heard.public, ("offer",))
    assert (table.row["offer"] == 1.0).all()
    assert (table.link["offer"] == 1.0).all()
    (_, _, inbox), *_ = heard.rows
    assert np.isinf(inbox.age.row["told"]).all()
    assert (inbox.value.link["told"] == 1.0).all()


def test_a_directive_takes_the_centres_law():
    with pytest.raises(InputError, match="unknown kind of report 'quota'"):
        ChannelLaw(kinds=(("quota", LineLaw()),))


@pytest.mark.parametrize(("rounds", "delay"), CLOCKS)
def test_each_kind_arrives_at_its_own_tick(talk, rounds, delay):
    """Orders are numbered 1, 2, ... and output 3, 4, ... from tick 0; output has its own delay."""
    law = LineLaw(1.0, **EXACT)
    kinds = {"output": replace(law, delay=delay)}
    heard = talk(law, rounds=rounds, extra=True, kinds=kinds)
    for tick, inbox in heard.centre:
        for kind, first, wait in (("orders", 1.0, 1.0), ("output", 3.0, delay)):
            ticks = round(wait * rounds)
            if tick < ticks:
                assert np.all(np.isinf(inbox.age.row[kind]))
                np.testing.assert_array_equal(inbox.value.row[kind], heard.public.output)
            else:
                assert one(inbox, kind) == (tick - ticks + first, ticks)


def test_what_is_said_of_links_arrives_by_its_own_law_too(talk):
    """Use of inputs is numbered 5, 6, ... on every link and takes 3 weeks, all else one."""
    law = LineLaw(1.0, **EXACT)
    heard = talk(law, links=True, kinds={"used": replace(law, delay=3.0)})
    for tick, inbox in heard.centre:
        assert one(inbox, "orders") == (tick, 1.0) if tick else True
        if tick < 3:
            assert np.all(np.isinf(inbox.age.link["used"]))
        else:
            assert one(inbox, "used", "link") == (5.0 + tick - 3, 3.0)


@pytest.mark.parametrize("change", [{"noise": 0.5}, {"resolution": 3}, {"coverage": 0.4}])
def test_a_law_of_its_own_changes_that_kind_alone(talk, change):
    """Output said is 3 + tick; its noise in logs grows as its law says."""
    law = LineLaw(1.0, noise=0.2, resolution=0)
    plain = talk(law, extra=True)
    other = talk(law, extra=True, kinds={"output": replace(law, **change)})
    for tick, ((_, a), (_, b)) in enumerate(zip(plain.centre[1:], other.centre[1:], strict=True)):
        for x, y in ((a.value.row, b.value.row), (a.age.row, b.age.row)):
            assert x["orders"].tobytes() == y["orders"].tobytes()
        silent = np.isinf(b.age.row["output"])
        assert silent.any() == ("coverage" in change)
        x, y = (np.log(i.value.row["output"][~silent] / (3.0 + tick)) for i in (a, b))
        if "noise" in change:
            np.testing.assert_allclose(y, x * 2.5, rtol=1e-9, atol=1e-12)
        assert np.array_equal(x, y) == ("coverage" in change)
        if "resolution" in change:
            base = np.where(plain.public.output > 0, plain.public.output, 1.0)
            at = np.log(b.value.row["output"] / base) / (4.0 / 3.0)
            np.testing.assert_allclose(at, np.round(at), rtol=0, atol=1e-9)


def test_a_kind_of_its_own_meets_the_noise_that_it_would_have_met(talk):
    law = LineLaw(1.0, noise=0.2)
    for kind in ("orders", "output"):
        runs = [talk(law, extra=True, kinds=kinds) for kinds in ((), {kind: law})]
        for (_, a), (_, b) in zip(*(r.centre for r in runs), strict=True):
            for k in ("orders", "output"):
                assert a.value.row[k].tobytes() == b.value.row[k].tobytes()


def test_a_kind_of_its_own_has_silent_rows_of_its_own(talk):
    """Of 40 seeds' rows, as many are silent in each as is binomial, and independently."""
    law = LineLaw(0.0, coverage=0.7, **EXACT)
    silent = []
    for seed in range(40):
        kinds = {"output": replace(law, coverage=0.4)}
        heard = talk(law, seed=seed, weeks=2, extra=True, kinds=kinds)
        assert np.array_equal(
            talk(law, seed=seed, weeks=2).centre[-1][1].age.row["orders"] == 0,
            heard.centre[-1][1].age.row["orders"] == 0,
        )
        age = heard.centre[-1][1].age.row
        silent.append([np.isinf(age["orders"]), np.isinf(age["output"])])
    orders, output = np.concatenate(silent, axis=1)
    for found, share in ((orders, 0.3), (output, 0.6), (orders & output, 0.18)):
        wide = 5 * np.sqrt(share * (1 - share) / len(found))
        assert np.mean(found) == pytest.approx(share, abs=wide)


def test_laws_by_kind_are_kept_in_order_and_can_be_hashed():
    a, b = LineLaw(2.0), LineLaw(3.0)
    law = ChannelLaw(kinds={"z": a, "K": b})
    assert law == ChannelLaw(kinds=(("K", b), ("z", a)))
    assert hash(law) == hash(ChannelLaw(kinds=(("K", b), ("z", a))))
    assert law.kinds == (("K", b), ("z", a))


def test_an_unknown_kind_is_refused_with_the_known_ones():
    with pytest.raises(InputError, match=r"unknown kind of report 'zed'.*Known: z, K"):
        ChannelLaw(kinds={"zed": LineLaw()})


@pytest.mark.parametrize(
    ("law", "says"),
    [(LineLaw(-1.0), "delay: -1.0 is out of range"), (LineLaw(0.5), "delay: 0.5 weeks is not a")],
)
def test_a_kinds_setting_out_of_range_is_refused_by_name(law, says):
    with pytest.raises(InputError, match=rf"channel\.kinds\.share\.{says}"):
        ChannelLaw(kinds={"share": law})


# ---------------------------------------------------------------- settings


@pytest.mark.parametrize("line", ["line", "centre"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("delay", -1.0),
        ("delay", 521.0),
        ("noise", -0.1),
        ("noise", 2.1),
        ("noise", float("nan")),
        ("coverage", -0.1),
        ("coverage", 1.1),
        ("resolution", -1),
        ("resolution", 53),
    ],
)
def test_a_setting_out_of_range_is_refused_by_name(line, name, value):
    with pytest.raises(InputError, match=rf"channel\.{line}\.{name}: {value} is out of range"):
        ChannelLaw(**{line: LineLaw(**{name: value})})


@pytest.mark.parametrize("rounds", [0, -1, 1001])
def test_impossible_rounds_are_refused(rounds):
    with pytest.raises(InputError, match=rf"channel\.rounds: {rounds} is out of range"):
        ChannelLaw(rounds)


def test_a_delay_is_a_whole_number_of_ticks():
    with pytest.raises(InputError, match=r"channel\.line\.delay: 0\.25 .* 2 rounds .* of 0\.5"):
        ChannelLaw(2, LineLaw(0.25))
    ChannelLaw(4, LineLaw(0.25))
    ChannelLaw(3, LineLaw(1 / 3))


@pytest.mark.parametrize(
    ("delay", "rounds"), [(1e-10, 1), (-0.0, 1), (1 + 1e-10, 1), (0.333333333333, 3)]
)
def test_a_delay_is_kept_as_the_ticks_that_it_comes_to(delay, rounds):
    """A delay that rounding has moved is no other law, and has no other hash."""
    exact = round(delay * rounds) / rounds
    law = ChannelLaw(rounds, LineLaw(delay), LineLaw(delay), {"share": LineLaw(delay)})
    same = ChannelLaw(rounds, LineLaw(exact), LineLaw(exact), {"share": LineLaw(exact)})
    assert law == same
    assert hash_of(asdict(law)) == hash_of(asdict(same))


def test_both_lines_are_alike_by_default():
    assert ChannelLaw().line == ChannelLaw().centre == LineLaw(1.0, 0.0, 1.0, 16)
    assert ChannelLaw().measuring == 0.05


@pytest.mark.parametrize(("noise", "resolution"), [(0.0, 0), (0.05, 0), (0.0, 6), (0.05, 6)])
def test_the_error_that_is_public_is_that_of_what_is_heard(noise, resolution):
    """Noise and rounding add up in quadrature; measured on 20,000 messages to 2 %."""
    law = LineLaw(0.0, noise, 1.0, resolution)
    count = 20_000
    said = np.exp(np.random.default_rng(0).uniform(-2, 2, count))
    post = send(
        Post.empty(Table({"k": np.ones(count)})), law, 0, 0, Table({"k": said}), "x", Streams(1)
    )
    post, _ = deliver(post, 0)
    heard = np.log(post.inbox.value.row["k"] / said)
    assert heard.std() == pytest.approx(law.error, rel=0.02, abs=1e-12)


# ---------------------------------------------------------------- what is set and what is measured

CLEAR = LineLaw(0.0, noise=0.0, resolution=0)
MANY = 20_000


def heard_of(mail, measuring, law=CLEAR):
    """What arrives of a report in which every number was 2."""
    public = Table({k: np.ones(MANY) for k in mail})
    said = Table({k: np.full(MANY, 2.0) for k in mail})
    post = send(Post.empty(public), law, 0, 0, said, "report", Streams(1), None, measuring)
    return deliver(post, 0)[0].inbox.value.row


def test_what_is_measured_errs_and_what_is_set_or_worked_out_does_not():
    """Facts, stocks and flows err, to 2 % of the s.d. on 20,000 numbers each."""
    kinds = [*KINDS, "told", "model 0"]
    heard = heard_of(kinds, 0.05)
    exact = {kind for kind in kinds if np.all(heard[kind] == 2.0)}
    assert exact == {"asked", "price", "quoted", "update 0", "update 1", "told", "model 0"}
    for kind in set(kinds) - exact:
        assert np.log(heard[kind] / 2).std() == pytest.approx(0.05, rel=0.02)


def test_errors_of_measuring_and_of_the_line_add_up_in_quadrature():
    """They are one draw, so either alone meets the same luck."""
    both = np.log(heard_of(["z"], 0.03, replace(CLEAR, noise=0.04))["z"] / 2)
    one = np.log(heard_of(["z"], 0.05)["z"] / 2)
    np.testing.assert_allclose(both, one, atol=1e-14)
    told = np.log(heard_of(["told"], 0.03, replace(CLEAR, noise=0.04))["told"] / 2)
    assert told.std() == pytest.approx(0.04, rel=0.02)


def test_prices_and_directives_arrive_as_they_were_set_and_reports_do_not(talk):
    """In a run under the default error of measuring, on lines that do not round."""
    heard = talk(LineLaw(0.0, **EXACT), measuring=0.05)
    for verb, week, inbox in heard.rows:
        if verb == "act":
            assert one(inbox, "told")[0] == week + 1
            if week:
                assert one(inbox, "price", "link")[0] == 100 + week - 1
    reports = np.array([inbox.value.row["orders"] for _, inbox in heard.centre])
    off = np.log(reports / np.arange(1.0, 9.0)[:, None])
    assert np.all(off != 0)
    assert 0.04 < off.std() < 0.06


def test_what_is_public_of_errors_is_what_they_are(talk):
    """Of a report measured and told, of a directive from tick to tick, of a kind of its own."""
    rough, fine = LineLaw(noise=0.04, resolution=0), LineLaw(noise=0.0, resolution=16)
    loud = talk(rough, measuring=0.03, kinds=(("z", fine), ("update 0", rough))).public
    assert loud.noise == pytest.approx(0.05)
    assert loud.jitter == 0.04
    assert loud.noises["z"] == pytest.approx(0.03, rel=1e-6)
    assert loud.noises["update 0"] == 0.04
    calm = talk(fine, measuring=0.05).public
    assert calm.noise == pytest.approx(0.05, rel=1e-6)
    assert calm.jitter == 0
