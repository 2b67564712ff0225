"""The page of prices against quantities, in its own words."""

from catallax.domains.prices_quantities.pages import charts, sections, story
from catallax.show import DomainPage

PAGE = DomainPage(
    title=story.title,
    secrecy=story.secrecy,
    setting=story.setting,
    findings=story.findings,
    sections=sections.sections,
    kinds=story.KINDS,
    panels=charts.panels,
    notes=story.notes,
)
