"""Requests with their keys: what is run once however often it is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import final

from catallax.arrays import Floats
from catallax.execute.request import RunRequest, keys_of, measure_digest
from catallax.execute.rows import RunRow
from catallax.protocol import Trace


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
