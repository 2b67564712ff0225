"""The page of prices against quantities, in its own words."""

from catallax.domains.prices_quantities.pages import charts, sections
from catallax.show import DomainPage

PAGE = DomainPage(
    title=sections.write_title,
    secrecy=sections.describe_knowledge,
    setting=sections.describe_setting,
    findings=sections.state_findings,
    sections=sections.make_sections,
    kinds=sections.KINDS,
    panels=charts.make_panels,
    notes=sections.list_notes,
)
