"""Charts of an economy: efficiency, the response to a shock, prices, and who made do with less."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Floats, Ints
from catallax.domains.production.economy import Economy
from catallax.domains.production.measures.scarcity import list_scarce_goods
from catallax.domains.production.observing import (
    CUT,
    EFFICIENCY,
    OPTIMUM,
    PRICE,
    RESPONSE,
    SIGMA,
    USERS,
)
from catallax.show.chart import (
    Chart,
    Dots,
    find_span,
    make_linear_axis,
    make_log_axis,
    make_padded_axis,
)
from catallax.show.charts import (
    Band,
    Bands,
    average_paths,
    chart_over_weeks,
    choose_looks,
    collect_bands,
    collect_values,
)
from catallax.show.story import find_first_shock_week, name_event, name_mechanism, title_mechanism
from catallax.show.words import counted, number
from catallax.study import Comparison


@final
@dataclass(frozen=True, eq=False)
class Users:
    """The plants that use the scarce products.

    rows  : (k,) their rows
    names : k names
    sigma : (k,) elasticity of substitution
    use   : (k,) base-year use of the scarce products, money a week
    cut   : mechanism -> mean cut (k,) in per cent, with its interval over seeds
    """

    rows: Ints
    names: tuple[str, ...]
    sigma: Floats
    use: Floats
    cut: Mapping[str, Band]

    @property
    def biggest(self) -> list[int]:
        """Positions of the users, most base-year use first."""
        return [int(k) for k in np.argsort(-self.use, kind="stable")]


def list_users(comparison: Comparison) -> Users | None:
    """Who used the scarce products, in every mechanism that ran to its end; None if nobody."""
    found = {
        m: [o.trace.vectors for o in outcomes if len(o.trace.vectors.get(USERS, ()))]
        for m, outcomes in sorted(
            comparison.outcomes.items(), key=lambda x: comparison.oracle(x[0])
        )
    }
    found = {m: vectors for m, vectors in found.items() if vectors}
    if not found:
        return None
    first = next(iter(found.values()))[0]
    rows, sigma = first[USERS].astype(np.int64), first[SIGMA]
    economy = comparison.contract.economy
    return Users(
        rows,
        tuple(name_plant(economy, int(i)) for i in rows),
        sigma,
        _find_base_use(economy, list_scarce_goods(comparison.contract), rows),
        {
            m: average_paths(sigma, np.array([_find_cut_percent(v[CUT]) for v in vs]))
            for m, vs in found.items()
        },
    )


def name_plant(economy: Economy, row: int) -> str:
    """What a plant makes, and its own name where that says more."""
    net = economy.network
    product, own = net.products[net.product[row]], net.names[row]
    return own if product in own else f"{product} ({own})"


def correlate_ranks(x: Floats, y: Floats) -> float | None:
    """Spearman's rank correlation; None where either never varies or there are too few."""
    there = np.isfinite(x) & np.isfinite(y)
    a, b = _rank(x[there]), _rank(y[there])
    if len(a) < 3 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return None
    return float(np.corrcoef(a, b)[0, 1])


def _find_cut_percent(logs: Floats) -> Floats:
    """Cut in per cent of the twin's use; NaN where the twin used nothing."""
    cut = 100.0 * (1.0 - np.exp(logs))
    return np.where(np.isfinite(cut), cut, np.nan)


def _find_base_use(economy: Economy, goods: tuple[str, ...], rows: Ints) -> Floats:
    net = economy.network
    wanted = np.isin(net.good, [net.products.index(g) for g in goods])
    return net.rows.sum(economy.flow * wanted)[rows]


