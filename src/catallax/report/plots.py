"""The sections that show charts, each with its data table."""

from collections.abc import Sequence

import numpy as np

from catallax.experiments import Comparison
from catallax.measures.scarcity import IMPORTS, priced
from catallax.report import charts
from catallax.report.chart import Chart
from catallax.report.charts import Bands, titled
from catallax.report.events import users_of, wedge
from catallax.report.markup import Grid, Raw, details, figure, paragraph, table, tag
from catallax.report.series import Band, yardstick
from catallax.report.svg import draw
from catallax.report.tables import differences
from catallax.report.users import Users, rank_correlation, users
from catallax.report.words import NONE, counted, fixed, joined, label, number, opened
from catallax.run.recording import CLOSE, EVERY

WIDE, NARROW, PANEL = (860, 370), (360, 320), (290, 210)
BIGGEST = 8


def efficiency_section(comparison: Comparison) -> Raw:
    """Efficiency over time."""
    bands = charts.efficiencies(comparison)
    if not bands:
        return paragraph("No run reached its end.")
    text = (
        "Efficiency asks: by how much could all final users have been better off at once, with "
        "the week’s resources and true technology? 1 is the optimum of that week."
    )
    chart = charts.efficiency_chart(comparison, bands)
    return _all(paragraph(text), _figure("efficiency-chart", chart, _over(comparison), bands))


def side_section(comparison: Comparison) -> Raw:
    """Mechanisms side by side: efficiency on one scale, and paired differences."""
    bands = charts.efficiencies(comparison)
    panels = [_small(charts.efficiency_panel(comparison, m, bands), comparison, m) for m in bands]
    text = (
        f"Each mechanism on every seed, less the {titled(comparison, comparison.base)} on the "
        "same seed: what both have in common (the same private facts, the same noise) cancels. "
        "Where the interval holds 0 the two cannot be told apart on these seeds."
    )
    drawn = [tag("div", *panels, class_="panels")] if panels else []
    return _all(*drawn, paragraph(text), differences(comparison))


def response_section(comparison: Comparison) -> Raw:
    """The response after the shock, on one scale and on each mechanism's own."""
    bands = charts.responses(comparison)
    missing = [m for m in comparison.outcomes if m not in bands]
    text = (
        f"Every run has a twin with the same seed and no {charts.event(comparison)}. D is the log "
        "of efficiency over the twin’s: 0 means that nothing was lost beyond what the optimum "
        "lost, −0.01 one per cent."
    )
    said = [paragraph(text), *([_missing(missing)] if missing else [])]
    if not bands:
        return _all(*said)
    chart = charts.response_chart(comparison, bands)
    panels = [_panel(comparison, m, b) for m, b in bands.items()]
    below = paragraph("The same, each on a scale of its own (mind the numbers at the axis):")
    grid = tag("div", *panels, class_="panels")
    caption = (
        f"From {charts.BEFORE} weeks before the {charts.event(comparison)} on. {_over(comparison)}"
    )
    return _all(*said, _figure("response-chart", chart, caption, bands, below, grid))


def price_section(comparison: Comparison) -> Raw:
    """What the scarce resource costs, against the optimum."""
    return _all(*(_price(comparison, r, k) for k, r in enumerate(priced(comparison.contract))))


def cut_section(comparison: Comparison) -> Raw:
    """Who made do with less."""
    found = users(comparison)
    if found is None:
        return paragraph("No plant uses a product that became scarce, or no run ended.")
    text = (
        f"One mark for each {users_of(comparison)}: how far it had cut that use, from "
        "all suppliers, in the last 26 weeks, against how easily its own recipe lets it do "
        "without. Marks that rise to the right mean that those who can substitute cut most, as "
        "Hayek (1945) expects of prices: users economise without being told why. A cloud without "
        "a slope means that something else than the users’ room to substitute set the cuts."
    )
    chart = charts.cut_chart(comparison, found)
    svgs = _drawn("cut-chart", chart)
    full = table(_users_grid(comparison, found, found.biggest, "Cuts of every user"))
    caption = f"Mean over {_seeds(comparison)}; bigger marks use more in the base year"
    grid = _users_grid(comparison, found, found.biggest[:BIGGEST], "The biggest users")
    drawn = figure("cut-chart", *svgs, details("Data of this chart", full), caption=caption)
    return _all(paragraph(text), drawn, *_cut_notes(comparison, found), table(grid))


def _price(comparison: Comparison, resource: str, k: int) -> Raw:
    if resource == comparison.contract.economy.network.names[0]:
        return paragraph(f"“{resource}” is what wages are paid for: its price is the measure here.")
    bands = charts.prices(comparison, resource)
    said = _price_words(comparison, resource, bands)
    if not bands:
        return _all(*said)
    chart = charts.price_chart(comparison, resource, bands)
    caption = f"Geometric mean over {_seeds(comparison)}{_sampled(comparison)}"
    return _all(*said, _figure(f"price-chart-{k}", chart, caption, bands))


