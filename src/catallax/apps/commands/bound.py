"""`catallax bound`: how far mechanisms stay below what perfect foresight could have done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

from catallax.apps.common_options import MechanismsOption, SeedsOption, mechanisms_of
from catallax.apps.contract_options import DEFAULT_CONTRACT, ContractOptions, options_of
from catallax.apps.contracts import economy_contract, read_settings
from catallax.apps.execution import DEFAULT_JOBS, Execution, JobOptions, Session, check_execution
from catallax.apps.exit_codes import Reply
from catallax.apps.output import format_estimate, format_footnotes, format_json, format_table
from catallax.apps.values import SEEDS
from catallax.errors import InputError

if TYPE_CHECKING:
    from catallax.domains.production.experiments import Gaps
    from catallax.domains.production.run import Contract
    from catallax.protocol import Experiment

ECONOMY = "small:0"
MOST = 10_000  # link-weeks; minutes a plan beyond some 5,000
REFUSED = {"store": "a bound comes from plans with perfect foresight, and no run is kept"}
HEADS = ("", "efficiency", "Nash welfare", "bound", "gap, %")


def bound(
    *,
    mechanisms: MechanismsOption = None,
    seeds: SeedsOption = SEEDS,
    contract: ContractOptions = DEFAULT_CONTRACT,
    execution: JobOptions = DEFAULT_JOBS,
) -> Reply:
    """Compare mechanisms with perfect foresight on a small economy.

    It plays a calm run and a shortage, in which the flow of the economy's last
    endowment halves after a third of the weeks. The defaults are --economy
    small:0 and --weeks 40. Much larger economies take minutes.

    $ catallax bound --weeks 12 --seeds 2
    $ catallax bound --economy small:3 --weeks 12 --seeds 2 --mechanisms market --json
    """
    return Reply(run_bound(order_bound(mechanisms, seeds, contract, execution)))


def options(words: Sequence[str], own: Mapping[str, bool]) -> type[ContractOptions]:
    """An option for each setting of the contract, whatever the words are."""
    return options_of(experiment(), own)


def experiment() -> "Experiment":
    """Contracts on which mechanisms are held against their bound."""
    from catallax.domains.production.experiments.bound import MECHANISMS, shortage
    from catallax.domains.production.experiments.contracts import make_experiment

    return make_experiment("bound", "", MECHANISMS, shortage)


@final
@dataclass(frozen=True)
class BoundOrder:
    """What is to be compared, fully checked: without a shock and with it, in that order."""

    contracts: tuple["Contract", "Contract"]
    mechanisms: tuple[str, ...]
    seeds: tuple[int, ...]
    execution: Execution


def order_bound(
    mechanisms: Sequence[str] | None,
    seeds: tuple[int, ...],
    options: ContractOptions,
    asked: JobOptions,
) -> BoundOrder:
    """Check everything that the user asked for, and that the solver is there."""
    from catallax.domains.production.optimum.conic import clarabel

    execution = check_execution(asked, REFUSED)
    clarabel()
    known = experiment()
    chosen = mechanisms_of(mechanisms, known.mechanisms)
    contract = economy_contract(known, read_settings(options, known, {"economy": ECONOMY}))
    _check_size(contract)
    return BoundOrder((contract.calm(), contract), chosen, seeds, execution)


def _check_size(contract: "Contract") -> None:
    links, weeks = contract.economy.network.m, contract.weeks
    if links * weeks > MOST:
        raise InputError(
            f"bound: {contract.economy.name} has {links} links; times {weeks} weeks this makes "
            f"{links * weeks}, expected {MOST} at most; take a smaller economy, such as "
            f"{ECONOMY}, or fewer weeks"
        )


def run_bound(order: BoundOrder) -> str:
    """Compare and return what is to be printed: tables, or one JSON object."""
    steps = 2 * len(order.seeds) * (len(order.mechanisms) + 1)
    with order.execution.session(steps, sources=order.mechanisms) as session:
        results = [_find_gaps(order, contract, session) for contract in order.contracts]
    if order.execution.json:
        calm, shocked = (r.to_dict() for r in results)
        return format_json({"calm": calm, "shocked": shocked})
    return "\n\n".join(_format_gaps(r) for r in results)


def _find_gaps(order: BoundOrder, contract: "Contract", session: Session) -> "Gaps":
    from catallax.domains.production.experiments import bound_gap

    return bound_gap(
        contract,
        order.mechanisms,
        order.seeds,
        executor=session.sharing,
        progress=session.further(),
    )


def _format_gaps(gaps: "Gaps") -> str:
    """Mechanisms by efficiency, Nash welfare, bound and gap, as text."""
    from catallax.show.tables import Footnotes
    from catallax.show.words import label_mechanism

    notes, rows = Footnotes(), []
    for name in gaps.gaps:
        told = label_mechanism(name) + (" (oracle)" if name in gaps.oracles else "")
        found = [(gaps.summary(name, what), 1.0) for what in ("efficiency", "welfare", "bound")]
        cells = [*found, (gaps.summary(name, "gap"), 100.0)]
        rows.append([told, *(format_estimate(s, notes, factor) for s, factor in cells)])
    table, free = format_table(HEADS, rows), format_estimate(gaps.free_summary, notes)
    last = f"The bound leaves the stocks that the mechanism left; if none need be left: {free}"
    return "\n".join([_write_title(gaps), table, last, *format_footnotes(notes)])


def _write_title(gaps: "Gaps") -> str:
    from catallax.show.words import counted

    c = gaps.contract
    weeks, seeds = counted(c.weeks, "week"), counted(len(gaps.seeds), "seed")
    what = " ".join(s.describe(c.economy).sentence for s in c.shocks).rstrip(".") or "no shock"
    ends = "; ± 95 % interval" if len(gaps.seeds) > 1 else ""
    return f"{c.economy.name}: {what}; {weeks}, {seeds}, contract {c.hash}{ends}"
