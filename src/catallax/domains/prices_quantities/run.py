"""What is kept of a run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, final

from catallax.arrays import Floats
from catallax.domains.prices_quantities.contract import PlantsContract
from catallax.protocol import AbstractRun, bytes_hash, versions


@final
class Ending(Enum):
    """Why a run ended; the text is advice. Only `COMPLETED` runs have measures."""

    COMPLETED = "all weeks were run"
    BAD_ANNOUNCEMENT = "what the centre announced is not a number a week: mend `announce`"
    BAD_BID = "what plants told the exchange is not a price each a week: mend `bid`"
    BAD_ACT = "what plants answered is not a quantity each a week: mend `act`"


@final
@dataclass(frozen=True)
class MessageFlows:
    """Messages and bits of one kind in a run. A broadcast is sent once and heard by every plant."""

    sends: float
    deliveries: float
    bits_sent: float
    bits_delivered: float


@final
@dataclass(frozen=True)
class PlantsMeter:
    """What was said in a run, by kind of message."""

    kinds: Mapping[str, MessageFlows] = field(default_factory=dict)


@final
@dataclass(frozen=True, eq=False)
class PlantsRun(AbstractRun):
    """One finished run.

    series     : output, marginal_cost (weeks, plants) and marginal_benefit (weeks,); welfare, and
                 on the same draws best, that of full information, and planned, that of the best
                 quota, all (weeks,) in money per plant; heard_NAME (weeks,) for each number that
                 plants heard from the centre or the exchange
    deliveries : messages that reached somebody: the centre's and the exchange's to every plant, and
                 every plant's to the exchange
    traffic    : bits in them
    meter      : the same by kind

    The other fields are as in `AbstractRun`.
    """

    contract: PlantsContract
    mechanism: str
    settings: Mapping[str, Any]
    seed: int
    oracle: bool
    stop: Ending = Ending.COMPLETED
    reason: str = ""
    series: Mapping[str, Floats] = field(default_factory=dict)
    deliveries: int = 0
    traffic: float = 0.0
    meter: PlantsMeter = field(default_factory=PlantsMeter)
    versions: Mapping[str, str] = field(default_factory=versions)
    seconds: float = 0.0

    def __repr__(self) -> str:
        return (
            f"PlantsRun({self.mechanism}, {self.contract.place}, seed {self.seed}, "
            f"{self.contract.weeks} weeks, {self.stop.name.lower()})"
        )

    @property
    def completed(self) -> bool:
        """Whether all weeks were run."""
        return self.stop is Ending.COMPLETED

    @property
    def bits(self) -> str:
        """Fingerprint of every recorded number, valid on one machine."""
        said = f"{self.deliveries} {self.traffic}".encode()
        parts = (p for k in sorted(self.series) for p in (k.encode(), self.series[k].tobytes()))
        return bytes_hash([said, *parts])
