"""Each part of what a planner remembers is written by one step, once a week."""

from dataclasses import fields

from catallax import BehaviourLaw, ChannelLaw, Contract, generate
from catallax.domains.production.mechanisms import ai_planner
from catallax.domains.production.run import (
    Setup,
    act,
    begin,
    close_tick,
    decide,
    open_tick,
    settle_week,
)

ROUNDS, INTERVAL = 2, 3


def states():
    """(tick, what is remembered before it, and after it) of some weeks of two ticks."""
    planner = ai_planner(audit=0.5, interval=INTERVAL)
    channel, behaviour = ChannelLaw(ROUNDS), BehaviourLaw("strategic")
    setup = Setup(Contract(generate(3), channel=channel, behaviour=behaviour, settle=0), planner, 1)
    world = begin(setup)
    for tick in range(ROUNDS * 8):
        before = world.memory
        world = open_tick(setup, world)
        told, world = decide(setup, world)
        world = close_tick(setup, world, told)
        yield tick, before, world.memory
        if tick % ROUNDS == ROUNDS - 1:
            deed, world = act(setup, world)
            world, week = settle_week(setup, world, deed)
            assert not isinstance(week, str), week


def written(before, after):
    """Names of the parts that are not the object they were."""
    return {f.name for f in fields(before) if getattr(before, f.name) is not getattr(after, f.name)}


def test_reports_and_estimates_are_written_once_a_week_and_the_plan_once_in_an_interval() -> None:
    for tick, before, after in states():
        week, later = divmod(tick, ROUNDS)
        expected = {"estimates"} if later else {"reports", "estimates"}
        if not later and week % INTERVAL == 0:
            expected.add("plan")
        assert written(before, after) == expected, tick


def test_between_weeks_only_audits_are_heard() -> None:
    for tick, before, after in states():
        if tick % ROUNDS:
            assert written(before.estimates, after.estimates) == {"audits"}


def test_what_is_public_and_the_lot_stay_as_they_are() -> None:
    (_, first, _), *_, (_, _, last) = states()
    assert last.reference is first.reference
    assert last.key == first.key
