"""The page of the plants: what is lost and why, Weitzman's coefficient, and its words."""

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax import Comparison, compare
from catallax.domains.prices_quantities import (
    CostShift,
    PlantsContract,
    full_information,
    habit,
    hybrid,
    licences,
    price,
    quantity,
)
from catallax.domains.prices_quantities.run import split_loss
from catallax.domains.prices_quantities.weitzman import (
    compute_price_advantage,
    expect_welfare,
    find_border,
)
from catallax.protocol import experiment_named
from catallax.show import picture
from catallax.show.page import build_page
from tests.show.reading import cells, figures, points, undrawn, value

NAME = "prices_quantities"
NAMES = ["price", "quantity", "hybrid", "licences", "habit", "full_information"]
ALL = (price(), quantity(), hybrid(), licences(), licences(valve=True), habit(), full_information())

contracts = st.builds(
    PlantsContract,
    plants=st.integers(1, 5),
    benefit=st.floats(-2.0, 2.0),
    benefit_slope=st.floats(-4.0, 0.02),
    cost_slope=st.floats(0.25, 4.0),
    sigma=st.floats(0.1, 3.0),
    correlation=st.floats(0.0, 1.0),
    cost_slope_belief=st.floats(0.5, 4.0),
    weeks=st.just(20),
)


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    contract = experiment_named(NAME).build({"benefit_slope": -2.0, "plants": 4})
    return compare(NAME, contract, NAMES, 4, workers=0)


@pytest.fixture(scope="module")
def html(comparison: Comparison) -> str:
    return build_page(comparison, command="catallax run prices_quantities")


# ---------------------------------------------------------------- the numbers behind it


@given(contracts, st.sampled_from(ALL), st.integers(0, 1000))
def test_the_two_causes_are_all_that_is_lost_in_every_week(
    contract: PlantsContract, mechanism: object, seed: int
) -> None:
    run = contract.simulate(mechanism, seed)
    lost = run.series["best"] - run.series["welfare"]
    between, total = split_loss(run)
    scale = max(1.0, float(np.abs(run.series["best"]).max()), float(np.abs(lost).max()))
    assert between + total == pytest.approx(lost, abs=1e-9 * scale)
    assert min(between.min(), total.min()) >= 0.0


@given(contracts)
def test_the_formula_is_what_is_expected_even_of_a_centre_that_errs(
    contract: PlantsContract,
) -> None:
    found = expect_welfare(contract, price()) - expect_welfare(contract, quantity())
    assert compute_price_advantage(contract) == pytest.approx(found, abs=1e-9, rel=1e-9)


def test_an_untold_shift_is_in_the_formula() -> None:
    """The quota loses s²/(2 (C″ − nB″)) a plant, and the price (nB″/C″)² times that."""
    still = PlantsContract(3, sigma=0.0, benefit_slope=-0.5, cost_slope=2.0, weeks=10)
    shifted = replace(still, shocks=(CostShift(5, 0.8),))
    quota = 0.8**2 / (2.0 * (2.0 + 3 * 0.5))
    lost = quota * (1.0 - (3 * 0.5 / 2.0) ** 2)
    assert compute_price_advantage(still) == pytest.approx(0.0, abs=1e-12)
    assert compute_price_advantage(shifted) == pytest.approx(lost / 2.0)  # half of the weeks
    told = replace(still, shocks=(CostShift(5, 0.8, announced=True),))
    assert compute_price_advantage(told) == pytest.approx(0.0, abs=1e-12)


@given(contracts)
def test_the_formula_is_0_on_the_border(contract: PlantsContract) -> None:
    knows = replace(contract, cost_slope_belief=1.0, benefit_slope=find_border(contract))
    assert compute_price_advantage(knows) == pytest.approx(0.0, abs=1e-9)


@given(contracts, st.sampled_from(ALL))
def test_the_meter_has_every_message_by_kind(contract: PlantsContract, mechanism: object) -> None:
    run = contract.simulate(mechanism, 0)
    kinds = run.meter.kinds.values()
    assert sum(flows.deliveries for flows in kinds) == run.deliveries
    assert sum(flows.bits_delivered for flows in kinds) == pytest.approx(run.traffic, rel=1e-12)
    assert all(flows.sends <= flows.deliveries for flows in kinds)


# ---------------------------------------------------------------- the page


def test_it_asks_its_own_question(html: str) -> None:
    assert (
        "<span>Prices or quantities, where only plants know what output costs them</span>" in html
    )
    assert "4 plants make the same good" in html
    assert "(B″ = −2)" in html
    assert "Every week each plant draws its cost anew" in html
    assert list(figures(html)) == [
        "why-chart",
        "weitzman-chart",
        "side-chart",
        "line-chart-0",
        "line-chart-1",
    ]


