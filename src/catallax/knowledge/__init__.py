"""What is known privately, what can be said of it, and what saying it costs."""

from catallax.knowledge.behaviour import BEHAVIOURS, BehaviourLaw, claimed, spoken
from catallax.knowledge.channel import ChannelLaw, LineLaw, Post, deliver, send
from catallax.knowledge.facts import Facts, KnowledgeLaw, advance, draw_facts, technology
from catallax.knowledge.meter import Meter, Traffic
from catallax.knowledge.reference import KINDS, reference

__all__ = [
    "BEHAVIOURS",
    "KINDS",
    "BehaviourLaw",
    "ChannelLaw",
    "Facts",
    "KnowledgeLaw",
    "LineLaw",
    "Meter",
    "Post",
    "Traffic",
    "advance",
    "claimed",
    "deliver",
    "draw_facts",
    "reference",
    "send",
    "spoken",
    "technology",
]
