"""The page of the production economy, in its own words."""

from catallax.domains.production.pages import contract, sections, story
from catallax.show import DomainPage

KINDS = {
    "ask": "an order placed with a supplier",
    "quote": "a posted price, heard by each of the seller’s buyers",
    "report": "what a row tells the centre",
    "directive": "what the centre tells a row",
    "audit": "the centre’s order that a row’s next report be truthful",
}

PAGE = DomainPage(
    subtitle=story.write_subtitle,
    leads=story.describe_shocks,
    secrecy=story.describe_announcements,
    setting=story.describe_setting,
    described=story.describe_mechanism,
    findings=story.state_findings,
    sections=sections.make_sections,
    kinds=KINDS,
    panels=sections.make_panels,
    notes=story.list_notes,
    caveats=contract.list_caveats,
    contract=contract.list_contract_rows,
    code=contract.write_contract_code,
)
