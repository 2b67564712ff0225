"""Exchanged gradients and the posted-price market find one price."""

import json

import numpy as np
import pytest

from catallax import InputError
from catallax.domains.production.optimum import solve
from catallax.labs.federated.dual import find_clearing_price
from catallax.labs.federated.trials import build_regional_economy, discover_price, draw_regions


def test_the_economy_is_that_of_the_regions():
    regions = draw_regions(4, seed=2)
    economy = build_regional_economy(regions)
    assert find_clearing_price(regions) == pytest.approx(0.0, abs=1e-12)
    assert economy.income == pytest.approx(regions.income, rel=1e-12)
    assert economy.output[0] == pytest.approx(regions.flow.sum(), rel=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_the_optimum_of_the_economy_has_the_clearing_price(seed):
    """A third way to it: the laboratory's own solver on the whole economy."""
    from dataclasses import replace

    regions = draw_regions(5, seed)
    economy = build_regional_economy(regions)
    t = economy.technology
    supply = t.supply.copy()
    supply[0] *= 0.5
    found = solve(replace(t, supply=supply), economy.income)
    scarce = replace(regions, flow=0.5 * regions.flow)
    assert np.log(found.price[0]) == pytest.approx(find_clearing_price(scarce), abs=1e-6)


@pytest.mark.parametrize("seed", range(2))
def test_market_and_exchange_end_at_the_clearing_price(seed):
    """Quick gains, no cover, nothing spoils: after 1000 weeks a millionth part is left at most."""
    gains = {"kappa": 0.02, "theta": 0.1, "speed": 0.05, "a": 0.2, "smoothing": 0.5, "beta": 0.05}
    found = discover_price(draw_regions(5, seed), weeks=1000, **gains)
    assert found.exchanged[-1] == pytest.approx(found.clearing, abs=1e-9)
    assert found.posted[-1] == pytest.approx(found.clearing, abs=1e-6)
    assert abs(found.posted[0] - found.clearing) > 0.3
    assert abs(found.drift) > 0.01
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert plain["market"]["bits"] == plain["market"]["rounds"] * found.exchange_bits
    assert plain["exchange"]["weeks"] == 2 * plain["exchange"]["rounds"]


def test_a_price_that_is_not_found_is_a_result():
    found = discover_price(draw_regions(3), weeks=20)
    assert found.rounds(found.posted) is None
    assert found.to_dict()["market"]["bits"] is None


def test_bits_of_a_week_on_fuel_s_links_are_those_of_a_round():
    """The market's meter, less what goes over links that are not fuel's."""
    from catallax.domains.production.economy import Shock
    from catallax.domains.production.knowledge import ChannelLaw, KnowledgeLaw, LineLaw
    from catallax.domains.production.mechanisms import market
    from catallax.domains.production.run import Contract, simulate
    from catallax.labs.federated.trials.bridge import FUEL

    regions, line = draw_regions(5), LineLaw(1.0, 0.0, 1.0, 0)
    contracts = [
        Contract(
            build_regional_economy(regions), KnowledgeLaw(dispersion=0.0, drift=0.0),
            ChannelLaw(line=line, centre=line), shocks=(Shock(FUEL, 1, 0.5),), weeks=weeks,
        )
        for weeks in (20, 21)
    ]  # fmt: skip
    before, after = (simulate(c, market(cover=0.0)).meter.total.bits_delivered for c in contracts)
    # Ten other links: a number asked of one seller by its one buyer, and a quote to households,
    # which tell two sellers apart.
    other = 10 * 64 + 10 * (64 + 1)
    found = discover_price(regions, weeks=5)
    assert after - before - other == pytest.approx(found.exchange_bits, rel=1e-12)


def test_bad_counts_are_refused():
    with pytest.raises(InputError, match="regions: 0 is out of range"):
        draw_regions(0)
