"""Whose ages are counted, and when."""

import numpy as np

from catallax.domains.production.economy import generate
from catallax.domains.production.knowledge import ChannelLaw, LineLaw
from catallax.domains.production.mechanisms import Agents, Centre, Mechanism, market
from catallax.domains.production.network import ENDOWMENT, HOUSEHOLD, Act, Table
from catallax.domains.production.run import Contract, simulate
from catallax.domains.production.run.message_latency import MessageLatency

E = generate(2, products=3, households=2)
NET = E.network


class Suppliers(Agents):
    """Endowments report; everybody asks for half of the base year's flow."""

    def start(self, view):
        return Table(), Table()

    def report(self, view, said):
        z = np.where(view.rows.kind == ENDOWMENT, view.facts.row["supply"], np.nan)
        return Table({"supply": z}), said

    def act(self, view, done):
        return Act(view.inbox.value.link["ask"] / 2), done


class Mute(Centre):
    """Directs in week 3 only, and in week 5 says nothing at length."""

    def start(self, public, rng):
        return public.flow

    def decide(self, heard, t, memory):
        what = {3: memory, 5: np.full_like(memory, np.nan)}
        return (Table(link={"ask": what[t]}) if t in what else None), memory


def test_ages_of_reports_count_when_a_directive_is_sent():
    channel = ChannelLaw(1, LineLaw(), LineLaw(delay=2.0), measuring=0.0)
    run = simulate(
        Contract(E, channel=channel, weeks=8, settle=0), Mechanism("mute", Suppliers(), Mute())
    )
    report, directive, quote = (run.series["ages"][:, k] for k in range(3))
    ends = NET.endowments.stop
    expected = np.zeros((8, 2))
    expected[3] = (2 * ends, ends)
    np.testing.assert_array_equal(report, expected)
    age = np.array([0, 0, 0, 0, 0, 2, 3, 4])
    np.testing.assert_array_equal(directive[:, 0], age * NET.m)
    np.testing.assert_array_equal(directive[:, 1], (age > 0) * NET.m)
    assert not quote.any()


class Rarely(Suppliers):
    """Endowments report every fourth week, which is all that they have to tell."""

    def report(self, view, said):
        mail, said = super().report(view, said)
        return (mail if view.t % 4 == 0 else Table()), said


class Auditor(Centre):
    """Directs every week but the sixth, in which it only orders audits, as in the first."""

    def start(self, public, rng):
        return public

    def decide(self, heard, t, memory):
        audit = {"audit": np.ones(memory.network.n)} if t in (0, 6) else {}
        return Table(audit, {} if t == 6 else {"ask": memory.flow}), memory


def test_facts_that_stand_and_audits_that_were_made_do_not_grow_old():
    run = simulate(Contract(E, weeks=12, settle=0), Mechanism("auditor", Rarely(), Auditor()))
    report, directive = (run.series["ages"][:, k] for k in range(2))
    ends = NET.endowments.stop
    expected = np.zeros((12, 2))
    expected[[1, 5, 9]] = (ends, ends)
    np.testing.assert_array_equal(report, expected)
    np.testing.assert_array_equal(directive[:, 1], [0, *[NET.m] * 11])
    np.testing.assert_array_equal(directive[:, 0], NET.m * np.array([0, *[1] * 6, 2, *[1] * 4]))


class Posters(Suppliers):
    """Everybody posts a price, and nobody but households asks for anything."""

    def act(self, view, done):
        ask = np.where(view.rows.linked(HOUSEHOLD), view.facts.link["norm"], 0.0)
        return Act(ask, price=np.ones(view.rows.n)), done


def test_quotes_that_nobody_acts_on_do_not_count():
    run = simulate(Contract(E, weeks=6, settle=0), Mechanism("posters", Posters()))
    assert 0 < NET.final.m < NET.m
    np.testing.assert_array_equal(run.series["ages"][:, 2, 1], [0, 0, *[NET.final.m] * 4])


def test_quotes_count_on_links_that_are_asked_on():
    run = simulate(Contract(E, weeks=6, settle=0), market())
    quote = run.series["ages"][:, 2]
    # Posted in week 0, stamped and binding in week 1, heard and acted on in week 2.
    np.testing.assert_array_equal(quote[:, 1], [0, 0, NET.m, NET.m, NET.m, NET.m])
    np.testing.assert_array_equal(quote[:, 0], quote[:, 1])
    assert not run.series["ages"][:, :2].any()


def test_what_was_known_before_week_0_does_not_count_again():
    """Two facts of tick -5; one of them is told again at tick -1, and directed on at tick 0."""
    sent = np.array([-5.0, -5.0])
    before, orders = MessageLatency(), Table(link={"ask": np.ones(3)})
    before.add_decision(Table({"z": sent}), orders, -4)
    after = before.after_start()
    after.add_decision(Table({"z": np.array([-5.0, -1.0])}), orders, 0)
    after.add_week(np.zeros(2), np.zeros(2))
    np.testing.assert_array_equal(after.series()["ages"][0, 0], [1.0, 1.0])
