"""Runs that are missing become jobs: as much in one as pays, and enough for every worker."""

from collections.abc import Iterable, Mapping, Sequence

from catallax.execute.observing import RunBatch, RunGroup
from catallax.execute.request import KeyedRequest, RunRequest, provenance_of
from catallax.protocol import Measure, domain_of

JOBS = 8  # jobs a worker at least, so that none waits long for another's last
LIGHT = 100  # runs that go side by side from which on runs of several contracts share a job


def jobs_of(
    missing: Mapping[str, Sequence[KeyedRequest]], hands: int, *, traced: bool
) -> list[RunBatch]:
    """Each run once; seeds go side by side as far as that pays and leaves every worker enough."""
    together: dict[tuple[int, int], list[str]] = {}
    for key, asked in missing.items():
        first = asked[0].request
        together.setdefault((id(first.contract), id(first.mechanism)), []).append(key)
    fair = max(len(missing) // (JOBS * hands), 1)
    parts = [
        part
        for keys in together.values()
        for part in _group_runs(keys, missing, fair, traced=traced)
    ]
    return [RunBatch(packed) for packed in _pack(parts, fair)]


def _group_runs(
    keys: Sequence[str], missing: Mapping[str, Sequence[KeyedRequest]], fair: int, *, traced: bool
) -> list[RunGroup]:
    first = missing[keys[0]][0].request
    size = max(min(_batch_size(first), fair), 1)
    asked = [a for key in keys for a in missing[key]]
    measures, series = (
        _wanted_measures(asked),
        tuple(dict.fromkeys(n for a in asked for n in a.request.series)),
    )
    origin = provenance_of(first.domain, measures)
    chunks = [keys[k : k + size] for k in range(0, len(keys), size)]
    return [
        RunGroup(
            first.domain,
            first.contract,
            first.mechanism,
            tuple(missing[key][0].request.seed for key in chunk),
            tuple(chunk),
            measures,
            origin,
            traced,
            series,
            tuple(missing[key][0].given for key in chunk) if first.contract.inputs else (),
        )
        for chunk in chunks
    ]


def _batch_size(request: RunRequest) -> int:
    """Runs of a contract that go side by side; a shocked run has its twin beside it."""
    contract = request.contract
    return domain_of(contract).abreast(contract) // (2 if contract.shocks else 1)


def is_light(requests: Sequence[RunRequest]) -> bool:
    """Whether all of the runs are done sooner than a process has begun."""
    contracts = list({id(r.contract): r.contract for r in requests}.values())
    rooms = [domain_of(c).abreast(c) for c in contracts]
    return bool(rooms) and min(rooms) >= max(LIGHT, len(requests))


def _wanted_measures(asked: Iterable[KeyedRequest]) -> tuple[Measure, ...]:
    """All measures that any of the requests wants, in the order of the domain."""
    wanted = {m.name: m for a in asked for m in a.request.wanted}
    return tuple(wanted.values())


def _pack(parts: Sequence[RunGroup], fair: int) -> list[list[RunGroup]]:
    """Light parts together, up to what goes side by side and to a fair share; others alone."""
    found: list[list[RunGroup]] = []
    room = 0
    for part in parts:
        most = int(part.domain.abreast(part.contract))
        if most < LIGHT:
            found.append([part])
            room = 0
        elif found and room >= len(part):
            found[-1].append(part)
            room -= len(part)
        else:
            found.append([part])
            room = min(most, fair) - len(part)
    return found
