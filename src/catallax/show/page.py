"""The single-file report, and what a domain may say on it in its own words.

One HTML page that opens anywhere and asks for nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import final

from catallax.protocol import domain_of
from catallax.show import findings, origins, story, tables
from catallax.show.chart import Chart
from catallax.show.markup import (
    Raw,
    Section,
    box_findings,
    build_document,
    bullets,
    paragraph,
    tag,
    write_whole,
)
from catallax.show.notes import note_means_above_one, state_way
from catallax.show.origins import warn_of_tuning
from catallax.show.sections import make_plain_panels, make_plain_sections
from catallax.show.story import find_domain
from catallax.show.strips import Strips
from catallax.study import Comparison

PicturePanel = tuple[str, Chart | Strips]
"""Heading and drawing of a part of a stand-alone picture."""


@final
@dataclass(frozen=True, eq=False)
class DomainPage:
    """The parts of a page that a domain may say in its own words; each has a default that fits any.

    Every function gets the comparison. A domain gives its page as `Domain.page`.

    title     : the question, as a heading
    subtitle  : what was run, in a line
    leads     : what happens from outside, a paragraph each
    secrecy   : who is told of it; "" for nothing to say
    setting   : who runs what
    described : (comparison, mechanism) -> the mechanism in a line
    findings  : the finding, a paragraph each, from numbers alone
    sections  : what stands between the contents and the table of all measures
    kinds     : kind of message -> what it is
    panels    : headings and charts of the stand-alone picture
    notes     : sentences below the table on a terminal
    caveats   : what not to conclude
    contract  : rows of the table of the contract: setting, value, meaning
    code      : imports, and the Python that makes `contract`, for "Do it again"
    """

    title: Callable[[Comparison], str] = story.write_title
    subtitle: Callable[[Comparison], str] = story.write_subtitle
    leads: Callable[[Comparison], Sequence[str]] = story.describe_shocks
    secrecy: Callable[[Comparison], str] = story.describe_announcements
    setting: Callable[[Comparison], str] = story.describe_setting
    described: Callable[[Comparison, str], str] = story.describe_mechanism
    findings: Callable[[Comparison], Sequence[str]] = findings.state_findings
    sections: Callable[[Comparison], Sequence[Section]] = make_plain_sections
    kinds: Mapping[str, str] = field(default_factory=dict)
    panels: Callable[[Comparison], Sequence[PicturePanel]] = make_plain_panels
    notes: Callable[[Comparison], Sequence[str]] = lambda comparison: ()
    caveats: Callable[[Comparison], Sequence[str]] = story.list_caveats
    contract: Callable[[Comparison], Sequence[Sequence[str]]] = origins.list_contract_settings
    code: Callable[[Comparison], tuple[str, str]] = origins.write_contract_code


PLAIN = DomainPage()


def find_domain_page(comparison: Comparison) -> DomainPage:
    """What pages say of the domain of a comparison."""
    made = domain_of(comparison.contract).page
    page = PLAIN if made is None else made()
    if not isinstance(page, DomainPage):
        raise TypeError(
            f"page of {comparison.contract.domain}: gave {type(page).__name__}; return a "
            f"catallax.show.DomainPage"
        )
    return page


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
    return bullets([*own.caveats(comparison), *warn_of_tuning(comparison)])


def _tell_story(comparison: Comparison, own: DomainPage) -> Raw:
    """What happens, who is told, who competes, and what came of it."""
    setting = [own.secrecy(comparison), own.setting(comparison), story.describe_inputs(comparison)]
    parts = [
        *(paragraph(text, class_="lead") for text in own.leads(comparison)),
        *(paragraph(text) for text in setting if text),
        tables.list_mechanisms(comparison, own.described),
        _warn_of_early_stops(comparison),
        box_findings(_state_findings(comparison, own)),
    ]
    return Raw("\n".join(parts))


def _state_findings(comparison: Comparison, own: DomainPage) -> list[str]:
    """The domain's findings, how far on the way that is, and why a number passes 1."""
    found = [*own.findings(comparison), state_way(comparison)]
    above = note_means_above_one(comparison, find_domain(comparison).columns)
    return [said for said in (*found, *above) if said]


def _warn_of_early_stops(comparison: Comparison) -> Raw:
    found = story.list_early_stops(comparison)
    if not found:
        return Raw("")
    text = "These runs stopped early. Their mechanisms have no measures that need whole runs:"
    return tag("div", paragraph(text), bullets(found), class_="warning")
