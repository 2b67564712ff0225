"""Claims and their answers: rows of a table, what is behind a verdict, and the page of all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import final

from catallax.show.markup import (
    Grid,
    Raw,
    Section,
    build_document,
    bullets,
    code,
    details,
    paragraph,
    table,
    tag,
    write_whole,
)
from catallax.show.words import NONE, counted, joined, number, opened, percent, round_to_interval
from catallax.study.claims import (
    UNVERIFIED,
    Answer,
    AnswerRecord,
    Claim,
    PartVerdict,
    Registry,
    Spot,
)
from catallax.study.tuning import spans

NOT_RUN = "not run yet"
FROM_BEFORE = "Answered under defaults that have changed since"
HEADS = ("", "claim", "the essay’s figure", "ours", "central 80 %", "holds on", "verdict")


@final
@dataclass(frozen=True)
class ClaimRow:
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


def make_claim_row(claim: Claim, answer: Answer | None) -> ClaimRow:
    """The claim in the table; without an answer it was not run yet."""
    first = answer.findings[0] if answer and answer.findings else None
    verdict = NOT_RUN if answer is None else answer.verdict
    labels = ", ".join(claim.labels)
    return ClaimRow(
        claim.id,
        claim.text,
        claim.cited or NONE,
        format_finding(first) if first else NONE,
        NONE if first is None or first.central is None else _format_range(*first.central),
        NONE if first is None or first.estimate is None else percent(first.supports, 2),
        f"{verdict} ({labels})" if labels else verdict,
    )


def make_claim_rows(
    registry: Registry, record: AnswerRecord, names: Sequence[str]
) -> list[ClaimRow]:
    """The claims called `names` in the table."""
    return [make_claim_row(registry.claims[n], record.answers.get(n)) for n in names]


def explain_verdict(claim: Claim, answer: Answer | None) -> Iterator[str]:
    """All that is behind a verdict, a sentence or two each."""
    yield f"Looked at: {claim.looked_at}."
    if answer is None:
        yield f"Not run yet: --run {claim.id} runs it."
        return
    if answer.reason:
        yield f"Why: {answer.reason}."
    for k, finding in enumerate(answer.findings):
        yield f"{'Decides' if k == 0 else 'Beside it'}: {describe_finding(finding)}"
    if claim.value is not None and answer.findings:
        yield f"The essay’s figure as the number that decides: {number(claim.value)}."
    if len(answer.seeds) == 1:
        yield "One seed has no interval: no sign is sure."
    if claim.changes:
        yield f"What would change it: {claim.changes}."
    if answer.runs:
        yield describe_source(answer)


def describe_finding(finding: PartVerdict) -> str:
    """A part in a sentence or two."""
    if finding.estimate is None:
        return f"{finding.title}: no number, {finding.reason}."
    parts = [f"{finding.title}: {format_finding(finding)}"]
    if finding.central is not None:
        parts.append(f"central 80 % over map and seeds {_format_range(*finding.central)}")
    parts.append(
        f"holds on {percent(finding.supports, 2)} of the map by prior weight, fails on "
        f"{percent(finding.against, 2)}"
    )
    border = f" Border: {'; '.join(finding.border)}." if finding.border else ""
    lost = sum(len(s.lost) for s in finding.spots)
    missing = f" {counted(lost, 'value')} missing, {_find_first_loss(finding)}." if lost else ""
    return f"{'; '.join(parts)}: {finding.verdict}.{border}{missing}"


def describe_source(answer: Answer) -> str:
    """Where an answer is from."""
    kept = answer.contracts
    shown = joined([*kept[:3], *([f"{len(kept) - 3} more"] if len(kept) > 3 else [])])
    contracts = f", contracts {shown}" if kept else ""
    versions = joined([f"{k} {v}" for k, v in answer.versions.items()])
    return (
        f"{counted(answer.runs, 'run')}, {answer.seconds:.0f} s, seeds {spans(answer.seeds)}"
        f"{contracts}; declared as {answer.declared}; made {answer.made} with {versions}."
    )


def format_finding(finding: PartVerdict) -> str:
    """`0.012 (0.010 to 0.014)`, the mean alone without an interval, or a dash."""
    if finding.estimate is None:
        return NONE
    if finding.ci is None:
        return number(finding.estimate)
    mean, low, high = round_to_interval(finding.estimate, *finding.ci)
    return f"{mean} ({low} to {high})"


def _format_range(low: float, high: float) -> str:
    return f"{number(low, 3)} to {number(high, 3)}"


def _find_first_loss(finding: PartVerdict) -> str:
    return next(reason for s in finding.spots for reason in s.lost)


HOLDS = {1: "yes", 0: "undecided", -1: "no"}


def write_claims(
    registry: Registry, record: AnswerRecord, names: Sequence[str], path: Path, *, command: str
) -> None:
    """Write the page of the claims called `names` to `path`, whole or not at all."""
    write_whole(path, build_claims_page(registry, record, names, command=command))


def build_claims_page(
    registry: Registry, record: AnswerRecord, names: Sequence[str], *, command: str
) -> str:
    """The page as HTML."""
    sections: list[Section] = [
        ("table", "All verdicts", _tabulate_verdicts(registry, record, names)),
        *((name, name, _show_claim(registry, record, name)) for name in names),
        ("again", "Do it again", Raw(paragraph("In a terminal:") + code("The command", command))),
        ("rules", "The rules", _list_rules(registry)),
    ]
    return build_document(
        registry.title,
        _count_answers(record, names),
        Raw(_introduce_essays(registry, names) + _name_outdated(registry, record, names)),
        sections,
    )


def _count_answers(record: AnswerRecord, names: Sequence[str]) -> str:
    answered = [record.answers[n] for n in names if n in record.answers]
    made = max((a.made for a in answered), default="")
    return f"{len(names)} claims · {len(answered)} answered" + (f" · {made}" if made else "")


def _introduce_essays(registry: Registry, names: Sequence[str]) -> Raw:
    letters = dict.fromkeys(name[0] for name in names)
    essays = [f"{k}: {registry.essays[k]}" for k in letters]
    many = {1: "one essay claims", 2: "two essays claim"}.get(len(essays), "these essays claim")
    cited = [registry.claims[name].cited for name in names]
    unverified = (
        f"Figures are the essays’ own; “{UNVERIFIED}” says that no source was found for them."
    )
    return Raw(
        paragraph(f"What {many}, in our own words, with how it was tested.", class_="lead")
        + bullets(essays)
        + (paragraph(unverified) if any(UNVERIFIED in c for c in cited) else "")
    )


def _name_outdated(registry: Registry, record: AnswerRecord, names: Sequence[str]) -> Raw:
    before = [name for name in record.outdated(registry) if name in names]
    return Raw(paragraph(f"{FROM_BEFORE}: {', '.join(before)}.") if before else "")


def _tabulate_verdicts(registry: Registry, record: AnswerRecord, names: Sequence[str]) -> Raw:
    """The verdicts, each leading to its section."""
    rows = []
    for line in make_claim_rows(registry, record, names):
        first, text, *rest = line.cells
        link = tag("a", first, href=f"#{first}")
        said = tag("span", text, class_="unit")
        rows.append([Raw(link + said), *rest])
    heads = ["claim", *HEADS[2:]]
    caption = "Estimates with the 95 % interval over seeds; shares of the map are by prior weight"
    return table(Grid(caption, heads, rows))


def _show_claim(registry: Registry, record: AnswerRecord, name: str) -> Raw:
    claim, answer = registry.claims[name], record.answers.get(name)
    verdict = make_claim_rows(registry, record, [name])[0].verdict
    figure = f"The essay’s figure: {claim.cited}." if claim.cited else ""
    findings = answer.findings if answer else ()
    return Raw(
        paragraph(claim.text, class_="lead")
        + paragraph(tag("strong", f"{opened(verdict)}."), Raw(" "), figure)
        + bullets(explain_verdict(claim, answer))
        + "".join(
            details(f"{name}, the map of: {f.title}", table(_tabulate_spots(name, f)))
            for f in findings
        )
    )


def _tabulate_spots(name: str, finding: PartVerdict) -> Grid:
    axes = list(finding.spots[0].point) if finding.spots else []
    heads = ["place", "weight", "mean", "low", "high", "holds", "seeds", "missing"]
    rows = [[_name_place(axes, s), *_fill_cells(s)] for s in finding.spots]
    return Grid(f"{name}, {finding.title}: every place of the map", heads, rows)


def _name_place(axes: Sequence[str], spot: Spot) -> str:
    return ", ".join(f"{axis} {spot.point[axis]}" for axis in axes) or "the whole map"


def _fill_cells(spot: Spot) -> Iterator[str]:
    low, high = (NONE, NONE) if spot.ci is None else map(number, spot.ci)
    yield from (percent(spot.weight), number(spot.mean), low, high, HOLDS[spot.holds])
    yield str(spot.seeds)
    yield spot.lost[0] if spot.lost else ""


def _list_rules(registry: Registry) -> Raw:
    r = registry.rules
    return bullets(
        [
            f"A direction is supported if the {percent(r.confidence)} interval of the paired "
            f"difference lies on the claim’s side on at least {percent(r.share)} of the map by "
            "prior weight, contradicted if it lies on the other side there; else it depends, and "
            "the border is said.",
            f"A figure is supported if it lies in the central {percent(r.central)} of our "
            "distribution over map and seeds, else contradicted.",
            "A limit holds where the whole interval lies within the tolerance.",
            "Inconsistent: the essay’s own figures for one thing disagree.",
            "A possibility result follows from what the model assumes: it shows that the thing can "
            "happen, not that it does.",
            "Contracts, maps, prior weights and rules were written down before anything was run.",
        ]
    )
