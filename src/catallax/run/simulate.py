"""A run from its first week to its last."""

import time
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from typing import Any

import numpy as np

from catallax.errors import InputError
from catallax.kernels.memory import release
from catallax.knowledge import Meter
from catallax.mechanisms import Mechanism
from catallax.protocol import domain_of, run_hash, versions
from catallax.protocol.named import mechanism_in
from catallax.run.contract import Contract
from catallax.run.deeds import act, deal
from catallax.run.log import Log, Recording
from catallax.run.oracle import Oracle
from catallax.run.record import Run
from catallax.run.stop import Stop
from catallax.run.ticks import close_tick, decide, open_tick
from catallax.run.world import Setup, Unsolved, World, begin


def simulate(
    contract: Contract,
    mechanism: Mechanism | Oracle | str,
    seed: int = 0,
    *,
    recording: Recording | None = None,
    progress: Callable[[int], None] | None = None,
) -> Run:
    """Run `mechanism` under `contract`: a pure function of both, the seed and the code's version.

    mechanism : an object, or a name with settings such as "market:kappa=0.05"
    seed      : >= 0
    recording : what to keep
    progress  : called with each finished week

    A broken rule or an unsolved optimum ends the run early; the reason is in the result.

    Raises InputError for what is no contract, no mechanism or no seed.
    """
    began = time.perf_counter()
    setup = Setup(contract, made_mechanism(contract, mechanism), checked_seed(seed))
    log = Log(contract, recording or Recording())
    try:
        ended = _weeks(setup, log, progress or (lambda _: None))
    finally:
        release()
    return finished(setup, log, *ended, time.perf_counter() - began)


def made_mechanism(contract: Contract, mechanism: Mechanism | Oracle | str) -> Mechanism | Oracle:
    """The mechanism itself, made where only its name is given.

    Raises InputError for an unknown name, and for what is no contract or no mechanism.
    """
    domain = domain_of(contract)
    if not isinstance(contract, Contract):
        raise InputError(
            f"simulate: this contract is of {domain.name}; call its own simulate: "
            f"contract.simulate(mechanism, seed)"
        )
    if isinstance(mechanism, str):
        mechanism = mechanism_in(domain, mechanism)
    if not isinstance(mechanism, Mechanism | Oracle):
        what = getattr(mechanism, "__name__", type(mechanism).__name__)
        raise InputError(
            f"mechanism: {what} is no mechanism; give a name such as 'market', or call the "
            f"function that makes it: market()"
        )
    return mechanism


def checked_seed(seed: object) -> int:
    """The seed; InputError for what is none."""
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise InputError(f"seed: {seed!r} is no seed; expected a whole number from 0 on")
    return int(seed)


def finished(setup: Setup, log: Log, meter: Meter, stop: Stop, reason: str, seconds: float) -> Run:
    """What a run that has ended becomes."""
    return Run(
        setup.contract,
        setup.mechanism.name,
        settings(setup.mechanism),
        setup.seed,
        isinstance(setup.mechanism, Oracle),
        stop,
        reason,
        log.rows,
        log.links,
        log.series(),
        meter,
        log.sampled(),
        seconds=seconds,
    )


def _weeks(setup: Setup, log: Log, progress: Callable[[int], None]) -> tuple[Meter, Stop, str]:
    """All weeks, or those before something went wrong; the log keeps them."""
    try:
        world = begin(setup)
    except Unsolved as e:
        return Meter(), Stop.UNSOLVED, str(e)
    for t in range(setup.contract.weeks):
        world, stop, reason = _week(setup, world, log)
        if stop is not Stop.COMPLETED:
            return world.meter, stop, f"week {t}: {reason}"
        progress(t)
    return world.meter, Stop.COMPLETED, ""


def _week(setup: Setup, world: World, log: Log) -> tuple[World, Stop, str]:
    """One week of the timetable; the log keeps it unless something went wrong."""
    for _ in range(setup.contract.channel.rounds):
        world = open_tick(setup, world)
        directive, world = decide(setup, world)
        log.decided(world, directive)
        world = close_tick(setup, world, directive)
    deed, world = act(setup, world)
    if deed is None and isinstance(setup.mechanism, Oracle):
        return world, Stop.UNSOLVED, "no optimum of the true facts was found"
    if deed is None:
        return world, Stop.BAD_ACT, "act returned None, expected an Act"
    before = world
    world, dealt = deal(setup, world, deed)
    if isinstance(dealt, str):
        return world, Stop.BAD_ACT, dealt
    log.add(before, dealt, world.state)
    return world, Stop.COMPLETED, ""


def foreseen(contract: Contract, mechanism: Mechanism | Oracle, seed: int) -> str:
    """The hash that the run will have (`Run.hash`), without running it."""
    return run_hash(contract, mechanism.name, settings(mechanism), seed, versions())


def settings(mechanism: Mechanism | Oracle) -> dict[str, Any]:
    """The settings of a mechanism's agents and centre, or of an oracle, as plain values."""
    if isinstance(mechanism, Oracle):
        return _plain(mechanism)
    centre = {f"centre.{k}": v for k, v in _plain(mechanism.centre).items()}
    return _plain(mechanism.agents) | centre


def _plain(part: object) -> dict[str, Any]:
    return asdict(part) if is_dataclass(part) and not isinstance(part, type) else {}
