"""From a comparison to its charts."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from catallax.experiments import Comparison
from catallax.network import Floats
from catallax.report.chart import ORACLE, Axis, Chart, Dots, Line, Look, linear, logarithmic, look
from catallax.report.chart import weekly as weeks_axis
from catallax.report.series import Band, best_price, efficiency, price, response
from catallax.report.users import Users
from catallax.report.words import counted, joined, label, number

EFFICIENCY, PRICE = "efficiency, share of the optimum", "price over the wage, base year = 1 (log)"
RESPONSE, CUT = "log(efficiency / twin’s)", "cut in use, % of the twin’s (negative: more use)"
OPTIMUM = "optimum"
BEFORE = 12  # weeks shown before the shock where the view is zoomed

Bands = Mapping[str, Band]


def looks(comparison: Comparison) -> dict[str, Look]:
    """The look of every mechanism, the same in all charts."""
    plain = [m for m in comparison.outcomes if not comparison.oracle(m)]
    return {m: look(plain.index(m)) if m in plain else ORACLE for m in comparison.outcomes}


def titled(comparison: Comparison, mechanism: str) -> str:
    """A mechanism's name for people, oracles marked."""
    return label(mechanism) + (" (oracle)" if comparison.oracle(mechanism) else "")


def event(comparison: Comparison) -> str:
    """What to call that which happens from outside."""
    marks = set(_marks(comparison).values())
    return marks.pop() if len(marks) == 1 else "shock"


def efficiencies(comparison: Comparison) -> Bands:
    """Efficiency over time by mechanism, where there is one."""
    found = {m: efficiency(comparison, m) for m in order(comparison)}
    return {m: b for m, b in found.items() if b is not None}


def responses(comparison: Comparison) -> Bands:
    """The response by mechanism from shortly before the first shock, where there is one."""
    first = min((s.week for s in comparison.contract.shocks), default=0) - BEFORE
    found = {m: response(comparison, m) for m in order(comparison)}
    return {m: b.part(first, np.inf) for m, b in found.items() if b is not None}


def prices(comparison: Comparison, resource: str) -> Bands:
    """Price of `resource` by mechanism that posts one, and `OPTIMUM`'s."""
    found = {m: price(comparison, m, resource) for m in order(comparison)}
    found[OPTIMUM] = best_price(comparison, resource)
    return {m: b for m, b in found.items() if b is not None}


def efficiency_chart(comparison: Comparison, bands: Bands) -> Chart:
    """Efficiency over time of every mechanism."""
    return _weeks_chart(comparison, "Efficiency over time", bands, EFFICIENCY)


def efficiency_panel(comparison: Comparison, mechanism: str, bands: Bands) -> Chart:
    """Efficiency of one mechanism on the scale of all."""
    low, high = span(bands.values())
    pad = 0.05 * (high - low)
    title = f"Efficiency of the {titled(comparison, mechanism)}, one scale for all"
    y = linear(low - pad, high + pad, EFFICIENCY, 4)
    return _weeks_chart(comparison, title, {mechanism: bands[mechanism]}, EFFICIENCY, y)


def response_chart(comparison: Comparison, bands: Bands) -> Chart:
    """The response to the shock of every mechanism on one scale."""
    return _weeks_chart(
        comparison, f"Response to the {event(comparison)}, one scale for all", bands, RESPONSE
    )


def response_panel(comparison: Comparison, mechanism: str, band: Band) -> Chart:
    """The response of one mechanism on its own scale."""
    name = titled(comparison, mechanism)
    title = f"Response to the {event(comparison)} of the {name}, on a scale of its own"
    return _weeks_chart(comparison, title, {mechanism: band}, RESPONSE)


def price_chart(comparison: Comparison, resource: str, bands: Bands) -> Chart:
    """Price of `resource` over the wage."""
    low, high = span(bands.values())
    y = logarithmic(low / 1.05, high * 1.05, PRICE)
    return _weeks_chart(comparison, f"Price of {resource} over the wage", bands, PRICE, y)


