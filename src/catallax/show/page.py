"""The single-file report: one HTML page that opens anywhere and asks for nothing."""

from pathlib import Path

from catallax.show import origins, story, tables
from catallax.show.document import Section, box_findings, build_document
from catallax.show.domain_page import DomainPage, find_domain_page
from catallax.show.effort import warn_of_tuning as effort_caveats
from catallax.show.files import write_whole
from catallax.show.markup import Raw, bullets, paragraph, tag
from catallax.study import Comparison


def write_report(comparison: Comparison, path: Path, *, command: str) -> None:
    """Write the report of `comparison` to the file `path`, whole or not at all.

    command : the command line that makes it again, shown on the page
    """
    write_whole(path, build_page(comparison, command=command))


def build_page(comparison: Comparison, *, command: str) -> str:
    """The report as HTML."""
    own = find_domain_page(comparison)
    return build_document(
        own.title(comparison),
        own.subtitle(comparison),
        _tell_story(comparison, own),
        [*own.sections(comparison), *_make_common_sections(comparison, own, command)],
    )


def _make_common_sections(comparison: Comparison, own: DomainPage, command: str) -> list[Section]:
    """The sections with which every page ends."""
    contract = origins.make_contract_section(comparison, own.contract(comparison))
    again = origins.make_again_section(comparison, command, own.code(comparison))
    said = tables.make_messages_section(comparison, own.kinds)
    return [
        ("measures", "All measures", tables.make_measures_section(comparison)),
        *([("messages", "What was said", said)] if tables.has_messages(comparison) else []),
        ("contract", "The contract", contract),
        ("again", "Do it again", again),
        ("caveats", "What to keep in mind", _list_caveats(comparison, own)),
    ]


def _list_caveats(comparison: Comparison, own: DomainPage) -> Raw:
    return bullets([*own.caveats(comparison), *effort_caveats(comparison)])


def _tell_story(comparison: Comparison, own: DomainPage) -> Raw:
    """What happens, who is told, who competes, and what came of it."""
    setting = [own.secrecy(comparison), own.setting(comparison), story.describe_inputs(comparison)]
    parts = [
        *(paragraph(text, class_="lead") for text in own.leads(comparison)),
        *(paragraph(text) for text in setting if text),
        tables.list_mechanisms(comparison, own.described),
        _warn_of_early_stops(comparison),
        box_findings(own.findings(comparison)),
    ]
    return Raw("\n".join(parts))


def _warn_of_early_stops(comparison: Comparison) -> Raw:
    found = story.list_early_stops(comparison)
    if not found:
        return Raw("")
    text = "These runs stopped early. Their mechanisms have no measures that need whole runs:"
    return tag("div", paragraph(text), bullets(found), class_="warning")
