"""What is known privately, what can be said of it, and what saying it costs."""

from catallax.domains.production.knowledge.behaviour import (
    BEHAVIOURS,
    BehaviourLaw,
    distort_reports,
    inflate_asks,
)
from catallax.domains.production.knowledge.channel import ChannelLaw, LineLaw, Post, deliver, send
from catallax.domains.production.knowledge.facts import (
    Facts,
    advance_facts,
    draw_facts,
    make_technology,
)
from catallax.domains.production.knowledge.law import PATTERNS, KnowledgeLaw
from catallax.domains.production.knowledge.meter import MessageCounts, Meter, Traffic
from catallax.domains.production.knowledge.reference import (
    BID_KINDS,
    KINDS,
    LINK,
    ROW,
    make_bid_reference,
    make_reference,
)
from catallax.domains.production.knowledge.tacit import find_public_sigma, make_public_technology
from catallax.renamed import hand_out_old_names

__all__ = [
    "BEHAVIOURS",
    "BID_KINDS",
    "KINDS",
    "LINK",
    "PATTERNS",
    "ROW",
    "BehaviourLaw",
    "ChannelLaw",
    "Facts",
    "KnowledgeLaw",
    "LineLaw",
    "MessageCounts",
    "Meter",
    "Post",
    "Traffic",
    "advance_facts",
    "deliver",
    "distort_reports",
    "draw_facts",
    "find_public_sigma",
    "inflate_asks",
    "make_bid_reference",
    "make_public_technology",
    "make_reference",
    "make_technology",
    "send",
]

hand_out_old_names(__name__)
