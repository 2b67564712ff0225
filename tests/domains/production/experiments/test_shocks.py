"""The experiments oil and tariff, free comparisons, and the question that each contract asks."""

import numpy as np
import pytest

from catallax import InputError, compare, generate, us15, us71
from catallax.domains.production.economy import Shock, Tariff
from catallax.domains.production.experiments import EXPERIMENTS, free, oil, question, tariff, tin
from catallax.domains.production.measures import assess, find_scarcity_price, sample_weeks
from catallax.domains.production.measures.scarcity import (
    IMPORTS,
    find_import_price,
    find_optimum_price,
    list_most_traded,
    list_scarce_goods,
    list_telling_prices,
)
from catallax.domains.production.mechanisms import market
from catallax.domains.production.run import Contract, Run, simulate
from catallax.protocol.mechanism_names import mechanism_named
from catallax.study import Comparison


@pytest.fixture(scope="module")
def made():
    return generate(2, products=6, households=2)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_can_be_run_on_the_real_tables(name):
    for economy in (us15(), us71()):
        contract = EXPERIMENTS[name].contract(economy)
        assert contract.weeks == 312
        assert len(contract.shocks) == 1
        assert not contract.shocks[0].announced


def test_oil_is_the_deposit_of_oil_and_else_the_largest():
    def struck(economy):
        (shock,) = oil(economy).shocks
        assert (shock.week, shock.factor) == (52, 0.5)
        return shock.resource

    assert struck(us71()) == "deposit 211"
    assert struck(us15()) == "deposit 21"
    assert struck(generate(1)) == "ore"
    # The positive control is several times as large as tin.
    net, output = us71().network, us71().output
    assert output[net.row("deposit 211")] > 3 * output[net.row("deposit 212")]


def test_the_default_tariff_is_foreign_a_quarter_and_untold():
    assert tariff(us15()).shocks == (Tariff("foreign", 52, 0.25),)
    chosen = tariff(us15(), kind="domestic", week=9, rate=0.1, announced=True)
    assert chosen.shocks == (Tariff("domestic", 9, 0.1, announced=True),)


def test_tin_is_what_it_was():
    assert tin(us71()).shocks == (Shock("deposit 212", 52, 0.5),)
    assert tin(us71(), week=9, factor=2, announced=True).shocks == (
        Shock("deposit 212", 9, 2.0, announced=True),
    )


@pytest.mark.parametrize(
    ("given", "shocks"),
    [
        ({}, ()),
        ({"kind": "none"}, ()),
        ({"resource": "deposit 21"}, (Shock("deposit 21", 52, 0.5),)),
        (
            {"kind": "resource", "resource": "labour", "week": 3, "factor": 0.9},
            (Shock("labour", 3, 0.9),),
        ),
        ({"kind": "foreign"}, (Tariff("foreign", 52, 0.25),)),
        (
            {"kind": "domestic", "rate": 0.1, "week": 7, "announced": True},
            (Tariff("domestic", 7, 0.1, announced=True),),
        ),
    ],
)
def test_a_free_contract_has_the_shock_that_was_asked_for(given, shocks):
    assert free(us15(), **given).shocks == shocks


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"kind": "tarif"}, "unknown shock.kind 'tarif'.*none, resource, foreign, domestic"),
        ({"rate": 0.1}, "shock.rate: there is no shock; say which with shock.kind"),
        ({"kind": "resource"}, "shock.resource: is missing; name one.*labour, foreign credit"),
        ({"kind": "foreign", "factor": 0.5}, "shock.factor: a tariff has no factor; give shock.ra"),
        ({"kind": "foreign", "resource": "labour"}, "shock.resource: a tariff has no resource"),
        ({"resource": "labour", "rate": 0.5}, "shock.rate: a resource has no rate; give shock.fa"),
        ({"resource": "tin"}, "unknown row 'tin'"),
    ],
)
def test_what_does_not_go_together_is_refused(given, message):
    with pytest.raises(InputError, match=message):
        free(us15(), **given)


def test_the_question_says_what_happens_and_who_is_told():
    scarce, foreign = Shock("labour", 1, 0.5), Tariff("foreign", 2, 0.1, announced=True)

    def asked(*shocks):
        return question(Contract(us15(), shocks=shocks, weeks=9))

    assert asked() == "nothing happens from outside"
    assert asked(scarce) == "a resource becomes scarce and nobody is told why"
    assert asked(Shock("labour", 1, 2.0)) == "a resource becomes plentiful and nobody is told why"
    assert asked(foreign) == "exports are taxed abroad and everybody was told"
    both = asked(scarce, foreign)
    assert both.startswith("a resource becomes scarce and exports are taxed abroad and not all")
    home = asked(Tariff("domestic", 1, 0.1))
    assert home == "imports are taxed at home and nobody was told before"


# ---------------------------------------------------------------- prices and goods under a tariff


def test_under_a_tariff_the_products_imported_most_are_scarce():
    e = us71()
    for kind in ("foreign", "domestic"):
        contract = tariff(e, kind=kind)
        goods = list_scarce_goods(contract)
        value = {g: e.flow[e.imports & (e.network.good == e.network.products.index(g))].sum()
                 for g in e.network.products}  # fmt: skip
        assert set(goods) == set(sorted(value, key=value.get)[-3:])
        assert list_telling_prices(contract) == (IMPORTS,)
    assert list_most_traded(generate(1), "foreign") == ()


