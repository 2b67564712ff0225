"""The claims as one HTML file that opens anywhere and asks for nothing."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from catallax.show.claims import HEADS, lines, told
from catallax.show.document import Section, document
from catallax.show.files import write_whole
from catallax.show.markup import Grid, Raw, bullets, code, details, paragraph, table, tag
from catallax.show.words import NONE, number, opened, percent
from catallax.study.claims import UNVERIFIED, AnswerRecord, PartVerdict, Registry, Spot

HOLDS = {1: "yes", 0: "undecided", -1: "no"}


def write_claims(
    registry: Registry, record: AnswerRecord, names: Sequence[str], path: Path, *, command: str
) -> None:
    """Write the page of the claims called `names` to `path`, whole or not at all."""
    write_whole(path, page(registry, record, names, command=command))


def page(registry: Registry, record: AnswerRecord, names: Sequence[str], *, command: str) -> str:
    """The page as HTML."""
    sections: list[Section] = [
        ("table", "All verdicts", _table(registry, record, names)),
        *((name, name, _claim(registry, record, name)) for name in names),
        ("again", "Do it again", Raw(paragraph("In a terminal:") + code("The command", command))),
        ("rules", "The rules", _rules(registry)),
    ]
    return document(registry.title, _subtitle(record, names), _story(registry, names), sections)


def _subtitle(record: AnswerRecord, names: Sequence[str]) -> str:
    answered = [record.answers[n] for n in names if n in record.answers]
    made = max((a.made for a in answered), default="")
    return f"{len(names)} claims · {len(answered)} answered" + (f" · {made}" if made else "")


def _story(registry: Registry, names: Sequence[str]) -> Raw:
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


def _table(registry: Registry, record: AnswerRecord, names: Sequence[str]) -> Raw:
    """The verdicts, each leading to its section."""
    rows = []
    for line in lines(registry, record, names):
        first, text, *rest = line.cells
        link = tag("a", first, href=f"#{first}")
        said = tag("span", text, class_="unit")
        rows.append([Raw(link + said), *rest])
    heads = ["claim", *HEADS[2:]]
    caption = "Estimates with the 95 % interval over seeds; shares of the map are by prior weight"
    return table(Grid(caption, heads, rows))


def _claim(registry: Registry, record: AnswerRecord, name: str) -> Raw:
    claim, answer = registry.claims[name], record.answers.get(name)
    verdict = lines(registry, record, [name])[0].verdict
    figure = f"The essay’s figure: {claim.cited}." if claim.cited else ""
    findings = answer.findings if answer else ()
    return Raw(
        paragraph(claim.text, class_="lead")
        + paragraph(tag("strong", f"{opened(verdict)}."), Raw(" "), figure)
        + bullets(told(claim, answer))
        + "".join(
            details(f"{name}, the map of: {f.title}", table(_spots(name, f))) for f in findings
        )
    )


def _spots(name: str, finding: PartVerdict) -> Grid:
    axes = list(finding.spots[0].point) if finding.spots else []
    heads = ["place", "weight", "mean", "low", "high", "holds", "seeds", "missing"]
    rows = [[_place(axes, s), *_cells(s)] for s in finding.spots]
    return Grid(f"{name}, {finding.title}: every place of the map", heads, rows)


def _place(axes: Sequence[str], spot: Spot) -> str:
    return ", ".join(f"{axis} {spot.point[axis]}" for axis in axes) or "the whole map"


def _cells(spot: Spot) -> Iterator[str]:
    low, high = (NONE, NONE) if spot.ci is None else map(number, spot.ci)
    yield from (percent(spot.weight), number(spot.mean), low, high, HOLDS[spot.holds])
    yield str(spot.seeds)
    yield spot.lost[0] if spot.lost else ""


def _rules(registry: Registry) -> Raw:
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