def _rank(x: Floats) -> Floats:
    """Ranks, equal values sharing theirs."""
    _, which, count = np.unique(x, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return np.asarray((last - (count - 1) / 2.0)[which])


EFFICIENCY_UNIT = "efficiency, share of the optimum"
PRICE_UNIT = "price over the wage, base year = 1 (log)"
RESPONSE_UNIT = "log(efficiency / twin’s)"
CUT_UNIT = "cut in use, % of the twin’s (negative: more use)"
BEST = "optimum"  # key of the optimum's own price among those of mechanisms
BEFORE = 12  # weeks shown before the shock where the view is zoomed
AROUND = (26, 156)  # weeks of a picture before and after the shock


def collect_efficiencies(comparison: Comparison) -> Bands:
    """Efficiency over time by mechanism, where there is one."""
    return collect_bands(comparison, EFFICIENCY)


def collect_responses(comparison: Comparison) -> Bands:
    """The response by mechanism from shortly before the first shock, where no run lacks it."""
    first = (find_first_shock_week(comparison) or 0) - BEFORE
    whole = len(comparison.seeds)
    return {
        m: b.part(first, np.inf)
        for m, b in collect_bands(comparison, RESPONSE).items()
        if len(comparison.paths(m, RESPONSE)) == whole
    }


def collect_prices(comparison: Comparison, resource: str) -> Bands:
    """Price of `resource` by mechanism that posts one, and the optimum's under `BEST`."""
    found = dict(collect_bands(comparison, PRICE.format(resource), logs=True))
    source = choose_yardstick(comparison)
    if source is not None and len(paths := comparison.paths(source, OPTIMUM.format(resource))):
        found[BEST] = average_paths(comparison.weeks, paths, logs=True)
    return found


def choose_yardstick(comparison: Comparison) -> str | None:
    """The mechanism whose optimum prices are shown: an oracle if one was run to its end."""
    done = [
        m
        for m, outcomes in comparison.outcomes.items()
        if any(o.trace.ending.completed for o in outcomes)
    ]
    oracles = [m for m in done if comparison.oracle(m)]
    return next(iter(oracles + done), None)


def chart_efficiency(comparison: Comparison, bands: Bands) -> Chart:
    """Efficiency over time of every mechanism."""
    return chart_over_weeks(comparison, "Efficiency over time", bands, EFFICIENCY_UNIT)


def chart_efficiency_of_one(comparison: Comparison, mechanism: str, bands: Bands) -> Chart:
    """Efficiency of one mechanism on the scale of all."""
    title = f"Efficiency of the {title_mechanism(comparison, mechanism)}, one scale for all"
    y = make_padded_axis(*find_span(collect_values(bands)), EFFICIENCY_UNIT, 4)
    return chart_over_weeks(comparison, title, {mechanism: bands[mechanism]}, EFFICIENCY_UNIT, y=y)


def chart_responses(comparison: Comparison, bands: Bands) -> Chart:
    """The response to the shock of every mechanism on one scale."""
    title = f"Response to the {name_event(comparison)}, one scale for all"
    return chart_over_weeks(comparison, title, bands, RESPONSE_UNIT)


def chart_response_of_one(comparison: Comparison, mechanism: str, found: Band) -> Chart:
    """The response of one mechanism on its own scale."""
    name = title_mechanism(comparison, mechanism)
    title = f"Response to the {name_event(comparison)} of the {name}, on a scale of its own"
    return chart_over_weeks(comparison, title, {mechanism: found}, RESPONSE_UNIT)


def chart_prices(comparison: Comparison, resource: str, bands: Bands) -> Chart:
    """Price of `resource` over the wage."""
    low, high = find_span(collect_values(bands))
    y = make_log_axis(low / 1.05, high * 1.05, PRICE_UNIT)
    title = f"Price of {resource} over the wage"
    return chart_over_weeks(comparison, title, bands, PRICE_UNIT, y=y, others={BEST: "optimum"})


def cut_to_shock(comparison: Comparison, bands: Bands) -> Mapping[str, Band]:
    """The weeks around the first shock; all of them if there is none."""
    first, (before, after) = find_first_shock_week(comparison), AROUND
    if first is None:
        return bands
    return {m: b.part(first - before, first + after) for m, b in bands.items()}


def chart_cuts(comparison: Comparison, found: Users) -> Chart:
    """Cuts against elasticities, one mark a user and mechanism."""
    low, high = find_plain_range(np.concatenate([b.mean for b in found.cut.values()]))
    pad = 0.05 * (high - low) or 1.0
    x = make_linear_axis(
        0.0, 1.05 * float(found.sigma.max()), "elasticity of substitution σ of the user"
    )
    y = make_linear_axis(low - pad, high + pad, CUT_UNIT)
    radius = 2.6 + 5.0 * np.sqrt(found.use / found.use.max())
    dots = [_make_dots(comparison, m, found, radius, (low, high)) for m in found.cut]
    summary = (
        f"One mark for each of {counted(len(found.rows), 'user')} and mechanism. "
        f"Cuts run from {number(low, 2)} to {number(high, 2)} %."
    )
    return Chart("Cut in use against elasticity of substitution", summary, x, y, dots=dots)


def find_plain_range(values: Floats) -> tuple[float, float]:
    """Range of `values` without those far out: three interquartile ranges from the quartiles."""
    there = values[np.isfinite(values)]
    if not there.size:
        return 0.0, 1.0
    first, last = np.quantile(there, [0.25, 0.75])
    reach = 3.0 * (last - first)
    kept = there[(there >= first - reach) & (there <= last + reach)]
    return float(min(kept.min(), 0.0)), float(kept.max())


def list_outlying(comparison: Comparison, found: Users) -> list[str]:
    """Names and cuts of the users that fall off the scale of `cut_chart`, by mechanism."""
    low, high = find_plain_range(np.concatenate([b.mean for b in found.cut.values()]))
    return [
        f"{found.names[k]} under the {name_mechanism(comparison, m)}, {number(b.mean[k], 3)} %"
        for m, b in found.cut.items()
        for k in np.flatnonzero((b.mean < low) | (b.mean > high))
    ]


def _make_dots(
    comparison: Comparison,
    mechanism: str,
    found: Users,
    radius: Floats,
    limits: tuple[float, float],
) -> Dots:
    mean = found.cut[mechanism].mean
    name = title_mechanism(comparison, mechanism)
    pairs = zip(found.names, mean.tolist(), strict=True)
    notes = [f"{user}, {name}: {number(cut, 3)} %" for user, cut in pairs]
    y = np.clip(mean, *limits)
    return Dots(name, choose_looks(comparison)[mechanism], found.sigma, y, radius, notes)
