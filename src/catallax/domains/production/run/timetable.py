"""The timetable: what happens in a week, in which order, for a run or for many side by side.

shocks → goods and messages arrive → ticks (rows report, a centre decides) → everybody acts →
settle → step → record. Weeks before week 0 go the same way (see `run.start`).

Rows see their own entries only, so they say and do in a batch what they would alone; what is not
worked out row by row (random numbers, sums, centres, oracles, logs) goes run by run. So a run has
the same bits in any batch.
"""

from collections.abc import Callable, Mapping, Sequence

from catallax.domains.production.economy import find_fault
from catallax.domains.production.economy.faults import find_misshapen
from catallax.domains.production.network import Act
from catallax.domains.production.run.actions import act, foresee, settle_week
from catallax.domains.production.run.batch import Batch, begin_batch, join_runs
from catallax.domains.production.run.log import Log, record_decision, record_week
from catallax.domains.production.run.oracle import Oracle
from catallax.domains.production.run.record import Stop
from catallax.domains.production.run.setup import Setup
from catallax.domains.production.run.start import find_openers, take_up, without_shocks
from catallax.domains.production.run.ticks import close_tick, decide, open_tick

Endings = Mapping[int, tuple[Stop, str]]  # run of a batch -> why it ends


def play(
    setups: Sequence[Setup], logs: Sequence[Log], progress: Callable[[int], None] | None = None
) -> None:
    """All weeks of all runs, side by side; then every log says why its run ended.

    setups   : of runs of one economy, mechanism, law of knowledge, channel, behaviour and length
    progress : called with each finished week from week 0 on
    """
    batches = _let_settle(setups, logs)
    for week in range(setups[0].contract.weeks):
        batches = [left for batch in batches for left in play_week(batch)]
        if batches and progress is not None:
            progress(week)
    for batch in batches:
        batch.end(dict.fromkeys(range(len(batch.logs)), (Stop.COMPLETED, "")))


def _let_settle(setups: Sequence[Setup], logs: Sequence[Log]) -> list[Batch]:
    """The batch of all runs in week 0, if any get so far."""
    weeks = setups[0].contract.settle
    if not weeks:
        return begin_batch(setups, logs)
    openers = find_openers(setups)
    first = sorted(set(openers))
    batches = begin_batch([without_shocks(setups[k]) for k in first], [logs[k] for k in first])
    for _ in range(weeks):
        batches = [left for batch in batches for left in play_week(batch)]
    return join_runs(take_up(batches, openers, setups, logs))


def play_week(batch: Batch) -> list[Batch]:
    """The week after, of the runs that do not end in this one."""
    for _ in range(batch.setup.contract.channel.rounds):
        batch = _play_tick(batch)
    return _take_actions(batch)


def _play_tick(batch: Batch) -> Batch:
    """Rows report, the centre decides, and everybody hears."""
    setup, world = batch.setup, open_tick(batch.setup, batch.world)
    directives, world = decide(setup, world)
    record_decision(setup, batch.logs, world, directives)
    return Batch(setup, close_tick(setup, world, directives), batch.logs)


def _take_actions(batch: Batch) -> list[Batch]:
    """Everybody acts and nature settles it.

    An act of all runs that has no part for each cannot be told apart; then every run acts alone.
    """
    setup = batch.setup
    if isinstance(setup.mechanism, Oracle):
        return _take_foreseen(batch)
    done, world = act(setup, batch.world)
    if done is None:
        none = Stop.BAD_ACT, "act returned None, expected an Act"
        return _go_on(batch, dict.fromkeys(range(len(batch.logs)), none))
    if len(batch.logs) > 1 and find_misshapen(setup.economy, done):
        return [left for alone in batch.apart() for left in _take_actions(alone)]
    return _settle(Batch(setup, world, batch.logs), done)


def _take_foreseen(batch: Batch) -> list[Batch]:
    """The same of an oracle, which looks at each run by itself."""
    acts, world = foresee(batch.setup, batch.world)
    found = [one for one in acts if one is not None]
    economy = batch.setup.contract.economy
    if len(batch.logs) > 1 and any(find_misshapen(economy, one) for one in found):
        return [left for alone in batch.apart() for left in _take_foreseen(alone)]
    lost = Stop.UNSOLVED, "no optimum of the true facts was found"
    why = {run: lost for run, one in enumerate(acts) if one is None}
    left = _go_on(Batch(batch.setup, world, batch.logs), why)
    return [after for going in left for after in _settle(going, going.setup.layout.join(found))]


def _settle(batch: Batch, done: Act) -> list[Batch]:
    """Settle the week's act and record the week; runs whose act breaks a rule end before it."""
    world, settled = settle_week(batch.setup, batch.world, done)
    if isinstance(settled, str):
        why = _find_faults(batch, done, settled)
        acts = enumerate(batch.setup.layout.split(done))
        kept = [one for run, one in acts if run not in why]
        left = _go_on(batch, why)
        return [after for going in left for after in _settle(going, going.setup.layout.join(kept))]
    record_week(batch.setup, batch.logs, batch.world, settled, world.state)
    return [Batch(batch.setup, world, batch.logs)]


def _find_faults(batch: Batch, done: Act, wrong: str) -> Endings:
    """Which runs' acts break a rule of nature, and how."""
    if len(batch.logs) == 1:
        return {0: (Stop.BAD_ACT, wrong)}
    split, economy = batch.setup.layout.split, batch.setup.contract.economy
    of_runs = zip(split(batch.world.state), split(done), strict=True)
    found = (find_fault(economy, state, one) for state, one in of_runs)
    return {run: (Stop.BAD_ACT, what) for run, what in enumerate(found) if what is not None}


def _go_on(batch: Batch, why: Endings) -> list[Batch]:
    """The batch without the runs that end this week; nothing if all do."""
    week = f"week {batch.world.t}"
    return batch.end({run: (stop, f"{week}: {what}") for run, (stop, what) in why.items()})
