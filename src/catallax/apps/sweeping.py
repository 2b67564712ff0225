"""`catallax sweep`: many contracts, mechanisms and seeds into a folder of runs."""

import json as jsonlib
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, final

from catallax.apps.asked import Kept
from catallax.apps.contracts import contract_of, in_table
from catallax.apps.hands import Hands, executor, hands_of
from catallax.apps.options import mechanisms_of, path_of, seeds_of
from catallax.apps.progress import interruptible, progress
from catallax.errors import InputError
from catallax.tomlfile import read_toml, table_of, typed_as

if TYPE_CHECKING:
    from catallax.experiments import Experiment
    from catallax.experiments.store import Store
    from catallax.experiments.sweep import Base, Cell, Rows
    from catallax.experiments.sweep.spec import Spec

FREE_NAME = "compare"


@final
@dataclass(frozen=True)
class Job:
    """A sweep, fully checked.

    hands : who does the runs, and where they are kept
    again : run anew what failed
    """

    spec: "Spec"
    cells: "tuple[Cell, ...]"
    seeds: tuple[int, ...]
    hands: Hands
    again: bool

    @property
    def store(self) -> "Store":
        """The folder of the runs."""
        assert self.hands.store is not None
        return self.hands.store

    @property
    def loops(self) -> bool:
        """Whether any of the runs uses compiled loops."""
        from catallax.protocol import domain_of

        return any(domain_of(cell.contract).loops for cell in self.cells[:1])

    @property
    def runs(self) -> int:
        """Runs that are asked for; one that stands at several points counts at each."""
        return sum(len(cell.mechanisms) for cell in self.cells) * len(self.seeds)

    def __str__(self) -> str:
        return (
            f"{self.spec.name}: {len(self.cells)} points, {len(self.seeds)} seeds, "
            f"{self.runs} runs into {self.store.folder}"
        )


def job(
    file: str,
    workers: str | None,
    kept: Kept | None,
    *,
    again: bool,
) -> Job:
    """Check everything that the user asked for; InputError names the file and the key."""
    from catallax.experiments.sweep.axes import kind_of
    from catallax.experiments.sweep.spec import spec_of_table

    kept = kept or Kept()
    if kept.store is None:
        kept = replace(kept, store=f"{Path(file).stem}.runs")
    hands = hands_of(workers, kept)
    usual = {"name": Path(file).stem, "experiment": FREE_NAME}
    table = usual | read_toml(path_of("sweep", file))
    try:
        known = _experiment(typed_as("experiment", str, table["experiment"]), file)
        spec = spec_of_table(table, partial(kind_of, experiment=known))
        base = _base(file, known, spec, table_of("contract", table.get("contract", {})))
        seeds = seeds_of(spec.seeds)
        cells = tuple(base.at(point) for point in spec.points())
    except InputError as e:
        raise InputError(str(e) if str(e).startswith(file) else f"{file}: {e}") from e
    return Job(spec, cells, seeds, hands, again)


def _base(file: str, known: "Experiment", spec: "Spec", contract: Mapping[str, Any]) -> "Base":
    from catallax.experiments.sweep import Base

    given = in_table(file, contract, known)
    contract_of(known, given)  # so that what is wrong in it is told before any axis
    chosen = mechanisms_of(list(spec.mechanisms) or None, known.mechanisms, known.domain)
    return Base(known, {key: s.value for key, s in given.items()}, chosen)


def _experiment(name: str, file: str) -> "Experiment":
    from catallax.protocol import experiment_named

    try:
        return experiment_named(name, Path(file).parent)
    except InputError as e:
        raise InputError(f"experiment: {e}") from e


def run(order: Job, *, json: bool, quiet: bool) -> str:
    """Run what is not there yet; return what is to be printed: where it is, or one JSON object."""
    from catallax.experiments.sweep import gather

    if not quiet:
        print(order, file=sys.stderr, flush=True)
    before = {row.key for row in order.store.rows()}
    with (
        interruptible(),
        progress(order.runs, quiet=quiet, loops=order.loops) as tell,
        executor(order.hands) as ready,
    ):
        rows = gather(
            order.cells,
            order.seeds,
            store=order.store,
            executor=ready,
            progress=tell,
            again=order.again,
        )
    for note in order.store.notes:
        print(f"catallax: {note}", file=sys.stderr)
    found = _told(order, rows, before)
    return jsonlib.dumps(found, indent=2, allow_nan=False) if json else _text(order, found)


def _told(order: Job, rows: "Rows", before: set[str]) -> dict[str, Any]:
    """What came of it, as plain values."""
    runs = {row.key: row for row in rows}
    stops = Counter(row.stop for row in runs.values())
    return {
        "name": order.spec.name,
        "store": str(order.store.folder),
        "points": len(order.cells),
        "seeds": list(order.seeds),
        "runs": len(runs),
        "new": len(runs.keys() - before),
        "stops": dict(sorted(stops.items())),
        "reasons": sorted({row.reason for row in runs.values() if not row.completed}),
        "seconds": sum(row.seconds for row in runs.values()),
    }


def _text(order: Job, found: Mapping[str, Any]) -> str:
    lines = [f"{found['runs']} runs in {found['store']}, {found['new']} of them new."]
    failed = {stop: n for stop, n in found["stops"].items() if stop != "COMPLETED"}
    lines += [f"{n} ended with {stop}." for stop, n in failed.items()]
    lines += [f"  {reason}" for reason in found["reasons"][:5]]
    return "\n".join([*lines, f"See `catallax results {order.store.folder}`."])
