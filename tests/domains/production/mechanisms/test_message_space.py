"""A market says as much as competition needs to, and the meter counts it to the bit.

Jordan (1982): in an exchange of N people and L goods, no process that always ends at efficient
trades which everybody accepts gets by with fewer than N (L - 1) numbers, and competition needs just
these: L - 1 prices in terms of the last good, and what each but one wants of each other good. Here
the last good is money, and the one is whoever owns the goods, whose flow is fixed.
"""

import numpy as np
import pytest

from catallax import ChannelLaw, Contract, KnowledgeLaw, LineLaw, market, simulate
from catallax.domains.production.economy import Economy
from catallax.domains.production.economy.economy import calibrate
from catallax.domains.production.network import Network

STILL = KnowledgeLaw(dispersion=0.0, drift=0.0)
WEEKS = 200


def make_exchange(traders: int, goods: int) -> Economy:
    """Nobody makes anything: goods come in, and traders buy some of each."""
    rng, n = np.random.default_rng(goods), goods + traders
    names = [f"good {g}" for g in range(goods)]
    links = [(goods + h, g, g) for h in range(traders) for g in range(goods)]
    people = [f"trader {h}" for h in range(traders)]
    kind, product = [0] * goods + [2] * traders, [*range(goods)] + [-1] * traders
    return calibrate(
        "exchange",
        Network.build(kind, product, links, names + people, names),
        share=rng.dirichlet(np.ones(goods), traders).ravel(),
        gamma=np.ones(n),
        spending=rng.uniform(1.0, 2.0, traders),
        sigma=np.full(n, 0.7),
        eps=np.ones(n),
        decay=np.zeros(n),
        lead=np.zeros(len(links), dtype=np.int64),
    )


@pytest.mark.parametrize(("traders", "goods"), [(1, 1), (3, 2), (5, 4), (9, 3)])
def test_a_week_says_as_many_numbers_as_competition_needs(traders: int, goods: int) -> None:
    channel = ChannelLaw(line=LineLaw(noise=0.0, resolution=12))
    contract = Contract(make_exchange(traders, goods), STILL, channel, weeks=WEEKS)
    run = simulate(contract, market(price_error=0.2, taut=0.0), 1)
    assert run.completed, run.reason
    people, kinds = traders + 1, goods + 1  # the owners, and money
    total = run.meter.total
    assert total.sends == WEEKS * people * (kinds - 1)
    # An ask has to say which good it is for; a price is said to all.
    address = traders * goods * np.log2(goods)
    assert total.bits_sent == pytest.approx(
        WEEKS * (12 * people * (kinds - 1) + address), rel=1e-12
    )
    # And that was enough: base-year prices, which were wrong, are found again.
    price = run.series["price"][-1, :goods]
    np.testing.assert_allclose(price / price[0], 1.0, atol=0.002)
