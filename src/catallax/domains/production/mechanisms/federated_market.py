"""A market whose firms train one model of demand together and pool no data."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import final

import numpy as np
from scipy.special import ndtri

from catallax.arrays import Bools, Floats, Ints
from catallax.domains.production.mechanisms.ai_market import AIMarket
from catallax.domains.production.mechanisms.base import Agents, Centre, Mechanism
from catallax.domains.production.mechanisms.firm import LEAST
from catallax.domains.production.mechanisms.owners import ANSWER, LEAST_STEEP, STEEP
from catallax.domains.production.network import HOUSEHOLD, Act, Inbox, Network, Public, Table, View
from catallax.learning.demand import FEATURES, NOISE, UNIT, Sums, elasticity
from catallax.learning.own import Level, columns, remembered
from catallax.protocol.makers import settings_from
from catallax.protocol.settings import ASSUMED, OFF, RECORDED, check_settings, setting
from catallax.protocol.tuned import TunedChoice

MODEL = tuple(f"model {k}" for k in range(FEATURES))
UPDATE = tuple(f"update {k}" for k in range(FEATURES))
FORGET = 0.02  # share of one's own past that fades in a week: a year counts
FOLLOW = 0.3  # weight of the newest orders in the level that the model explains changes from
POOLS = ("good", "region", "all")  # whose firms train together
BEGIN = 0.0, -UNIT[1] / NOISE  # orders are a level that answers a price by its own per cent


@final
@dataclass(frozen=True)
class FederatedMarket(Agents):
    """Firms of an `AIMarket` whose expectations of their buyers come from a common model.

    When a model arrives, each seller fits it to its own past, pulled back to the common one
    (FedProx: Li et al. 2020), and says by how much it would change it, clipped and with noise
    (McMahan et al. 2018). What it sold and charged stays with it. Secure sums are not used: they
    need numbers that arrive to the last bit, and the channel blurs every value.

    firm : how firms price, stock and order

    Raises InputError for a setting out of range.
    """

    firm: AIMarket
    mu: float = setting(1.0, "pull to the common model", above=0, high=100, source=ASSUMED)
    clip: float = setting(
        1.0, "longest change of the model that is said", above=0, high=4, source=ASSUMED
    )
    privacy: float = setting(
        0.0,
        "s.d. of the noise added to a change, as a multiple of clip",
        low=0,
        high=10,
        source=OFF,
    )

    def __post_init__(self) -> None:
        check_settings(self, "federated_market:")

    def start(self, view: View) -> tuple[Table, Table]:
        """No past yet."""
        n = view.rows.n
        orders = Level.of(np.log(np.maximum(view.seen.row["orders"], LEAST)))
        first = columns("orders", orders) | columns("sums", Sums.none(n))
        first |= {"price": np.zeros(n), "moved": np.zeros(n), "age": np.full(n, np.inf)}
        return Table(first), self.firm.start(view)[1]

    def report(self, view: View, report_memory: Table) -> tuple[Table, Table]:
        """Once for each model that arrives: by how much one's own past would change it."""
        age = view.inbox.age.row[MODEL[0]]
        new = age < report_memory.row["age"] + 1.0
        row = self._learned(view, report_memory) | {"age": age}
        change = self._change(view, remembered(Sums, "sums", row))
        seller = new & (view.rows.kind != HOUSEHOLD)
        told = {k: np.where(seller, np.exp(c), np.nan) for k, c in zip(UPDATE, change, strict=True)}
        return Table(told), Table(row)

    def act(self, view: View, act_memory: Table) -> tuple[Act, Table]:
        """What a firm does that expects of its buyers what the common model says."""
        steep = elasticity(np.log(view.inbox.value.row[MODEL[1]]) + BEGIN[1])
        return self.firm.acted(view, act_memory, np.clip(steep, LEAST_STEEP, STEEP))

    def _learned(self, view: View, report_memory: Table) -> dict[str, Floats]:
        """One's own past with last week's orders and price."""
        row, seen = report_memory.row, view.seen.row
        before, sums = remembered(Level, "orders", row), remembered(Sums, "sums", row)
        heard = np.log(np.maximum(seen["orders"], LEAST))
        price = np.log(np.maximum(seen["price"], LEAST))
        features = before.heard - before.level, row["moved"]
        sums = sums.seen(features, heard - before.level, FORGET)
        moved = row["moved"] + ANSWER * (price - row["price"] - row["moved"])
        level = before.moved(heard, np.full_like(heard, FOLLOW))
        return columns("orders", level) | columns("sums", sums) | {"price": price, "moved": moved}

    def _change(self, view: View, sums: Sums) -> tuple[Floats, ...]:
        """The change that is said: best for one's own past, clipped, with noise."""
        model = [np.log(view.inbox.value.row[k]) + b for k, b in zip(MODEL, BEGIN, strict=True)]
        step = sums.step((model[0], model[1]), self.mu)
        length = np.hypot(*step)
        shrink = np.minimum(1.0, self.clip / np.maximum(length, 1e-12))
        change = [s * shrink for s in step]
        if self.privacy > 0:
            sd = self.privacy * self.clip
            change = [c + sd * ndtri(view.draw(k)) for c, k in zip(change, UPDATE, strict=True)]
        return tuple(np.clip(c, -4.0, 4.0) for c in change)


