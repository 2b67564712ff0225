"""What knowledge is worth: welfare against the bits of each kind of fact."""

from catallax.experiments.worth.design import (
    DIRECTIVES,
    DOUBTS,
    KNOBS,
    LINE,
    RESOLUTIONS,
    SILENCE,
    under_law,
)
from catallax.experiments.worth.result import Dot, Fact, Worth
from catallax.experiments.worth.sent import Sent, sent
from catallax.experiments.worth.worth import worth

__all__ = [
    "DIRECTIVES",
    "DOUBTS",
    "KNOBS",
    "LINE",
    "RESOLUTIONS",
    "SILENCE",
    "Dot",
    "Fact",
    "Sent",
    "Worth",
    "sent",
    "under_law",
    "worth",
]
