"""The planner with AI: all that can be said or seen is heard, forecast, optimised and directed."""

from dataclasses import dataclass, replace
from typing import Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.mechanisms.audit import Audits
from catallax.domains.production.mechanisms.base import Centre, Mechanism
from catallax.domains.production.mechanisms.belief import Belief, believed
from catallax.domains.production.mechanisms.elasticity import QUARTER
from catallax.domains.production.mechanisms.outlook import Outlook, reviewed
from catallax.domains.production.mechanisms.planned import (
    DELEGATED,
    DELEGATIONS,
    NEWS,
    Planned,
    directives,
)
from catallax.domains.production.mechanisms.reading import Reading, listen
from catallax.domains.production.mechanisms.storage import excess, ordered, sold, with_store
from catallax.domains.production.network import PLANT, Inbox, Public, Table, Technology
from catallax.domains.production.optimum import Optimum, Settled, solve
from catallax.errors import InputError
from catallax.learning import FORECASTERS, Forecaster, forecaster
from catallax.protocol.makers import settings_from
from catallax.protocol.settings import ASSUMED, OFF, RECORDED, check_settings, setting
from catallax.protocol.tuned import TunedChoice, TunedSpan

PROBE = 1  # tells the lot of experiments from that of audits


@final
@dataclass(frozen=True, eq=False)
class Office:
    """What the centre remembers.

    belief  : of all facts
    key     : seeds the lot of its audits
    paid    : (m,) prices that it told buyers, averaged over the weeks in which they may still be
              obeyed
    outlook : what announced events will change, and what was put into store
    best    : its last plan
    """

    belief: Belief
    key: int
    paid: Floats
    outlook: Outlook
    best: Optimum | None = None


