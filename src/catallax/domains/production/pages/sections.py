"""The sections of an economy's page, each chart with its data table."""

from collections.abc import Sequence

import numpy as np

from catallax.domains.production.measures.scarcity import IMPORTS, list_telling_prices
from catallax.domains.production.pages import charts
from catallax.domains.production.pages.charts import Users, correlate_ranks, list_users
from catallax.domains.production.pages.story import has_wedge, name_users, title_prices
from catallax.domains.production.run.recording import CLOSE, EVERY
from catallax.show.chart import Chart
from catallax.show.charts import Band, Bands, make_measure_strips
from catallax.show.figures import (
    count_seeds,
    describe_average,
    draw_panel,
    make_figure,
    make_strips_figure,
    make_week_figure,
    place_side_by_side,
)
from catallax.show.findings import find_judging_measure
from catallax.show.markup import Grid, Raw, Section, paragraph, table
from catallax.show.story import name_event, name_mechanism, order_mechanisms, title_mechanism
from catallax.show.tables import tabulate_differences
from catallax.show.words import NONE, fixed, joined, number, opened
from catallax.study import Comparison

BIGGEST = 8


def make_sections(comparison: Comparison) -> list[Section]:
    """What stands between the contents and the table of all measures."""
    found: list[Section] = []
    if comparison.others:
        found.append(("side", "Side by side", show_side_by_side(comparison)))
    found.append(("efficiency", "Efficiency over time", show_efficiency(comparison)))
    if comparison.contract.shocks:
        response = f"The response to the {name_event(comparison)}"
        found += [
            ("response", response, show_responses(comparison)),
            ("price", title_prices(comparison), show_prices(comparison)),
            ("cuts", "Who made do with less", show_cuts(comparison)),
        ]
    return found


def make_panels(comparison: Comparison) -> list[tuple[str, Chart]]:
    """Of the stand-alone picture: efficiency around the shock, and a scarce thing's price."""
    bands = charts.cut_to_shock(comparison, charts.collect_efficiencies(comparison))
    chart = charts.chart_efficiency(comparison, bands)
    around = f"Efficiency around the {name_event(comparison)}" if comparison.contract.shocks else ""
    found = [(around or "Efficiency over time", chart)]
    for resource in list_telling_prices(comparison.contract)[:1]:
        if bands := charts.cut_to_shock(comparison, charts.collect_prices(comparison, resource)):
            chart = charts.chart_prices(comparison, resource, bands)
            found.append((f"Price of {resource}", chart))
    return found


def show_efficiency(comparison: Comparison) -> Raw:
    """Efficiency over time."""
    bands = charts.collect_efficiencies(comparison)
    if not bands:
        return paragraph("No run reached its end.")
    text = (
        "Efficiency asks: by how much could all final users have been better off at once, with "
        "the week’s resources and true technology? 1 is the optimum of that week."
    )
    chart = charts.chart_efficiency(comparison, bands)
    return _join_parts(
        paragraph(text),
        make_week_figure("efficiency-chart", chart, bands, _describe_average(comparison)),
    )


def show_side_by_side(comparison: Comparison) -> Raw:
    """Mechanisms side by side: score, efficiency on one scale, and paired differences."""
    bands = charts.collect_efficiencies(comparison)
    drawn = [
        draw_panel(charts.chart_efficiency_of_one(comparison, m, bands), f"efficiency-panel-{k}")
        for k, m in enumerate(bands)
    ]
    base = title_mechanism(comparison, comparison.base)
    text = (
        f"The difference from the {base} on the same seed. Both have the same private facts and "
        "the same noise, which cancel. Where the interval holds 0, the two differ by less than "
        "these seeds can tell."
    )
    return _join_parts(
        _show_score(comparison),
        place_side_by_side(drawn),
        paragraph(text),
        tabulate_differences(comparison),
    )


def _show_score(comparison: Comparison) -> Raw:
    """The measure that judges, drawn with its intervals."""
    strips = make_measure_strips(comparison, find_judging_measure(comparison))
    caption = f"Score, {strips.x.title}. {describe_average(comparison)}"
    return make_strips_figure("score-chart", strips, caption)


def show_responses(comparison: Comparison) -> Raw:
    """The response after the shock, on one scale and on each mechanism's own."""
    bands = charts.collect_responses(comparison)
    missing = [m for m in comparison.outcomes if m not in bands]
    text = (
        f"Every run has a twin with the same seed and no {name_event(comparison)}. D is the log "
        "of efficiency over the twin’s: 0 means that nothing was lost beyond what the optimum "
        "lost, −0.01 one per cent."
    )
    said = [paragraph(text), *([_name_missing(comparison, missing)] if missing else [])]
    if not bands:
        return _join_parts(*said)
    chart = charts.chart_responses(comparison, bands)
    below = paragraph("The same, each on a scale of its own (mind the numbers at the axis):")
    grid = place_side_by_side(_draw_response_panels(comparison, bands))
    since = f"From {charts.BEFORE} weeks before the {name_event(comparison)} on."
    caption = f"{since} {_describe_average(comparison)}"
    return _join_parts(
        *said, make_week_figure("response-chart", chart, bands, caption, below, grid)
    )


def _draw_response_panels(comparison: Comparison, bands: Bands) -> list[Raw]:
    return [
        draw_panel(charts.chart_response_of_one(comparison, m, b), f"response-panel-{k}")
        for k, (m, b) in enumerate(bands.items())
    ]


def show_prices(comparison: Comparison) -> Raw:
    """What the scarce resource costs, against the optimum."""
    return _join_parts(
        *(
            _show_price(comparison, r, k)
            for k, r in enumerate(list_telling_prices(comparison.contract))
        )
    )


