"""How the centre makes one update of many."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Bools, Floats
from catallax.labs.federated.line import Tally, TrainingLine, count_up
from catallax.labs.federated.masks import Residues
from catallax.labs.federated.participation import Turnout
from catallax.protocol.settings import check_settings, setting
from catallax.streams import Streams

NOBODY = "nobody's update arrived"


@final
@dataclass(frozen=True, eq=False)
class Updates:
    """What clients have to say in a round.

    change  : (C, p) change of each client's model
    weight  : (C,) its examples, whole numbers
    counted : (C,) whose update the rule takes; the others say nothing
    drawn   : everybody's fate
    line    : what the updates travel on
    crossed : whether `change` is what came out of it already
    """

    change: Floats
    weight: Floats
    counted: Bools
    drawn: Turnout
    line: TrainingLine
    crossed: bool = False

    def carried(self, streams: Streams, t: int) -> Floats:
        """(C, p) what comes out of the line."""
        if self.crossed:
            return self.change
        return self.line.carried(self.change, "update", streams, t)


@final
@dataclass(frozen=True, eq=False)
class CombinedUpdate:
    """What the centre has made of it.

    update : (p,) change of the common model, or None for the `reason` given
    heard  : (C, .) what reached the centre of each client, NaN (or 0 of whole numbers) of others:
             what it, or whoever listens on the line, sees of one
    """

    update: Floats | None
    heard: Floats | Residues
    tally: Tally
    reason: str = ""


class Aggregation(ABC):
    """A way of combining updates; settings only."""

    @property
    @abstractmethod
    def legs(self) -> int:
        """Journeys over the line that a round takes one after the other, the model's included."""

    @abstractmethod
    def combine(self, said: Updates, streams: Streams, t: int) -> CombinedUpdate:
        """The round's update; `t` is the round."""


@final
@dataclass(frozen=True)
class Plain(Aggregation):
    """Weighted means: the centre sees every update (McMahan et al. 2017)."""

    by_examples: bool = setting(
        True,
        "whether clients count by their examples, and say how many; else they count alike",
        source="McMahan et al. 2017",
    )

    def __post_init__(self) -> None:
        check_settings(self, "plain.")

    @property
    def legs(self) -> int:
        """Model down, update up."""
        return 2

    def combine(self, said: Updates, streams: Streams, t: int) -> CombinedUpdate:
        """The weighted mean of what arrived."""
        count, size = said.change.shape
        scalars = size + self.by_examples
        tally = Tally().add("update", count_up(said.counted.sum(), scalars, said.line.bits, count))
        arrived = said.carried(streams, t)
        heard = np.where(said.counted[:, None], arrived, np.nan)
        if not said.counted.any():
            return CombinedUpdate(None, heard, tally, NOBODY)
        weight = said.weight if self.by_examples else np.ones(count)
        share = weight[said.counted] / weight[said.counted].sum()
        return CombinedUpdate((share[:, None] * heard[said.counted]).sum(axis=0), heard, tally)
