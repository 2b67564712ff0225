"""Sensitivity, adversary and maps take axes, ranges and priors from this domain."""

from functools import partial
from itertools import combinations, product

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from catallax.errors import InputError
from catallax.protocol import NumberRange, domain_named, experiment_named
from catallax.study.adversary import hunt, priors_of
from catallax.study.frontier import Question, make_scale, survey
from catallax.study.sensitivity import measure_sensitivity, ranges_of, usual_ranges
from catallax.study.sweep import Base, gather

DOMAIN = "prices_quantities"
EXPERIMENT = experiment_named(DOMAIN)
RUN = partial(gather, workers=0)
STEEP = {"benefit_slope": -2.0}


class Corners:
    """A stand-in for a method: every corner of the cube, and the slope along each axis."""

    name = "corners"

    def points(self, dimensions: int) -> np.ndarray:
        return np.array(list(np.ndindex(*[2] * dimensions)), dtype=float)

    def indices(self, points, answers):
        slope = [answers[x == 1].mean() - answers[x == 0].mean() for x in points.T]
        return {"slope": (np.array(slope), np.full(len(slope), np.nan))}


def test_the_usual_axes_are_those_of_the_contract_with_their_own_ranges() -> None:
    assert usual_ranges(EXPERIMENT) == {
        "benefit_slope": NumberRange(-4.0, -0.25),
        "cost_slope": NumberRange(0.25, 4.0, log=True),
        "sigma": NumberRange(0.25, 2.0, log=True),
        "plants": NumberRange(1, 48, log=True, whole=True),
        "correlation": NumberRange(0.0, 1.0),
        "cost_slope_belief": NumberRange(0.5, 2.0, log=True),
    }
    assert ranges_of(["weeks=10..20", "hybrid:band=0..2", "band"], EXPERIMENT) == {
        "weeks": NumberRange(10, 20, whole=True),
        "hybrid:band": NumberRange(0.0, 2.0),
        "band": NumberRange(0.0, 2.0),
    }
    for text, says in (
        ("benefit", "benefit: has no range of its own; write benefit=LOW..HIGH"),
        ("delay=0..4", "unknown axis 'delay'"),
    ):
        with pytest.raises(InputError, match=says):
            ranges_of([text], EXPERIMENT)


def test_what_the_prices_advantage_hangs_on() -> None:
    """For one plant it is sigma^2 (C + B) / (2 C^2): at the corners, and so along the axes."""
    ranges = ranges_of(["benefit_slope=-2..-0.5", "sigma=0.5..2"], EXPERIMENT)
    base = Base(EXPERIMENT, {"plants": 1, "weeks": 4000}, ("price", "quantity"))
    found = measure_sensitivity(base, ranges, (0, 1, 2, 3), RUN, Corners(), measure="welfare")
    theory = {(b, s): s**2 * (1 + b) / 2 for b, s in product((-2.0, -0.5), (0.5, 2.0))}
    np.testing.assert_allclose(found.answers, list(theory.values()), rtol=0.05, atol=0.02)
    slope = found.indices["benefit_slope"]["slope"].value
    assert slope == pytest.approx(1.5 * (0.25 + 4.0) / 4, rel=0.05)


def test_the_search_finds_the_nearest_point_of_the_known_border() -> None:
    """Price and quota change places at B = -C; of that line one point is the most plausible."""
    cmaes = pytest.importorskip("catallax.adapters.cmaes")
    pytest.importorskip("cmaes", reason="the extra `search` is not installed")
    base = Base(EXPERIMENT, {**STEEP, "plants": 2, "weeks": 5200}, ("price", "quantity"))
    priors = priors_of(base.contract(), ["benefit_slope", "cost_slope"])
    found = hunt(
        base, "quantity", "price", priors, range(4), range(100, 110), RUN,
        cmaes.CMAES(2, 1), budget=3000, measure="welfare",
    )  # fmt: skip

    def away(c: float) -> float:
        """Prior s.d. of the point B = -c, C = c."""
        return float(np.hypot((-c + 2.0) / 0.5, np.log(c) / 0.5))

    least = minimize_scalar(away, bounds=(1.0, 2.0), method="bounded").fun
    assert found.found is not None
    point = {"benefit_slope": -2.0, "cost_slope": 1.0, **found.found.point}
    assert float(point["cost_slope"]) + float(point["benefit_slope"]) > 0
    assert least < found.found.distance < 1.1 * least


def test_priors_stand_in_the_domain_and_follow_the_contract() -> None:
    contract = EXPERIMENT.build(STEEP)
    priors = priors_of(contract)
    assert [p.name for p in priors] == list(domain_named(DOMAIN).priors)
    assert {p.name: p.centre for p in priors}["benefit_slope"] == -2.0
    (plants,) = priors_of(contract, ["plants"])
    assert (plants.value(1.0), plants.value(-40.0)) == (24, 1)
    with pytest.raises(InputError, match="unknown number with a prior 'delay'"):
        priors_of(contract, ["delay"])
    with pytest.raises(InputError, match=r"benefit_slope: is 0\.01 in the contract, but its prior"):
        priors_of(EXPERIMENT.build({"benefit_slope": 0.01}), ["benefit_slope"])


SIDES = [*domain_named(DOMAIN).axes, "weeks", "hybrid:band", "licences:valve"]
VALUES: dict = {
    "weeks": (4, 6),
    "hybrid:band": (0.5, 2.0),
    "licences:valve": ("false", "true"),
    "plants": (2, 4),
}


@pytest.mark.parametrize(
    ("x", "y"), [p for p in combinations(SIDES, 2) if set(p) != {"band", "hybrid:band"}]
)
def test_every_axis_stands_on_either_side_of_a_map(x: str, y: str) -> None:
    base = Base(EXPERIMENT, {"plants": 2, "weeks": 4}, ("price", "hybrid", "licences"))
    for a, b in ((x, y), (y, x)):
        sides = [make_scale(n, VALUES.get(n, ()), DOMAIN) for n in (a, b)]
        across, down = (make_scale(s.name, (s.values[0], s.values[-1]), DOMAIN) for s in sides)
        found = survey(Question(base, across, down, (0, 1), "welfare"), RUN)
        assert len(found.cells) == 4
        assert len({(c.cell.contract.hash, *c.cell.mechanisms.values()) for c in found.cells}) == 4


def test_a_setting_of_a_mechanism_that_does_not_compete_is_refused() -> None:
    base = Base(EXPERIMENT, {}, ("price", "licences"))
    with pytest.raises(InputError, match="hybrid:band: hybrid is none of price, licences; add it"):
        base.at({"hybrid:band": 0.5})
    assert base.at({"licences:valve": "true"}).mechanisms["licences"] == "licences:valve=true"
