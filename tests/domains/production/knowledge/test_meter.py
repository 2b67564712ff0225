"""Messages and bits, counted by hand on a network small enough to write out.

Rows (n = 5): labour, mine, bakery, Ann, Bob. Links (m = 7), buyer <- seller:

    mine <- labour      bakery <- labour, mine      Ann <- mine, bakery      Bob <- mine, bakery

so the mine buys on 1 link and the others on 2; labour and bakery sell on 2 links, the mine on 3.
A value has 10 bits, both lines take a week, the run has 3 weeks of one tick. Every week:

    asks         on all links but Bob <- bakery
    quotes       of labour, mine and bakery
    reports      labour 1 number, mine 2, bakery 1, Ann 2 (one a link), Bob none
    directives   mine 2 numbers (one on its link), bakery 1, Ann 2 (one a link)
"""

from dataclasses import dataclass
from math import log2

import numpy as np
import pytest

from catallax.domains.production.economy import calibrate
from catallax.domains.production.knowledge import ChannelLaw, LineLaw, Meter, Traffic
from catallax.domains.production.mechanisms import Agents, Centre, Mechanism
from catallax.domains.production.network import Act, Network, Table
from catallax.domains.production.run import Contract, Setup, StaticOptimum, simulate

LABOUR, MINE, BAKERY, ANN, BOB = range(5)
LINKS = [(1, 0, 0), (2, 0, 0), (2, 1, 1), (3, 1, 1), (3, 2, 2), (4, 1, 1), (4, 2, 2)]
NO = np.nan


def village():
    names = ["labour", "mine", "bakery", "Ann", "Bob"]
    net = Network.build([0, 1, 1, 2, 2], [0, 1, 2, -1, -1], LINKS, names, ["work", "ore", "bread"])
    return calibrate(
        "village",
        net,
        share=np.array([1.0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]),
        gamma=np.array([1.0, 0.8, 0.8, 1.0, 1.0]),
        spending=np.array([60.0, 40.0]),
        sigma=np.full(5, 0.5),
        eps=np.full(5, 2.0),
        decay=np.zeros(5),
        lead=np.zeros(7, dtype=int),
    )


@dataclass(frozen=True)
class Villagers(Agents):
    def start(self, view):
        return Table(), Table()

    def report(self, view, said):
        row = {
            "orders": np.array([NO, 1, 1, NO, NO]),
            "supply": np.array([1.0, 1, NO, NO, NO]),
        }
        return Table(row, {"held": np.array([NO, NO, NO, 1, 1, NO, NO])}), said

    def act(self, view, done):
        return Act(np.array([1.0, 1, 1, 1, 1, 1, 0]), None, np.ones(5)), done


@dataclass(frozen=True)
class Reeve(Centre[None]):
    def start(self, public, rng):
        return None

    def decide(self, heard, t, memory):
        told = Table(
            {"told": np.array([NO, 1, 1, NO, NO])}, {"ask": np.array([1, NO, NO, 1, 1, NO, NO])}
        )
        return told, memory


def metered(
    line=None, centre=None, rounds=1, weeks=3, agents=None, with_centre=True, seed=1, kinds=()
):
    line = line or LineLaw(1.0, resolution=10)
    law = ChannelLaw(rounds, line, centre or line, kinds, measuring=0.0)
    centre = Reeve() if with_centre else None
    mechanism = Mechanism("toy", agents or Villagers(), centre, ("told",))
    contract = Contract(village(), channel=law, weeks=weeks, settle=0)
    run = simulate(contract, mechanism, seed)
    assert run.completed
    return run, Setup(contract, mechanism, seed)


def same(traffic: Traffic, sends, deliveries, bits_sent, bits_delivered):
    assert traffic.sends == sends
    assert traffic.deliveries == deliveries
    assert traffic.bits_sent == pytest.approx(bits_sent, rel=1e-14)
    assert traffic.bits_delivered == pytest.approx(bits_delivered, rel=1e-14)


def test_asks():
    """6 asks a week, heard at once.

    To be told apart among the buyer's suppliers when sent: log2 1 for the mine's, log2 2 for the
    other 5. Among the seller's buyers when heard: 2 of labour's, 1 of the bakery's, log2 2 each;
    3 of the mine's, log2 3 each.
    """
    run, _ = metered()
    same(run.meter.kinds["ask"], 18, 18, 3 * (60 + 5), 3 * (60 + 3 + 3 * log2(3)))


def test_quotes():
    """3 sellers broadcast in each of 3 weeks, a broadcast needs no address.

    Week 0's prices arrive at the beginning of week 2, the others after the end: 7 deliveries,
    each told apart among its buyer's suppliers, log2 1 once and log2 2 six times.
    """
    run, _ = metered()
    same(run.meter.kinds["quote"], 9, 7, 90, 70 + 6)


def test_reports():
    """4 rows say 6 numbers a tick to the one centre, which hears ticks 0 and 1 in time.

    It listens to all 5 rows: log2 5 a message.
    """
    run, _ = metered()
    same(run.meter.kinds["report"], 12, 8, 180, 120 + 8 * log2(5))


def test_directives():
    """3 rows are told 5 numbers a tick, each addressed among 5 rows; each hears one centre."""
    run, _ = metered()
    same(run.meter.kinds["directive"], 9, 6, 150 + 9 * log2(5), 100)


