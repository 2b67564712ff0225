"""What knowledge is worth: welfare against the bits of each kind of fact."""

from catallax.domains.production.value_of_information.design import (
    DIRECTIVES,
    DOUBTS,
    KNOBS,
    LINE,
    RESOLUTIONS,
    SILENCE,
    under_law,
)
from catallax.domains.production.value_of_information.result import Dot, Fact, Worth
from catallax.domains.production.value_of_information.sent import Sent, sent
from catallax.domains.production.value_of_information.worth import worth

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
