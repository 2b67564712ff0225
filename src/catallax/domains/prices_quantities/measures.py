"""The measures, each a pure function of a run and, where it needs one, of its unshocked twin."""

from collections.abc import Callable

import numpy as np

from catallax.domains.prices_quantities.run import PlantsRun
from catallax.protocol import Measure, Measured

PlantsMeasureFunction = Callable[[PlantsRun, PlantsRun | None], Measured]
MONEY = "money a week per plant"


def measure_mean(series: str, less: str = "") -> PlantsMeasureFunction:
    """The measure of a series' mean over weeks and plants, less that of another."""

    def of(run: PlantsRun, twin: PlantsRun | None) -> Measured:
        mean = float(run.series[series].mean())
        return Measured(mean - float(run.series[less].mean()) if less else mean)

    return of


def measure_share(run: PlantsRun, twin: PlantsRun | None) -> Measured:
    """Mean welfare over that of full information on the same draws."""
    best = float(run.series["best"].mean())
    if best <= 0:
        return Measured(None, "full information gains nothing over the base year")
    return Measured(float(run.series["welfare"].mean()) / best)


def measure_spread(run: PlantsRun, twin: PlantsRun | None) -> Measured:
    """S.d. of marginal costs over the plants of a week, mean over weeks."""
    if run.contract.plants < 2:
        return Measured(None, "there is one plant: no output can move to another")
    return Measured(float(run.series["marginal_cost"].std(axis=1).mean()))


def measure_wedge(run: PlantsRun, twin: PlantsRun | None) -> Measured:
    """Distance of marginal benefit from the mean marginal cost of plants, mean over weeks."""
    cost = run.series["marginal_cost"].mean(axis=1)
    return Measured(float(np.abs(run.series["marginal_benefit"] - cost).mean()))


def measure_shock_loss(run: PlantsRun, twin: PlantsRun | None) -> Measured:
    """Loss against full information from the first shock on, less that of the twin."""
    if twin is None or not run.contract.shocks:
        return Measured(None, "there is no shock to compare with an unshocked twin")
    if not twin.completed:
        return Measured(None, "the unshocked twin stopped early")
    since = min(shock.week for shock in run.contract.shocks)
    lost = [(r.series["best"] - r.series["welfare"])[since:].mean() for r in (run, twin)]
    return Measured(float(lost[0] - lost[1]))


def measure_per_week(total: str) -> PlantsMeasureFunction:
    """The measure of a total of what was said, a week."""

    def of(run: PlantsRun, twin: PlantsRun | None) -> Measured:
        if run.oracle:
            return Measured(None, "an oracle sends no messages")
        return Measured(float(getattr(run, total) / run.contract.weeks))

    return of


_ALL = (
    Measure(
        "welfare",
        MONEY,
        "higher",
        "Benefit of total output less the costs of all plants, over that of the base year's "
        "output; mean over weeks, per plant. Negative where the base year's output was better.",
        "Weitzman 1974",
        measure_mean("welfare"),
    ),
    Measure(
        "share",
        "share of the way to the optimum",
        "higher",
        "Welfare over that of full information on the same draws: 0 is habit, 1 the optimum. It "
        "varies less over a map than welfare does.",
        "efficiency as a share of attainable gains, Debreu 1951",
        measure_share,
    ),
    Measure(
        "loss",
        MONEY,
        "lower",
        "Welfare of full information less welfare, on the same draws; never below 0.",
        "Weitzman 1974; deadweight loss, Harberger 1964",
        measure_mean("best", less="welfare"),
    ),
    Measure(
        "advantage",
        MONEY,
        "higher",
        "Welfare less that of the best quota set in ignorance, on the same draws. Of `price` its "
        "mean is Weitzman's coefficient of comparative advantage.",
        "Weitzman 1974",
        measure_mean("welfare", less="planned"),
    ),
    Measure(
        "output",
        "units a week",
        "neither",
        "Output of a plant over the base year's, mean over weeks and plants.",
        "balance of quantities",
        measure_mean("output"),
    ),
    Measure(
        "spread",
        "money per unit",
        "lower",
        "Standard deviation of marginal costs over plants, mean over weeks: what could be saved "
        "by moving output between plants. None for a single plant.",
        "equality of marginal costs, Montgomery 1972",
        measure_spread,
    ),
    Measure(
        "wedge",
        "money per unit",
        "lower",
        "Distance of marginal benefit from the plants' mean marginal cost, mean over weeks: what "
        "is wrong with total output.",
        "Weitzman 1974",
        measure_wedge,
    ),
    Measure(
        "shock_loss",
        MONEY,
        "lower",
        "Loss from the first shock on, less that of the unshocked twin in the same weeks.",
        "difference in differences",
        measure_shock_loss,
        twin=True,
    ),
    Measure(
        "messages",
        "deliveries a week",
        "lower",
        "Messages delivered a week: an announcement once for each plant that hears it; with trade "
        "the bid of each plant and the price that it hears.",
        "Hurwicz 1960; Mount & Reiter 1974",
        measure_per_week("deliveries"),
    ),
    Measure(
        "bits",
        "bits a week",
        "lower",
        "Bits delivered a week: 64 a number, as numbers arrive exactly; a bid has log2 of the "
        "plants more, so that the exchange knows whose it is.",
        "Shannon 1948",
        measure_per_week("traffic"),
    ),
)

MEASURES: dict[str, Measure] = {m.name: m for m in _ALL}
