"""What rows say beside what they know: who bends which numbers, by how much, and who is audited."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax.domains.production.economy import generate
from catallax.domains.production.knowledge import (
    BEHAVIOURS,
    BehaviourLaw,
    ChannelLaw,
    LineLaw,
    distort_reports,
    inflate_asks,
    make_reference,
)
from catallax.domains.production.knowledge.behaviour import CAPACITY, NEED
from catallax.domains.production.mechanisms import Agents, Centre, Mechanism, five_year_plan, market
from catallax.domains.production.network import PLANT, Act, Table
from catallax.domains.production.run import Contract, Setup, StaticOptimum, simulate
from catallax.errors import InputError
from catallax.streams import Streams

EXACT = LineLaw(1.0, 0.0, 1.0, 0)
ROW = ("z", "K", "output", "stock", "orders", "shipped", "sigma", "supply", "own kind")
LINK = ("used", "norm", "held", "share", "got", "own kind")
LIES = ("strategic", "adversarial")

OWN = ("eps", "gamma", "decay", "cash", "tariff")  # facts and observables that are no known kinds


@pytest.fixture(scope="module")
def e():
    return generate(2, products=3, firms=2, households=2, inputs=2)


@pytest.fixture(scope="module")
def public(e):
    return make_reference(Setup(Contract(e, settle=0), market(), 0).public)


def mail_of(e, seed=0, silence=0.3):
    """A mail with every kind, some of it silent and some of it 0."""
    rng = np.random.default_rng(seed)

    def column(size):
        x = rng.lognormal(0, 1, size)
        x[rng.uniform(size=size) < silence] = np.nan
        x[rng.uniform(size=size) < 0.1] = 0.0
        return x

    net = e.network
    return Table({k: column(net.n) for k in ROW}, {k: column(net.m) for k in LINK})


def nobody(e):
    return np.zeros(e.network.n, dtype=bool)


def told_by(e, public, law, mail, audited=None, tick=3, seed=1):
    audited = nobody(e) if audited is None else audited
    return distort_reports(law, mail, public, e.network.rows, audited, tick, Streams(seed))


def columns(table):
    return {("row", k): v for k, v in table.row.items()} | {
        ("link", k): v for k, v in table.link.items()
    }


# ---------------------------------------------------------------- what is said


def test_the_truthful_say_what_they_know_bit_for_bit(e, public):
    mail = mail_of(e)
    told = columns(told_by(e, public, BehaviourLaw("truthful", 0.9), mail))
    assert told.keys() == columns(mail).keys()
    for key, honest in columns(mail).items():
        assert told[key].tobytes() == honest.tobytes()


@given(pad=st.floats(0, 0.95), seed=st.integers(0, 50))
def test_strategic_plants_hide_capacity_and_pad_needs_and_nothing_else(e, public, pad, seed):
    mail, rows = mail_of(e, seed), e.network.rows
    told = columns(told_by(e, public, BehaviourLaw("strategic", pad), mail))
    factor = {("row", k): 1 - pad for k in ("z", "K", "output", "stock")}
    factor |= {("link", k): 1 + pad for k in ("used", "norm")}
    assert {k for _, k in factor} == {*CAPACITY, *NEED}
    for (part, kind), honest in columns(mail).items():
        plant = rows.kind == PLANT if part == "row" else rows.linked(PLANT)
        bent = honest * factor.get((part, kind), 1.0)
        expected = np.where(plant, bent, honest)
        np.testing.assert_array_equal(told[part, kind], expected)


@given(pad=st.floats(0, 0.95), seed=st.integers(0, 50))
def test_adversaries_turn_what_they_know_about_the_public_value(e, public, pad, seed):
    mail = mail_of(e, seed)
    told = columns(told_by(e, public, BehaviourLaw("adversarial", pad), mail))
    known, signs = columns(public), []
    for key, honest in columns(mail).items():
        base = known.get(key)
        if base is None:
            np.testing.assert_array_equal(told[key], honest)
            continue
        live = (honest > 0) & (base > 0)
        np.testing.assert_array_equal(told[key][~live], honest[~live])
        with np.errstate(invalid="ignore", divide="ignore"):
            twist = np.log(told[key] * honest / base**2)[live]
        near = np.abs(np.log(honest[live] / base[live])) < 4
        np.testing.assert_allclose(np.abs(twist[near]), pad, rtol=0, atol=1e-12)
        # Farther away than a message can say it goes no farther.
        far = np.log(told[key][live] / base[live])[~near]
        np.testing.assert_allclose(np.abs(np.abs(far) - 4), pad, rtol=0, atol=1e-12)
        signs += np.sign(twist[near]).tolist()
    if pad > 1e-6:
        assert {-1.0, 1.0} <= set(signs)


def test_an_adversarys_twist_depends_on_seed_tick_kind_and_slot_alone(e, public):
    law = BehaviourLaw("adversarial")
    mail = Table({"z": np.full(e.network.n, 2.0), "K": np.full(e.network.n, 2.0)})
    alone = Table({"z": mail.row["z"]})
    one = told_by(e, public, law, mail).row["z"]
    np.testing.assert_array_equal(told_by(e, public, law, alone).row["z"], one)
    for other in ({"tick": 4}, {"seed": 2}):
        assert np.any(told_by(e, public, law, mail, **other).row["z"] != one)
    base = {"row": {k: np.ones(e.network.n) for k in ("z", "K")}}
    both = distort_reports(law, mail, Table(**base), e.network.rows, nobody(e), 3, Streams(1)).row
    assert np.any(both["z"] != both["K"])


@pytest.mark.parametrize("kind", BEHAVIOURS)
@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_an_audit_makes_exactly_the_audited_rows_truthful_and_marks_them(e, public, kind, share):
    net, mail, law = e.network, mail_of(e), BehaviourLaw(kind)
    audited = np.random.default_rng(1).uniform(size=net.n) < share
    told = told_by(e, public, law, mail, audited)
    lied = columns(told_by(e, public, law, mail))
    for (part, k), honest in columns(mail).items():
        mine = audited if part == "row" else audited[net.buyer]
        expected = np.where(mine, honest, lied[part, k])
        assert getattr(told, part)[k].tobytes() == expected.tobytes()
    if not audited.any():
        assert "audited" not in told.row
    else:
        np.testing.assert_array_equal(told.row["audited"], np.where(audited, 1.0, np.nan))


def test_nobody_can_say_of_itself_that_it_was_audited(e, public):
    claim = Table({"audited": np.ones(e.network.n)})
    assert told_by(e, public, BehaviourLaw(), claim).row == {}
    one = np.arange(e.network.n) == 3
    marked = told_by(e, public, BehaviourLaw(), claim, one).row["audited"]
    np.testing.assert_array_equal(marked, np.where(one, 1.0, np.nan))


# ---------------------------------------------------------------- in a run


@dataclass(frozen=True)
class Speakers(Agents):
    """Rows that report all facts and observables and ask as in the base year.

    price : whether they post prices, all 1
    """

    ask: Any
    price: bool = False
    log: list[Any] = field(default_factory=list)

    def start(self, view):
        return Table(), Table()

    def report(self, view, said):
        return Table({**view.facts.row, **view.seen.row}, dict(view.seen.link)), said

    def act(self, view, done):
        self.log.append((view.facts, view.seen))
        price = np.ones(view.rows.n) if self.price else None
        return Act(self.ask.copy(), None, price), done


@dataclass(frozen=True)
class Auditor(Centre[int]):
    """Orders audits tick by tick and keeps what it hears.

    orders  : tick -> rows to audit
    allot   : links that it tells what to ask
    """

    orders: dict[int, Any] = field(default_factory=dict)
    allot: Any = None
    log: list[Any] = field(default_factory=list)

    def start(self, public, rng):
        return public

    def decide(self, heard, t, memory):
        self.log.append(heard)
        net = memory.network
        row, link = {}, {}
        if t in self.orders:
            row["audit"] = np.where(np.isin(np.arange(net.n), self.orders[t]), 1.0, np.nan)
        if self.allot is not None:
            link["ask"] = np.where(self.allot, memory.flow, np.nan)
        return Table(row, link), memory


def run_of(e, law, line=EXACT, rounds=1, weeks=8, price=False, **auditor):
    agents, centre = Speakers(np.array(e.flow), price), Auditor(**auditor)
    contract = Contract(
        e,
        channel=ChannelLaw(rounds, line, line, measuring=0.0),
        behaviour=law,
        weeks=weeks,
        settle=0,
    )
    run = simulate(contract, Mechanism("toy", agents, centre, OWN), 1)
    assert run.completed
    return run, agents.log, centre.log


CLOCKS = [(1, 0.0), (1, 1.0), (1, 2.0), (4, 0.0), (4, 0.25), (4, 1.0)]


@pytest.mark.parametrize(("rounds", "delay"), CLOCKS)
def test_an_order_to_audit_is_obeyed_once_when_it_arrives(e, rounds, delay):
    """What is said at tick T of the order arrives `ticks` later, and the report as long after."""
    law, orders = BehaviourLaw("strategic"), {1: [2, 3], 2: [3], 6: [4]}
    line = replace(EXACT, delay=delay)
    ticks = round(delay * rounds)
    _, _, heard = run_of(e, law, line, rounds, weeks=12, orders=orders)
    _, _, honest = run_of(e, BehaviourLaw(soft=0.0), line, rounds, weeks=12)
    assert np.array_equal(honest[-1].value.row["z"][2:5] > 0, [True] * 3)
    for tick, (mail, truth) in enumerate(zip(heard, honest, strict=True)):
        # Told at `sent`, heard by the row at sent + max(ticks, 1), its report is here `ticks` on.
        sent = tick - max(ticks, 1) - ticks
        rows = orders.get(sent, [])
        fresh = np.flatnonzero(mail.age.row["audited"] == ticks)
        assert fresh.tolist() == rows
        if tick < ticks:
            continue
        plants = np.flatnonzero(e.network.kind == PLANT)
        ratio = (mail.value.row["z"] / truth.value.row["z"])[plants]
        np.testing.assert_allclose(ratio, np.where(np.isin(plants, rows), 1.0, 0.8), rtol=1e-12)


def test_noise_is_the_same_whatever_is_said(e):
    line = replace(EXACT, noise=0.3)
    heard = [run_of(e, BehaviourLaw(kind, soft=0.0), line)[2] for kind in ("truthful", "strategic")]
    for a, b in zip(*heard, strict=True):
        for kind, factor in (("z", 0.8), ("orders", 1.0)):
            spoken = np.isfinite(a.age.row[kind]) & (e.network.kind == PLANT)
            x, y = a.value.row[kind][spoken], b.value.row[kind][spoken]
            np.testing.assert_allclose(y, x * factor, rtol=1e-12)
    assert np.std(np.log(x)) > 0.1


@pytest.mark.parametrize("kind", LIES)
def test_behaviour_changes_no_fact_no_observable_and_no_act(e, kind):
    """Nobody here acts on what the centre says, so all that could differ is what rows are shown."""
    plain, seen, _ = run_of(e, BehaviourLaw(soft=0.0))
    other, met, heard = run_of(e, BehaviourLaw(kind, soft=0.0))
    assert other.series["utility"].tobytes() == plain.series["utility"].tobytes()
    for (facts, view), (facts2, view2) in zip(seen, met, strict=True):
        for a, b in ((facts, facts2), (view, view2)):
            for key, value in columns(a).items():
                assert columns(b)[key].tobytes() == value.tobytes()
    assert heard[-1].value.row["z"].tobytes() != met[-1][0].row["z"].tobytes()


@pytest.mark.parametrize("kind", BEHAVIOURS)
def test_where_nobody_reports_and_everybody_pays_behaviour_changes_nothing(e, kind):
    plain = simulate(Contract(e, weeks=8, settle=0), market(), 2)
    assert simulate(Contract(e, weeks=8, behaviour=kind, settle=0), market(), 2).bits == plain.bits


def test_an_oracle_needs_no_report_and_pads_no_ask(e):
    plain = simulate(Contract(e, weeks=4, settle=0), StaticOptimum(), 2)
    lied = simulate(
        Contract(e, weeks=4, behaviour=BehaviourLaw("strategic"), settle=0), StaticOptimum(), 2
    )
    assert lied.bits == plain.bits


# ---------------------------------------------------------------- soft budgets


@given(soft=st.floats(0, 1), seed=st.integers(0, 20))
def test_soft_budgets_pad_plants_asks_beyond_allotments_alone(e, soft, seed):
    net, rng = e.network, np.random.default_rng(seed)
    ask, allotted = rng.lognormal(0, 1, net.m), rng.uniform(size=net.m) < 0.3
    for kind in BEHAVIOURS:
        found = inflate_asks(BehaviourLaw(kind, soft=soft), ask, net.rows, allotted)
        own = (net.kind[net.buyer] == PLANT) & ~allotted & (kind == "strategic")
        np.testing.assert_array_equal(found, np.where(own, ask * (1 + soft), ask))


def first_asks(run):
    return run.series["asked"][0]


def test_in_a_run_only_plants_that_neither_pay_nor_were_told_ask_for_more(e):
    net = e.network
    plants = net.kind[net.buyer] == PLANT
    allot = plants & (np.arange(net.m) % 2 == 0)
    law, line = BehaviourLaw("strategic", soft=0.5), replace(EXACT, delay=0.0)
    asked = np.array(net.orders(e.flow))
    for price, told, padded in (
        (False, None, plants),
        (False, allot, plants & ~allot),
        (True, None, plants & False),
    ):
        run, _, _ = run_of(e, law, line, price=price, allot=told)
        expected = net.orders(np.where(padded, 1.5, 1.0) * e.flow)
        found = run.series["orders"][0]
        np.testing.assert_allclose(found, expected, rtol=1e-12)
        assert np.any(found > asked * 1.01) == bool(padded.any())


def test_a_plant_asks_for_more_until_its_plan_comes(e):
    """five_year_plan tells every link what to ask; before its first plan asks are plants' own."""
    laws = [BehaviourLaw("strategic", soft=s) for s in (0.0, 0.2)]
    contract = Contract(e, channel=ChannelLaw(1, EXACT, EXACT, measuring=0.0), weeks=60, settle=0)
    plan = five_year_plan(delegation="in_kind")
    runs = [simulate(replace(contract, behaviour=b), plan, 1) for b in laws]
    orders = [r.series["orders"] for r in runs]
    ratio = orders[1] / np.where(orders[0] > 0, orders[0], 1.0)
    padded = ratio.max(axis=1) > 1.05
    first = int(np.argmin(padded))
    assert 0 < first < 54
    assert padded[:first].all()
    assert not padded[first:].any()


# ---------------------------------------------------------------- settings


def test_the_kind_alone_will_do(e):
    assert Contract(e, behaviour="strategic", settle=0).behaviour == BehaviourLaw("strategic")
    assert Contract(e, settle=0).behaviour == BehaviourLaw("truthful", 0.2, 0.2)


@pytest.mark.parametrize(("name", "value"), [("pad", -0.1), ("pad", 0.96), ("soft", 1.1)])
def test_a_setting_out_of_range_is_refused_by_name(name, value):
    with pytest.raises(InputError, match=rf"behaviour\.{name}: {value} is out of range"):
        BehaviourLaw("strategic", **{name: value})


def test_an_unknown_kind_is_refused():
    with pytest.raises(InputError, match=r"unknown kind 'stategic'. Did you mean 'strateg"):
        BehaviourLaw("stategic")
