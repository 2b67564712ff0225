"""A label that stands for a planner under every delegation: the best, chosen on other seeds.

Whoever reports the highest of several means reports luck with it. So the variant is chosen in
every cell by its mean on other seeds than those on which it is then held against the others.
"""

from collections.abc import Sequence
from itertools import count

from catallax.errors import InputError
from catallax.protocol import PRODUCTION, domain_named
from catallax.protocol.mechanism_names import every_mechanism, spec_of
from catallax.study.frontier.results import RunScheduler
from catallax.study.sweep import Base, Cell
from catallax.study.tuning import overlap

BEST = "best"
CHOICE = 4  # seeds on which is chosen


def members(label: str, domain: str = PRODUCTION) -> tuple[str, ...]:
    """What a label stands for: `ai_planner:best` for the planner under every delegation, or itself.

    Settings given behind it hold for all: `ai_planner:best:interval=4`. Raises InputError where
    there is nothing to choose from.
    """
    spec = spec_of(label)
    if BEST not in spec.variants:
        return (label,)
    rest = "".join(f":{key}={value}" for key, value in spec.given)
    variants = domain_named(domain).variants.get(spec.name, {})
    words = [w for w, given in variants.items() if "delegation" in given]
    names = [spec.name, *(f"{spec.name}:{word}" for word in words)]
    found = [m for m in every_mechanism(domain) if m in names and words]
    if len(found) < 2 or len(spec.variants) > 1:
        raise InputError(
            f"{label}: {spec.name} has {len(found)} delegations to choose from; expected a planner "
            f"with several, such as ai_planner:best, with no variant named beside"
        )
    return tuple(f"{m}{rest}" for m in found)


def choice_seeds(seeds: Sequence[int]) -> tuple[int, ...]:
    """The first whole numbers after the seeds that are reported, none of them a training seed."""
    after = (s for s in count(max(seeds) + 1) if not overlap([s]))
    return tuple(s for s, _ in zip(after, range(CHOICE), strict=False))


def all_members(base: Base) -> Base:
    """The base with every variant in place of its label."""
    names = dict.fromkeys(m for label in base.mechanisms for m in members(label, base.domain))
    return Base(base.experiment, base.settings, tuple(names))


def choose_members(
    cells: Sequence[Cell], labels: Sequence[str], seeds: Sequence[int], scheduler: RunScheduler
) -> list[Cell]:
    """The cells of `all_members` with one mechanism a label: the best on these seeds."""
    groups = {label: members(label, cells[0].contract.domain) for label in labels}
    many = {m for group in groups.values() if len(group) > 1 for m in group}
    if many:
        parts = [Cell(c.point, c.contract, {m: c.mechanisms[m] for m in c.mechanisms if m in many})
                 for c in cells]  # fmt: skip
        scheduler.ask([(part, tuple(seeds)) for part in parts])
    return [
        Cell(c.point, c.contract, {label: c.mechanisms[_choose_best(c, group, seeds, scheduler)]
                                   for label, group in groups.items()})
        for c in cells
    ]  # fmt: skip


def _choose_best(
    cell: Cell, group: Sequence[str], seeds: Sequence[int], scheduler: RunScheduler
) -> str:
    if len(group) == 1:
        return group[0]
    few = Cell(cell.point, cell.contract, {m: cell.mechanisms[m] for m in group})
    result = scheduler.result(few, seeds)
    return result.leader if result.seeds else group[0]