def test_the_coefficient_stands_beside_what_was_found(comparison: Comparison, html: str) -> None:
    found = html.split('class="finding">')[1].split("</div>")[0]
    assert "expects a price to be worth −0.5 a week per plant more than a quota" in found
    assert "the border is at B″ = −1, and here B″ = −2" in found
    gap = comparison.difference("price", "welfare", "quantity")
    assert gap.mean is not None
    assert "found was" in found
    assert gap.mean == pytest.approx(-0.5, abs=0.3)


def test_bars_are_as_long_as_what_was_lost_for_each_cause(
    comparison: Comparison, html: str
) -> None:
    heads, *rows = cells(figures(html)["why-chart"])
    assert heads == ["mechanism", "mean", "the wrong plants produce", "the total is wrong"]
    for name, row in zip(NAMES, rows, strict=True):
        lost = comparison.summary(name, "loss").mean
        parts = sum(value(cell) for cell in row[2:])
        assert parts == pytest.approx(lost, abs=1e-3)
    by_name = {row[0]: row for row in rows}
    assert value(by_name["price"][2]) == 0.0  # a price makes marginal costs equal
    assert value(by_name["quantity"][2]) > 10 * value(by_name["quantity"][3])


def test_the_curve_is_the_formula(comparison: Comparison, html: str) -> None:
    svg = next(s for s in figures(html)["weitzman-chart"].iter("svg") if s.get("class") == "wide")
    path = next(p for p in svg.iter("path") if p.get("data-name") == "Weitzman’s formula")
    for slope, worth in undrawn(svg, points(path.attrib["d"])):
        at = replace(comparison.contract, benefit_slope=min(slope, 0.0))
        assert worth == pytest.approx(compute_price_advantage(at), abs=0.01)
    dots = next(g for g in svg.iter("g") if g.get("data-name") == "found: price less quota")
    gap = comparison.difference("price", "welfare", "quantity")
    (dot,) = undrawn(svg, points(f"M{dots[0].attrib['data-at']}"))
    assert dot == pytest.approx([-2.0, gap.mean], abs=0.02)


def test_messages_are_told_by_kind_with_their_bits(html: str) -> None:
    section = html.split('<section id="messages"')[1].split("</section>")[0]
    assert "Announcement: what the centre tells every plant" in section
    (found,) = re.findall("<table>.*?</table>", section, re.DOTALL)
    rows = [["".join(c.itertext()) for c in row] for row in ET.fromstring(found).iter("tr")]
    assert ["price", "announcement", "1", "4", "64", "256", "100 %"] in rows
    assert ["licences", "bid", "4", "4", "256", "264", "34 %"] in rows
    assert "No message at all: habit and full information." in section


def test_the_contract_is_explained_and_the_caveats_are_its_own(html: str) -> None:
    assert '<th scope="row">sigma</th><td>1</td><td>σ, s.d. of a plant&#x27;s marginal cost' in html
    assert "Curves are straight lines and costs are normal" in html
    assert "A plant fills its quota whatever that costs." in html


def test_a_shift_of_costs_is_told_and_marked() -> None:
    contract = PlantsContract(3, shocks=(CostShift(5, 0.5),), weeks=12)
    found = compare("a shift", contract, ["quantity"], 2, workers=0)
    text = build_page(found, command="")
    assert "<span>A shift</span>" in text
    assert "From week 5 on the marginal cost of every plant is higher by 0.5." in text
    assert "Nobody is told. Each plant sees its own costs at once; everybody else" in text
    assert ">shock</text>" in text
    assert "found was" not in text
    assert '<th scope="row">shocks[0].shift</th><td>0.5</td>' in text


def test_the_picture_shows_losses_and_the_coefficient(comparison: Comparison) -> None:
    root = ET.fromstring(picture(comparison))
    texts = ["".join(t.itertext()) for t in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"What each instrument loses, and why", "border", "here", "licences"} <= set(texts)


@pytest.mark.parametrize(
    "changes",
    [
        {"benefit_slope": 0.0},
        {"benefit_slope": 0.05, "plants": 1},
        {"correlation": 1.0},
        {"sigma": 0.0},
        {"cost_slope_belief": 4.0},
        {"benefit": 0.0, "weeks": 1},
    ],
)
def test_no_contract_is_too_odd_for_a_page(changes: dict) -> None:
    contract = replace(PlantsContract(3, weeks=6), **changes)
    found = compare(NAME, contract, ["price", "quantity", "full_information"], 1, workers=0)
    text = build_page(found, command="")
    picture(found)
    assert not re.search(r"\b(nan|inf)\b", re.sub(r"<(script|style).*?</\1>", "", text))
