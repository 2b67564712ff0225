"""What knowledge is worth: welfare against the bits of each kind of fact."""

from catallax.domains.production.value_of_information.design import (
    DIRECTIVES,
    DOUBTS,
    KNOBS,
    LINE,
    RESOLUTIONS,
    SILENCE,
    SentCounter,
    change_law,
    count_sent,
)
from catallax.domains.production.value_of_information.value import (
    FactValue,
    InformationValue,
    LawPoint,
    value_information,
)
from catallax.renamed import hand_out_old_names

__all__ = [
    "DIRECTIVES",
    "DOUBTS",
    "KNOBS",
    "LINE",
    "RESOLUTIONS",
    "SILENCE",
    "FactValue",
    "InformationValue",
    "LawPoint",
    "SentCounter",
    "change_law",
    "count_sent",
    "value_information",
]

hand_out_old_names(__name__)
