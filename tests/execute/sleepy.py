"""A domain whose runs do little and take a while, so that processes can be killed at them."""

import time
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from catallax.protocol import Measure, Measured, plain_domain


@dataclass(frozen=True)
class Rest:
    """Does nothing. share : 0 to 1"""

    share: float = 0.1
    name: ClassVar[str] = "rest"


def play(settings: dict[str, Any], mechanism: Any, seed: int) -> dict[str, Any]:
    """Dreams by week."""
    time.sleep(settings["seconds"])
    return {"dreams": np.random.default_rng(seed).normal(mechanism.share, 1.0, settings["weeks"])}


DREAMS = Measure(
    "dreams", "dreams a week", "higher", "Mean of dreams.", "made up",
    lambda run, twin: Measured(float(run.series["dreams"].mean())),
)  # fmt: skip
DOMAIN = plain_domain(
    "sleepy", "what comes of rest", play=play, defaults={"seconds": 0.02, "weeks": 200},
    mechanisms={"rest": Rest}, measures=[DREAMS], abreast=4,
)  # fmt: skip
