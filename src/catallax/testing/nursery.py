"""Processes in which a mechanism is tried. They know of no other run, and of nobody's environment.

Where the system can, they are forked from one process that has imported the package and has read
no file of a user's; elsewhere each begins anew.
"""

import os
import signal
import sys
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import current_process, get_all_start_methods, get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, final

from catallax.errors import InputError
from catallax.protocol import PRODUCTION, Barrier, Domain, domain_in, domain_named, domains
from catallax.protocol.mechanism_names import mechanism_named, spec_of
from catallax.workers import script_spared

KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT")  # of the environment
OURS = "CATALLAX_"
PRELOADED = "catallax.testing.preloaded"
PATIENCE = 20.0  # seconds for a file to be read


@final
@dataclass(frozen=True)
class Subject:
    """Which mechanism is tried.

    source : its name, or a Python file
    domain : name of its domain
    file   : that defines the domain; "" for one that is known by its name
    """

    source: str
    domain: str
    file: str = ""

    @property
    def files(self) -> tuple[str, ...]:
        """The user's own files, as they stand in tracebacks."""
        spec = spec_of(self.source)
        return ((spec.name,) if spec.file else ()) + ((self.file,) if self.file else ())

    def its_domain(self) -> Domain:
        """The domain."""
        return domain_in(Path(self.file)) if self.file else domain_named(self.domain)

    def its_barrier(self) -> Barrier:
        """How the domain has it tried; InputError if it does not."""
        domain = self.its_domain()
        if domain.barrier is None:
            raise InputError(
                f"{domain.name}: records no calls, so there is no barrier test; give the domain a "
                f"`barrier`"
            )
        return domain.barrier

    def check(self) -> None:
        """Raise InputError for what needs no process to be found wrong; no file is read."""
        self.its_barrier()
        if spec_of(self.source).name in self.its_domain().oracles:
            raise InputError(f"{self.source}: is an oracle, which sees everything by design")
        if not spec_of(self.source).file:
            self.made()

    def made(self) -> Any:
        """The mechanism; InputError for an unknown name or a broken file."""
        return mechanism_named(self.source, self.its_domain())


@final
@dataclass(frozen=True)
class Child:
    """A process and the line to it."""

    process: BaseProcess
    line: Connection

    def end(self) -> None:
        """End it, however far it is."""
        self.line.close()
        self.process.kill()
        self.process.join()


def start_process(work: Callable[..., None], *given: Any) -> Child:
    """A process that does `work(line, *given)`; it ends when its work does."""
    forks = "forkserver" in get_all_start_methods()
    context: Any = get_context("forkserver" if forks else "spawn")
    if forks:
        context.set_forkserver_preload([PRELOADED])
    ours, theirs = context.Pipe()
    process = context.Process(target=_begin, args=(work, theirs, given), daemon=True)
    with script_spared():
        process.start()
    theirs.close()
    return Child(process, ours)


def _begin(work: Callable[..., None], line: Connection, given: Sequence[Any]) -> None:
    clean_environment()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asked ends it
    with suppress(EOFError, OSError):  # whoever asked may have gone
        work(line, *given)


def clean_environment() -> None:
    """Forget all of the environment but where things are; write nothing by the way.

    Names that would tell a mechanism that it is on trial go too.
    """
    kept = {k: v for k, v in os.environ.items() if k in KEPT or k.startswith(OURS)}
    os.environ.clear()
    os.environ.update(kept)
    sys.dont_write_bytecode = True
    warnings.simplefilter("ignore")
    sys.unraisablehook = lambda _: None
    sys.argv = ["catallax"]
    current_process().name = "SpawnProcess-1"  # as in a run that workers do
    for name in [name for name in sys.modules if name.startswith("catallax.testing")]:
        del sys.modules[name]
    sys.stdout.flush()
    os.dup2(2, 1)


def domain_of_mechanism(source: str) -> Domain:
    """The first domain that knows a mechanism by its name, or for which a file defines one.

    A file is read in a process of its own. One that nobody can read is the production economy's,
    whose test says what is wrong with it.
    """
    spec = spec_of(source)
    if not spec.file:
        known = (d for d in domains().values() if spec.name in {*d.mechanisms, *d.oracles})
        return next(known, domain_named(PRODUCTION))
    child = start_process(_send_domain, source)
    try:
        name = child.line.recv() if child.line.poll(PATIENCE) else PRODUCTION
    except (EOFError, OSError):
        name = PRODUCTION
    finally:
        child.end()
    return domain_named(name if name in domains() else PRODUCTION)


def _send_domain(line: Connection, source: str) -> None:
    """Send the name of the domain for which the file defines a mechanism."""
    for known in domains().values():
        try:
            mechanism_named(source, known)
        except InputError:
            continue
        line.send(known.name)
        return
