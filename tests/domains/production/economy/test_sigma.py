"""Economies whose plants substitute more or less easily than those they are made from."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax.domains.production.economy import economy_named, is_path
from catallax.domains.production.optimum import solve
from catallax.domains.production.run import Contract
from catallax.errors import InputError


@given(st.floats(0.05, 5.0), st.sampled_from(["us15", "small:3", "synthetic:7:90"]))
def test_only_the_elasticities_of_plants_are_changed(factor, name):
    plain, bent = economy_named(name), economy_named(f"{name}:sigma={factor}")
    one, two = plain.technology, bent.technology
    plants = plain.network.plants
    said = float(bent.name.rpartition("=")[2])
    np.testing.assert_array_equal(two.sigma[plants], one.sigma[plants] * factor)
    assert said == pytest.approx(factor, rel=1e-5)
    others = np.ones(plain.network.n, dtype=bool)
    others[plants] = False
    np.testing.assert_array_equal(two.sigma[others], one.sigma[others])
    for field in ("share", "norm", "kept", "eps", "gamma", "z", "K", "supply"):
        np.testing.assert_array_equal(getattr(two, field), getattr(one, field))
    assert bent.digest != plain.digest


@pytest.mark.parametrize("factor", ["0.25", "2"])
def test_the_base_year_is_the_same_and_a_shortage_is_not(factor):
    plain, bent = economy_named("us15"), economy_named(f"us15:sigma={factor}")
    wrong = np.exp(0.3 * np.random.default_rng(0).standard_normal(plain.network.n))
    best = solve(bent.technology, bent.income, start=wrong, tol=1e-12)
    np.testing.assert_allclose(best.ship, plain.flow, rtol=1e-8)
    np.testing.assert_allclose(best.price, 1.0, rtol=1e-8)


def test_names_are_one_however_the_number_is_written(tmp_path: Path):
    names = {economy_named(f"us15:sigma={text}").name for text in ("0.5", "0.50", "5e-1")}
    assert names == {"us15:sigma=0.5"}
    assert economy_named("synthetic:1002:90:sigma=2").name == "synthetic:1002:90:sigma=2"
    contract = Contract(economy_named("us15:sigma=0.5"), weeks=5)
    assert Contract.from_dict(contract.to_dict()).hash == contract.hash
    assert is_path("village.csv:sigma=0.5")
    assert not is_path("us15:sigma=0.5")


@pytest.mark.parametrize("text", ["", "x", "-1", "nan", "21", "0.5:100"])
def test_what_is_no_factor_is_refused(text):
    with pytest.raises(InputError, match=r"sigma=.* a number from 0 to 20; write it last"):
        economy_named(f"us15:sigma={text}")


def test_an_unknown_economy_stays_unknown():
    with pytest.raises(InputError, match="unknown economy 'us17'"):
        economy_named("us17:sigma=0.5")
