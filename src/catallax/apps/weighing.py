"""`catallax sensitivity`: which axes a result hangs on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

from catallax.apps.asked import Varied
from catallax.apps.hands import Hands, gathering, hands_of
from catallax.apps.options import mechanisms_of, parsed, seeds_of
from catallax.apps.varied import Start, grid, grief, plain, start, where
from catallax.errors import InputError

if TYPE_CHECKING:
    from catallax.experiments.sensitivity import Index, Method, Sensitivity
    from catallax.protocol import Domain, NumberRange

SEEDS = "4"
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
    ranges: Mapping[str, "NumberRange"]
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
    experiment: str | None = None,
) -> Job:
    """Check everything that the user asked for, and that the library is there.

    mechanisms : one or two, or none for the first two of the experiment that can be ranked
    axes       : None for those that the domain says
    experiment : whose contract is varied, of any domain; None for any contract of the economy
    """
    from catallax.experiments.sensitivity import method_named, ranges_of, usual_ranges

    begun = start(asked, experiment)
    chosen = mechanisms_of(mechanisms, (), begun.domain.name) if mechanisms else begun.rivals[:2]
    if len(chosen) > 2:
        raise InputError(f"sensitivity: {len(chosen)} mechanisms are named; give one or two")
    if axes is None:
        ranges = usual_ranges(begun.experiment)
    else:
        words = [w.strip() for t in axes for w in t.split(",")]
        ranges = ranges_of(words, begun.experiment)
    if len(ranges) < 2:
        raise InputError("--axes: give at least two axes, such as NAME=LOW..HIGH,NAME=LOW..HIGH")
    judged = begun.judged_by(asked.measure)
    count = int(parsed("--samples", samples or SAMPLES.get(method, "8"), int))
    for name, numbers in ranges.items():
        begun.base(chosen).at({name: numbers.value(0.0)})
        begun.base(chosen).at({name: numbers.value(1.0)})
    way = method_named(method, count, 1)
    number = seeds_of(SEEDS if seeds is None else seeds)
    hands = hands_of(asked.workers, asked.kept)
    return Job(begun, chosen, ranges, number, way, judged, hands)


def run(order: Job, *, json: bool, quiet: bool) -> str:
    """Weigh and return what is to be printed: a table, or one JSON object."""
    from catallax.experiments.sensitivity import sensitivity

    blamed, loops = order.start.behind(order.mechanisms), order.start.domain.loops
    with gathering(order.hands, blamed, quiet=quiet, loops=loops) as gather:
        found = sensitivity(
            order.start.base(order.mechanisms), order.ranges, order.seeds, gather, order.method,
            measure=order.measure,
        )  # fmt: skip
    if json:
        contract = order.start.contract
        head = {"contract": contract.to_dict(), "contract_hash": contract.hash}
        return plain({**head, **found.to_dict()})
    last = where(order.start.contract, found.seeds, found.runs, found.seconds)
    return f"{_table(found, order.start.domain)}\n{last}"


def _table(found: "Sensitivity", domain: "Domain") -> str:
    from catallax.report.words import label, number

    what = " less ".join(label(m) for m in found.what)
    mean, sd = number(float(found.answers.mean())), number(float(found.answers.std()), 3)
    title = f"{found.measure} of {what}: mean {mean}, s.d. {sd} over the axes' ranges"
    if not found.indices:
        return f"{title}\nNo axis matters: {found.reason}."
    names = list(next(iter(found.indices.values())))
    ranked = "mu*" if "mu*" in names else names[-1]
    order = sorted(found.ranges, key=lambda name: -(found.indices[name][ranked].value or 0.0))
    rows = [[name, *_row(found, name, names)] for name in order]
    lost = grief(found.measure, domain, found.failed)
    table = grid(["", "range", *names], rows)
    return "\n".join([title, table, MEANING[found.method], *([f"{lost}."] if lost else [])])


def _row(found: "Sensitivity", axis: str, names: Sequence[str]) -> list[str]:
    """An axis's range and its indices."""
    numbers = found.ranges[axis]
    cells = [_cell(found.indices[axis][n]) for n in names]
    return [f"{numbers.low:g} to {numbers.high:g}", *cells]


def _cell(index: "Index") -> str:
    from catallax.report.words import NONE, fixed

    if index.value is None:
        return NONE
    return fixed(index.value, 3) + ("" if index.half is None else f" ± {fixed(index.half, 3)}")
