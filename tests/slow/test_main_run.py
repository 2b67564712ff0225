"""The main run with its defaults: what README prints is what the code gives. Minutes."""

import re
from pathlib import Path

import numpy as np
import pytest

from catallax import Comparison, compare, simulate, tin, us71
from catallax.domains.production.experiments import experiment
from catallax.protocol.mechanism_names import mechanism_named
from catallax.study.tuning import candidates, read_declaration, spell_mechanism

pytestmark = pytest.mark.slow

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def main_run() -> Comparison:
    return compare("tin", tin(us71()), experiment("tin").mechanisms, range(8))


def printed(row: str) -> list[float]:
    """The numbers of README's table in the row that begins with `row`."""
    line = next(line for line in README.splitlines() if line.startswith(f"| {row}"))
    cells = line.replace(",", "").replace("−", "-").strip("|").split("|")[1:]
    return [float(found[0]) for cell in cells if (found := re.search(r"-?\d+(\.\d+)?", cell))]


@pytest.mark.parametrize(
    ("row", "name"),
    [("market", "market"), ("AI planner", "ai_planner"), ("five-year plan", "five_year_plan")],
)
def test_the_readme_prints_what_was_measured(main_run: Comparison, row: str, name: str) -> None:
    efficiency, area, messages, bits, waste, satisfied = printed(row)

    def mean(measure: str) -> float:
        value = main_run.summary(name, measure).mean
        assert value is not None
        return value

    assert mean("efficiency") == pytest.approx(efficiency, abs=5e-4)
    assert mean("area_lost") == pytest.approx(area, abs=0.05 if area > 1 else 5e-4)
    assert mean("messages") == pytest.approx(messages, rel=5e-3)
    assert mean("bits") == pytest.approx(bits, rel=5e-3)
    assert 100 * mean("waste") == pytest.approx(waste, abs=0.05)
    assert mean("satisfaction") == pytest.approx(satisfied, abs=5e-4)
    assert main_run.contract.hash in README


def test_the_shock_can_be_told_from_chance(main_run: Comparison) -> None:
    assert all(main_run.detectable(name, "response") for name in main_run.outcomes)


# Gains before anything was tuned: those tuned for efficiency move prices more slowly.
QUICK = spell_mechanism("market", candidates(read_declaration(), "market")[0])


def test_users_cut_as_the_optimum_would_have_them(main_run: Comparison) -> None:
    """Over plants, the market's cuts against the oracle's: on the line, to a few points."""
    quick = compare("tin", main_run.contract, [QUICK], range(8))
    cuts = {
        name: np.mean([o.trace.vectors["cut"] for o in outcomes], axis=0)
        for name, outcomes in {**main_run.outcomes, **quick.outcomes}.items()
    }
    best = cuts["static_optimum"]
    assert np.median(np.abs(cuts[QUICK] - best)) < 0.02
    for name in ("market", QUICK):
        assert np.corrcoef(cuts[name], best)[0, 1] > 0.99


def test_the_price_is_short_after_five_years_and_near_after_ten() -> None:
    economy = us71()
    row = economy.network.endowments.stop - 1
    quick = mechanism_named(QUICK)
    runs = [simulate(tin(economy, weeks=572), quick, seed) for seed in range(3)]
    price = np.mean([np.log(r.series["price"][:, row] / r.series["price"][:, 0]) for r in runs], 0)
    assert price[-26:].mean() - price[286:312].mean() > 0.03
    assert abs(price[-26:].mean() - price[-78:-52].mean()) < 0.03