@final
@dataclass(frozen=True, eq=False)
class Round:
    """What the server remembers.

    public : what everybody knows
    group  : (n,) whose model each row trains
    model  : (groups, 2) coefficients less those that it began with
    age    : (2, n) ages of updates when last looked at, in ticks; `tick` when
    """

    public: Public
    group: Ints
    model: Floats
    age: Floats
    tick: int = -1


@final
@dataclass(frozen=True)
class Averaging(Centre[Round]):
    """Firms train one model together; a server averages what they say (FedAvg: McMahan 2017).

    Raises InputError for an unknown pool and an interval below a week.
    """

    pool: str = setting(
        "region",
        "whose firms train together: those of a good, those who hire the same labour (region), or "
        "all",
        choices=POOLS,
        source=RECORDED,
        tuned=TunedChoice(POOLS, start="region", why="all of them"),
    )
    every: int = setting(4, "time between rounds", unit="weeks", low=1, source=ASSUMED)

    def __post_init__(self) -> None:
        check_settings(self, "federated_market:")

    def start(self, public: Public, rng: np.random.Generator) -> Round:
        """The model that sellers begin with."""
        net = public.network
        group = _GROUPS[self.pool](net)
        groups = int(group.max()) + 1
        never = np.full((FEATURES, net.n), np.inf)
        return Round(public, group, np.zeros((groups, FEATURES)), never)

    def decide(self, heard: Inbox, t: int, memory: Round) -> tuple[Table | None, Round]:
        """Average what is new; every so many weeks send the model to its sellers."""
        age = np.array([heard.age.row[k] for k in UPDATE])  # each may be late in its own way
        fresh = age < memory.age + (t - memory.tick)
        memory = replace(memory, model=self._averaged(heard, memory, fresh), age=age, tick=t)
        week, later = divmod(t, memory.public.rounds)
        if later or week % self.every:
            return None, memory
        seller = memory.public.network.kind != HOUSEHOLD
        told = np.exp(np.clip(memory.model[memory.group], -4.0, 4.0))
        return Table({k: np.where(seller, told[:, i], np.nan) for i, k in enumerate(MODEL)}), memory

    def _averaged(self, heard: Inbox, memory: Round, fresh: Bools) -> Floats:
        """(groups, 2) models with the mean change of those who said one; fresh is (2, n)."""
        if not fresh.any():
            return memory.model
        change = [np.log(heard.value.row[k]) * new for k, new in zip(UPDATE, fresh, strict=True)]
        total, said = (_by_group(memory, columns) for columns in (change, fresh.astype(float)))
        return np.asarray(memory.model + (total / np.maximum(said, 1.0)).T)


def _by_group(memory: Round, columns: Iterable[Floats]) -> Floats:
    """(2, groups) sums of columns (n,) over the rows of each group."""
    groups = len(memory.model)
    return np.array([np.bincount(memory.group, weights=c, minlength=groups) for c in columns])


def _by_labour(net: Network) -> Ints:
    """(n,) the first endowment that each row hires; owners train with those who hire from them."""
    first = np.full(net.n, net.n, dtype=np.int64)
    np.minimum.at(first, net.buyer, net.seller)
    first[net.endowments] = np.arange(net.endowments.stop)
    return np.where(first < net.endowments.stop, first, net.endowments.stop)


_GROUPS: Mapping[str, Callable[[Network], Ints]] = {
    "good": lambda net: net.product + 1,
    "region": _by_labour,
    "all": lambda net: np.zeros(net.n, dtype=np.int64),
}


@settings_from(AIMarket, FederatedMarket, Averaging)
def federated_market(
    *,
    kappa: float = 0.00532,
    theta: float = 0.3,
    speed: float = 0.05,
    taut: float = 0.02,
    learn: float = 0.448,
    beta: float = 0.0409,
    a: float = 0.0274,
    safety: float = 0.867,
    horizon: int = 104,
    reprice: float = 1.0,
    mu: float = 1.0,
    clip: float = 1.0,
    privacy: float = 0.0,
    pool: str = "region",
    every: int = 4,
) -> Mechanism:
    """The market of firms that train one model together; gains are tuned for such firms."""
    firm = AIMarket(kappa, theta, speed, taut, learn, beta, a, safety, horizon, reprice)
    return Mechanism(
        "federated_market", FederatedMarket(firm, mu, clip, privacy), Averaging(pool, every)
    )
