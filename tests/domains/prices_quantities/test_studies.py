"""Comparisons, stores and maps take this domain as they take the economy."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from catallax.domains.prices_quantities import (
    CostShift,
    PlantsContract,
    full_information,
    hybrid,
    price,
    quantity,
)
from catallax.domains.production.economy import generate
from catallax.domains.production.run import Contract
from catallax.errors import InputError
from catallax.execute import execute, requests_of
from catallax.execute.store import Store
from catallax.protocol import experiment_named
from catallax.study import compare
from catallax.study.frontier import Map, Question, find_borders, make_scale, survey
from catallax.study.sweep import Base, gather
from catallax.study.sweep.grouped import group_rows

DOMAIN = "prices_quantities"
CONTRACT = PlantsContract(4, weeks=20)


def test_mechanisms_are_compared_by_name_and_as_objects() -> None:
    named = compare("x", CONTRACT, ["price", "quantity"], 4, workers=0)
    made = compare("x", CONTRACT, [price(), quantity()], 4, workers=0)
    for mechanism in ("price", "quantity"):
        one, two = (c.summary(mechanism, "welfare") for c in (named, made))
        assert one == two
        values = [CONTRACT.simulate(mechanism, s).series["welfare"].mean() for s in range(4)]
        assert one.mean == pytest.approx(np.mean(values), abs=1e-12)
    assert named.base == "price"
    means = [named.summary(m, "welfare").mean or 0.0 for m in ("quantity", "price")]
    assert named.difference("quantity", "welfare").mean == pytest.approx(means[0] - means[1])
    plain = named.to_dict()
    assert plain["contract"]["hash"] == CONTRACT.hash
    assert plain["mechanisms"]["price"]["kind"] == "mechanism"


def test_two_settings_of_one_class_are_two_competitors() -> None:
    found = compare("x", CONTRACT, [hybrid(), hybrid(0.5), "full_information"], 3, workers=0)
    assert list(found.outcomes) == ["hybrid", "hybrid:band=0.5", "full_information"]
    assert found.oracle("full_information")
    tuned, half = (found.summary(m, "welfare").mean for m in ("hybrid", "hybrid:band=0.5"))
    assert tuned != half


def test_a_twin_is_the_same_without_the_shock() -> None:
    shocked = replace(CONTRACT, shocks=(CostShift(5, 2.0),))
    found = compare("x", shocked, ["quantity", full_information()], 3, workers=0)
    expected = []
    for seed in range(3):
        lost = []
        for contract in (shocked, shocked.calm()):
            series = contract.simulate("quantity", seed).series
            lost.append((series["best"] - series["welfare"])[5:].mean())
        expected.append(lost[0] - lost[1])
    assert found.summary("quantity", "shock_loss").mean == pytest.approx(np.mean(expected))
    assert found.summary("full_information", "shock_loss").mean == pytest.approx(0.0, abs=1e-12)


def rows_of(workers: int) -> list[tuple]:
    mechanisms = ["price", "hybrid:band=0.5", "full_information"]
    found = execute(requests_of(CONTRACT, mechanisms, range(6)), workers=workers)
    return [(r.key, r.run, sorted(r.values.items(), key=str)) for r in found.rows]


def test_the_bits_are_the_same_here_and_in_two_processes() -> None:
    assert rows_of(0) == rows_of(2)


def test_two_domains_share_a_store(tmp_path: Path) -> None:
    store = Store(tmp_path / "runs")
    ours = Base(experiment_named(DOMAIN), {"weeks": 20, "plants": 4}, ("price", "quantity"))
    cells = [ours.at({"benefit_slope": slope}) for slope in (-2.0, -0.5)]
    small = generate(7, products=5, firms=2, households=2, inputs=3)
    economy = Base.around(Contract(small, weeks=54), ("market",))
    for base_cells in (cells, [economy.at({})]):
        gather(base_cells, (0, 1), store=store, workers=0)
    rows = Store(tmp_path / "runs").rows()
    assert {row.domain: 0 for row in rows} == {DOMAIN: 0, "production": 0}
    assert len(rows) == 2 * 2 * 2 + 2
    groups = {tuple(g.by.values()): g for g in group_rows(rows, ["domain", "label"])}
    assert (groups["production", "market"].summary("score").mean or 0.0) > 0.5
    found = groups[DOMAIN, "price"].summary("welfare")
    values = [r.values["welfare"] or 0.0 for r in rows if r.label == "price"]
    assert found.mean == pytest.approx(np.mean(values))
    assert min(values) < 0 < max(values)
    again = execute(
        requests_of(cells[0].contract, ["price", "quantity"], (0, 1)), store=store, workers=0
    )
    assert again.ran == 0


def mapped(
    x: tuple[str, Sequence[float]],
    y: tuple[str, Sequence[float]],
    mechanisms: Sequence[str] = ("price", "quantity"),
    **settings: float,
) -> Map:
    base = Base(experiment_named(DOMAIN), settings, tuple(mechanisms))
    sides = [make_scale(name, tuple(values), DOMAIN) for name, values in (x, y)]
    question = Question(base, sides[0], sides[1], tuple(range(100, 108)), "welfare")
    return survey(question, partial(gather, workers=0))


def test_the_border_lies_where_the_slopes_are_equal() -> None:
    """B″ = −C″ on every line across the map, within the interval and to five per cent."""
    slopes = (0.8, 0.9, 1.0, 1.15, 1.3)
    found = mapped(
        ("benefit_slope", [-s for s in slopes]), ("cost_slope", slopes), plants=4, weeks=208
    )
    (border,) = find_borders(found)
    assert border.found
    assert (border.first, border.second) == ("price", "quantity")
    inside = [(c, -float(c.other)) for c in border.crossings]
    inside = [(c, truth) for c, truth in inside if 0.85 <= abs(truth) <= 1.2]
    assert len(inside) == 3
    for crossing, truth in inside:
        assert crossing.value == pytest.approx(truth, rel=0.05)
        assert crossing.low <= truth <= crossing.high
        assert crossing.high - crossing.low < 0.15
        assert crossing.above == "price"


def test_what_plants_have_in_common_moves_the_border() -> None:
    """B″ = −C″/(1 + (n − 1)ρ): with four plants at ρ 1/3 it lies at half the slope."""
    slopes = (0.4, 0.45, 0.5, 0.55, 0.65)
    found = mapped(
        ("benefit_slope", [-s for s in slopes]),
        ("cost_slope", (0.9, 1.0, 1.1)),
        plants=4,
        weeks=208,
        correlation=1.0 / 3.0,
    )
    (border,) = find_borders(found)
    (middle,) = (c for c in border.crossings if c.other in (1.0, -0.5))
    truth = -0.5 if border.axis.name == "benefit_slope" else 1.0
    assert middle.value == pytest.approx(truth, rel=0.05)
    assert middle.low <= truth <= middle.high


def test_trade_moves_the_border() -> None:
    """Licences save what a price saves but for the total: B″ = −C″/n, 0.25 for four plants."""
    found = mapped(
        ("benefit_slope", (-0.35, -0.3, -0.25, -0.2, -0.15)),
        ("cost_slope", (0.9, 1.0, 1.1)),
        ("price", "licences"),
        plants=4,
        weeks=208,
    )
    (border,) = find_borders(found)
    (middle,) = (c for c in border.crossings if c.other in (1.0, -0.25))
    truth = -0.25 if border.axis.name == "benefit_slope" else 1.0
    assert middle.value == pytest.approx(truth, rel=0.05)
    assert middle.low <= truth <= middle.high


def test_a_budget_is_spent_and_negative_measures_are_mapped() -> None:
    base = Base(experiment_named(DOMAIN), {"benefit": 0.0}, ("price", "quantity", "habit"))
    x = make_scale("benefit_slope", (-4.0, -2.0, -0.5), DOMAIN)
    question = Question(
        base, x, make_scale("sigma", (0.5, 1.0), DOMAIN), tuple(range(100, 132)), "welfare"
    )
    found = survey(question, partial(gather, workers=0), 300)
    assert found.asked <= 300
    worst = min(c.means["price"] for c in found.cells)
    assert worst < -0.2
    assert found.won["price"] > 0
    assert found.unit == "money a week per plant"


def test_many_light_runs_go_in_one_job() -> None:
    from catallax.execute.jobs import jobs_of
    from catallax.execute.request import key_requests

    cells = [
        Base(experiment_named(DOMAIN), {}, ("price", "quantity")).at({"benefit_slope": -s})
        for s in (0.5, 1.0, 2.0, 4.0)
    ]
    asked = [
        request
        for cell in cells
        for request in requests_of(cell.contract, ["price", "quantity"], range(400))
    ]
    jobs = jobs_of({k.key: [k] for k in key_requests(asked)}, 1, traced=False)
    assert max(len(job) for job in jobs) >= 300
    assert sum(len(job) for job in jobs) == len(asked)


def test_what_does_not_fit_is_told() -> None:
    base = Base(experiment_named(DOMAIN), {}, ("price", "quantity"))
    with pytest.raises(InputError, match="unknown axis 'delay'"):
        base.at({"delay": 4.0})
    with pytest.raises(InputError, match="band: is a setting of none of price, quantity"):
        base.at({"band": 0.5})
    with pytest.raises(InputError, match=r"benefit_slope: 2\.0 is out of range"):
        base.at({"benefit_slope": 2.0})
    with pytest.raises(InputError, match="market"):
        compare("x", CONTRACT, ["price", "market"], 2, workers=0)
    x, y = (make_scale(name, (), DOMAIN) for name in ("benefit_slope", "cost_slope"))
    with pytest.raises(InputError, match=r"score.*Known: welfare, share, advantage"):
        Question(base, x, y, (0, 1), "score")
    with pytest.raises(InputError, match="loss makes no map"):
        Question(base, x, y, (0, 1), "loss")


def test_settings_of_mechanisms_and_shocks_are_axes() -> None:
    base = Base(experiment_named(DOMAIN), {"shock.week": 3}, ("price", "hybrid"))
    cell = base.at({"hybrid:band": 0.5, "shock.shift": 0.25})
    assert cell.mechanisms == {"price": "price", "hybrid": "hybrid:band=0.5"}
    assert cell.contract == PlantsContract(shocks=(CostShift(3, 0.25),))
