"""What is kept of a run: chosen, in files, and bounded."""

from dataclasses import replace

import numpy as np
import pytest

from catallax.domains.production.economy import Shock, generate, town
from catallax.domains.production.measures import assess, measure_all
from catallax.domains.production.mechanisms import market
from catallax.domains.production.run import Contract, Recording, simulate
from catallax.domains.production.run.series_buffer import SeriesBuffer
from catallax.errors import InputError


@pytest.fixture(scope="module")
def contract():
    return Contract(generate(3), shocks=(Shock("ore", 8, 0.5),), weeks=60, settle=0)


def test_series_in_files_are_those_in_memory(contract, tmp_path):
    whole = simulate(contract, market(), 1)
    filed = simulate(contract, market(), 1, recording=Recording(to=tmp_path / "run"))
    assert filed.bits == whole.bits
    assert isinstance(filed.series["stock"], np.memmap)
    on_disk = np.load(tmp_path / "run" / "stock.npy")
    np.testing.assert_array_equal(on_disk, whole.series["stock"])
    seen = measure_all(assess(filed), None)
    assert seen["score"] == measure_all(assess(whole), None)["score"]


@pytest.mark.parametrize("full", [True, False])
def test_a_folder_that_cannot_be_used_is_refused(contract, tmp_path, full):
    place = tmp_path / "run"
    if full:
        place.mkdir()
    (place / "old.npy" if full else place).write_text("mine")
    with pytest.raises(InputError, match=r"recording\.to"):
        simulate(contract, market(), recording=Recording(to=place))
    assert (place / "old.npy" if full else place).read_text() == "mine"


def test_a_run_that_stops_early_keeps_its_weeks_alone():
    kept = SeriesBuffer(10)
    for t in range(3):
        kept.add({"x": t, "y": np.full(2, t)})
    assert len(kept) == 3
    assert kept.series()["x"].tolist() == [0.0, 1.0, 2.0]
    assert kept.series()["y"].shape == (3, 2)


def test_households_beyond_the_limit_are_not_kept():
    """What is kept does not grow with the town; what needs households says that they lack."""
    contract = Contract(town(300), weeks=54, settle=0)
    net = contract.economy.network
    few = simulate(contract, market(), recording=Recording(rows=100))
    assert few.completed
    assert repr(few).count("54 of 54 weeks")
    assert "utility" not in few.series
    assert len(few.rows) == net.endowments.stop
    assert not len(few.sampled["weeks"])
    assert set(few.sampled) == {"weeks", "used"}
    size = sum(v.nbytes for v in few.series.values())
    assert size < 54 * 8 * (9 * net.endowments.stop + 100)
    measures = measure_all(assess(few), None)
    for name in ("score", "efficiency", "welfare", "gini", "leak_z", "gdp", "nash_welfare"):
        assert measures[name].value is None
        assert measures[name].reason == "households were not recorded: raise Recording.rows"
    assert measures["bits"].value > 0
    whole = simulate(contract, market())
    for name in ("asked", "shipped", "held"):
        np.testing.assert_array_equal(few.series[name], whole.series[name])


def test_goods_are_kept_beyond_the_limit():
    contract = Contract(town(300), weeks=3, settle=0)
    net = contract.economy.network
    good = net.products[net.product[net.plants.start]]
    some = simulate(contract, market(), recording=Recording(rows=100, goods=(good,)))
    whole = simulate(contract, market(), recording=Recording(rows=net.n, goods=(good,)))
    kept = replace(whole, rows=some.rows)
    for name in ("stocks", "final", "output"):
        np.testing.assert_allclose(
            some.series[name], whole.series[name][:, kept.rows], rtol=1e-12, atol=1e-12
        )
    np.testing.assert_array_equal(some.series["use"], whole.series["use"])
