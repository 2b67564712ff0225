"""What can be varied, and what is believed of the numbers of a contract.

Nobody has measured these spreads: all are assumptions. Units are free, so that slopes, costs and
their spread matter by their ratios alone.
"""

from collections.abc import Mapping

from catallax.protocol import Axis, Prior

ASSUMED = "assumption"

AXES: Mapping[str, Axis] = {
    axis.name: axis
    for axis in (
        Axis(
            "benefit_slope",
            "slope of marginal benefit B″, money per unit²",
            (-4.0, -2.0, -1.0, -0.5, -0.25),
            ("benefit_slope",),
        ),
        Axis(
            "cost_slope",
            "slope of marginal cost C″, money per unit²",
            (0.25, 0.5, 1.0, 2.0, 4.0),
            ("cost_slope",),
            log=True,
        ),
        Axis(
            "sigma",
            "s.d. of a plant's marginal cost, money per unit",
            (0.25, 0.5, 1.0, 2.0),
            ("sigma",),
            log=True,
        ),
        Axis("plants", "plants", (1, 3, 12, 48), ("plants",), log=True),
        Axis(
            "correlation",
            "correlation of costs between plants",
            (0.0, 0.1, 0.25, 0.5, 1.0),
            ("correlation",),
        ),
        Axis(
            "cost_slope_belief",
            "C″ as the centre believes it, times the true one",
            (0.5, 0.75, 1.0, 1.5, 2.0),
            ("cost_slope_belief",),
            log=True,
        ),
        Axis(
            "band",
            "distance of penalty and subsidy, times the best one",
            (0.0, 0.5, 1.0, 2.0),
            settings=("band",),
        ),
    )
}

PRIORS: Mapping[str, Prior] = {
    "benefit_slope": Prior(
        "linear", 0.5, f"{ASSUMED}: two thirds from half more to half less than -1", -100.0, 0.0
    ),
    "cost_slope": Prior("log", 0.5, f"{ASSUMED}: a factor of 1.6 either way", 0.01, 100.0),
    "sigma": Prior("log", 0.7, f"{ASSUMED}: a factor of two either way", 0.001, 100.0),
    "correlation": Prior("linear", 0.2, f"{ASSUMED}: two thirds below 0.2", 0.0, 1.0),
    "plants": Prior("log", 0.7, f"{ASSUMED}: a factor of two either way", 1, 1000, True),
    "cost_slope_belief": Prior("log", 0.35, f"{ASSUMED}: a factor of 1.4", 0.1, 10.0),
    "sigma_belief": Prior("log", 0.35, f"{ASSUMED}: a factor of 1.4", 0.1, 10.0),
}
"""Setting of the contract -> how far it may plausibly be."""
