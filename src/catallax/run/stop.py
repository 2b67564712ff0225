"""Why a run ended; the text is advice."""

from enum import Enum
from typing import final


@final
class Stop(Enum):
    """Reasons for stopping. Only `COMPLETED` runs have measures."""

    COMPLETED = "all weeks were run"
    BAD_ACT = "an act broke the rules of nature: mend the mechanism's `act` for the row named"
    UNSOLVED = "the oracle's optimum was not found: raise its `limit` or loosen its `tol`"
