"""`catallax run` and `catallax compare`: from options to tables and a report."""

import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, final

from catallax.apps.asked import Asked
from catallax.apps.contracts import Setting, contract_of, settings
from catallax.apps.options import (
    SEEDS,
    mechanisms_of,
    place,
    seeds_of,
    seeds_text,
    shown,
    workers_of,
)
from catallax.apps.plugins import blaming
from catallax.apps.progress import interruptible, progress
from catallax.apps.settings import option_keys
from catallax.errors import InputError

if TYPE_CHECKING:
    from catallax.experiments import Comparison
    from catallax.protocol import AbstractContract

WIDTH = 120  # columns of a table that goes into a file


@final
@dataclass(frozen=True)
class Job:
    """What is to be run, fully checked.

    command : the command line that reproduces it
    report  : where the report goes; None for none
    workers : processes; 0 for this one, None for one a CPU
    """

    name: str
    title: str
    contract: "AbstractContract"
    mechanisms: tuple[str, ...]
    seeds: tuple[int, ...]
    command: str
    report: Path | None
    workers: int | None

    def __str__(self) -> str:
        c, count = self.contract, len(self.seeds)
        first, last = self.seeds[0], self.seeds[-1]
        seeds = f"{count} seeds ({first} to {last})" if count > 1 else f"seed {first}"
        return (
            f"{self.name}: {self.title}\n{c.place}, {c.weeks} weeks, {seeds}, "
            f"contract {c.hash}: {', '.join(self.mechanisms)}"
        )


def job(name: str | None, asked: Asked) -> Job:
    """The experiment called `name`, a comparison under any contract for None, fully checked.

    The report's folder is made last. Raises InputError for whatever is wrong with what was asked.
    """
    from catallax.experiments import FREE
    from catallax.protocol import domain_named, experiment_named

    known, verb = (FREE, ["compare"]) if name is None else (experiment_named(name), ["run", name])
    setting = settings(asked.contract, asked.given, asked.set_ or (), known)
    chosen = mechanisms_of(asked.mechanisms, known.mechanisms, known.domain)
    seeds = seeds_of(SEEDS if asked.seeds is None else asked.seeds)
    workers, contract = workers_of(asked.workers), contract_of(known, setting)
    options = {
        "mechanisms": None if asked.mechanisms is None else ",".join(chosen),
        "seeds": None if asked.seeds is None else seeds_text(seeds),
    }
    folder = asked.folder if domain_named(known.domain).paged else None
    report = None if folder is None else place(folder, f"{known.name}.html")
    command = _command(verb, options, setting)
    return Job(known.name, contract.title, contract, chosen, seeds, command, report, workers)


def _command(
    verb: Sequence[str], chosen: Mapping[str, str | None], setting: Mapping[str, Setting]
) -> str:
    """The command that does the same without a contract file."""
    words = {k: v for k, v in chosen.items() if v is not None}
    values = {key: shown(s.value) for key, s in setting.items()}
    own = list(option_keys().values())
    words |= {key: values[key] for key in own if key in values}
    options = [word for key, value in words.items() for word in (f"--{key}", value)]
    rest = (f"{key}={value}" for key, value in values.items() if key not in own)
    options += [word for text in rest for word in ("--set", text)]
    return shlex.join(["catallax", *verb, *options])


def run(order: Job, *, json: bool, quiet: bool) -> str:
    """Run it and write the report; return what is left to print: JSON, or the report's place."""
    from catallax.report import to_json

    _warn(order.seeds, order.contract.domain)
    comparison = _compared(order, quiet=quiet)
    if not json:
        _show(comparison)
    _write(order, comparison)
    if json:
        return to_json(comparison).rstrip("\n")
    return "" if order.report is None else f"Report: {order.report}"


def _warn(seeds: Sequence[int], domain: str) -> None:
    """Say which of the seeds are no test of mechanisms that were tuned on them."""
    from catallax.experiments.tuning import overlap, spans

    known = overlap(seeds, domain)
    if known:
        print(
            f"catallax: warning: training seeds ({spans(known)}): mechanisms were tuned on them; "
            f"give others, such as --seeds {SEEDS}, for results that are to be reported",
            file=sys.stderr,
        )


def _compared(order: Job, *, quiet: bool) -> "Comparison":
    from catallax.experiments import compare
    from catallax.protocol import domain_of

    if not quiet:
        print(order, flush=True)
    all_runs = len(order.mechanisms) * len(order.seeds)
    domain = domain_of(order.contract)
    files = [domain.file] if domain.file else []
    with (
        blaming((*order.mechanisms, *files)),
        interruptible(),
        progress(all_runs, quiet=quiet, loops=domain.loops) as tell,
    ):
        return compare(
            order.name,
            order.contract,
            order.mechanisms,
            order.seeds,
            workers=order.workers,
            progress=tell,
        )


def _show(comparison: "Comparison") -> None:
    """The tables, as wide as the terminal; in a file they have the width that they need."""
    from rich.console import Console

    from catallax.report import differences_table, terminal_table

    wide = None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDTH
    console = Console(width=wide, highlight=False)
    console.print(terminal_table(comparison), markup=False)
    if comparison.others:
        console.print()
        console.print(differences_table(comparison), markup=False)


def _write(order: Job, comparison: "Comparison") -> None:
    """Write the report; `write_report` leaves it whole or not there."""
    from catallax.report import write_report

    if order.report is None:
        return
    try:
        write_report(comparison, order.report, command=order.command)
    except OSError as e:
        raise InputError(f"{order.report}: cannot be written ({e.strerror}); make room") from e
