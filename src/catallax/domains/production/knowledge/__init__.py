"""What is known privately, what can be said of it, and what saying it costs."""

from catallax.domains.production.knowledge.behaviour import (
    BEHAVIOURS,
    BehaviourLaw,
    claimed,
    spoken,
)
from catallax.domains.production.knowledge.channel import ChannelLaw, LineLaw, Post, deliver, send
from catallax.domains.production.knowledge.facts import Facts, advance, draw_facts, technology
from catallax.domains.production.knowledge.law import PATTERNS, KnowledgeLaw
from catallax.domains.production.knowledge.meter import MessageCounts, Meter, Traffic
from catallax.domains.production.knowledge.reference import KINDS, LINK, ROW, reference
from catallax.domains.production.knowledge.tacit import public_sigma, public_technology

__all__ = [
    "BEHAVIOURS",
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
    "advance",
    "claimed",
    "deliver",
    "draw_facts",
    "public_sigma",
    "public_technology",
    "reference",
    "send",
    "spoken",
    "technology",
]
