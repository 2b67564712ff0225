"""`catallax bound`: how far mechanisms stay below what perfect foresight could have done."""

import json as jsonlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, final

from catallax.apps.contracts import economy_contract, settings
from catallax.apps.options import SEEDS, mechanisms_of, seeds_of
from catallax.apps.plugins import blaming
from catallax.apps.progress import Tell, interruptible, progress
from catallax.errors import InputError

if TYPE_CHECKING:
    from catallax.experiments import Gaps, Summary
    from catallax.report.tables import Footnotes
    from catallax.run import Contract

ECONOMY = "small:0"
MOST = 10_000  # link-weeks; minutes a plan beyond some 5,000
WIDTH = 100


@final
@dataclass(frozen=True)
class Job:
    """What is to be compared, fully checked: without a shock and with it, in that order."""

    contracts: tuple["Contract", "Contract"]
    mechanisms: tuple[str, ...]
    seeds: tuple[int, ...]


def job(
    mechanisms: Sequence[str] | None,
    seeds: str | None,
    file: str | None,
    given: Mapping[str, str | None],
) -> Job:
    """Check everything that the user asked for, and that the solver is there."""
    from catallax.experiments.bound import MECHANISMS, shortage
    from catallax.experiments.contracts import experiment_of
    from catallax.optimum.conic import clarabel

    clarabel()
    found = settings(None, {"economy": ECONOMY}) | settings(file, given)
    chosen = mechanisms_of(mechanisms, MECHANISMS)
    contract = economy_contract(experiment_of("bound", "", MECHANISMS, shortage), found)
    _check_size(contract)
    pair = (contract.calm(), contract)
    return Job(pair, chosen, seeds_of(SEEDS if seeds is None else seeds))


def _check_size(contract: "Contract") -> None:
    links, weeks = contract.economy.network.m, contract.weeks
    if links * weeks > MOST:
        raise InputError(
            f"bound: {contract.economy.name} has {links} links; times {weeks} weeks this makes "
            f"{links * weeks}, expected {MOST} at most; take a smaller economy, such as "
            f"{ECONOMY}, or fewer weeks"
        )


def run(order: Job, *, json: bool, quiet: bool) -> str:
    """Compare and return what is to be printed: tables, or one JSON object."""
    from catallax.experiments import bound_gap

    steps = len(order.seeds) * (len(order.mechanisms) + 1)
    results = []
    with (
        blaming(order.mechanisms),
        interruptible(),
        progress(2 * steps, quiet=quiet) as tell,
    ):
        for before, contract in zip((0, steps), order.contracts, strict=True):
            step = None if tell is None else _shifted(tell, before, 2 * steps)
            results.append(bound_gap(contract, order.mechanisms, order.seeds, progress=step))
    if json:
        calm, shocked = (r.to_dict() for r in results)
        return jsonlib.dumps({"calm": calm, "shocked": shocked}, indent=2, allow_nan=False)
    return "\n".join(_table(r) for r in results).rstrip("\n")


def _shifted(tell: Tell, before: int, total: int) -> Tell:
    """Tell of the second comparison's steps as of those after the first's."""
    return lambda done, _, what: tell(before + done, total, what)


def _table(gaps: "Gaps") -> str:
    """Mechanisms by efficiency, Nash welfare, bound and gap, as text."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from catallax.report.tables import Footnotes
    from catallax.report.words import label

    notes = Footnotes()
    table = Table(box=box.SIMPLE_HEAD, show_edge=False)
    table.add_column("")
    for head in ("efficiency", "Nash welfare", "bound", "gap, %"):
        table.add_column(head, justify="right")
    for name in gaps.gaps:
        cells = [_cell(gaps.summary(name, what), notes) for what in ("efficiency", "welfare")]
        cells.append(_cell(gaps.summary(name, "bound"), notes))
        cells.append(_cell(gaps.summary(name, "gap"), notes, 100.0))
        table.add_row(label(name) + (" (oracle)" if name in gaps.oracles else ""), *cells)
    out = StringIO()
    Console(file=out, width=WIDTH, highlight=False, markup=False).print(table)
    free = _cell(gaps.free_summary, notes)
    last = [f"The bound leaves the stocks that the mechanism left; if none need be left: {free}"]
    last += [f"[{k}] {reason}" for k, reason in enumerate(notes.reasons, start=1)]
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    return "\n".join([_title(gaps), *lines, *last, ""])


def _title(gaps: "Gaps") -> str:
    from catallax.report.words import counted

    c = gaps.contract
    weeks, seeds = counted(c.weeks, "week"), counted(len(gaps.seeds), "seed")
    what = " ".join(s.describe(c.economy).sentence for s in c.shocks).rstrip(".") or "no shock"
    ends = "; ± 95 % interval" if len(gaps.seeds) > 1 else ""
    return f"{c.economy.name}: {what}; {weeks}, {seeds}, contract {c.hash}{ends}"


def _cell(found: "Summary", notes: "Footnotes", factor: float = 1.0) -> str:
    """Mean and half-width of the interval; a dash and the number of the reason for none."""
    from catallax.report.words import NONE, decimals, fixed, number

    if found.mean is None:
        return f"{NONE} [{notes.mark(found.reason)}]"
    if found.ci95 is None:
        return number(factor * found.mean)
    mean, half = factor * found.mean, factor * (found.ci95[1] - found.ci95[0]) / 2
    d = decimals(mean, max(half, 1e-9))
    return f"{fixed(mean, d)} ± {fixed(half, d)}"
