"""What does the runs of a command, where they are kept, and what is shown meanwhile.

Options, checks, progress and Ctrl-C are the same in every command that runs something.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal, final

from cyclopts import Group, Parameter

from catallax.apps.exit_codes import blame_user_files
from catallax.apps.progress import interruptible, print_note, show_progress
from catallax.apps.values import Flag, FolderPath, Whole, check_within
from catallax.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from catallax.execute import Executor
    from catallax.execute.store import Store
    from catallax.protocol import Progress
    from catallax.study.sweep import Cell, Gather, RunRows

MOST_WORKERS = 512
GROUP = Group(
    "Execution",
    help="The same in every command: what does the runs, where they are kept, what is shown.",
    sort_key=3,
)
ExecutorName = Literal["process", "dask", "ray"]
PROCESS: Literal["process"] = "process"
DASK, RAY = "dask", "ray"

Workers = Annotated[
    Whole | None,
    Parameter(
        group=GROUP,
        validator=check_within(0, MOST_WORKERS),
        help="processes; 0 runs all in this one; one per CPU if left out",
    ),
]
Kind = Annotated[ExecutorName, Parameter(group=GROUP, help="what does the runs")]
Address = Annotated[
    str | None, Parameter(group=GROUP, help="of a running cluster; one is started here if left out")
]
Store_ = Annotated[
    FolderPath | None,
    Parameter(
        group=GROUP,
        help="folder of runs: runs that it has are not repeated, new runs are kept in it",
    ),
]
Quiet = Annotated[Flag, Parameter(group=GROUP, help="no plan, no progress")]
Json = Annotated[Flag, Parameter(group=GROUP, help="print one JSON object, nothing else")]
HIDDEN = Parameter(show=False)


@final
@Parameter(name="*")
@dataclass(frozen=True)
class ExecutionOptions:
    """Of commands whose runs can be kept."""

    store: Store_ = None
    workers: Workers = None
    executor: Kind = PROCESS
    address: Address = None
    quiet: Quiet = False
    json: Json = False


@final
@Parameter(name="*")
@dataclass(frozen=True)
class JobOptions:
    """Of commands that share their work among workers but have no runs to keep."""

    workers: Workers = None
    executor: Kind = PROCESS
    address: Address = None
    quiet: Quiet = False
    json: Json = False
    store: Annotated[Store_, HIDDEN] = None


@final
@Parameter(name="*")
@dataclass(frozen=True)
class ShownOptions:
    """Of commands that do all their work in this process."""

    quiet: Quiet = False
    json: Json = False
    workers: Annotated[Workers, HIDDEN] = None
    executor: Annotated[Kind, HIDDEN] = PROCESS
    address: Annotated[Address, HIDDEN] = None
    store: Annotated[Store_, HIDDEN] = None


Options = ExecutionOptions | JobOptions | ShownOptions
DEFAULT_EXECUTION, DEFAULT_JOBS, DEFAULT_SHOWN = ExecutionOptions(), JobOptions(), ShownOptions()
UNASKED = {"store": (None,), "workers": (None, 0), "executor": (PROCESS,), "address": (None,)}
NO_STORE = "this command makes no runs that a folder could keep"
HERE = "this command does all its work in this process"
HERE_ALONE = {"store": NO_STORE, "workers": HERE, "executor": HERE, "address": HERE}


@final
@dataclass(frozen=True)
class Execution:
    """The same, checked.

    workers  : processes; 0 for this one, None for one a CPU
    executor : "process", "dask" or "ray"
    address  : of a cluster that is running; None starts one here
    store    : what it has is not run, what is run is kept there; None keeps nothing
    keeps    : whether the command can keep runs at all
    """

    workers: int | None = None
    executor: ExecutorName = PROCESS
    address: str | None = None
    store: "Store | None" = None
    quiet: bool = False
    json: bool = False
    keeps: bool = True

    @property
    def words(self) -> dict[str, str | None]:
        """What of it belongs into the command line that reproduces a result."""
        return {"store": None if self.store is None else str(self.store.folder)}

    def announce(self, plan: object) -> None:
        """Tell people what is about to be run, unless they want quiet."""
        if not self.quiet:
            print_note(plan)

    @contextmanager
    def session(
        self, total: int = 0, *, sources: Sequence[str] = (), loops: bool = True
    ) -> Iterator["Session"]:
        """Somebody to do the work, and a bar that shows how far it is; Ctrl-C ends both.

        total   : runs or steps that are expected; 0 where that is not known before
        sources : mechanisms and files as the user named them, to blame for errors of their own
        loops   : whether compiled loops are needed

        Raises InputError for an error in one of the sources, KeyboardInterrupt with a sentence
        that says what is kept and how to go on.
        """
        with (
            blame_user_files(tuple(sources)),
            interruptible(),
            show_progress(max(total, 1), quiet=self.quiet, loops=loops) as tell,
            closing(Session(self, total, tell)) as session,
        ):
            try:
                yield session
            except KeyboardInterrupt as e:
                raise e if str(e) else KeyboardInterrupt(session.interrupted) from e


@final
class Session:
    """Whoever does the work, for as long as a command takes.

    total : runs that are expected in all; 0 where that is not known
    tell  : is told of progress; None for nobody
    """

    def __init__(self, execution: Execution, total: int, tell: "Progress | None") -> None:
        self.execution, self.total, self.tell = execution, total, tell
        self.done = 0

    @cached_property
    def executor(self) -> "Executor":
        """Does jobs; processes are started once and stay."""
        return _start_executor(self.execution)

    @property
    def cluster(self) -> "Executor | None":
        """The same if the user asked for a cluster; else None, and whoever runs decides."""
        return None if self.execution.executor == PROCESS else self.executor

    @cached_property
    def sharing(self) -> "Executor":
        """The same for jobs that may be small: the first are done here, to see what they take."""
        from catallax.execute import SparingProcesses

        asked = self.execution
        by_itself = asked.executor == PROCESS and asked.workers is None
        return SparingProcesses() if by_itself else self.executor

    def close(self) -> None:
        """Let go of processes and clusters that were started."""
        for name in ("executor", "sharing"):
            if name in vars(self):
                getattr(self, name).close()

    def progress(self, done: int, total: int, what: str) -> None:
        """Be told how far the work is."""
        self.done = done
        if self.tell is not None:
            self.tell(done, max(total, self.total), what)

    def further(self) -> "Progress":
        """`progress` for a piece of work that comes after what is done so far."""
        before = self.done
        return lambda done, total, what: self.progress(before + done, before + total, what)

    @property
    def gather(self) -> "Gather":
        """Runs cells, each call after the other, with these workers and into this store."""
        from catallax.study.sweep import gather

        def gathered(cells: "Sequence[Cell]", seeds: Sequence[int]) -> "RunRows":
            return gather(
                cells,
                seeds,
                store=self.execution.store,
                executor=self.executor,
                progress=self.further(),
            )

        return gathered

    @property
    def interrupted(self) -> str:
        """What is kept or lost when the user breaks off, and how to go on."""
        store = self.execution.store
        if store is not None:
            return f"interrupted: what was run is in {store.folder}; the same command goes on"
        far = f"{self.done} of {max(self.total, self.done)} done" if self.done else "nothing done"
        with_store = "with --store FOLDER the same command goes on where it was stopped"
        how = with_store if self.execution.keeps else "the same command begins anew"
        return f"interrupted: {far}, nothing kept; {how}"


def check_execution(options: Options, refused: Mapping[str, str] | None = None) -> Execution:
    """The options, checked.

    refused : option -> why the command cannot have it, as the end of a sentence

    Raises InputError that names the option.
    """
    without = refused or {}
    for name, why in without.items():
        if getattr(options, name) not in UNASKED[name]:
            raise InputError(f"--{name}: {why}; leave it out")
    if options.address is not None and options.executor == PROCESS:
        raise InputError(f"--address {options.address}: is for --executor {DASK} or {RAY}")
    return Execution(
        options.workers,
        options.executor,
        options.address,
        _open_store(options.store),
        options.quiet,
        options.json,
        keeps="store" not in without,
    )


def _open_store(folder: "Path | None") -> "Store | None":
    if folder is None:
        return None
    from catallax.execute.store import Store

    return Store(folder)


def _start_executor(execution: Execution) -> "Executor":
    if execution.executor == DASK:
        from catallax.adapters.dask import Dask

        return Dask(execution.workers or None, execution.address)
    if execution.executor == RAY:
        from catallax.adapters.ray import Ray

        return Ray(execution.workers or None, execution.address)
    from catallax.execute.executor import Serial
    from catallax.processes import Processes

    return Serial() if execution.workers == 0 else Processes(execution.workers)
