"""The delay of an institution's own loop, from the ages of messages in runs."""

from dataclasses import replace

import numpy as np
import pytest

from catallax.domains.production.economy import generate
from catallax.domains.production.knowledge import ChannelLaw, LineLaw
from catallax.domains.production.mechanisms import Agents, Mechanism, five_year_plan, market
from catallax.domains.production.network import Act, Table
from catallax.domains.production.run import Contract, StaticOptimum, simulate


@pytest.fixture(scope="module")
def e():
    return generate(2, products=3, households=2)


def lines(line=1.0, centre=1.0, rounds=1, coverage=1.0):
    return ChannelLaw(
        rounds, LineLaw(delay=line, coverage=coverage), LineLaw(delay=centre, coverage=coverage)
    )


@pytest.mark.parametrize(
    ("delay", "rounds"), [(0, 1), (1, 1), (4, 1), (0, 4), (0.25, 4), (0.5, 4), (1, 4), (2.5, 2)]
)
def test_a_market_answers_after_the_quotes_delay_and_the_week_until_a_price_binds(
    e, delay, rounds, value_of
):
    """A quote is heard from the start of the week in which it binds, and acted on at its end."""
    channel = lines(line=delay, centre=9.0, rounds=rounds)
    run = simulate(Contract(e, channel=channel, weeks=12), market())
    assert value_of("loop_delay", run) == pytest.approx(np.floor(delay) + 1, rel=1e-12)


@pytest.mark.parametrize("delay", [0, 1, 3])
def test_a_centre_that_directs_every_week_answers_after_two_delays(e, delay, tellers, value_of):
    run = simulate(Contract(e, channel=lines(9.0, delay), weeks=20), tellers())
    assert value_of("loop_delay", run) == pytest.approx(2 * delay, abs=1e-12)


def test_a_centre_that_directs_every_third_week_is_answered_by_older_directives(
    e, tellers, value_of
):
    """Directives of weeks 0, 3, 6 ... are 1, 2 and 3 weeks old when acted on: 2 in the mean."""
    run = simulate(Contract(e, channel=lines(), weeks=13), tellers(3))
    assert value_of("loop_delay", run) == pytest.approx(1 + 2, rel=1e-12)


def test_ticks_are_parts_of_a_week(e, tellers, value_of):
    """At four rounds and a delay of one tick reports are a tick old, directives one as well."""
    run = simulate(Contract(e, channel=lines(0.25, 0.25, 4), weeks=13), tellers())
    assert value_of("loop_delay", run) == pytest.approx(0.5, rel=1e-12)


@pytest.mark.parametrize(("correction", "age"), [(0, 26.5), (13, 7.0)])
def test_a_plan_is_half_as_old_as_its_term_when_it_is_followed(e, value_of, correction, age):
    """1 to 52 weeks old, or to 13 where quarters correct it, and made on reports a week old."""
    run = simulate(Contract(e, weeks=312), five_year_plan(correction=correction))
    first = int(np.flatnonzero(run.series["ages"][:, 1, 1])[0]) - 1
    cycle = run.series["ages"][first + 1 : first + 1 + 260]
    assert cycle[:, 1, 0].sum() / cycle[:, 1, 1].sum() == age
    assert value_of("loop_delay", run) == pytest.approx(age + 1.0, abs=2)


def test_a_fact_that_is_told_once_makes_no_loop_longer(e, tellers, value_of):
    """Losses are reported when they change; after a tariff they stand, and no report is late."""
    calm = value_of("loop_delay", simulate(Contract(e, channel=lines(), weeks=40), tellers()))

    class Once(type(tellers().agents)):
        def report(self, view, said):
            mail, said = super().report(view, said)
            kept = view.facts.link["kept"]
            return mail | Table(link={"kept": kept if view.t == 3 else np.nan * kept}), said

    told = Mechanism("once", Once(), tellers().centre)
    assert value_of("loop_delay", simulate(Contract(e, channel=lines(), weeks=40), told)) == calm


def test_silent_rows_make_no_loop_longer(e, tellers, value_of):
    law = lines(coverage=0.6)
    assert value_of("loop_delay", simulate(Contract(e, channel=law, weeks=9), market())) == 2
    assert value_of("loop_delay", simulate(Contract(e, channel=law, weeks=9), tellers())) == 2


def test_ages_are_counted_over_rows_and_weeks(e, tellers, value_of):
    """Two reports 3 ticks old, directives of 1 and 5, at two rounds: (3 + 3) / 2 weeks."""
    run = simulate(Contract(e, channel=lines(rounds=2), weeks=6), tellers())
    ages = np.zeros((6, 3, 2))
    ages[2, 0], ages[3, 1], ages[4, 1] = (6, 2), (1, 1), (5, 1)
    ages[:, 2] = (99, 1)  # a centre's directives are what is acted on
    assert value_of("loop_delay", replace(run, series={**run.series, "ages": ages})) == 3
    ages[:, 0] = 0
    deaf = replace(run, series={**run.series, "ages": ages})
    assert value_of("loop_delay", deaf) == "the centre heard nothing before it directed"


class Idle(Agents):
    """Nobody does or hears anything."""

    def start(self, view):
        return Table(), Table()

    def report(self, view, said):
        return Table(), said

    def act(self, view, done):
        return Act(np.zeros(view.rows.m)), done


def test_where_nobody_acts_on_a_message_there_is_no_loop(e, value_of):
    contract = Contract(e, weeks=4)
    assert value_of("loop_delay", simulate(contract, StaticOptimum())) == (
        "an oracle sends no messages"
    )
    idle = simulate(contract, Mechanism("idle", Idle()))
    assert value_of("loop_delay", idle) == "nobody acted on a message"
