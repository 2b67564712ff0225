"""Axes say between which numbers studies draw, domains how far a number may plausibly be."""

from dataclasses import replace

import pytest

from catallax.errors import InputError
from catallax.protocol import Axis, NumberRange, Prior, domain_named, domains


@pytest.mark.parametrize(
    ("axis", "numbers"),
    [
        (Axis("x", "x", (0.0, 1.0, 4.0)), NumberRange(0.0, 4.0)),
        (Axis("x", "x", (1, 3, 12), log=True), NumberRange(1, 12, log=True, whole=True)),
        (Axis("x", "x", (0.0, 8.0), whole=True), NumberRange(0.0, 8.0, whole=True)),
        (Axis("x", "x", (0.1, 0.3), range=(0.05, 0.9)), NumberRange(0.05, 0.9)),
        (Axis("x", "x", (), range=(1, 2)), NumberRange(1, 2)),
        (Axis("x", "x", ("a", "b")), None),
        (Axis("x", "x", (False, True)), None),
        (Axis("x", "x", (3.0,)), None),
        (Axis("x", "x", ()), None),
    ],
)
def test_an_axis_says_its_range(axis, numbers):
    assert axis.numbers == numbers


def test_a_range_that_is_none_is_refused_with_the_axis_name():
    for make in (
        lambda: Axis("x", "x", (1.0, 2.0), range=(2, 1)),
        lambda: Axis("x", "x", (1.0, 2.0), log=True).between(0, 1),
    ):
        with pytest.raises(InputError, match=r"^x: the range .* is empty or out of place; give a"):
            make()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"scale": "lag"}, "unknown scale 'lag'. Did you mean 'log'"),
        ({"spread": 0.0}, "spread: 0.0 is out of range"),
        ({"source": " "}, "source: is missing"),
        ({"low": 3.0}, "low: 3 is not below high, 2"),
    ],
)
def test_a_prior_that_is_none_is_refused(change, says):
    with pytest.raises(InputError, match=says):
        replace(Prior("log", 0.5, "assumption", 0.1, 2.0), **change)


def test_what_has_no_place_on_a_scale_is_infinitely_far():
    for scale, value in (("log", 0.0), ("logit", 1.0), ("logit", 0.0), ("log1p", -1.0)):
        assert abs(Prior(scale, 1.0, "assumption", -9, 9).there(value)) == float("inf")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"usual_axes": ("sigmo",)}, "unknown usual axis 'sigmo'. Did you mean 'sigma'"),
        (
            {"priors": {"taste": Prior("log", 1.0, "assumption", 0.1, 2.0)}},
            "the prior of 'taste' is about no axis and no key of a contract; known: benefit,",
        ),
        (
            {"priors": {"band": Prior("log", 1.0, "assumption", 0.1, 2.0)}},
            "the prior of 'band' is about no axis",
        ),
    ],
)
def test_a_domain_knows_the_axes_that_it_names(change, says):
    with pytest.raises(InputError, match=says):
        replace(domain_named("prices_quantities"), **change)


def test_every_prior_is_about_what_the_default_contract_has_and_says_its_source():
    for domain in domains().values():
        contract = next(iter(domain.experiments.values())).build({})
        for name, prior in domain.priors.items():
            key = domain.axes[name].keys[0] if name in domain.axes else name
            assert prior.low <= float(contract.setting(key)) <= prior.high, name
            assert len(prior.source) > 10, name
