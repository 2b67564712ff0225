"""The single-file report: one HTML page that opens anywhere and asks for nothing."""

from importlib.resources import files
from pathlib import Path
from string import Template

from catallax.experiments import Comparison
from catallax.report import events, origins, plots, story, tables
from catallax.report.charts import event
from catallax.report.files import write_whole
from catallax.report.findings import finding
from catallax.report.markup import Raw, bullets, paragraph, tag

Section = tuple[str, str, Raw]


def write_report(comparison: Comparison, path: Path, *, command: str) -> None:
    """Write the report of `comparison` to the file `path`, whole or not at all.

    command : the command line that makes it again, shown on the page
    """
    write_whole(path, page(comparison, command=command))


def page(comparison: Comparison, *, command: str) -> str:
    """The report as HTML."""
    sections = _sections(comparison, command)
    return Template(_part("page.html")).substitute(
        title=tag("span", story.title(comparison)),
        head=tag("title", f"{story.title(comparison)} – Catallax"),
        subtitle=paragraph(story.subtitle(comparison), class_="subtitle"),
        story=_story(comparison),
        contents=_contents(sections),
        sections="\n".join(_section(*s) for s in sections),
        css=_part("page.css"),
        js=_part("page.js"),
    )


def _sections(comparison: Comparison, command: str) -> list[Section]:
    return [
        *(_side(comparison) if comparison.others else []),
        ("efficiency", "Efficiency over time", plots.efficiency_section(comparison)),
        *(_shocked(comparison) if comparison.contract.shocks else []),
        ("measures", "All measures", tables.measures_section(comparison)),
        ("messages", "What was said", tables.messages_section(comparison)),
        ("contract", "The contract", origins.contract_section(comparison)),
        ("again", "Do it again", origins.again_section(comparison, command)),
        ("caveats", "What to keep in mind", origins.caveats_section(comparison)),
    ]


def _side(comparison: Comparison) -> list[Section]:
    return [("side", "Side by side", plots.side_section(comparison))]


def _shocked(comparison: Comparison) -> list[Section]:
    """What there is to show only where something happens from outside."""
    return [
        (
            "response",
            f"The response to the {event(comparison)}",
            plots.response_section(comparison),
        ),
        ("price", events.price_title(comparison), plots.price_section(comparison)),
        ("cuts", "Who made do with less", plots.cut_section(comparison)),
    ]


def _story(comparison: Comparison) -> Raw:
    shocks = [paragraph(s, class_="lead") for s in events.shocks(comparison)]
    parts = [
        *shocks,
        paragraph(events.secrecy(comparison)),
        paragraph(story.setting(comparison)),
        tables.mechanisms_list(comparison),
        _stopped(comparison),
        tag("div", tag("h2", "In numbers"), *map(paragraph, finding(comparison)), class_="finding"),
    ]
    return Raw("\n".join(parts))


def _stopped(comparison: Comparison) -> Raw:
    found = story.stopped(comparison)
    if not found:
        return Raw("")
    text = "These runs stopped early. Their mechanisms have no measures that need whole runs:"
    return tag("div", paragraph(text), bullets(found), class_="warning")


def _contents(sections: list[Section]) -> Raw:
    links = (tag("li", tag("a", name, href=f"#{key}")) for key, name, _ in sections)
    return tag("nav", tag("ol", *links), aria_label="Contents")


def _section(key: str, name: str, inside: Raw) -> Raw:
    return tag("section", tag("h2", name), inside, id=key)


def _part(name: str) -> str:
    return files("catallax.report").joinpath(name).read_text(encoding="utf-8")
