"""One run that is asked for, and the key under which it is kept: it is run once however often."""

import inspect
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, final

from catallax.arrays import Floats
from catallax.errors import InputError
from catallax.execute.entry import Entry, entry_of
from catallax.execute.row import RunRow
from catallax.protocol import (
    AbstractContract,
    Domain,
    Measure,
    RunInput,
    Trace,
    Value,
    bytes_hash,
    code_digest,
    domain_of,
    hash_of,
    run_hash,
    versions,
)


@final
@dataclass(frozen=True, eq=False)
class RunRequest:
    """A run that somebody wants to have.

    contract  : what is held equal
    mechanism : who is run
    seed      : of all randomness, >= 0
    measures  : names of what is to be measured; None for all that the domain knows
    series    : names of series that come back whole with the trace
    point     : axis -> value, where the run stands on a map; no part of what is run

    Raises InputError for a seed below 0 and an unknown measure.
    """

    contract: AbstractContract
    mechanism: Entry
    seed: int
    measures: tuple[str, ...] | None = None
    series: tuple[str, ...] = ()
    point: Mapping[str, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if type(self.seed) is not int or self.seed < 0:
            raise InputError(f"seed: {self.seed!r} is not a seed; give a whole number from 0 on")
        for name in self.measures or ():
            self.domain.measure(name)

    @property
    def domain(self) -> Domain:
        """The domain of the contract."""
        return domain_of(self.contract)

    @property
    def wanted(self) -> tuple[Measure, ...]:
        """The measures that are asked for."""
        known = self.domain.measures
        return tuple(known.values() if self.measures is None else (known[m] for m in self.measures))


def keys_of(contract: AbstractContract, entry: Entry, seeds: Sequence[int]) -> list[str]:
    """One key a seed: a hash of all that the run, and what is measured of it, is a function of.

    That is the hash of the run, the sources of the domain that decide numbers, the code from
    outside that the mechanism is made of, and the keys of the runs whose series the contract
    takes. Measures of the user's own are not in it: each row says which it has.
    """
    domain = domain_of(contract)
    name, settings = domain.identity(entry.made)
    code, taken = code_of(domain), _keys_of_inputs(contract, seeds)
    runs = [run_hash(contract, name, settings, seed, versions()) for seed in seeds]
    return [
        hash_of([run, code, entry.outside, *keys.values()])
        for run, keys in zip(runs, taken, strict=True)
    ]


def _keys_of_inputs(contract: AbstractContract, seeds: Sequence[int]) -> list[dict[str, str]]:
    """For each seed: name of an input -> key of the run that its series is from."""
    found: list[dict[str, str]] = [{} for _ in seeds]
    for name, taken in contract.inputs.items():
        entry = entry_of(taken.mechanism, taken.contract.domain)
        keys = keys_of(taken.contract, entry, [taken.seed_for(seed) for seed in seeds])
        for one, key in zip(found, keys, strict=True):
            one[name] = key
    return found


def request_of(taken: RunInput, seed: int) -> "RunRequest":
    """The run that a series is from, for a run on `seed`."""
    entry = entry_of(taken.mechanism, taken.contract.domain)
    return RunRequest(taken.contract, entry, taken.seed_for(seed), (), (taken.series,))


def code_of(domain: Domain) -> str:
    """Hash of the code that decides a domain's numbers, the user's own with it."""
    digest = code_digest(domain.sources)
    return hash_of([digest, domain.outside]) if domain.outside else digest


def provenance_of(domain: Domain, measures: Sequence[Measure]) -> dict[str, Any]:
    """What rows say of the code that made them: the domain's, and each measure's unit and code."""
    return {
        "code": code_of(domain),
        "measures": {m.name: [m.unit, measure_digest(m)] for m in measures},
    }


def measure_digest(measure: Measure) -> str:
    """Hash of the code of a measure from outside the package; "" for the package's own.

    One without source has a hash that no other process will find again.
    """
    return _digest_function(measure.function)


@cache
def _digest_function(function: Callable[..., Any]) -> str:
    module = getattr(function, "__module__", "") or ""
    if module.partition(".")[0] == "catallax":
        return ""
    try:
        return bytes_hash([inspect.getsource(function).encode()])
    except (OSError, TypeError):
        return bytes_hash([f"no source: {os.getpid()} {id(function)}".encode()])


@final
@dataclass(frozen=True, eq=False)
class KeyedRequest:
    """A request with its key.

    needs : measure -> hash of a user's own code of it
    given : the series of other runs that the contract takes, by name, once they are there
    """

    key: str
    request: RunRequest
    needs: Mapping[str, str]
    given: Mapping[str, Floats] = field(default_factory=dict)

    def placed(self, found: RunRow) -> RunRow:
        """The row of a run with this key, as it stands for this request."""
        entry = self.request.mechanism
        point = dict(self.request.point)
        return replace(found, point=point, label=entry.label, mechanism=entry.text)

    def lacks(self, traces: Mapping[str, Trace]) -> bool:
        """Whether there is no trace with all series that the request wants."""
        if self.key not in traces:
            return True
        return any(name not in traces[self.key].series for name in self.request.series)

    def widened(self, row: RunRow | None, trace: Trace | None) -> "KeyedRequest":
        """The request for what is kept of its run too: the new takes the place of the old."""
        request = self.request
        wanted = [m.name for m in request.wanted]
        values, series = row.values if row else {}, trace.series if trace else {}
        more = [n for n in values if n in request.domain.measures and n not in wanted]
        if not more and not series:
            return self
        both = tuple(dict.fromkeys([*request.series, *series]))
        return replace(self, request=replace(request, measures=(*wanted, *more), series=both))


def key_requests(requests: Sequence[RunRequest]) -> list[KeyedRequest]:
    """Every request with its key; those of one contract and mechanism are hashed together."""
    together: dict[tuple[int, int], list[int]] = {}
    for k, r in enumerate(requests):
        together.setdefault((id(r.contract), id(r.mechanism)), []).append(k)
    found: dict[int, KeyedRequest] = {}
    for group in together.values():
        first = requests[group[0]]
        keys = keys_of(first.contract, first.mechanism, [requests[k].seed for k in group])
        for k, key in zip(group, keys, strict=True):
            needs = {m.name: measure_digest(m) for m in requests[k].wanted}
            found[k] = KeyedRequest(key, requests[k], needs)
    return [found[k] for k in range(len(requests))]