def show_cuts(comparison: Comparison) -> Raw:
    """Who made do with less."""
    found = list_users(comparison)
    if found is None:
        return paragraph("No plant uses a product that became scarce, or no run ended.")
    text = (
        f"One mark for each {name_users(comparison)}: how far it had cut that use, from "
        "all suppliers, in the last 26 weeks, against how easily its own recipe lets it do "
        "without. Marks that rise to the right mean that those who can substitute cut most, as "
        "Hayek (1945) expects of prices: users economise without being told why. A cloud without "
        "a slope means that something else than the users’ room to substitute set the cuts."
    )
    chart = charts.chart_cuts(comparison, found)
    full = _tabulate_users(comparison, found, found.biggest, "Cuts of every user")
    caption = f"Mean over {count_seeds(comparison)}; bigger marks use more in the base year"
    grid = _tabulate_users(comparison, found, found.biggest[:BIGGEST], "The biggest users")
    drawn = make_figure("cut-chart", chart, full, caption)
    return _join_parts(paragraph(text), drawn, *_list_cut_notes(comparison, found), table(grid))


def _show_price(comparison: Comparison, resource: str, k: int) -> Raw:
    if resource == comparison.contract.economy.network.names[0]:
        return paragraph(f"“{resource}” is what wages are paid for: its price is the measure here.")
    bands = charts.collect_prices(comparison, resource)
    said = _describe_price(comparison, resource, bands)
    if not bands:
        return _join_parts(*said)
    chart = charts.chart_prices(comparison, resource, bands)
    caption = f"{describe_average(comparison, 'Geometric mean')}{_describe_sampling(comparison)}"
    return _join_parts(*said, make_week_figure(f"price-chart-{k}", chart, bands, caption))


def _describe_price(comparison: Comparison, resource: str, bands: Bands) -> list[Raw]:
    """What the price is, whose optimum it is held against, and who posts none."""
    text = (
        f"{_name_price(comparison, resource)} over the wage, 1 in the base year. The "
        "optimum’s price is the one at which everybody’s best choices would fit together"
    )
    if has_wedge(comparison):
        text += ", without the tariff"
    source = charts.choose_yardstick(comparison)
    if source is not None and not comparison.oracle(source):
        behind = name_mechanism(comparison, source)
        text += f" (here of the weekly optimum behind the runs of the {behind})"
    silent = [
        m for m in order_mechanisms(comparison) if m not in bands and not comparison.oracle(m)
    ]
    if not silent:
        return [paragraph(f"{text}.")]
    names = opened(joined([name_mechanism(comparison, m) for m in silent]))
    return [
        paragraph(f"{text}."),
        paragraph(f"{names}: no price is posted, so there is none to show."),
    ]


def _name_price(comparison: Comparison, resource: str) -> str:
    if resource != IMPORTS:
        return f"The price of “{resource}”"
    text = "The price of imports (all of them, weighted by their base-year value)"
    return f"{text} as buyers pay it, tariff included," if has_wedge(comparison) else text


def _tabulate_users(comparison: Comparison, found: Users, which: Sequence[int], title: str) -> Grid:
    total = found.use.sum()
    rows = [
        [
            found.names[k],
            f"{fixed(100 * float(found.use[k] / total), 1)} %",
            fixed(float(found.sigma[k]), 2),
            *(_format_cut(b, k) for b in found.cut.values()),
        ]
        for k in which
    ]
    heads = [
        "user",
        "share of base-year use",
        "σ",
        *(title_mechanism(comparison, m) for m in found.cut),
    ]
    said = " with 95 % intervals" if len(comparison.seeds) > 1 else ""
    return Grid(f"{title}: cut in %{said}; below 0 is more use", heads, rows)


def _format_cut(b: Band, k: int) -> str:
    if not np.isfinite(b.mean[k]):
        return NONE
    if b.low is None or b.high is None:
        return fixed(float(b.mean[k]), 1)
    half = float(b.high[k] - b.low[k]) / 2
    return f"{fixed(float(b.mean[k]), 1)} ± {fixed(half, 1)}"


def _list_cut_notes(comparison: Comparison, found: Users) -> list[Raw]:
    ranks = {m: correlate_ranks(found.sigma, b.mean) for m, b in found.cut.items()}
    known = [
        f"{fixed(r, 2)} for the {name_mechanism(comparison, m)}"
        for m, r in ranks.items()
        if r is not None
    ]
    said = [f"Rank correlation of σ and cut over users: {joined(known)}."] if known else []
    sigma, count = np.unique(found.sigma, return_counts=True)
    if count.max() >= 5:
        same = f"{count.max()} users share σ = {number(float(sigma[count.argmax()]), 3)}"
        said.append(f"{same} and stand in one column.")
    if off := charts.list_outlying(comparison, found):
        shown = [*off[:4], f"{len(off) - 4} more"] if len(off) > 4 else off
        said.append(f"Off the scale and drawn at its edge: {joined(shown)}.")
    return [paragraph(s) for s in said]


def _name_missing(comparison: Comparison, names: Sequence[str]) -> Raw:
    shown = joined([name_mechanism(comparison, m) for m in names])
    return paragraph(f"No response for the {shown}: a run stopped, or efficiency fell to zero.")


def _describe_average(comparison: Comparison) -> str:
    return f"{describe_average(comparison)}{_describe_sampling(comparison)}"


def _describe_sampling(comparison: Comparison) -> str:
    """The weeks that were looked at."""
    close = f", weekly for {CLOSE} weeks from a shock on" if comparison.contract.shocks else ""
    return f"; sampled every {EVERY} weeks{close}"


def _join_parts(*parts: str) -> Raw:
    return Raw("".join(parts))
