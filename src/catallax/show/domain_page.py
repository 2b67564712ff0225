"""What a page says of one domain, beyond what pages of all domains say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import final

from catallax.protocol import domain_of
from catallax.show import findings, origins, story
from catallax.show.chart import Chart
from catallax.show.document import Section
from catallax.show.sections import make_plain_panels, make_plain_sections
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
