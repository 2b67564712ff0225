"""The null: the base year for ever, whatever happens."""

import numpy as np
import pytest

from catallax.domains.production.economy import Shock, generate, us15
from catallax.domains.production.knowledge import KnowledgeLaw
from catallax.domains.production.measures import assess
from catallax.domains.production.mechanisms import habit
from catallax.domains.production.run import Contract, simulate

REST = KnowledgeLaw(dispersion=0, drift=0)


def test_where_nothing_differs_from_the_base_year_habit_is_the_optimum():
    run = simulate(Contract(us15(), REST, weeks=60), habit())
    path = assess(run)
    np.testing.assert_allclose(path.efficiency, 1.0, atol=1e-6)
    assert path.run.series["spoiled"].sum() == pytest.approx(0.0, abs=1e-6)


def test_everybody_asks_for_the_same_whatever_happens():
    e = generate(2, products=6, households=2)
    shocked = Contract(e, weeks=60, shocks=(Shock("ore", 20, 0.5),))
    for contract in (shocked, shocked.calm()):
        asked = simulate(contract, habit(), seed=1).series["orders"]
        base = e.network.orders(e.flow)
        np.testing.assert_allclose(asked, np.tile(base, (60, 1)), rtol=1e-6)


def test_nobody_speaks_and_no_price_is_posted():
    run = simulate(Contract(us15(), weeks=10), habit())
    assert set(run.meter.kinds) == {"ask"}
    assert not run.series["income"].any()
    assert np.all(run.series["price"] == 1.0)
