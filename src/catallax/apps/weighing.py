"""`catallax sensitivity`: which axes a result hangs on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

from catallax.apps.asked import Varied
from catallax.apps.hands import Hands, gathering, hands_of
from catallax.apps.options import mechanisms_of, parsed, seeds_of
from catallax.apps.varied import Start, grid, plain, start, where
from catallax.errors import InputError

if TYPE_CHECKING:
    from catallax.experiments.sensitivity import Index, Method, Range, Sensitivity

SEEDS = "4"
AXES = ("delay", "noise", "tacit", "drift")
SAMPLES = {"sobol": "32", "morris": "8"}
MEANING = {
    "sobol": "S1: share of the variance that is due to the axis alone; ST: with its interactions.",
    "morris": "mu*: mean size of the change as the axis goes from end to end; mu: with its sign; "
    "sigma: its s.d. over where the other axes stand.",
}


@final
@dataclass(frozen=True)
class Job:
    """What is to be weighed, fully checked."""

    start: Start
    mechanisms: tuple[str, ...]
    ranges: tuple["Range", ...]
    seeds: tuple[int, ...]
    method: "Method"
    measure: str
    hands: Hands


def job(
    mechanisms: Sequence[str],
    axes: Sequence[str] | None,
    seeds: str | None,
    method: str,
    samples: str | None,
    asked: Varied,
) -> Job:
    """Check everything that the user asked for, and that the library is there."""
    from catallax.experiments.sensitivity import method_named, range_of
    from catallax.experiments.sweep.paired import check_graded

    chosen = mechanisms_of(mechanisms, ())
    if len(chosen) > 2:
        raise InputError(f"sensitivity: {len(chosen)} mechanisms are named; give one or two")
    texts = AXES if axes is None else [w.strip() for t in axes for w in t.split(",")]
    ranges = tuple(range_of(t) for t in texts)
    if len({r.name for r in ranges}) < len(ranges) or len(ranges) < 2:
        raise InputError("--axes: give at least two axes, each once")
    check_graded(asked.measure)
    count = int(parsed("--samples", samples or SAMPLES.get(method, "8"), int))
    begun = start(asked)
    for r in ranges:
        begun.base(chosen).at({r.name: r.value(0.0)})
        begun.base(chosen).at({r.name: r.value(1.0)})
    way = method_named(method, count, 1)
    number = seeds_of(SEEDS if seeds is None else seeds)
    hands = hands_of(asked.workers, asked.kept)
    return Job(begun, chosen, ranges, number, way, asked.measure, hands)


def run(order: Job, *, json: bool, quiet: bool) -> str:
    """Weigh and return what is to be printed: a table, or one JSON object."""
    from catallax.experiments.sensitivity import sensitivity

    with gathering(order.hands, order.mechanisms, quiet=quiet) as gather:
        found = sensitivity(
            order.start.base(order.mechanisms), order.ranges, order.seeds, gather, order.method,
            measure=order.measure,
        )  # fmt: skip
    if json:
        contract = order.start.contract
        head = {"contract": contract.to_dict(), "contract_hash": contract.hash}
        return plain({**head, **found.to_dict()})
    last = where(order.start.contract, found.seeds, found.runs, found.seconds)
    return f"{_table(found)}\n{last}"


def _table(found: "Sensitivity") -> str:
    from catallax.report.words import counted, label, number

    what = " less ".join(label(m) for m in found.what)
    mean, sd = number(float(found.answers.mean())), number(float(found.answers.std()), 3)
    title = f"{found.measure} of {what}: mean {mean}, s.d. {sd} over the axes' ranges"
    if not found.indices:
        return f"{title}\nNo axis matters: {found.reason}."
    names = list(next(iter(found.indices.values())))
    order = sorted(found.ranges, key=lambda r: -(found.indices[r.name][names[-1]].value or 0.0))
    if "mu*" in names:
        order = sorted(found.ranges, key=lambda r: -(found.indices[r.name]["mu*"].value or 0.0))
    rows = [
        [r.name, f"{r.low:g} to {r.high:g}", *(_cell(found.indices[r.name][n]) for n in names)]
        for r in order
    ]
    grief = (
        f"\n{counted(found.failed, 'run')} without a {found.measure} counted as 0."
        if found.failed
        else ""
    )
    return f"{title}\n{grid(['', 'range', *names], rows)}\n{MEANING[found.method]}{grief}"


def _cell(index: "Index") -> str:
    from catallax.report.words import NONE, fixed

    if index.value is None:
        return NONE
    return fixed(index.value, 3) + ("" if index.half is None else f" ± {fixed(index.half, 3)}")