@final
@dataclass(frozen=True)
class AIPlanner(Centre[Office]):
    """Optimal planning on forecasts, week after week ("AI socialism").

    Hears from plants their productivity, output, inputs used and stocks, from final users their
    tastes, from owners their flows, and once a quarter elasticities and receipts. Follows each
    in logs, infers from deeds what words leave out (productivity from inputs and outputs; where
    plants choose their mix, elasticities from its answer to prices; where there are shops,
    tastes from what is asked for), holds what plants say against what others say of them,
    forecasts to the weeks in which its directives are obeyed, solves the optimum of what it
    believes and directs deliveries in its proportions. It knows no private fact that was neither
    told nor seen, and sees no stock younger than the line allows. A week costs some five
    evaluations of the optimum's fixed point, each O(links).

    Raises InputError for a setting out of range.
    """

    delegation: str = setting(
        "retail",
        DELEGATED,
        choices=DELEGATIONS,
        source=RECORDED,
        tuned=TunedChoice(DELEGATIONS, start="in_kind", why="all of them"),
    )
    forecast: str = setting(
        "structural",
        "rule by which series are followed",
        choices=FORECASTERS,
        source="Harvey 1989; not tuned: the bank weighs its models by itself",
    )
    interval: int = setting(
        1, "time between plans", unit="weeks", low=1, source="assumption: as often as markets meet"
    )
    taut: float = setting(
        0.12,
        "share by which orders exceed the plan: taut plans leave nothing idle, and nature rations "
        "pro rata",
        low=0,
        high=1,
        source="record of tuning (its form: Hunter 1961)",
        tuned=TunedSpan(
            0.0,
            0.3,
            start=0.1,
            why="no more than is planned, or so much that a third is refused",
        ),
    )
    audit: float = setting(
        0.0,
        "probability that a plant is audited in a week; an audit costs a message and makes the "
        "plant's next report truthful, and claims are then discounted by what audits found",
        low=0,
        high=1,
        source=OFF,
    )
    weight: float = setting(
        0.202,
        "weight of the newest directive in what rows obey; where the line is noisy they lag "
        "(1 - weight) / weight weeks behind what they are told",
        low=0.001,
        high=1,
        source=RECORDED,
        tuned=TunedSpan(
            0.05,
            1.0,
            scale="log",
            start=0.2,
            why="rows obey half a year's mean of orders, or the last one",
        ),
    )
    aim: bool = setting(True, "whether it looks ahead by that lag too", source=ASSUMED)
    deeds: bool = setting(True, "whether elasticities are inferred from mixes", source=ASSUMED)
    accounts: bool = setting(
        True,
        "whether reports are held against each other, so that what all plants pad or hide alike "
        "is found without audits; final users then report receipts",
        source="Stone, Champernowne & Meade 1942",
    )
    probe: float = setting(
        0.0,
        "s.d. of logs by which accounting prices told to plants are put off by lot, anew every "
        "quarter, to learn elasticities faster; needs plants that choose their mix",
        unit="logs",
        low=0,
        high=1,
        source="off unless asked for (its form: Box & Draper 1969)",
    )
    horizon: int = setting(
        104,
        "time within which stocks are laid up before announced shortages; 0: none are",
        unit="weeks",
        low=0,
        source="assumption: at 2 % a week an eighth of a stock is left of two years",
    )
    tol: float = setting(
        1e-7, "tolerance of the optimum", above=0, source="assumption: far below what decides"
    )

    def __post_init__(self) -> None:
        check_settings(self, "ai_planner:")
        if self.probe > 0 and not self.mixes:
            raise InputError(
                "ai_planner: probe needs plants that choose their mix, and a look at it; give "
                "delegation own_mix or retail, and deeds true"
            )

    @property
    def rule(self) -> Forecaster[Any]:
        """How series are followed."""
        return forecaster(self.forecast)

    def start(self, public: Public, rng: np.random.Generator) -> Office:
        """Believe what is public."""
        key = int(rng.integers(2**62))
        belief, paid = Belief.start(public, self.rule), np.ones(public.network.m)
        return Office(belief, key, paid, Outlook.none(public))

    def decide(self, heard: Inbox, t: int, memory: Office) -> tuple[Table | None, Office]:
        """Take in the reports; once a week order audits, every `interval` weeks plan."""
        public = memory.belief.public
        week, later = divmod(t, public.rounds)
        belief = listen(memory.belief, heard, self.reading, t, memory.paid)
        memory = replace(memory, belief=belief)
        if later:
            return None, memory
        orders = Audits.order(public.network, self.audit, [memory.key, week])
        if week % self.interval:
            return orders, memory
        told, memory = self._plan(memory, heard)
        return _together(told, orders), memory

    def _plan(self, memory: Office, heard: Inbox) -> tuple[Table | None, Office]:
        """Directives and the plan behind them; no word where no optimum of the belief is found."""
        public = memory.belief.public
        known = believed(memory.belief, self.rule, self.lead(public), self.lag(public))
        outlook, share = self._stored(memory, known, heard)
        part = ordered(share, self.taut)
        given = with_store(known, share if self.delegation == "in_kind" else part)
        best = solve(given, public.income, start=memory.best, tol=self.tol, follow=True)
        if best.stop is not Settled.CONVERGED:
            return None, memory
        price = self._probed(best.price[public.network.seller], memory)
        scale = _scale(best, heard, memory.belief.accounts.hiding)
        scale = np.where(share == 1.0, scale, part)
        told = directives(best, price, self.delegation, scale, self.taut)
        return told, replace(
            memory,
            best=best,
            paid=_averaged(memory.paid, price, public.noise, self.weight),
            outlook=replace(outlook, put=(1.0 - share) * best.target),
        )

    def _stored(self, memory: Office, known: Technology, heard: Inbox) -> tuple[Outlook, Floats]:
        """The outlook, and what is to be sold of each product over what is made of it, (n,)."""
        belief, public = memory.belief, memory.belief.public
        if not (self.horizon and public.announced):
            return memory.outlook, np.ones(public.network.n)
        lead = self.lead(public)
        week = belief.week + lead
        outlook = reviewed(memory.outlook, public, known, memory.best, week, self.horizon)
        held = excess(outlook, public, heard, lead, belief.accounts.hiding)
        return outlook, sold(outlook, public, held, week, self.horizon, self.lag(public))

    def _probed(self, price: Floats, memory: Office) -> Floats:
        """Accounting prices (m,) with this quarter's experiment on plants."""
        if self.probe == 0:
            return price
        public = memory.belief.public
        lot = np.random.default_rng([memory.key, PROBE, memory.belief.week // QUARTER])
        off = self.probe * lot.standard_normal(public.network.m)
        return np.where(public.network.rows.linked(PLANT), price * np.exp(off), price)

    def lead(self, public: Public) -> float:
        """Weeks from now to the middle of the plan's life."""
        return public.delay + (self.interval - 1) / 2

    def lag(self, public: Public) -> float:
        """Weeks by which rows that average what they are told lag behind it."""
        noisy = public.noise > 0  # else whatever is new is obeyed in full
        return (1.0 - self.weight) / self.weight if self.aim and noisy else 0.0

    @property
    def mixes(self) -> bool:
        """Whether elasticities are inferred."""
        return self.deeds and self.delegation != "in_kind"

    @property
    def reading(self) -> Reading:
        """How it reads what it hears."""
        return Reading(self.rule, self.delegation == "retail", self.mixes, self.accounts)


def _together(told: Table | None, orders: Table | None) -> Table | None:
    return told if orders is None else orders if told is None else told | orders


def _averaged(before: Floats, price: Floats, noise: float, weight: float) -> Floats:
    """(m,) prices as rows go by them: averaged, and at once what they take for new."""
    new = np.abs(np.log(price / before)) > NEWS * np.sqrt(2.0) * noise
    return np.where(new, price, before * (price / before) ** weight)


def _scale(best: Optimum, heard: Inbox, hiding: float) -> Floats:
    """(n,) what sellers were last heard to hold over what they are to ship; at least 1.

    hiding : log factor by which what plants say of it is off
    """
    stock, age = heard.value.row["stock"] * np.exp(-hiding), heard.age.row["stock"]
    ship = best.technology.network.orders(best.ship)
    told = np.isfinite(age) & (ship > 0)
    return np.where(told, np.maximum(stock / np.where(told, ship, 1.0), 1.0), 1.0)


@settings_from(AIPlanner, cover=Planned)
def ai_planner(*, cover: float = 0.235, **settings: Any) -> Mechanism:
    """The planner with AI; `settings` are those of `AIPlanner`."""
    centre = AIPlanner(**settings)
    rows = Planned(centre.delegation, weight=centre.weight, cover=cover, receipts=centre.accounts)
    return Mechanism("ai_planner", rows, centre)
