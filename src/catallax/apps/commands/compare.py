"""`catallax compare`: mechanisms under one contract, from options to tables and a report."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, final

from catallax.apps.common_options import (
    ExperimentOption,
    MechanismsOption,
    OutOption,
    SeedsOption,
    mechanisms_of,
)
from catallax.apps.contract_options import DEFAULT_CONTRACT, ContractOptions
from catallax.apps.contracts import command_line, contract_of, read_settings
from catallax.apps.execution import DEFAULT_EXECUTION, Execution, ExecutionOptions, check_execution
from catallax.apps.exit_codes import DONE, FAILED, Reply
from catallax.apps.output import prepare_file, report_write_errors
from catallax.apps.progress import print_note
from catallax.apps.values import SEEDS, seeds_text

if TYPE_CHECKING:
    from catallax.protocol import AbstractContract, Experiment
    from catallax.study import Comparison

WIDTH = 120  # columns of a table that goes into a file
HERE = Path()


def compare(
    *,
    experiment: ExperimentOption = None,
    mechanisms: MechanismsOption = None,
    seeds: SeedsOption = SEEDS,
    out: OutOption = None,
    contract: ContractOptions = DEFAULT_CONTRACT,
    execution: ExecutionOptions = DEFAULT_EXECUTION,
) -> Reply:
    """Compare mechanisms under any contract: any economy, any shock or none.

    $ catallax compare --economy small:0 --mechanisms market,ai_planner --seeds 2
    $ catallax compare --economy small:0 --weeks 60 --shock.resource ore --seeds 2 --store runs
    """
    from catallax.domains.production.experiments import FREE as ANY
    from catallax.protocol import experiment_named

    known = ANY if experiment is None else experiment_named(experiment)
    named = [] if experiment is None else ["--experiment", experiment]
    order = order_comparison(
        known, ["compare", *named], mechanisms, seeds, out, contract, execution
    )
    return run_comparison(order)


@final
@dataclass(frozen=True)
class ComparisonOrder:
    """What is to be run, fully checked.

    command : the command line that reproduces it
    report  : where the report goes; None for none
    """

    name: str
    contract: "AbstractContract"
    mechanisms: tuple[str, ...]
    seeds: tuple[int, ...]
    command: str
    report: Path | None
    execution: Execution

    def __str__(self) -> str:
        c, count = self.contract, len(self.seeds)
        first, last = self.seeds[0], self.seeds[-1]
        seeds = f"{count} seeds ({first} to {last})" if count > 1 else f"seed {first}"
        return (
            f"{self.name}: {c.title}\n{c.place}, {c.weeks} weeks, {seeds}, "
            f"contract {c.hash}: {', '.join(self.mechanisms)}"
        )


def order_comparison(
    experiment: "Experiment",
    words: Sequence[str],
    mechanisms: Sequence[str] | None,
    seeds: tuple[int, ...],
    out: Path | None,
    options: ContractOptions,
    asked: ExecutionOptions,
) -> ComparisonOrder:
    """A comparison of an experiment's mechanisms, fully checked.

    words : of the command that names the experiment

    The report's folder is made last. Raises InputError for whatever is wrong with what was asked.
    """
    execution, given = check_execution(asked), read_settings(options, experiment)
    chosen = mechanisms_of(mechanisms, experiment.mechanisms, experiment.domain)
    contract = contract_of(experiment, given)
    own = {
        "mechanisms": None if mechanisms is None else ",".join(chosen),
        "seeds": None if seeds == SEEDS else seeds_text(seeds),
        **execution.words,
    }
    folder = HERE if out is None and not asked.json else out
    report = None if folder is None else prepare_file(folder, f"{experiment.name}.html")
    command = command_line(words, own, given, options)
    return ComparisonOrder(experiment.name, contract, chosen, seeds, command, report, execution)


def run_comparison(order: ComparisonOrder) -> Reply:
    """Run it and write the report; what is left to print is JSON, or the report's place.

    A mechanism of which no run came to its end is told, and the command has failed.
    """
    from catallax.show import to_json

    _warn_of_training_seeds(order.seeds, order.contract.domain)
    comparison = _compare(order)
    if not order.execution.json:
        _print_tables(comparison)
    _write_page(order, comparison)
    for name, why in comparison.lost.items():
        print_note(f"catallax: {name}: none of its runs came to its end: {why}")
    where = "" if order.report is None else f"Report: {order.report}"
    text = to_json(comparison).rstrip("\n") if order.execution.json else where
    return Reply(text, FAILED if comparison.lost else DONE)


def _warn_of_training_seeds(seeds: Sequence[int], domain: str) -> None:
    """Say which of the seeds are no test of mechanisms that were tuned on them."""
    from catallax.study.tuning import overlap, spans

    known = overlap(seeds, domain)
    if known:
        print_note(
            f"catallax: warning: training seeds ({spans(known)}): mechanisms were tuned on them; "
            f"give others, such as --seeds {seeds_text(SEEDS)}, for results that are to be reported"
        )


def _compare(order: ComparisonOrder) -> "Comparison":
    from catallax.protocol import domain_of
    from catallax.study import compare

    domain, execution = domain_of(order.contract), order.execution
    sources = (*order.mechanisms, *([domain.file] if domain.file else []))
    total = len(order.mechanisms) * len(order.seeds)
    execution.announce(order)
    with execution.session(total, sources=sources, loops=domain.loops) as session:
        return compare(
            order.name,
            order.contract,
            order.mechanisms,
            order.seeds,
            workers=execution.workers,
            executor=session.cluster,
            store=execution.store,
            progress=session.progress,
        )


def _print_tables(comparison: "Comparison") -> None:
    """The tables, as wide as the terminal; in a file they have the width that they need."""
    from rich.console import Console

    from catallax.show import differences_table, terminal_table

    wide = None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDTH
    console = Console(width=wide, highlight=False)
    console.print(terminal_table(comparison), markup=False)
    if comparison.others:
        console.print()
        console.print(differences_table(comparison), markup=False)


def _write_page(order: ComparisonOrder, comparison: "Comparison") -> None:
    """Write the report; `write_report` leaves it whole or not there."""
    from catallax.show import write_report

    if order.report is not None:
        with report_write_errors(order.report):
            write_report(comparison, order.report, command=order.command)
