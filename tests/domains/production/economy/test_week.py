"""One week by hand: rationing, time on the way, spoilage, money, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest

from catallax.domains.production.economy import (
    Economy,
    State,
    Week,
    advance_state,
    calibrate,
    check_and_settle,
    find_fault,
    settle_act,
    start_state,
)
from catallax.domains.production.network import Act, Network, Technology
from catallax.domains.production.optimum import solve

# Rows: labour 0, plants coal 1 and bread 2, households Ann 3 and Bob 4.
# Links, as (buyer, good, seller):
COAL_LABOUR, BREAD_LABOUR, BREAD_COAL, ANN_COAL, ANN_BREAD, BOB_COAL, BOB_BREAD = range(7)
LINKS = [(1, 0, 0), (2, 0, 0), (2, 1, 1), (3, 1, 1), (3, 2, 2), (4, 1, 1), (4, 2, 2)]
NAMES = ["labour", "coal mine", "bakery", "Ann", "Bob"]


def little(lead: int = 0, decay: float = 0.0, iceberg: float = 1.0) -> Economy:
    """Coal is burned by the bakery and at home; half of Ann's and Bob's money goes to each."""
    net = Network.build([0, 1, 1, 2, 2], [0, 1, 2, -1, -1], LINKS, NAMES, ["work", "coal", "bread"])
    goods = ~net.rows.perishable
    return calibrate(
        "little",
        net,
        share=np.array([1.0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]),
        gamma=np.array([1.0, 0.8, 0.8, 1.0, 1.0]),
        spending=np.array([60.0, 40.0]),
        sigma=np.full(5, 0.5),
        eps=np.full(5, 2.0),
        decay=np.array([0.0, decay, decay, 0.0, 0.0]),
        lead=np.where(goods, lead, 0),
        iceberg=np.where(goods, iceberg, 1.0),
    )


def at_rest(e: Economy) -> State:
    return start_state(e, solve(e.technology, e.income))


def links(**values: float) -> np.ndarray:
    """(m,) zero but on the links named."""
    out = np.zeros(len(LINKS))
    for name, value in values.items():
        out[globals()[name]] = value
    return out


NOTHING = links()


def after(e: Economy, state: State, *acts: Act) -> State:
    for act in acts:
        assert find_fault(e, state, act) is None
        state = advance_state(e, state, act, settle_act(e, e.technology, state, act))
    return state


def week(e: Economy, state: State, act: Act) -> Week:
    return settle_act(e, e.technology, state, act)


def stocked(e: Economy, coal: float, bread: float = 0.0) -> State:
    """Some coal and bread at the plants, nothing held or on the way."""
    state = at_rest(e)
    stock = np.array([0.0, coal, bread, 0.0, 0.0])
    return replace(state, stock=stock, held=0 * state.held, transit=0 * state.transit)


def test_over_asked_sellers_ration_pro_rata():
    e = little()
    act = Act(links(BREAD_COAL=10, ANN_COAL=20, BOB_COAL=10, ANN_BREAD=3))
    w = week(e, stocked(e, coal=10, bread=5), act)
    np.testing.assert_allclose(
        w.shipped, links(BREAD_COAL=2.5, ANN_COAL=5, BOB_COAL=2.5, ANN_BREAD=3), rtol=1e-15
    )
    np.testing.assert_array_equal(w.asked, act.ask)
    assert w.orders[1] == 40
    assert w.sold[1] == 10
    assert w.sold[2] == 3


def test_an_over_asked_endowment_rations_pro_rata_too():
    e = little()
    flow = e.technology.supply[0]
    w = week(e, at_rest(e), Act(links(COAL_LABOUR=3 * flow, BREAD_LABOUR=flow)))
    assert w.shipped[COAL_LABOUR] == pytest.approx(0.75 * flow, rel=1e-15)
    assert w.shipped[BREAD_LABOUR] == pytest.approx(0.25 * flow, rel=1e-15)
    np.testing.assert_array_equal(
        w.used, w.shipped + np.where(e.network.rows.perishable, 0, at_rest(e).held)
    )


def test_who_asks_for_nothing_gets_nothing_and_an_empty_stock_ships_nothing():
    e = little()
    w = week(e, stocked(e, coal=0, bread=5), Act(links(ANN_COAL=7)))
    assert not w.shipped.any()
    assert w.orders[1] == 7


def test_what_is_not_filled_lapses():
    e = little()
    state = after(e, stocked(e, coal=10), Act(links(ANN_COAL=25)), Act(NOTHING))
    state = replace(state, stock=np.array([0, 100.0, 0, 0, 0]))
    w = week(e, state, Act(links(BOB_COAL=1)))
    np.testing.assert_array_equal(w.shipped, links(BOB_COAL=1))
    assert w.orders[1] == 1


def test_labour_that_is_not_asked_for_perishes():
    e = little()
    flow = e.technology.supply[0]
    state = after(e, at_rest(e), Act(NOTHING), Act(NOTHING))
    assert state.stock[0] == 0
    w = week(e, state, Act(links(COAL_LABOUR=10 * flow)))
    assert w.sold[0] == pytest.approx(flow, rel=1e-15)
    after_work = after(e, state, Act(links(COAL_LABOUR=10 * flow)))
    assert not after_work.held[e.network.rows.perishable].any()


def test_labour_is_used_in_the_week_it_ships_whatever_use_says():
    e = little()
    w = week(e, stocked(e, coal=0), Act(links(COAL_LABOUR=4), use=NOTHING))
    assert w.used[COAL_LABOUR] == 4
    t, row = e.technology, 1
    made = t.z[row] * t.K[row] * (4 / t.norm[COAL_LABOUR] / t.K[row]) ** 0.8
    assert w.output[row] == pytest.approx(made, rel=1e-14)


def test_output_can_be_sold_the_week_after():
    e = little(decay=0.25)
    state = stocked(e, coal=0)
    digs = Act(links(COAL_LABOUR=4, ANN_COAL=1))
    w = week(e, state, digs)
    assert w.shipped[ANN_COAL] == 0
    later = after(e, state, digs)
    assert later.stock[1] == w.output[1] > 0
    sells = Act(links(ANN_COAL=1e9))
    assert week(e, later, sells).shipped[ANN_COAL] == w.output[1]


@pytest.mark.parametrize("lead", [0, 1, 2, 3])
@pytest.mark.parametrize(("decay", "iceberg"), [(0.0, 1.0), (0.25, 1.0), (0.25, 0.5)])
def test_a_shipment_of_week_t_is_usable_in_week_t_plus_1_plus_its_lead(lead, decay, iceberg):
    """It loses to dispatch once and spoils once for every week of its lead time."""
    e = little(lead, decay, iceberg)
    state = after(e, stocked(e, coal=8), Act(links(ANN_COAL=8)))
    for _ in range(lead):
        assert not state.held.any()
        assert not week(e, state, Act(NOTHING)).used.any()
        state = after(e, state, Act(NOTHING))
    arrived = 8 * iceberg * (1 - decay) ** lead
    np.testing.assert_allclose(state.held, links(ANN_COAL=arrived), rtol=1e-15)
    np.testing.assert_allclose(week(e, state, Act(NOTHING)).used, links(ANN_COAL=arrived))
    assert not state.transit.any()


def test_shipments_of_successive_weeks_arrive_in_successive_weeks():
    e = little(lead=2)
    state = replace(stocked(e, coal=100), transit=np.zeros((2, e.network.m)))
    arrivals = []
    for asked in (1, 2, 3, 0, 0, 0):
        state = after(e, state, Act(links(ANN_COAL=asked)))
        arrivals.append(state.held[ANN_COAL])
    assert arrivals == [0, 0, 1, 2, 3, 0]


def test_what_was_there_and_is_left_over_spoils_and_what_is_new_does_not():
    e = little(decay=0.25)
    state = replace(stocked(e, coal=8, bread=4), held=links(BREAD_COAL=6, ANN_BREAD=2))
    act = Act(links(ANN_COAL=3, COAL_LABOUR=1), use=links(BREAD_COAL=2, ANN_BREAD=2))
    w, later = week(e, state, act), after(e, state, act)
    # Coal: 5 of 8 unsold, 4 of 6 unused at the bakery. Bread: all 4 unsold, none unused.
    assert w.spoiled[1] == pytest.approx(0.25 * (5 + 4), rel=1e-15)
    assert w.spoiled[2] == pytest.approx(0.25 * 4, rel=1e-15)
    assert later.stock[1] == pytest.approx(0.75 * 5 + w.output[1], rel=1e-15)
    assert later.stock[2] == pytest.approx(0.75 * 4, rel=1e-15)
    np.testing.assert_allclose(later.held, links(BREAD_COAL=0.75 * 4, ANN_COAL=3), rtol=1e-15)


def test_goods_on_the_way_spoil_from_the_week_after_dispatch():
    e = little(lead=2, decay=0.25, iceberg=0.5)
    state = stocked(e, coal=8)
    first = week(e, state, Act(links(ANN_COAL=8)))
    assert first.lost[1] == 4
    assert first.spoiled[1] == 0
    state = after(e, state, Act(links(ANN_COAL=8)))
    assert week(e, state, Act(NOTHING)).spoiled[1] == 1
    assert week(e, after(e, state, Act(NOTHING)), Act(NOTHING)).spoiled[1] == 0.75


def test_use_is_everything_held_where_it_is_not_said():
    e = little()
    held = links(BREAD_COAL=6, ANN_BREAD=2)
    w = week(e, replace(stocked(e, coal=0), held=held), Act(NOTHING))
    np.testing.assert_array_equal(w.used, held)


PRICE = np.array([2.0, 3.0, 1.0, 1.0, 1.0])


def moneyed(e: Economy, ann: float, bob: float, price=PRICE) -> State:
    return replace(stocked(e, coal=100, bread=100), cash=np.array([ann, bob]), price=price)


def test_a_households_asks_are_cut_to_its_cash_at_the_binding_price():
    e = little()
    act = Act(
        links(ANN_COAL=4, ANN_BREAD=8, BOB_COAL=1, BREAD_COAL=50),
        price=np.full(5, 1000.0),  # not yet binding
    )
    w = week(e, moneyed(e, ann=5, bob=5), act)
    part = 5 / (4 * 3 + 8 * 1)
    np.testing.assert_allclose(
        w.asked, links(ANN_COAL=4 * part, ANN_BREAD=8 * part, BOB_COAL=1, BREAD_COAL=50), rtol=1e-15
    )
    np.testing.assert_allclose(w.spent, [5, 3], rtol=1e-15)


@pytest.mark.parametrize("cash", [0.0, -3.0])
def test_without_cash_a_household_buys_nothing(cash):
    e = little()
    w = week(e, moneyed(e, ann=cash, bob=5), Act(links(ANN_COAL=4, BOB_COAL=1), price=PRICE))
    np.testing.assert_array_equal(w.asked, links(BOB_COAL=1))
    assert w.spent[0] == 0


def test_what_is_not_shipped_is_not_paid():
    e = little()
    state = replace(moneyed(e, ann=50, bob=50), stock=np.array([0, 4.0, 0, 0, 0]))
    act = Act(links(ANN_COAL=8, BOB_COAL=8, ANN_BREAD=20), price=PRICE)
    w = week(e, state, act)
    np.testing.assert_allclose(w.spent, [6, 6], rtol=1e-15)
    cash = advance_state(e, state, act, w).cash
    assert cash.sum() == pytest.approx(100, rel=1e-15)


def test_a_posted_price_binds_the_week_after():
    e = little()
    state = moneyed(e, ann=50, bob=50)
    dear = np.array([2.0, 7.0, 1.0, 1.0, 1.0])
    act = Act(links(ANN_COAL=1), price=dear)
    assert week(e, state, act).spent[0] == 3
    state = after(e, state, act)
    np.testing.assert_array_equal(state.price, dear)
    assert week(e, state, Act(links(ANN_COAL=1), price=PRICE)).spent[0] == 7
    np.testing.assert_array_equal(after(e, state, Act(NOTHING)).price, dear)


def test_sales_less_costs_reach_owners_the_same_week_and_so_do_losses():
    """Ann owns 0.6, Bob 0.4 of everything.

    Coal mine: sells 2 to Ann and 5 to the bakery at 3, hires 4 at 2: earns 21 - 8 = 13.
    Bakery: sells 1 to Bob at 1, hires 1 at 2, pays 15 for coal: loses 16. Labour earns 10.
    Together 13 - 16 + 10 = 7, which is what Ann (6) and Bob (1) spent.
    """
    e = little()
    ask = links(ANN_COAL=2, BREAD_COAL=5, BOB_BREAD=1, COAL_LABOUR=4, BREAD_LABOUR=1)
    state, act = moneyed(e, ann=50, bob=50), Act(ask, price=PRICE)
    w = week(e, state, act)
    np.testing.assert_allclose(w.income, [0.6 * 7, 0.4 * 7], rtol=1e-14)
    np.testing.assert_allclose(w.spent, [6, 1], rtol=1e-15)
    np.testing.assert_allclose(advance_state(e, state, act, w).cash, [48.2, 51.8], rtol=1e-14)


def dutiable(e: Economy, rate: float, *at: int) -> Technology:
    """The technology with a tariff of `rate` on some links."""
    tariff = np.where(np.isin(np.arange(len(LINKS)), at), rate, 0.0)
    return replace(e.technology, tariff=tariff)


def test_a_tariff_is_paid_on_top_and_reaches_households_in_proportion_to_base_year_incomes():
    """Ann pays 2 x 3 for coal and half of that on top; the bakery pays 5 x 3 and 7.5.

    Without the tariff incomes would be 6 and 1 in all (see the test before). With it Ann spends
    9, the bakery loses 7.5 more, and the revenue of 10.5 goes 60 : 40 as incomes did.
    """
    e = little()
    ask = links(ANN_COAL=2, BREAD_COAL=5, BOB_BREAD=1, COAL_LABOUR=4, BREAD_LABOUR=1)
    state, act = moneyed(e, ann=50, bob=50), Act(ask, price=PRICE)
    truth = dutiable(e, 0.5, ANN_COAL, BREAD_COAL)
    w = settle_act(e, truth, state, act)
    np.testing.assert_allclose(w.spent, [9, 1], rtol=1e-15)
    np.testing.assert_allclose(w.income, np.array([0.6, 0.4]) * (7 - 7.5 + 10.5), rtol=1e-14)
    assert advance_state(e, state, act, w).cash.sum() == pytest.approx(100, rel=1e-15)


def test_a_households_asks_are_cut_to_what_it_can_pay_with_the_tariff():
    e = little()
    act = Act(links(ANN_COAL=8, ANN_BREAD=4), price=PRICE)
    state = moneyed(e, ann=20, bob=0)
    w = settle_act(e, dutiable(e, 0.5, ANN_COAL), state, act)
    # 8 x 4.5 + 4 = 40 is asked for, 20 is there.
    np.testing.assert_allclose(w.shipped, links(ANN_COAL=4, ANN_BREAD=2), rtol=1e-15)
    assert w.spent[0] == pytest.approx(20, rel=1e-15)


def test_without_prices_a_tariff_changes_nothing():
    e = little()
    state, act = moneyed(e, ann=5, bob=0), Act(links(ANN_COAL=40, BOB_BREAD=8))
    taxed, free = settle_act(e, dutiable(e, 0.5, ANN_COAL), state, act), week(e, state, act)
    for name in ("shipped", "used", "output", "utility", "income", "spent"):
        np.testing.assert_array_equal(getattr(taxed, name), getattr(free, name))


def test_what_survives_dispatch_follows_the_weeks_truth():
    e = little(lead=1, decay=0.25, iceberg=0.5)
    t = e.technology
    truth = replace(t, kept=t.kept * np.where(np.arange(e.network.m) == ANN_COAL, 0.8, 1.0))
    state, act = stocked(e, coal=16), Act(links(ANN_COAL=8, BOB_COAL=8))
    w = settle_act(e, truth, state, act)
    np.testing.assert_allclose(w.sent, links(ANN_COAL=8 * 0.5 * 0.8, BOB_COAL=4), rtol=1e-15)
    assert w.lost[1] == pytest.approx(16 - 3.2 - 4, rel=1e-15)
    later = after(e, advance_state(e, state, act, w), Act(NOTHING))
    np.testing.assert_allclose(later.held, 0.75 * w.sent, rtol=1e-15)


def test_without_prices_no_money_moves():
    e = little()
    state, act = moneyed(e, ann=5, bob=0), Act(links(ANN_COAL=40, BOB_BREAD=8))
    w = week(e, state, act)
    np.testing.assert_array_equal(w.shipped, act.ask)
    assert not w.income.any()
    assert not w.spent.any()
    np.testing.assert_array_equal(advance_state(e, state, act, w).cash, [5, 0])


def test_the_start_is_one_optimum_week_in_every_slot_and_no_buffer():
    e = little(lead=2, decay=0.25, iceberg=0.5)
    best = solve(e.technology, e.income, tol=1e-13)
    state = start_state(e, best)
    goods = ~e.network.rows.perishable
    np.testing.assert_allclose(state.stock, [0, *best.output[1:3], 0, 0], rtol=1e-11)
    np.testing.assert_allclose(state.held, np.where(goods, best.arrive, 0), rtol=1e-15)
    sent = np.where(goods, 0.5 * best.ship, 0)
    np.testing.assert_allclose(state.transit, [0.75 * sent, sent], rtol=1e-14)
    np.testing.assert_array_equal(state.cash, e.income)
    # Done again, the optimum's week leads back to the same state.
    again = after(e, state, Act(best.ship))
    for name in ("stock", "held", "transit"):
        np.testing.assert_allclose(getattr(again, name), getattr(state, name), rtol=1e-10)


BREAKS = {
    "negative ask": (lambda: Act(links(ANN_COAL=-1e-300)), "Ann, buying from coal mine: ask"),
    "ask NaN": (lambda: Act(links(BOB_BREAD=np.nan)), "Bob, buying from bakery: ask"),
    "infinite ask": (lambda: Act(links(BREAD_LABOUR=np.inf)), "bakery, buying from labour: ask"),
    "negative use": (lambda: Act(NOTHING, links(ANN_BREAD=-1)), "Ann, buying from bakery: use"),
    "use NaN": (lambda: Act(NOTHING, links(ANN_BREAD=np.nan)), "Ann, buying from bakery: use"),
    "over-use": (lambda: Act(NOTHING, links(BREAD_COAL=6.1)), "bakery, buying from coal mine: us"),
    "short ask": (lambda: Act(NOTHING[:-1]), "ask has shape (6,), expected (7,)"),
    "square ask": (lambda: Act(np.zeros((7, 1))), "ask has shape (7, 1), expected (7,)"),
    "long use": (lambda: Act(NOTHING, np.zeros(8)), "use has shape (8,), expected (7,)"),
    "short price": (lambda: Act(NOTHING, price=np.ones(4)), "shape (4,), expected (5,)"),
    "zero price": (lambda: Act(NOTHING, price=PRICE * [1, 0, 1, 1, 1]), "coal mine: a posted"),
    "price < 0": (lambda: Act(NOTHING, price=PRICE * [-1, 1, 1, 1, 1]), "labour: a posted"),
    "price NaN": (lambda: Act(NOTHING, price=PRICE * [1, 1, np.nan, 1, 1]), "bakery: a posted"),
    "price inf": (lambda: Act(NOTHING, price=PRICE * [1, np.inf, 1, 1, 1]), "coal mine: a poste"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_bad_act_is_refused_with_the_rows_name(name):
    e = little()
    state = replace(moneyed(e, 5, 5), held=links(BREAD_COAL=6, ANN_BREAD=2))
    make, message = BREAKS[name]
    wrong = find_fault(e, state, make())
    assert wrong is not None
    assert message in wrong


@pytest.mark.parametrize("name", BREAKS)
@pytest.mark.parametrize("priced", [True, False])
def test_what_is_settled_in_the_same_pass_is_refused_in_the_same_words(name, priced):
    e = little()
    state = replace(moneyed(e, 5, 5), held=links(BREAD_COAL=6, ANN_BREAD=2))
    act = BREAKS[name][0]()
    act = replace(act, price=PRICE) if priced and act.price is None else act
    before = [a.tobytes() for a in (state.stock, state.held, state.transit, state.cash)]
    wrong = check_and_settle(e, e.technology, state, act)
    assert wrong == find_fault(e, state, act)
    assert isinstance(wrong, str)
    assert [a.tobytes() for a in (state.stock, state.held, state.transit, state.cash)] == before


def test_a_good_act_is_settled_and_its_asks_are_counted():
    e = little()
    state = replace(moneyed(e, 5, 5), held=links(BREAD_COAL=6, ANN_BREAD=2))
    use = links(BREAD_COAL=6 * (1 + 1e-12), ANN_BREAD=2)
    for act in (Act(links(ANN_COAL=1e12, BOB_COAL=1), use, PRICE), Act(NOTHING, None, PRICE)):
        found = check_and_settle(e, e.technology, state, act)
        alone = settle_act(e, e.technology, state, act)
        assert not isinstance(found, str)
        assert found.asks == np.count_nonzero(act.ask)
        assert found.week.held.tobytes() == alone.held.tobytes()
        assert found.week.spent.tobytes() == alone.spent.tobytes()


def test_a_good_act_has_no_fault():
    e = little()
    state = replace(moneyed(e, 5, 5), held=links(BREAD_COAL=6, ANN_BREAD=2))
    use = links(BREAD_COAL=6 * (1 + 1e-12), ANN_BREAD=2)  # rounding is allowed, and cut off
    act = Act(links(ANN_COAL=1e12), use, PRICE)
    assert find_fault(e, state, act) is None
    assert week(e, state, act).used[BREAD_COAL] == 6


def test_the_row_that_breaks_a_rule_first_is_named():
    e = little()
    ask = links(BREAD_COAL=-1, ANN_COAL=-1)
    assert find_fault(e, at_rest(e), Act(ask)).startswith("bakery, buying from coal mine")
