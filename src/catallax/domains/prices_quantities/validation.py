"""Weitzman's coefficient of comparative advantage, by expectation and by simulation."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from catallax.domains.prices_quantities.contract import NAME, PlantsContract
from catallax.domains.prices_quantities.mechanisms import price, quantity
from catallax.domains.prices_quantities.weitzman import expect_welfare
from catallax.protocol import Reproduced, ValidationRow

EXACT = 1e-9
SEEDS, WEEKS = 4, 10_000  # of a simulation
PLANTS = 4

CASES = {
    "weitzman-1": (PlantsContract(1, benefit_slope=-1.0, cost_slope=2.0), 0.125),
    "weitzman-2": (PlantsContract(1, benefit_slope=-1.0, cost_slope=1.0), 0.0),
    "weitzman-3": (PlantsContract(1, benefit_slope=-2.0, cost_slope=1.0), -0.5),
    "weitzman-plants": (PlantsContract(PLANTS, benefit_slope=-2.0, cost_slope=1.0), PLANTS * -0.5),
}
"""Row -> contract and the advantage of the price over the quota that is claimed, of all plants."""


def expect_advantage(contract: PlantsContract) -> Reproduced:
    """The advantage of all plants together, by expectation."""
    found = expect_welfare(contract, price()) - expect_welfare(contract, quantity())
    return Reproduced(contract.plants * found)


def simulate_advantage(contract: PlantsContract) -> Reproduced:
    """The same by runs of both on the same draws, with three standard errors over weeks."""
    long = PlantsContract.from_dict({**contract.to_dict(), "weeks": WEEKS})
    weekly = [
        [long.simulate(mechanism, seed).series["welfare"] for mechanism in (price(), quantity())]
        for seed in range(SEEDS)
    ]
    gains = contract.plants * np.concatenate([one - other for one, other in weekly])
    error = float(gains.std(ddof=1) / np.sqrt(len(gains)))
    # On the border of one plant every single draw is 0 but for rounding.
    return Reproduced(float(gains.mean()), max(3.0 * error, EXACT))


def _make_rows() -> Iterator[ValidationRow]:
    ways: tuple[tuple[str, Callable[[PlantsContract], Reproduced], float, str], ...] = (
        ("", expect_advantage, EXACT, "in expectation"),
        (
            "-simulated",
            simulate_advantage,
            0.1,
            f"on {SEEDS * WEEKS} draws, within three standard errors",
        ),
    )
    for name, (contract, claimed) in CASES.items():
        slopes = f"B″ {contract.benefit_slope:g}, C″ {contract.cost_slope:g}, sigma² 1"
        who = "one plant" if contract.plants == 1 else f"{contract.plants} independent plants"
        for suffix, way, tolerance, how in ways:
            yield ValidationRow(
                name + suffix,
                NAME,
                claimed,
                tolerance,
                "money a week",
                f"advantage of the price over the quota, sigma² (B″ + C″) / (2 C″²) for each "
                f"plant, of all plants together at {slopes}; {who}, benefit Q + B″ Q²/2 of total "
                f"output, cost theta q + C″ q²/2, the quota fixed before theta is known; {how}",
                "Weitzman 1974",
                partial(way, contract),
            )


ROWS: tuple[ValidationRow, ...] = tuple(_make_rows())