def test_the_price_of_imports_is_a_weighted_mean_of_logs_with_the_duty():
    e = us15()
    contract = tariff(e, kind="domestic", rate=0.4, week=6, weeks=9)
    run = simulate(contract, market(), 2)
    rows = np.flatnonzero(e.abroad)
    for t, duty in ((5, 1.0), (6, 1.4)):
        p = run.series["price"][t]
        logs = sum(e.output[i] * np.log(p[i]) for i in rows) / e.output[rows].sum()
        assert find_import_price(run)[t] == pytest.approx(duty * np.exp(logs) / p[0], rel=1e-12)
    assert np.array_equal(find_scarcity_price(run, IMPORTS), find_import_price(run))


# ---------------------------------------------------------------- comparisons


@pytest.fixture(scope="module")
def taxed() -> Comparison:
    contract = tariff(us15(), rate=0.5, weeks=80)
    return compare("tariff", contract, ["static_optimum", "market", "five_year_plan"], [0, 1, 2],
                   workers=0)  # fmt: skip


def runs_of(comparison: Comparison, mechanism: str, seed: int) -> tuple[Run, Run]:
    """The run with the shocks and its twin, made again."""
    contract, made = comparison.contract, mechanism_named(mechanism)
    return simulate(contract, made, seed), simulate(contract.calm(), made, seed)


def test_the_twin_has_no_tariff(taxed: Comparison):
    for name, outcomes in taxed.outcomes.items():
        for o in outcomes:
            shocked, twin = runs_of(taxed, name, o.seed)
            assert twin.contract.shocks == ()
            assert twin.hash == o.trace.twin.run
            with_shock, without = (r.series["utility"] for r in (shocked, twin))
            assert with_shock[:52].tobytes() == without[:52].tobytes()
            assert not np.array_equal(with_shock[53:], without[53:])


def test_under_a_foreign_tariff_imports_become_dear_in_the_optimum(taxed: Comparison):
    """What exports are worth falls by a third, so that much dearer imports would be without
    substitution; with elasticity 4 and foreign credit untouched it is less, but far from nothing.
    """
    weeks = sample_weeks(taxed.contract)
    shocked, twin = (assess(r, weeks) for r in runs_of(taxed, "static_optimum", 0))
    path = find_optimum_price(shocked, IMPORTS) / find_optimum_price(twin, IMPORTS)
    before, after = path[shocked.weeks < 52], path[shocked.weeks >= 52]
    np.testing.assert_allclose(before, 1.0, atol=1e-6)
    assert np.all((after > 1.05) & (after < 1.5))


def test_users_of_what_is_imported_most_are_looked_at(taxed: Comparison):
    users = taxed.outcomes["market"][0].trace.vectors["users"].astype(int)
    assert len(users) > 5
    assert not taxed.contract.economy.abroad[users].any()


def test_differences_are_paired_on_seeds_and_from_the_first_that_is_no_oracle(taxed: Comparison):
    assert taxed.base == "market"
    assert taxed.others == ("static_optimum", "five_year_plan")
    values = {
        m: np.array([o.measures["efficiency"].value for o in taxed.outcomes[m]])
        for m in taxed.outcomes
    }
    gap = values["five_year_plan"] - values["market"]
    half = 4.302652729696142 * gap.std(ddof=1) / np.sqrt(3)
    found = taxed.difference("five_year_plan", "efficiency")
    assert found.mean == pytest.approx(gap.mean(), rel=1e-12)
    assert found.ci95 == pytest.approx((gap.mean() - half, gap.mean() + half), rel=1e-9)
    plain = taxed.to_dict()["differences"]
    assert plain["from"] == "market"
    assert plain["mechanisms"]["five_year_plan"]["efficiency"] == found.to_dict()


def test_where_one_has_no_number_there_is_no_difference_but_a_reason(taxed: Comparison):
    found = taxed.difference("static_optimum", "bits")
    assert found.mean is None
    assert found.reason == "static_optimum: an oracle sends no messages (3 of 3 seeds)"


def test_one_mechanism_has_nothing_to_differ_from(made):
    alone = compare("compare", free(made, weeks=20), ["market"], [0], workers=0)
    assert (alone.base, alone.others) == ("market", ())
    assert alone.to_dict()["differences"]["mechanisms"] == {}


def test_without_a_shock_a_run_is_its_own_twin_and_is_not_run_twice(made):
    calm = compare("compare", free(made, weeks=60), ["market", "five_year_plan"], [0], workers=0)
    o = calm.outcomes["market"][0]
    assert o.trace.twin == o.trace.ending
    assert o.trace.vectors == {}
    for measure in ("area_lost", "adaptation_lag"):
        assert "there is no shock" in calm.summary("market", measure).reason
        assert "there is no shock" in calm.difference("five_year_plan", measure).reason


def test_who_does_not_respond_at_all_is_not_told_from_chance():
    """A plan without prices does not feel a domestic tariff: it responds by nothing."""
    contract = tariff(us15(), kind="domestic", weeks=70)
    found = compare("tariff", contract, ["five_year_plan"], [0, 1], workers=0)
    assert not found.detectable("five_year_plan", "response")
    assert "not detectable" in found.summary("five_year_plan", "adaptation_lag").reason
    assert found.summary("five_year_plan", "area_lost").mean == 0.0
