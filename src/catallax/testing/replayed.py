"""The barrier test of any domain that records the calls of its mechanisms."""

import pickle
from itertools import islice
from pathlib import Path

from catallax.errors import InputError
from catallax.protocol import AbstractContract, Domain, domain_in, domain_named
from catallax.protocol.named import mechanism_in
from catallax.testing.barrier import MOST, Report, answer_of, differs, fresh_process


def replayed(
    source: str, domain: Domain, *, contract: AbstractContract | None = None, seed: int = 1
) -> Report:
    """Run the barrier test on a mechanism of a domain, by name or from a Python file.

    contract : None takes the domain's small one

    Every call of a run is replayed in a fresh process, from what one party alone was given. Bit
    for bit the answers must be the run's. Raises InputError for an unknown name, a broken file, an
    oracle, and a domain that records no calls.
    """
    if domain.barrier is None:
        raise InputError(
            f"{domain.name}: records no calls, so there is no barrier test; give the domain a "
            f"function `barrier`"
        )
    run = domain.barrier(mechanism_in(domain, source), contract, seed)
    if run.reason:
        return Report(len(run.calls), (f"the run stopped: {run.reason}",))
    raw = pickle.dumps(tuple(run.calls))
    with fresh_process() as there:
        lines = answer_of(there, replay_calls, source, domain.name, domain.file, raw)
    return Report(len(run.calls), tuple(lines))


def replay_calls(source: str, domain: str, file: str, calls: bytes) -> list[str]:
    """Findings of replaying the pickled calls here, where nothing has happened before.

    file : that defines the domain; "" for one that is known by its name

    The calls may hold classes of the user's files, so these are read first.
    """
    known = domain_in(Path(file)) if file else domain_named(domain)
    mechanism = mechanism_in(known, source)
    found = (
        f"{call.who}: {call.verb} depends on more than it was given: {wrong}"
        for call in pickle.loads(calls)
        if (wrong := differs(getattr(mechanism, call.verb), call.given, call.answer))
    )
    return list(islice(found, MOST))
