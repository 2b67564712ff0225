"""Mechanisms side by side under one contract, on the same seeds, each with its twin."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from catallax.errors import InputError
from catallax.execute import Executor, RunRequest, entries_of, execute
from catallax.protocol import AbstractContract, Progress, domain_of
from catallax.study.comparison import Comparison, Outcome
from catallax.study.summary import Summary, half_width, summarise

if TYPE_CHECKING:
    from catallax.execute.store import Store

__all__ = [
    "Comparison",
    "Outcome",
    "Summary",
    "compare",
    "half_width",
    "summarise",
]


def compare(
    name: str,
    contract: AbstractContract,
    mechanisms: Sequence[Any],
    seeds: Iterable[int] | int,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    store: "Store | None" = None,
    progress: Progress | None = None,
) -> Comparison:
    """Run every mechanism on every seed, with and without the shocks.

    name       : what the comparison is called
    mechanisms : names, or mechanisms as objects
    seeds      : the seeds, or how many: 4 is 0 to 3
    workers    : processes; 0 runs in this one. The bits are the same either way
    executor   : does the runs in place of processes of its own
    store      : what it has is not run; what is run is kept there, with what pages need
    progress   : called with (done, all, what was finished)

    Raises InputError for an empty selection and for what is no mechanism, contract or seed.
    """
    domain_of(contract)
    asked = _read_seeds(seeds)
    entries = entries_of(mechanisms, contract.domain)
    if not entries or not asked:
        raise InputError("compare: give at least one mechanism and one seed")
    requests = [RunRequest(contract, entry, seed) for seed in asked for entry in entries]
    found = execute(
        requests, workers=workers, executor=executor, store=store, progress=progress, strict=True,
        traced=True,
    )  # fmt: skip
    outcomes: dict[str, list[Outcome]] = {entry.label: [] for entry in entries}
    for request, row, trace in zip(requests, found.rows, found.traces, strict=True):
        if trace is None:
            raise InputError(f"{request.mechanism.label}: {row.reason}")
        outcomes[request.mechanism.label].append(Outcome(row, trace))
    return Comparison(name, contract, asked, outcomes)


def _read_seeds(given: Iterable[int] | int) -> tuple[int, ...]:
    if isinstance(given, bool) or not (isinstance(given, int) or hasattr(given, "__iter__")):
        raise InputError(f"seeds: {given!r} are no seeds; give a number of them, or a list")
    if isinstance(given, str):
        raise InputError(f"seeds: {given!r} is text; give a number of them, or a list")
    found = tuple(range(given)) if isinstance(given, int) else tuple(given)
    if len(set(found)) < len(found):
        raise InputError("seeds: one is there twice; give each once")
    return found
