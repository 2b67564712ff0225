"""Claims and their answers in words: lines of a table, and all that is behind a verdict."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import final

from catallax.show.words import NONE, counted, joined, number, percent, spread
from catallax.study.claims import Answer, AnswerRecord, Claim, PartVerdict, Registry
from catallax.study.tuning import spans

NOT_RUN = "not run yet"
HEADS = ("", "claim", "the essay’s figure", "ours", "central 80 %", "holds on", "verdict")


@final
@dataclass(frozen=True)
class Line:
    """A claim in the table: what is in its cells, in the order of `HEADS`."""

    id: str
    text: str
    figure: str
    ours: str
    central: str
    holds: str
    verdict: str

    @property
    def cells(self) -> tuple[str, ...]:
        """All of it."""
        return (
            self.id, self.text, self.figure, self.ours, self.central, self.holds, self.verdict,
        )  # fmt: skip


def line(claim: Claim, answer: Answer | None) -> Line:
    """The claim in the table; without an answer it was not run yet."""
    first = answer.findings[0] if answer and answer.findings else None
    verdict = NOT_RUN if answer is None else answer.verdict
    labels = ", ".join(claim.labels)
    return Line(
        claim.id,
        claim.text,
        claim.cited or NONE,
        estimated(first) if first else NONE,
        NONE if first is None or first.central is None else _ends(*first.central),
        NONE if first is None or first.estimate is None else percent(first.supports, 2),
        f"{verdict} ({labels})" if labels else verdict,
    )


def lines(registry: Registry, record: AnswerRecord, names: Sequence[str]) -> list[Line]:
    """The claims called `names` in the table."""
    return [line(registry.claims[n], record.answers.get(n)) for n in names]


def told(claim: Claim, answer: Answer | None) -> Iterator[str]:
    """All that is behind a verdict, a sentence or two each."""
    yield f"Looked at: {claim.looked_at}."
    if answer is None:
        yield f"Not run yet: --run {claim.id} runs it."
        return
    if answer.reason:
        yield f"Why: {answer.reason}."
    for k, finding in enumerate(answer.findings):
        yield f"{'Decides' if k == 0 else 'Beside it'}: {found(finding)}"
    if claim.value is not None and answer.findings:
        yield f"The essay’s figure as the number that decides: {number(claim.value)}."
    if len(answer.seeds) == 1:
        yield "One seed has no interval: no sign is sure."
    if claim.changes:
        yield f"What would change it: {claim.changes}."
    if answer.runs:
        yield source(answer)


def found(finding: PartVerdict) -> str:
    """A part in a sentence or two."""
    if finding.estimate is None:
        return f"{finding.title}: no number, {finding.reason}."
    parts = [f"{finding.title}: {estimated(finding)}"]
    if finding.central is not None:
        parts.append(f"central 80 % over map and seeds {_ends(*finding.central)}")
    parts.append(
        f"holds on {percent(finding.supports, 2)} of the map by prior weight, fails on "
        f"{percent(finding.against, 2)}"
    )
    border = f" Border: {'; '.join(finding.border)}." if finding.border else ""
    lost = sum(len(s.lost) for s in finding.spots)
    missing = f" {counted(lost, 'value')} missing, {_first(finding)}." if lost else ""
    return f"{'; '.join(parts)}: {finding.verdict}.{border}{missing}"


def source(answer: Answer) -> str:
    """Where an answer is from."""
    kept = answer.contracts
    shown = joined([*kept[:3], *([f"{len(kept) - 3} more"] if len(kept) > 3 else [])])
    contracts = f", contracts {shown}" if kept else ""
    versions = joined([f"{k} {v}" for k, v in answer.versions.items()])
    return (
        f"{counted(answer.runs, 'run')}, {answer.seconds:.0f} s, seeds {spans(answer.seeds)}"
        f"{contracts}; declared as {answer.declared}; made {answer.made} with {versions}."
    )


def estimated(finding: PartVerdict) -> str:
    """`0.012 (0.010 to 0.014)`, the mean alone without an interval, or a dash."""
    if finding.estimate is None:
        return NONE
    if finding.ci is None:
        return number(finding.estimate)
    mean, low, high = spread(finding.estimate, *finding.ci)
    return f"{mean} ({low} to {high})"


def _ends(low: float, high: float) -> str:
    return f"{number(low, 3)} to {number(high, 3)}"


def _first(finding: PartVerdict) -> str:
    return next(reason for s in finding.spots for reason in s.lost)
