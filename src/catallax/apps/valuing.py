"""`catallax worth`: what each kind of fact is worth, bit by bit."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, final

from catallax.apps.asked import Varied
from catallax.apps.hands import Hands, gathering, hands_of
from catallax.apps.options import mechanisms_of, place, seeds_of
from catallax.apps.varied import economy_of, grid, plain, start, where

if TYPE_CHECKING:
    from catallax.experiments.worth import Dot, Fact, Worth
    from catallax.run import Contract

MECHANISMS = ("market", "ai_planner")
SEEDS = "8"
KNOBS = ("resolution",)
ALONE = (
    "worth varies the laws of messages, kind of fact by kind of fact, which the production economy "
    "alone has"
)


@final
@dataclass(frozen=True)
class Job:
    """What is to be valued, fully checked. picture : where the chart goes; None for none."""

    contract: "Contract"
    mechanisms: tuple[str, ...]
    seeds: tuple[int, ...]
    knobs: tuple[str, ...]
    measure: str
    picture: Path | None
    hands: Hands


def job(
    mechanisms: Sequence[str] | None,
    seeds: str | None,
    laws: Sequence[str] | None,
    out: str | None,
    asked: Varied,
    experiment: str | None = None,
) -> Job:
    """Check everything that the user asked for.

    experiment : of the economy, whose contract is varied; None for any contract
    """
    from catallax.experiments.worth.worth import tried_of

    knobs = KNOBS if laws is None else tuple(w.strip() for t in laws for w in t.split(","))
    tried_of(knobs)
    begun = start(asked, experiment)
    contract = economy_of(begun, ALONE)
    judged = begun.judged_by(asked.measure)
    chosen = mechanisms_of(mechanisms, MECHANISMS)
    picture = None if out is None else place(out, "worth.svg")
    number = seeds_of(SEEDS if seeds is None else seeds)
    hands = hands_of(asked.workers, asked.kept)
    return Job(contract, chosen, number, knobs, judged, picture, hands)


def run(order: Job, *, json: bool, quiet: bool) -> str:
    """Value and return what is to be printed: tables, or one JSON object."""
    from catallax.experiments.worth import sent, worth
    from catallax.report.files import write_whole
    from catallax.report.knowledge import knowledge_picture

    with gathering(order.hands, order.mechanisms, quiet=quiet) as gather:
        found = worth(
            order.contract, order.mechanisms, order.seeds, gather, sent,
            knobs=order.knobs, measure=order.measure,
        )  # fmt: skip
    if order.picture is not None:
        write_whole(order.picture, knowledge_picture(found))
    if json:
        return plain(found.to_dict())
    tables = [text for m in found.facts for text in _tables(found, m)]
    last = where(found.contract, found.seeds, found.runs, found.seconds)
    drawn = [] if order.picture is None else [f"chart: {order.picture}"]
    return "\n\n".join([*tables, "\n".join([last, *drawn])])


def _tables(found: "Worth", mechanism: str) -> list[str]:
    """The ranking of one mechanism's kinds of fact, and what each law of them does."""
    from catallax.report.knowledge import IDLE, change, per
    from catallax.report.words import label, number

    facts = found.ranked(mechanism)
    level = number(found.level[mechanism])
    title = f"{label(mechanism)}: {found.measure} {level}; kinds of fact by what a bit is worth"
    heads = ["", "numbers a week", "bits a week", "lost if silent, points", "a 1,000 bits a week"]
    rows = [
        [f.kind, number(f.scalars), number(f.own_bits),
         change(f.value, f.silence.half), per(f)]
        for f in facts
    ]  # fmt: skip
    laws = [_law(facts, knob) for knob in facts[0].dots]
    return [
        f"{title}\n{grid(heads, rows)}",
        *laws,
        *([IDLE] if any(f.unused for f in facts) else []),
    ]


def _law(facts: Sequence["Fact"], knob: str) -> str:
    values = sorted({dot.value for fact in facts for dot in fact.dots.get(knob, ())}, key=float)
    own = ", ".join(sorted({f"{f.own[knob]:g}" for f in facts}))
    heads = ["", *(f"{v:g}" for v in values)]
    rows = [[f.kind, *(_cell(f.dots.get(knob, ()), v) for v in values)] for f in facts]
    return f"change in points where {knob} is not {own} but\n{grid(heads, rows)}"


def _cell(dots: Sequence["Dot"], value: object) -> str:
    from catallax.report.knowledge import change

    there = [dot.change for dot in dots if dot.value == value]
    return change(there[0].mean, there[0].half) if there else ""