def _price_words(comparison: Comparison, resource: str, bands: Bands) -> list[Raw]:
    """What the price is, whose optimum it is held against, and who posts none."""
    text = (
        f"{_what(comparison, resource)} over the wage, 1 in the base year. The optimum’s price is "
        "the one at which everybody’s best choices would fit together"
    )
    if wedge(comparison):
        text += ", without the tariff"
    source = yardstick(comparison)
    if source is not None and not comparison.oracle(source):
        text += f" (here of the weekly optimum behind the runs of the {label(source)})"
    silent = [m for m in charts.order(comparison) if m not in bands and not comparison.oracle(m)]
    if not silent:
        return [paragraph(f"{text}.")]
    names = opened(joined([label(m) for m in silent]))
    return [
        paragraph(f"{text}."),
        paragraph(f"{names}: no price is posted, so there is none to show."),
    ]


def _what(comparison: Comparison, resource: str) -> str:
    if resource != IMPORTS:
        return f"The price of “{resource}”"
    text = "The price of imports (all of them, weighted by their base-year value)"
    return f"{text} as buyers pay it, tariff included," if wedge(comparison) else text


def _figure(key: str, chart: Chart, caption: str, bands: Bands, *more: str) -> Raw:
    data = details("Data of this chart", table(_bands_grid(chart, bands)))
    return figure(key, *_drawn(key, chart), *more, data, caption=caption)


def _drawn(key: str, chart: Chart) -> list[Raw]:
    """The chart twice: the page shows the one that fits."""
    sizes = {"wide": WIDE, "narrow": NARROW}
    return [Raw(draw(chart, f"{key}-{kind}", *size, kind)) for kind, size in sizes.items()]


def _panel(comparison: Comparison, mechanism: str, band: Band) -> Raw:
    return _small(charts.response_panel(comparison, mechanism, band), comparison, mechanism)


def _small(chart: Chart, comparison: Comparison, mechanism: str) -> Raw:
    kind = chart.title.split()[0].lower()
    at = list(comparison.outcomes).index(mechanism)
    return Raw(draw(chart, f"{kind}-panel-{at}", *PANEL, "panel"))


def _bands_grid(chart: Chart, bands: Bands) -> Grid:
    """The numbers that the chart draws, at the weeks where it draws them."""
    ends = ("mean", "low", "high")
    groups, heads, columns = [("", 1)], ["week"], []
    for line, b in zip(chart.lines, bands.values(), strict=True):
        parts = [v for v in (b.mean, b.low, b.high) if v is not None]
        groups.append((line.name, len(parts)))
        heads += ends[: len(parts)]
        columns += [[number(x) for x in v.tolist()] for v in parts]
    weeks = [f"{w:.0f}" for w in next(iter(bands.values())).weeks]
    rows = list(zip(weeks, *columns, strict=True))
    title = f"{chart.title}: {chart.y.title}, at the weeks sampled"
    return Grid(title, heads, rows, groups)


def _users_grid(comparison: Comparison, found: Users, which: Sequence[int], title: str) -> Grid:
    total = found.use.sum()
    rows = [
        [
            found.names[k],
            f"{fixed(100 * float(found.use[k] / total), 1)} %",
            fixed(float(found.sigma[k]), 2),
            *(_cut(b, k) for b in found.cut.values()),
        ]
        for k in which
    ]
    heads = ["user", "share of base-year use", "σ", *(titled(comparison, m) for m in found.cut)]
    said = " with 95 % intervals" if len(comparison.seeds) > 1 else ""
    return Grid(f"{title}: cut in %{said}; below 0 is more use", heads, rows)


def _cut(b: Band, k: int) -> str:
    if not np.isfinite(b.mean[k]):
        return NONE
    if b.low is None or b.high is None:
        return fixed(float(b.mean[k]), 1)
    half = float(b.high[k] - b.low[k]) / 2
    return f"{fixed(float(b.mean[k]), 1)} ± {fixed(half, 1)}"


def _cut_notes(comparison: Comparison, found: Users) -> list[Raw]:
    ranks = {m: rank_correlation(found.sigma, b.mean) for m, b in found.cut.items()}
    known = [f"{fixed(r, 2)} for the {label(m)}" for m, r in ranks.items() if r is not None]
    said = [f"Rank correlation of σ and cut over users: {joined(known)}."] if known else []
    sigma, count = np.unique(found.sigma, return_counts=True)
    if count.max() >= 5:
        same = f"{count.max()} users share σ = {number(float(sigma[count.argmax()]), 3)}"
        said.append(f"{same} and stand in one column.")
    if off := charts.outlying(found):
        shown = [*off[:4], f"{len(off) - 4} more"] if len(off) > 4 else off
        said.append(f"Off the scale and drawn at its edge: {joined(shown)}.")
    return [paragraph(s) for s in said]


def _missing(names: Sequence[str]) -> Raw:
    shown = joined([label(m) for m in names])
    return paragraph(f"No response for the {shown}: a run stopped, or efficiency fell to zero.")


def _over(comparison: Comparison) -> str:
    return f"Mean over {_seeds(comparison)}{_sampled(comparison)}"


def _sampled(comparison: Comparison) -> str:
    """Intervals, and the weeks that were looked at."""
    ends = " with 95 % t-interval" if len(comparison.seeds) > 1 else " (no interval)"
    close = f", weekly for {CLOSE} weeks from a shock on" if comparison.contract.shocks else ""
    return f"{ends}; sampled every {EVERY} weeks{close}"


def _seeds(comparison: Comparison) -> str:
    return counted(len(comparison.seeds), "seed")


def _all(*parts: str) -> Raw:
    return Raw("".join(parts))
