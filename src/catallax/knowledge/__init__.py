"""What is known privately, what can be said of it, and what saying it costs."""

from catallax.knowledge.behaviour import BEHAVIOURS, BehaviourLaw, claimed, spoken
from catallax.knowledge.channel import ChannelLaw, LineLaw, Post, deliver, send
from catallax.knowledge.facts import Facts, advance, draw_facts, technology
from catallax.knowledge.law import PATTERNS, KnowledgeLaw
from catallax.knowledge.meter import MessageCounts, Meter, Traffic
from catallax.knowledge.reference import KINDS, reference
from catallax.knowledge.tacit import public_sigma, public_technology

__all__ = [
    "BEHAVIOURS",
    "KINDS",
    "PATTERNS",
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
