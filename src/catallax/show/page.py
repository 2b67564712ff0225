"""The single-file report: one HTML page that opens anywhere and asks for nothing."""

from pathlib import Path

from catallax.show import origins, story, tables
from catallax.show.document import Section, document, in_numbers
from catallax.show.domain_page import DomainPage, page_of
from catallax.show.effort import caveats as effort_caveats
from catallax.show.files import write_whole
from catallax.show.markup import Raw, bullets, paragraph, tag
from catallax.study import Comparison


def write_report(comparison: Comparison, path: Path, *, command: str) -> None:
    """Write the report of `comparison` to the file `path`, whole or not at all.

    command : the command line that makes it again, shown on the page
    """
    write_whole(path, page(comparison, command=command))


def page(comparison: Comparison, *, command: str) -> str:
    """The report as HTML."""
    own = page_of(comparison)
    return document(
        own.title(comparison),
        own.subtitle(comparison),
        _story(comparison, own),
        [*own.sections(comparison), *_common(comparison, own, command)],
    )


def _common(comparison: Comparison, own: DomainPage, command: str) -> list[Section]:
    """The sections with which every page ends."""
    contract = origins.contract_section(comparison, own.contract(comparison))
    again = origins.again_section(comparison, command, own.code(comparison))
    said = tables.messages_section(comparison, own.kinds)
    return [
        ("measures", "All measures", tables.measures_section(comparison)),
        *([("messages", "What was said", said)] if tables.speaks(comparison) else []),
        ("contract", "The contract", contract),
        ("again", "Do it again", again),
        ("caveats", "What to keep in mind", _caveats(comparison, own)),
    ]


def _caveats(comparison: Comparison, own: DomainPage) -> Raw:
    return bullets([*own.caveats(comparison), *effort_caveats(comparison)])


def _story(comparison: Comparison, own: DomainPage) -> Raw:
    """What happens, who is told, who competes, and what came of it."""
    setting = [own.secrecy(comparison), own.setting(comparison), story.taken(comparison)]
    parts = [
        *(paragraph(text, class_="lead") for text in own.leads(comparison)),
        *(paragraph(text) for text in setting if text),
        tables.mechanisms_list(comparison, own.described),
        _stopped(comparison),
        in_numbers(own.findings(comparison)),
    ]
    return Raw("\n".join(parts))


def _stopped(comparison: Comparison) -> Raw:
    found = story.stopped(comparison)
    if not found:
        return Raw("")
    text = "These runs stopped early. Their mechanisms have no measures that need whole runs:"
    return tag("div", paragraph(text), bullets(found), class_="warning")
