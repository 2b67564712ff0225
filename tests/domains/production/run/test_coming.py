"""What agents see of public announcements: the next one, as it touches their own row."""

import numpy as np
import pytest

from catallax import Contract, Shock, Tariff, market, us15
from catallax.domains.production.economy import generate, list_announcements
from catallax.domains.production.run import Setup, begin
from catallax.domains.production.run.setup import set_side_by_side
from catallax.domains.production.run.views import find_coming, make_view, show_coming

ECONOMY = generate(7, products=4, firms=2, households=2, inputs=3)
ORE = ECONOMY.network.row("ore")
SHOCKS = (
    Shock("ore", 4, 0.5, announced=True),
    Shock("ore", 9, 0.8, announced=True),
    Shock("labour", 6, 0.9),
)


@pytest.mark.parametrize(
    ("week", "next_week", "ratio"),
    [(-1, np.inf, 1.0), (0, 4, 0.5), (3, 4, 0.5), (4, 9, 1.6), (8, 9, 1.6), (9, np.inf, 1.0)],
)
def test_the_next_announced_event_is_told_over_the_announced_present(week, next_week, ratio):
    """What nobody announced, and weeks before the first, are told to nobody."""
    net, events = ECONOMY.network, list_announcements(ECONOMY, SHOCKS)
    coming = find_coming(events, week, net)
    assert np.all(coming.row["week"] == next_week)
    expected = np.where(np.arange(net.n) == ORE, ratio, 1.0)
    np.testing.assert_allclose(coming.row["supply"], expected, rtol=1e-15)
    np.testing.assert_array_equal(coming.link["supply"], coming.row["supply"][net.seller])
    np.testing.assert_array_equal(coming.link["kept"], 1.0)
    np.testing.assert_array_equal(coming.link["tariff"], 0.0)


def test_tariffs_are_told_as_losses_and_rates_of_links():
    economy = us15()
    told = Tariff("foreign", 5, 0.25, announced=True), Tariff("domestic", 5, 0.1, announced=True)
    coming = find_coming(list_announcements(economy, told), 0, economy.network)
    kept = np.where(economy.exports, 1 / 1.25, 1.0)
    np.testing.assert_allclose(coming.link["kept"], kept, rtol=1e-14)
    np.testing.assert_array_equal(coming.link["tariff"], np.where(economy.imports, 0.1, 0.0))


def test_runs_side_by_side_are_told_of_their_own_events():
    calm, told = Contract(ECONOMY, weeks=12), Contract(ECONOMY, shocks=SHOCKS, weeks=12)
    alone = [Setup(c, market(), seed) for seed, c in enumerate((calm, told, told))]
    together = set_side_by_side(tuple(alone))
    for week in (0, 3, 4, 9):
        parts = together.layout.split(show_coming(together, week))
        for setup, part in zip(alone, parts, strict=True):
            mine = show_coming(setup, week)
            for axis in ("row", "link"):
                for name, column in getattr(mine, axis).items():
                    np.testing.assert_array_equal(getattr(part, axis)[name], column)


def test_a_view_shows_it_and_the_delay_of_the_line():
    setup = Setup(Contract(ECONOMY, shocks=SHOCKS, weeks=12, settle=0), market(), 1)
    view = make_view(setup, begin(setup), tacit=True)
    assert view.coming.row["week"][0] == 4
    assert view.coming.row["supply"][ORE] == 0.5
    assert view.delay == setup.contract.channel.line.delay == 1.0