def cut_chart(comparison: Comparison, found: Users) -> Chart:
    """Cuts against elasticities, one mark a user and mechanism."""
    low, high = plain_range(np.concatenate([b.mean for b in found.cut.values()]))
    pad = 0.05 * (high - low) or 1.0
    x = linear(0.0, 1.05 * float(found.sigma.max()), "elasticity of substitution σ of the user")
    y = linear(low - pad, high + pad, CUT)
    radius = 2.6 + 5.0 * np.sqrt(found.use / found.use.max())
    dots = [_dots(comparison, m, found, radius, (low, high)) for m in found.cut]
    summary = (
        f"One mark for each of {counted(len(found.rows), 'user')} and mechanism. "
        f"Cuts run from {number(low, 2)} to {number(high, 2)} %."
    )
    return Chart("Cut in use against elasticity of substitution", summary, x, y, dots=dots)


def span(bands: Iterable[Band]) -> tuple[float, float]:
    """Smallest and largest number drawn; 0 and 1 if there is none."""
    every = np.concatenate([[], *(b.values for b in bands)])
    every = every[np.isfinite(every)]
    return (float(every.min()), float(every.max())) if every.size else (0.0, 1.0)


def plain_range(values: Floats) -> tuple[float, float]:
    """Range of `values` without those far out: three interquartile ranges from the quartiles."""
    there = values[np.isfinite(values)]
    if not there.size:
        return 0.0, 1.0
    first, last = np.quantile(there, [0.25, 0.75])
    reach = 3.0 * (last - first)
    kept = there[(there >= first - reach) & (there <= last + reach)]
    return float(min(kept.min(), 0.0)), float(kept.max())


def outlying(found: Users) -> list[str]:
    """Names and cuts of the users that fall off the scale of `cut_chart`, by mechanism."""
    low, high = plain_range(np.concatenate([b.mean for b in found.cut.values()]))
    return [
        f"{found.names[k]} under the {label(m)}, {number(b.mean[k], 3)} %"
        for m, b in found.cut.items()
        for k in np.flatnonzero((b.mean < low) | (b.mean > high))
    ]


def _weeks_chart(
    comparison: Comparison, title: str, bands: Bands, unit: str, y: Axis | None = None
) -> Chart:
    low, high = span(bands.values())
    pad = 0.05 * (high - low)
    weeks = np.concatenate([[], *(b.weeks for b in bands.values())])
    x = weeks_axis(float(weeks.min()), float(weeks.max())) if weeks.size else weeks_axis(0, 1)
    lines = [_line(comparison, m, b) for m, b in bands.items()]
    marks = [(float(w), name) for w, name in sorted(_marks(comparison).items())]
    return Chart(
        title, _told(comparison, bands, unit), x, y or linear(low - pad, high + pad, unit),
        lines=lines, marks=marks,
    )  # fmt: skip


def _marks(comparison: Comparison) -> dict[int, str]:
    """What happens from outside by week; a week with both is marked once."""
    contract = comparison.contract
    return {s.week: s.describe(contract.economy).mark for s in contract.shocks}


def _line(comparison: Comparison, mechanism: str, b: Band) -> Line:
    oracle = mechanism == OPTIMUM and mechanism not in comparison.outcomes
    name = OPTIMUM if oracle else titled(comparison, mechanism)
    shown = ORACLE if oracle else looks(comparison)[mechanism]
    return Line(name, shown, b.weeks, b.mean, b.low, b.high)


def _told(comparison: Comparison, bands: Bands, unit: str) -> str:
    """The chart in words, for those who do not see it."""
    ends = [f"{label(m)} {number(b.mean[-1])}" for m, b in bands.items() if len(b.mean)]
    seeds = counted(len(comparison.seeds), "seed")
    return f"{unit}, mean over {seeds}. In the last week shown: {joined(ends)}."


def _dots(
    comparison: Comparison,
    mechanism: str,
    found: Users,
    radius: Floats,
    limits: tuple[float, float],
) -> Dots:
    mean = found.cut[mechanism].mean
    name = titled(comparison, mechanism)
    notes = [_note(name, u, c) for u, c in zip(found.names, mean.tolist(), strict=True)]
    y = np.clip(mean, *limits)
    return Dots(name, looks(comparison)[mechanism], found.sigma, y, radius, notes)


def _note(mechanism: str, user: str, cut: float) -> str:
    return f"{user}, {mechanism}: {number(cut, 3)} %"


def order(comparison: Comparison) -> Sequence[str]:
    """Mechanisms as compared: those that compete first, oracles last."""
    return sorted(comparison.outcomes, key=comparison.oracle)