def test_the_total_is_the_sum_of_all_kinds():
    run, _ = metered()
    assert sorted(run.meter.kinds) == ["ask", "directive", "quote", "report"]
    same(
        run.meter.total,
        18 + 9 + 12 + 9,
        18 + 7 + 8 + 6,
        195 + 90 + 180 + 150 + 9 * log2(5),
        189 + 9 * log2(3) + 76 + 120 + 8 * log2(5) + 100,
    )


def test_every_tick_of_a_week_is_counted_and_acts_once_a_week():
    run, _ = metered(rounds=3)
    assert run.meter.kinds["report"].sends == 3 * 12
    assert run.meter.kinds["directive"].sends == 3 * 9
    assert run.meter.kinds["ask"].sends == 18
    assert run.meter.kinds["quote"].sends == 9
    # Reports are heard 3 ticks late, so 6 of 9; directives likewise; quotes of week 0 alone.
    assert run.meter.kinds["report"].deliveries == 6 * 4
    assert run.meter.kinds["directive"].deliveries == 6 * 3
    assert run.meter.kinds["quote"].deliveries == 7


def test_without_delay_everything_that_is_said_is_heard_in_the_run():
    run, _ = metered(LineLaw(0.0, resolution=10))
    kinds = run.meter.kinds
    assert kinds["report"].deliveries == kinds["report"].sends == 12
    assert kinds["directive"].deliveries == kinds["directive"].sends == 9
    assert kinds["quote"].deliveries == 2 * 7  # what is posted in the last act binds nowhere


def test_each_line_has_its_own_resolution_and_0_counts_64_bits():
    run, _ = metered(LineLaw(resolution=0), LineLaw(resolution=3))
    assert run.meter.kinds["quote"].bits_sent == 9 * 64
    assert run.meter.kinds["ask"].bits_sent == 18 * 64 + 15
    assert run.meter.kinds["report"].bits_sent == 18 * 3


def test_a_kind_with_a_law_of_its_own_is_a_message_of_its_own():
    """Supply of 4 bits takes two weeks: labour and mine say it, apart from their other reports.

    3 rows say 4 other numbers of 10 bits a tick, heard at ticks 1 and 2; 2 rows say 2 supplies,
    heard at tick 2.
    """
    run, _ = metered(kinds={"supply": LineLaw(2.0, resolution=4)})
    same(
        run.meter.kinds["report"],
        3 * (3 + 2),
        2 * 3 + 2,
        3 * (40 + 8),
        2 * 40 + 8 + (2 * 3 + 2) * log2(5),
    )


def test_a_kind_of_links_with_a_law_of_its_own_is_counted_in_its_own_bits():
    """Ann says of each of her 2 links what she holds, in 4 bits that take two weeks.

    3 rows say 4 numbers of 10 bits a tick, heard at ticks 1 and 2; Ann's 2 are heard at tick 2.
    """
    run, _ = metered(kinds={"held": LineLaw(2.0, resolution=4)})
    same(
        run.meter.kinds["report"],
        3 * (3 + 1),
        2 * 3 + 1,
        3 * (40 + 8),
        2 * 40 + 8 + (2 * 3 + 1) * log2(5),
    )


@pytest.mark.parametrize("seed", range(6))
def test_rows_outside_the_coverage_send_nothing(seed):
    half = LineLaw(1.0, coverage=0.5, resolution=10)
    run, setup = metered(half, seed=seed)
    said = ~np.isnan(setup.silent["centre"])
    quoted = ~np.isnan(setup.silent["line"])
    assert run.meter.kinds["report"].sends == 3 * said[[LABOUR, MINE, BAKERY, ANN]].sum()
    assert run.meter.kinds["report"].bits_sent == 30 * (said @ [1, 2, 1, 2, 0])
    assert run.meter.kinds["quote"].sends == 3 * quoted[[LABOUR, MINE, BAKERY]].sum()
    assert run.meter.kinds["quote"].deliveries == quoted @ [2, 3, 2, 0, 0]
    # A centre can always send, and asks always get through.
    assert run.meter.kinds["directive"].sends == 9
    assert run.meter.kinds["ask"].sends == 18


def test_less_coverage_sends_less():
    sends = [
        metered(LineLaw(coverage=c, resolution=10))[0].meter.kinds["report"].sends
        for c in (1.0, 0.5, 0.0)
    ]
    assert sends[0] == 12
    assert sends == sorted(sends, reverse=True)
    assert sends[2] == 0


def test_without_a_centre_there_are_no_reports():
    run, _ = metered(with_centre=False)
    assert sorted(run.meter.kinds) == ["ask", "quote"]


def test_an_oracle_sends_nothing():
    run = simulate(Contract(village(), weeks=3, settle=0), StaticOptimum())
    assert run.meter.kinds == {}
    assert run.meter.total == Traffic()


def test_a_meter_adds_up_and_does_not_change():
    empty = Meter()
    once = empty.add("ask", Traffic(1, 2, 3.5, 4.5))
    twice = once.add("ask", Traffic(1, 1, 1, 1)).add("quote", Traffic(1, 0, 0, 0))
    assert empty.kinds == {}
    assert once.kinds == {"ask": Traffic(1, 2, 3.5, 4.5)}
    assert twice.kinds["ask"] == Traffic(2, 3, 4.5, 5.5)
    assert twice.total == Traffic(3, 3, 4.5, 5.5)
