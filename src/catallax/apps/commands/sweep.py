"""`catallax sweep`: many contracts, mechanisms and seeds into a folder of runs."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, final

from cyclopts import Parameter

from catallax.apps.common_options import mechanisms_of
from catallax.apps.contracts import contract_of, in_table
from catallax.apps.execution import DEFAULT_EXECUTION, Execution, ExecutionOptions, check_execution
from catallax.apps.exit_codes import Reply
from catallax.apps.output import format_json
from catallax.apps.progress import print_note
from catallax.apps.values import FilePath, Flag, seeds_of
from catallax.errors import about
from catallax.tomlfile import read_as, read_toml

if TYPE_CHECKING:
    from catallax.execute.store import Store
    from catallax.protocol import Experiment
    from catallax.study.sweep import Base, Cell, RunRows
    from catallax.study.sweep.spec import SweepSpec


def sweep(
    spec: Annotated[FilePath, Parameter(help="TOML file that says what is varied: docs/sweeps.md")],
    /,
    *,
    retry: Annotated[Flag, Parameter(help="run anew what failed before")] = False,
    execution: ExecutionOptions = DEFAULT_EXECUTION,
) -> Reply:
    """Run many contracts, mechanisms and seeds into a folder.

    Runs that the folder has are not repeated. Without --store the folder has
    the name of the file, with .runs in place of .toml.

    $ catallax sweep map.toml
    $ catallax sweep map.toml --store runs --workers 2 --json
    """
    return Reply(run_sweep(order_sweep(spec, execution, again=retry)))


@final
@dataclass(frozen=True)
class SweepOrder:
    """A sweep, fully checked.

    again : run anew what failed
    """

    spec: "SweepSpec"
    cells: "tuple[Cell, ...]"
    seeds: tuple[int, ...]
    execution: Execution
    again: bool

    @property
    def store(self) -> "Store":
        """The folder of the runs."""
        assert self.execution.store is not None
        return self.execution.store

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


def order_sweep(file: Path, asked: ExecutionOptions, *, again: bool) -> SweepOrder:
    """Check everything that the user asked for; InputError names the file and the key."""
    from catallax.study.sweep.axes import by_present_name, kind_of
    from catallax.study.sweep.spec import SweepFile, spec_of_file

    folder = asked.store or Path(f"{file.stem}.runs")
    execution = check_execution(replace(asked, store=folder))
    said: SweepFile = read_as(f"{file}: ", SweepFile, read_toml(file))
    with about(str(file)):
        known = _find_experiment(said.experiment, file)
        said = replace(said, axes=by_present_name(said.axes, known))
        spec = spec_of_file(said, file.stem, partial(kind_of, experiment=known))
        base = _make_base(str(file), known, spec, said.contract)
        with about("seeds"):
            seeds = seeds_of(spec.seeds)
        cells = tuple(base.at(point) for point in spec.points())
    return SweepOrder(spec, cells, seeds, execution, again)


def _make_base(
    file: str, known: "Experiment", spec: "SweepSpec", contract: Mapping[str, Any]
) -> "Base":
    from catallax.study.sweep import Base

    given = in_table(file, contract, known)
    contract_of(known, given)  # so that what is wrong in it is told before any axis
    chosen = mechanisms_of(list(spec.mechanisms) or None, known.mechanisms, known.domain)
    return Base(known, {key: s.value for key, s in given.items()}, chosen)


def _find_experiment(name: str, file: Path) -> "Experiment":
    from catallax.protocol import experiment_named

    with about("experiment"):
        return experiment_named(name, file.parent)


def run_sweep(order: SweepOrder) -> str:
    """Run what is not there yet; return what is to be printed: where it is, or one JSON object."""
    from catallax.study.sweep import gather

    execution = order.execution
    execution.announce(order)
    before = {row.key for row in order.store.rows()}
    with execution.session(order.runs, loops=order.loops) as session:
        rows = gather(
            order.cells,
            order.seeds,
            store=order.store,
            executor=session.executor,
            progress=session.progress,
            again=order.again,
        )
    for note in order.store.notes:
        print_note(f"catallax: {note}")
    found = _summarise(order, rows, before)
    return format_json(found) if execution.json else _describe(order, found)


def _summarise(order: SweepOrder, rows: "RunRows", before: set[str]) -> dict[str, Any]:
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


def _describe(order: SweepOrder, found: Mapping[str, Any]) -> str:
    lines = [f"{found['runs']} runs in {found['store']}, {found['new']} of them new."]
    failed = {stop: n for stop, n in found["stops"].items() if stop != "COMPLETED"}
    lines += [f"{n} ended with {stop}." for stop, n in failed.items()]
    lines += [f"  {reason}" for reason in found["reasons"][:5]]
    return "\n".join([*lines, f"See `catallax results {order.store.folder}`."])
