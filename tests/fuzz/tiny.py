"""A domain whose runs take no time, so that thousands of inputs can be tried."""

from dataclasses import dataclass
from typing import Any, ClassVar

from catallax.protocol import Broken, Measure, Measured, plain_domain


@dataclass(frozen=True)
class Save:
    """Keep a share. share : 0 to 1"""

    share: float = 0.1
    name: ClassVar[str] = "save"


@dataclass(frozen=True)
class Spend:
    """Keep nothing."""

    share: ClassVar[float] = 0.0
    name: ClassVar[str] = "spend"


def play(settings: dict[str, Any], mechanism: Any, seed: int) -> dict[str, Any]:
    """Wealth by week."""
    if not 0 <= mechanism.share <= 1:
        raise Broken(f"share is {mechanism.share}")
    grown = 1 + mechanism.share * settings["rate"] * settings["plan"]
    return {"wealth": [settings["start"] * grown**t + seed for t in range(settings["weeks"])]}


WEALTH = Measure(
    "wealth", "money", "higher", "Wealth at the end.", "made up",
    lambda run, twin: Measured(float(run.series["wealth"][-1])),
)  # fmt: skip
DOMAIN = plain_domain(
    "tiny", "whether saving pays", play=play,
    defaults={"start": 1.0, "rate": 0.05, "plan": True, "weeks": 10},
    ranges={"rate": (0.0, 1.0), "start": (0.0, 1e6), "weeks": (1, 100)},
    mechanisms={"save": Save, "spend": Spend}, measures=[WEALTH], abreast=200,
)  # fmt: skip
