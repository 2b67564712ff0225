"""What is known privately, what can be said of it, and what saying it costs."""

from catallax.knowledge.channel import ChannelLaw, LineLaw, Post, deliver, send
from catallax.knowledge.facts import Facts, KnowledgeLaw, advance, draw_facts, technology
from catallax.knowledge.meter import Meter, Traffic
from catallax.knowledge.reference import reference

__all__ = [
    "ChannelLaw",
    "Facts",
    "KnowledgeLaw",
    "LineLaw",
    "Meter",
    "Post",
    "Traffic",
    "advance",
    "deliver",
    "draw_facts",
    "reference",
    "send",
    "technology",
]
