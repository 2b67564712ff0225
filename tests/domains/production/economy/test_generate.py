"""The seeded generator and the calibration behind it."""

import numpy as np
import pytest

from catallax.domains.production.economy import calibrate, generate
from catallax.errors import InputError

SMALL = {"products": 5, "firms": 3, "households": 2, "inputs": 3}


@pytest.mark.parametrize("seed", range(3))
def test_the_same_arguments_give_the_same_bits(seed):
    assert generate(seed, **SMALL).digest == generate(seed, **SMALL).digest


def test_every_seed_and_every_argument_makes_another_economy():
    others = [
        {"products": 6},
        {"firms": 2},
        {"households": 3},
        {"inputs": 5},
        {"ore": 0.3},
        {"decay": 0.05},
        {"lead": 1},
        {"income": 200.0},
    ]
    made = [generate(seed, **SMALL) for seed in range(10)]
    made += [generate(0, **(SMALL | other)) for other in others]
    assert len({e.digest for e in made}) == len(made)
    # Seeds differ in more than their name.
    flows = [np.sort(e.flow)[-5:].tobytes() for e in made[:10]]
    assert len(set(flows)) == 10


@pytest.mark.parametrize("seed", range(8))
def test_the_shape_is_what_was_asked_for(seed):
    e = generate(seed, products=7, firms=3, households=4, lead=2, decay=0.05, income=50.0)
    net = e.network
    firms = np.bincount(net.product[net.plants])[2:]
    assert len(firms) == 7
    assert firms.min() >= 1
    assert firms.max() <= 3
    assert net.households.stop - net.households.start == 4
    assert e.scale == pytest.approx(50.0, rel=1e-12)
    assert set(e.lead[net.rows.perishable]) == {0}
    assert set(e.lead[~net.rows.perishable]) == {2}
    assert set(e.decay[net.plants]) == {0.05}
    assert not e.decay[net.endowments].any()


@pytest.mark.parametrize("seed", range(8))
def test_everybody_sells_and_every_plant_hires(seed):
    e = generate(seed, **SMALL)
    net = e.network
    assert np.all(e.output[net.sellers] > 0)
    labour = net.buyer[net.seller == net.row("labour")]
    assert set(labour) == set(range(net.plants.start, net.plants.stop))


@pytest.mark.parametrize("seed", range(4))
def test_ore_goes_into_metal_alone_and_metal_into_every_third_product(seed):
    e = generate(seed, products=9, ore=0.3)
    net = e.network
    ore = net.seller == net.row("ore")
    metal = net.product == net.products.index("metal")
    assert set(net.buyer[ore]) == set(np.flatnonzero(metal))
    np.testing.assert_allclose(e.technology.share[ore], 0.3, rtol=1e-12)
    for product in range(9):
        if product % 3 == 1:
            for row in np.flatnonzero(net.product == net.products.index(f"good {product}")):
                assert metal[net.seller[net.buyer == row]].any()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"products": 0}, "generate: products is 0"),
        ({"firms": 0}, "generate: firms is 0"),
        ({"households": -2}, "generate: households is -2"),
        ({"inputs": 0}, "generate: inputs is 0"),
        ({"ore": 0.0}, "generate: ore is 0.0"),
        ({"ore": 1.0}, "generate: ore is 1.0"),
        ({"income": 0.0}, "generate: income is 0.0"),
        ({"income": float("nan")}, "generate: income is nan"),
        ({"decay": 1.0}, "decay: "),
        ({"lead": -1}, "lead: "),
        ({"lead": 0.5}, "lead: "),
    ],
)
def test_wrong_arguments_are_refused_by_name(wrong, message):
    with pytest.raises(InputError, match=f"^{message}"):
        generate(1, **(SMALL | wrong))


def test_a_negative_seed_is_refused():
    with pytest.raises(InputError, match="seed is -1"):
        generate(-1)


def recalibrated(**changed):
    e = generate(1, **SMALL)
    net, t = e.network, e.technology
    parts = {
        "share": t.share,
        "gamma": t.gamma,
        "spending": net.rows.sum(e.flow)[net.households],
        "sigma": t.sigma,
        "eps": t.eps,
        "decay": e.decay,
        "lead": e.lead,
    }
    return calibrate(e.name, net, **(parts | {k: f(e) for k, f in changed.items()}))


def test_calibrating_an_economys_own_parts_gives_it_back():
    again, e = recalibrated(), generate(1, **SMALL)
    np.testing.assert_allclose(again.flow, e.flow, rtol=1e-12)
    np.testing.assert_allclose(again.technology.supply, e.technology.supply, rtol=1e-12)
    np.testing.assert_allclose(again.technology.K, e.technology.K, rtol=1e-12)


def test_a_share_that_does_not_sum_to_1_is_refused():
    with pytest.raises(InputError, match=r"share: .* must sum to 1"):
        recalibrated(share=lambda e: e.technology.share * 1.001)
    with pytest.raises(InputError, match="share: every link's share must be > 0"):
        recalibrated(share=lambda e: e.technology.share * (np.arange(e.network.m) > 0))


@pytest.mark.parametrize("gamma", [0.0, 0.951, 1.0, -0.2])
def test_returns_out_of_range_are_refused_with_the_plants_name(gamma):
    def wrong(e):
        value = e.technology.gamma.copy()
        value[e.network.plants.start + 1] = gamma
        return value

    name = generate(1, **SMALL).network.names[3]
    with pytest.raises(InputError, match=f"gamma: plant '{name}' has {gamma:.4g}"):
        recalibrated(gamma=wrong)


@pytest.mark.parametrize("left", [0.0, 1.1, float("nan")])
def test_an_iceberg_out_of_range_is_refused(left):
    with pytest.raises(InputError, match="iceberg: "):
        recalibrated(iceberg=lambda e: np.full(e.network.m, left))
