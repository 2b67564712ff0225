"""A run from its first week to its last."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from catallax.domains.production.mechanisms import Mechanism
from catallax.domains.production.run.contract import Contract
from catallax.domains.production.run.log import Log
from catallax.domains.production.run.oracle import Oracle
from catallax.domains.production.run.record import Run
from catallax.domains.production.run.recording import Recording
from catallax.domains.production.run.setup import Setup
from catallax.domains.production.run.timetable import play
from catallax.errors import InputError
from catallax.kernels.memory import release
from catallax.protocol import domain_of, run_hash, versions
from catallax.protocol.hash_names import hashed_settings
from catallax.protocol.mechanism_names import mechanism_named


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
    setup = Setup(contract, make_mechanism(contract, mechanism), check_seed(seed))
    return play_runs([setup], [recording or Recording()], progress)[0]


def make_mechanism(contract: Contract, mechanism: Mechanism | Oracle | str) -> Mechanism | Oracle:
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
        mechanism = mechanism_named(mechanism, domain)
    if not isinstance(mechanism, Mechanism | Oracle):
        what = getattr(mechanism, "__name__", type(mechanism).__name__)
        raise InputError(
            f"mechanism: {what} is no mechanism; give a name such as 'market', or call the "
            f"function that makes it: market()"
        )
    return mechanism


def check_seed(seed: object) -> int:
    """The seed; InputError for what is none."""
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise InputError(f"seed: {seed!r} is no seed; expected a whole number from 0 on")
    return int(seed)


def play_runs(
    setups: Sequence[Setup],
    recordings: Sequence[Recording],
    progress: Callable[[int], None] | None = None,
) -> list[Run]:
    """Play runs side by side; `play` says which can be."""
    began = time.perf_counter()
    logs = [Log(s.contract, keep) for s, keep in zip(setups, recordings, strict=True)]
    try:
        play(setups, logs, progress)
    finally:
        release()
    seconds = (time.perf_counter() - began) / len(setups)
    return [_finish(setup, log, seconds) for setup, log in zip(setups, logs, strict=True)]


def _finish(setup: Setup, log: Log, seconds: float) -> Run:
    """What a run that has ended becomes."""
    if log.ended is None:
        raise RuntimeError(f"{setup.mechanism.name}: the run goes on")
    meter, stop, reason = log.ended
    return Run(
        setup.contract,
        setup.mechanism.name,
        read_settings(setup.mechanism),
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
        starting=log.start.meter,
    )


def expected_hash(contract: Contract, mechanism: Mechanism | Oracle, seed: int) -> str:
    """The hash that the run will have (`Run.hash`), without running it."""
    return run_hash(contract, mechanism.name, read_settings(mechanism), seed, versions())


def read_settings(mechanism: Mechanism | Oracle) -> dict[str, Any]:
    """The settings of a mechanism's agents and centre, or of an oracle, as plain values.

    They have the names that stand in hashes (`protocol.hash_names`).
    """
    if isinstance(mechanism, Oracle):
        return hashed_settings(mechanism)
    centre = {f"centre.{k}": v for k, v in hashed_settings(mechanism.centre).items()}
    return hashed_settings(mechanism.agents) | centre
