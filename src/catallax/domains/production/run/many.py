"""Many runs of one mechanism: those of one economy side by side, as far as that pays."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from catallax.domains.production.mechanisms import Mechanism
from catallax.domains.production.network.rows import (
    MANY,  # links from which sums are split, and bits differ
)
from catallax.domains.production.run.contract import Contract
from catallax.domains.production.run.oracle import Oracle
from catallax.domains.production.run.record import Run
from catallax.domains.production.run.recording import Recording
from catallax.domains.production.run.setup import Setup
from catallax.domains.production.run.simulate import check_seed, make_mechanism, play_runs
from catallax.errors import InputError

LINKS = 50_000  # of all runs in a batch: beyond it arrays leave the caches, and little is gained
MOST = 64  # runs in a batch


def simulate_many(
    contracts: Contract | Sequence[Contract],
    mechanism: Mechanism | Oracle | str,
    seeds: Sequence[int],
    *,
    recording: Recording | Sequence[Recording] | None = None,
    batch: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[Run]:
    """The runs of `mechanism` under each contract with each seed, as `simulate` gives them.

    contracts : one for all seeds, or one for each
    seeds     : >= 0, one a run
    recording : what to keep, of all or of each
    batch     : most runs side by side, >= 1; default what is fastest. It changes no bit
    progress  : called with the number of runs that are finished

    Runs of one economy under one law of knowledge, channel and behaviour are worked out side by
    side, so a mechanism has to keep to its own rows, which `catallax check` proves.

    Raises InputError where the numbers of contracts, recordings and seeds differ.
    """
    jobs = _match_runs(contracts, [check_seed(s) for s in seeds], recording)
    if not jobs:
        return []
    made = make_mechanism(jobs[0][0], mechanism)
    found: dict[int, Run] = {}
    for group in group_runs([c for c, _, _ in jobs], batch):
        setups = [Setup(jobs[k][0], made, jobs[k][1]) for k in group]
        runs = play_runs(setups, [jobs[k][2] for k in group])
        found |= dict(zip(group, runs, strict=True))
        if progress is not None:
            progress(len(found))
    return [found[k] for k in range(len(jobs))]


SeededRun = tuple[Contract, int, Recording]


def _match_runs(
    contracts: Contract | Sequence[Contract],
    seeds: Sequence[int],
    recording: Recording | Sequence[Recording] | None,
) -> list[SeededRun]:
    held = [contracts] * len(seeds) if isinstance(contracts, Contract) else contracts
    keep = recording or Recording()
    kept = [keep] * len(seeds) if isinstance(keep, Recording) else keep
    if not len(held) == len(kept) == len(seeds):
        raise InputError(
            f"simulate_many: {len(held)} contracts, {len(kept)} recordings and {len(seeds)} seeds; "
            f"give one contract and one recording, or one for each seed"
        )
    return list(zip(held, seeds, kept, strict=True))


def group_runs(contracts: Sequence[Contract], batch: int | None = None) -> Iterator[list[int]]:
    """Positions of the contracts whose runs go side by side, batch by batch."""
    alike: dict[object, list[int]] = {}
    for k, contract in enumerate(contracts):
        alike.setdefault(_shared_by_batch(contract), []).append(k)
    for group in alike.values():
        most = max((MANY - 1) // contracts[group[0]].economy.network.m, 1)
        size = batch_size(contracts[group[0]]) if batch is None else min(_check_batch(batch), most)
        count = -(-len(group) // size)
        edges = [len(group) * k // count for k in range(count + 1)]
        yield from (group[a:b] for a, b in pairwise(edges))


def batch_size(contract: Contract) -> int:
    """How many runs of a contract go side by side, >= 1."""
    return max(1, min(MOST, LINKS // contract.economy.network.m))


def _check_batch(batch: int) -> int:
    if batch < 1:
        raise InputError(f"simulate_many: batch is {batch}, expected 1 or more")
    return batch


def _shared_by_batch(contract: Contract) -> tuple[object, ...]:
    """What has to be equal for runs to stand side by side."""
    c = contract
    return id(c.economy), c.knowledge, c.channel, c.behaviour, c.weeks, c.backlog, c.settle
