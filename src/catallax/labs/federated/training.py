"""Federated training: the centre sends a model, clients answer with what they changed in it.

What it is held against stands beside it: all data at one place, and everybody alone. Both make the
same number of steps, of the same size, as federated clients do. Nothing is lost on any line there:
who sends data somewhere passes them through `TrainingLine.carried` first.
"""

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.errors import InputError
from catallax.labs.federated.aggregate import Aggregation, Plain, Updates
from catallax.labs.federated.clients import Clients
from catallax.labs.federated.line import Tally, TrainingLine, count_down
from catallax.labs.federated.masks import Residues
from catallax.labs.federated.model import Local, Model, descend
from catallax.labs.federated.participation import Participation
from catallax.labs.federated.rules import Rule
from catallax.protocol.settings import ASSUMED, OFF, check_settings, setting
from catallax.streams import Streams

MOST_ROUNDS = 100_000
HUGE = 1e100  # a parameter beyond this is lost


class TrainingEnd(Enum):
    """Why training ended."""

    ROUNDS = "all rounds were done"
    SETTLED = "the model moved by no more than the tolerance"
    DIVERGED = "the model grew beyond all bounds; a smaller rate may help"


@final
@dataclass(frozen=True)
class Training:
    """Settings of a training.

    rule          : `FedAvg` or `FedProx`
    local         : a round's work
    participation : who takes part
    line          : what is lost between saying and hearing, both ways
    aggregation   : how updates become one

    Raises InputError for settings out of range.
    """

    rule: Rule
    rounds: int = setting(30, "rounds at most", low=1, high=MOST_ROUNDS, source=ASSUMED)
    tol: float = setting(
        0.0,
        "training ends once no parameter moves by more in a round; 0 does all rounds",
        low=0,
        source=OFF,
    )
    local: Local = field(default_factory=Local)
    participation: Participation = field(default_factory=Participation)
    line: TrainingLine = field(default_factory=TrainingLine)
    aggregation: Aggregation = field(default_factory=Plain)

    def __post_init__(self) -> None:
        check_settings(self, "training.")


@final
@dataclass(frozen=True, eq=False)
class TrainingRound:
    """What one round came to.

    model  : (p,) common model after it
    heard  : see `CombinedUpdate`
    tally  : what was said in it
    reason : why the model stands still; "" if it does not
    """

    model: Floats
    heard: Floats | Residues
    tally: Tally
    reason: str = ""


@final
@dataclass(frozen=True, eq=False)
class TrainingResult:
    """What training came to.

    models  : (R + 1, p) common model at the start and after each round
    tallies : R + 1 tallies of all that was said until then
    legs    : journeys over the line a round
    refused : (round, reason) of rounds that left the model as it was
    """

    models: Floats
    tallies: tuple[Tally, ...]
    legs: int
    stop: TrainingEnd
    refused: tuple[tuple[int, str], ...] = ()

    @property
    def model(self) -> Floats:
        """(p,) the last common model."""
        return np.asarray(self.models[-1])

    @property
    def rounds(self) -> int:
        """R, rounds done."""
        return len(self.models) - 1

    def weeks(self, rounds: int, delay: float, tick: float = 0.0) -> float:
        """Weeks that `rounds` rounds take: every leg the delay of the line, but a tick at least."""
        return rounds * self.legs * max(delay, tick)


def advance(
    training: Training, model: Model, clients: Clients, w: Floats, streams: Streams, t: int
) -> TrainingRound:
    """One round `t` from the common model `w` (p,)."""
    steps = training.local.steps
    drawn = training.participation.draw(clients.count, steps, streams, t)
    told = np.broadcast_to(w, (clients.count, len(w)))
    heard = training.line.carried(told, "model", streams, t)
    rule = training.rule
    end = descend(model, clients, heard, training.local, drawn.steps, streams, t, rule.pull)
    counted = drawn.arrives & rule.counted(drawn, steps)
    asked = drawn.asked.sum()
    said = count_down(asked, len(w), training.line.bits, clients.count)
    if not np.all(np.abs(end) < HUGE):
        return TrainingRound(np.full_like(w, np.nan), end, Tally().add("model", said))
    weight = clients.size.astype(np.float64)
    updates = Updates(end - heard, weight, counted, drawn, training.line)
    made = training.aggregation.combine(updates, streams, t)
    moved = w if made.update is None else w + made.update
    return TrainingRound(moved, made.heard, Tally().add("model", said) + made.tally, made.reason)


def train(
    training: Training, model: Model, clients: Clients, streams: Streams, w: Floats | None = None
) -> TrainingResult:
    """Train from `w` (p,), or from zeros; equal arguments give equal bits.

    Raises InputError where `w` has the wrong length.
    """
    w = _start_model(model, clients, w)
    models, tallies, refused = [w], [Tally()], []
    stop = TrainingEnd.ROUNDS
    for t in range(training.rounds):
        done = advance(training, model, clients, models[-1], streams, t)
        if np.isnan(done.model).any():
            stop = TrainingEnd.DIVERGED
            break
        models.append(done.model)
        tallies.append(tallies[-1] + done.tally)
        if done.reason:
            refused.append((t, done.reason))
        elif np.abs(models[-1] - models[-2]).max() <= training.tol > 0:
            stop = TrainingEnd.SETTLED
            break
    legs = training.aggregation.legs
    return TrainingResult(np.array(models), tuple(tallies), legs, stop, tuple(refused))


def _start_model(model: Model, clients: Clients, w: Floats | None) -> Floats:
    size = model.size(clients.width)
    first = np.zeros(size) if w is None else np.asarray(w, dtype=np.float64)
    if first.shape != (size,):
        raise InputError(f"train: w has shape {first.shape}, expected ({size},)")
    return first


def train_pooled(training: Training, model: Model, clients: Clients, streams: Streams) -> Floats:
    """(R + 1, p) the common model, step for step of each round, when one place holds all data.

    A step takes as many examples as all clients' steps together.
    """
    local = training.local
    batch = None if local.batch is None else local.batch * clients.count
    one = replace(local, batch=batch)
    return train_alone(replace(training, local=one), model, clients.pooled, streams)[:, 0]


def train_alone(training: Training, model: Model, clients: Clients, streams: Streams) -> Floats:
    """(R + 1, C, p) each client's own model when nobody says anything; NaN once it is lost."""
    steps = np.full(clients.count, training.local.steps)
    path = [np.zeros((clients.count, model.size(clients.width)))]
    for t in range(training.rounds):
        path.append(descend(model, clients, path[-1], training.local, steps, streams, t))
    found = np.array(path)
    return np.where(np.abs(found) < HUGE, found, np.nan)
