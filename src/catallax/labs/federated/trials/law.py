"""The problem: rows whose orders follow a linear law of their own, and what they learn of it.

    orders_t = mean (1 - a) + a orders_(t-1) + b price_t + e_t

in logs about public values. Rows differ: mean, a and b are the public law's plus `spread` times a
deviation of each row's own. What is learned is this week's forecast from a constant, last week's
orders and this week's price. Orders and prices are measured in their standard deviations under the
public law, `ORDERS` and `PRICES`, which everybody knows.
"""

from dataclasses import dataclass, field
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.labs.federated import (
    Clients,
    Linear,
    Local,
    Participation,
    Rule,
    Training,
    TrainingLine,
)
from catallax.labs.federated.training import MOST_ROUNDS
from catallax.protocol.settings import ASSUMED, check_settings, setting
from catallax.streams import Streams

PERSISTENCE, ELASTICITY = 0.6, -1.2  # the public a and b
DEVIATION = (0.2, 0.15, 0.5)  # s.d. at spread 1 of mean, a and b
MOST_PERSISTENT = 0.8
PRICES, SURPRISE = 0.3, 0.2  # s.d. of log prices and of e
ORDERS = float(np.sqrt(((ELASTICITY * PRICES) ** 2 + SURPRISE**2) / (1 - PERSISTENCE**2)))
BEFORE = 26  # weeks that pass before anybody looks
TEST = 104  # weeks on which forecasts are judged


@final
@dataclass(frozen=True)
class LearningProblem:
    """What is compared.

    line          : between rows and centre: what reports, models and updates suffer
    local         : a round's work
    participation : who takes part, is slow, or falls silent

    Raises InputError for settings out of range.
    """

    clients: int = setting(20, "rows that learn", low=2, high=1000, source=ASSUMED)
    weeks: int = setting(
        52, "what each row has seen", unit="weeks", low=4, high=10_000, source=ASSUMED
    )
    spread: float = setting(
        0.3,
        "how different rows' laws are, as a multiple of the deviations that are drawn",
        low=0,
        high=3,
        source=ASSUMED,
    )
    line: TrainingLine = field(default_factory=lambda: TrainingLine(noise=0.05, resolution=16))
    delay: float = setting(
        1.0, "time from saying to hearing", unit="weeks", low=0, high=520, source=ASSUMED
    )
    rounds: int = setting(20, "rounds of training", low=1, high=MOST_ROUNDS, source=ASSUMED)
    local: Local = field(default_factory=lambda: Local(rate=0.1))
    mu: float = setting(
        0.5, "pull of FedProx to the common model", low=0, source="assumption (Li et al. 2020)"
    )
    participation: Participation = field(default_factory=Participation)
    corrects: bool = setting(
        True,
        "whether whoever pools reports corrects for their noise, whose size is public",
        source=ASSUMED,
    )

    def __post_init__(self) -> None:
        check_settings(self, "federated.")

    def training(self, rule: Rule) -> Training:
        """Federated training by a rule."""
        return Training(
            rule, self.rounds, local=self.local, participation=self.participation, line=self.line
        )

    @property
    def pooling(self) -> Linear:
        """The model that fits reports: features but the constant are as blurred as the line is."""
        variance = self.line.noise**2
        return Linear(
            blur=(0.0, variance / ORDERS**2, variance / PRICES**2) if self.corrects else ()
        )


MODEL = Linear()


@final
@dataclass(frozen=True, eq=False)
class LearningRows:
    """Rows of one seed.

    truth  : (C, 3) each row's law as coefficients of constant, last orders and price
    orders : (C, T + 1) log orders over ORDERS, of the week before as well
    prices : (C, T) log prices over PRICES
    test   : features of weeks that nobody has seen
    """

    truth: Floats
    orders: Floats
    prices: Floats
    test: Clients

    @property
    def clients(self) -> Clients:
        """What each row holds of itself."""
        return make_clients(self.orders, self.prices)

    def heard(self, line: TrainingLine, streams: Streams) -> Clients:
        """What somebody who gets everybody's reports makes of them."""
        return make_clients(*self.reported(line, streams))

    def reported(self, line: TrainingLine, streams: Streams) -> tuple[Floats, Floats]:
        """Orders and prices as they arrive: noise in logs adds to what is a log already."""
        orders = _report(self.orders, ORDERS, "orders", line, streams)
        return orders, _report(self.prices, PRICES, "prices", line, streams)

    def error(self, w: Floats) -> Floats:
        """(C,) squared forecasting error beyond the unavoidable, as a share of it, by row.

        w : (C, 3) or (3,)
        """
        off = np.broadcast_to(w, self.truth.shape) - self.truth
        missed = (self.test.features * off[self.test.of_example]).sum(axis=1) ** 2
        return self.test.sums(missed[:, None])[:, 0] / self.test.size / (SURPRISE / ORDERS) ** 2


def _report(said: Floats, unit: float, what: str, line: TrainingLine, streams: Streams) -> Floats:
    """What arrives of `said` (C, T), logs over `unit`."""
    luck = streams.normal(f"federated/report/{what}", said.size).reshape(said.shape)
    return line.rounded(said * unit + line.noise * luck) / unit


def make_clients(orders: Floats, prices: Floats) -> Clients:
    """Examples from orders (C, T + 1) and prices (C, T)."""
    count, weeks = prices.shape
    features = np.stack([np.ones_like(prices), orders[:, :-1], prices], axis=2)
    start = np.arange(count + 1) * weeks
    return Clients(features.reshape(-1, 3), orders[:, 1:].ravel(), start)


def draw_rows(problem: LearningProblem, streams: Streams) -> LearningRows:
    """The rows of one seed: their laws, what they have seen and what they will be judged on."""
    count = problem.clients
    luck = streams.normal("federated/rows", 3 * count).reshape(count, 3)
    mean, a, b = (problem.spread * np.array(DEVIATION) * luck).T
    a = np.clip(PERSISTENCE + a, -MOST_PERSISTENT, MOST_PERSISTENT)
    effect = (ELASTICITY + b) * PRICES / ORDERS
    truth = np.column_stack([mean / ORDERS * (1.0 - a), a, effect])
    orders, prices = _draw_weeks(truth, problem.weeks, streams, "seen")
    later = make_clients(*_draw_weeks(truth, TEST, streams, "test"))
    return LearningRows(truth, orders, prices, later)


def _draw_weeks(truth: Floats, weeks: int, streams: Streams, what: str) -> tuple[Floats, Floats]:
    """Orders (C, weeks + 1) and prices (C, weeks) of weeks after many others."""
    count, length = len(truth), weeks + 1 + BEFORE
    draw = [
        streams.normal(f"federated/{what}/{name}", count * length).reshape(count, length)
        for name in ("price", "surprise")
    ]
    prices, surprise = draw[0], SURPRISE / ORDERS * draw[1]
    orders = np.zeros((count, length))
    for t in range(1, length):
        orders[:, t] = (
            truth[:, 0]
            + truth[:, 1] * orders[:, t - 1]
            + truth[:, 2] * prices[:, t]
            + surprise[:, t]
        )
    return orders[:, BEFORE:], prices[:, BEFORE + 1 :]
