"""What was compared and how it ended, in plain words from contract and runs alone."""

from pathlib import PurePath

from catallax.experiments import EXPERIMENTS, FREE, Comparison, mechanism_named, question
from catallax.protocol.specs import spec_of
from catallax.report.charts import event, order, titled
from catallax.report.words import counted, joined, label, opened
from catallax.run import Oracle

YEAR = 52


def title(comparison: Comparison) -> str:
    """What the experiment asks, what a free comparison sets side by side, or the name."""
    if comparison.name in EXPERIMENTS:
        return opened(question(comparison.contract))
    if comparison.name != FREE.name:
        return opened(comparison.name)
    return f"{opened(joined([label(m) for m in order(comparison)]))} under one contract"


def subtitle(comparison: Comparison) -> str:
    """What was run, in a line."""
    contract = comparison.contract
    seeds = counted(len(comparison.seeds), "seed")
    return (
        f"{_kind(comparison)} · economy {contract.economy.name} · "
        f"{counted(contract.weeks, 'week')} · {seeds} · contract {contract.hash}"
    )


def _kind(comparison: Comparison) -> str:
    return "Comparison" if comparison.name == FREE.name else f"Experiment {comparison.name}"


def setting(comparison: Comparison) -> str:
    """Who runs what."""
    contract, net = comparison.contract, comparison.contract.economy.network
    sizes = [
        counted(part.stop - part.start, thing)
        for part, thing in (
            (net.endowments, "resource"),
            (net.plants, "plant"),
            (net.households, "final user"),
        )
    ]
    twice = f", once with the {event(comparison)} and once without" if contract.shocks else ""
    return (
        f"The economy {contract.economy.name} has {joined(sizes)}, joined by {net.m:,} links. "
        f"{opened(joined([titled(comparison, m) for m in order(comparison)]))} each run it for "
        f"{_length(contract.weeks)}, with the same private knowledge, the same lines and the same "
        f"chances{twice}."
    )


def described(mechanism: str) -> str:
    """A mechanism in a line, from its own documentation; user's files are not opened."""
    spec = spec_of(mechanism)
    if spec.file:
        return f"defined outside the package, in {PurePath(spec.name).name}"
    built = mechanism_named(mechanism)
    made = built if isinstance(built, Oracle) else built.centre or built.agents
    return (type(made).__doc__ or "").strip().split("\n")[0].rstrip(".")


def stopped(comparison: Comparison) -> list[str]:
    """Every way in which runs did not reach their end, with the seeds."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for m, outcomes in comparison.outcomes.items():
        for o in outcomes:
            for kind, ending in (
                ("", o.trace.ending),
                (f", without the {event(comparison)}", o.trace.twin),
            ):
                if not ending.completed:
                    why = f"{ending.reason} ({ending.means})"
                    found.setdefault((label(m), kind, why), []).append(str(o.seed))
    return [f"{m}{kind}, seed {joined(s)}: {why}" for (m, kind, why), s in found.items()]


def _length(weeks: int) -> str:
    years = f" ({counted(weeks // YEAR, 'year')})" if weeks % YEAR == 0 else ""
    return f"{counted(weeks, 'week')}{years}"
