"""The page of the production economy, in its own words."""

from catallax.domains.production.pages import contract, findings, sections, story
from catallax.show import DomainPage

KINDS = {
    "ask": "an order placed with a supplier",
    "quote": "a posted price, heard by each of the seller’s buyers",
    "report": "what a row tells the centre",
    "directive": "what the centre tells a row",
    "audit": "the centre’s order that a row’s next report be truthful",
}

PAGE = DomainPage(
    subtitle=story.subtitle,
    leads=story.leads,
    secrecy=story.secrecy,
    setting=story.setting,
    described=story.described,
    findings=findings.findings,
    sections=sections.sections,
    kinds=KINDS,
    panels=sections.drawings,
    notes=findings.notes,
    caveats=contract.caveats,
    contract=contract.rows,
    code=contract.code,
)
