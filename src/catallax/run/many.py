"""Many runs of one mechanism: stacked side by side where that pays, else one after the other."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import pairwise

from catallax.errors import InputError
from catallax.mechanisms import Mechanism
from catallax.network.rows import MANY  # links from which sums are split, and bits differ
from catallax.run.contract import Contract
from catallax.run.log import Log, Recording
from catallax.run.oracle import Oracle
from catallax.run.record import Run
from catallax.run.simulate import checked_seed, made_mechanism, simulate
from catallax.run.stacked import Misshapen, Stack
from catallax.run.union import tellable
from catallax.run.world import Setup

LINKS = 50_000  # of all runs in a stack: beyond it arrays leave the caches, and little is gained
MOST = 64  # runs in a stack


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
    jobs = _jobs(contracts, [checked_seed(s) for s in seeds], recording)
    if not jobs:
        return []
    made = made_mechanism(jobs[0][0], mechanism)
    found: dict[int, Run] = {}
    for stack in stacks([c for c, _, _ in jobs], batch):
        runs = _together([jobs[k] for k in stack], made)
        found |= dict(zip(stack, runs, strict=True))
        if progress is not None:
            progress(len(found))
    return [found[k] for k in range(len(jobs))]


Job = tuple[Contract, int, Recording]


def _jobs(
    contracts: Contract | Sequence[Contract],
    seeds: Sequence[int],
    recording: Recording | Sequence[Recording] | None,
) -> list[Job]:
    held = [contracts] * len(seeds) if isinstance(contracts, Contract) else contracts
    keep = recording or Recording()
    kept = [keep] * len(seeds) if isinstance(keep, Recording) else keep
    if not len(held) == len(kept) == len(seeds):
        raise InputError(
            f"simulate_many: {len(held)} contracts, {len(kept)} recordings and {len(seeds)} seeds; "
            f"give one contract and one recording, or one for each seed"
        )
    return list(zip(held, seeds, kept, strict=True))


def stacks(contracts: Sequence[Contract], batch: int | None = None) -> Iterator[list[int]]:
    """Positions of the contracts whose runs go side by side, stack by stack."""
    alike: dict[object, list[int]] = {}
    for k, contract in enumerate(contracts):
        alike.setdefault(_alike(contract), []).append(k)
    for group in alike.values():
        most = max((MANY - 1) // contracts[group[0]].economy.network.m, 1)
        size = abreast(contracts[group[0]]) if batch is None else min(_checked(batch), most)
        count = -(-len(group) // (size if _stackable(contracts[group[0]]) else 1))
        edges = [len(group) * k // count for k in range(count + 1)]
        yield from (group[a:b] for a, b in pairwise(edges))


def abreast(contract: Contract) -> int:
    """How many runs of a contract go side by side, >= 1."""
    return max(1, min(MOST, LINKS // contract.economy.network.m)) if _stackable(contract) else 1


def _checked(batch: int) -> int:
    if batch < 1:
        raise InputError(f"simulate_many: batch is {batch}, expected 1 or more")
    return batch


def _alike(contract: Contract) -> tuple[object, ...]:
    """What has to be equal for runs to stand side by side."""
    c = contract
    return id(c.economy), c.knowledge, c.channel, c.behaviour, c.weeks, c.backlog


def _stackable(contract: Contract) -> bool:
    """Whether arrays of several runs can be told apart; a queue of orders has none of its own."""
    return not contract.backlog and tellable(contract.economy.network)


def _together(jobs: Sequence[Job], mechanism: Mechanism | Oracle) -> list[Run]:
    """The runs side by side, or one after the other where that cannot be."""
    setups = [Setup(contract, mechanism, seed) for contract, seed, _ in jobs]
    if len(jobs) > 1:
        with suppress(Misshapen):
            return Stack(setups, [Log(contract, keep) for contract, _, keep in jobs]).run()
    return [simulate(contract, mechanism, seed, recording=keep) for contract, seed, keep in jobs]
