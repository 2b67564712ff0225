"""`catallax list` and `catallax explain`: whatever has a name can be found and says what it is."""

import json

import pytest

from catallax.apps.commands.explain import find_meanings
from catallax.apps.meanings import heads, meanings
from catallax.domains.production.mechanisms import market
from catallax.protocol import domains, settings_of
from catallax.protocol.mechanism_names import every_mechanism

EVERY = list(meanings())


def told(call, name):
    """The meanings of a name as JSON."""
    said = call("explain", name, "--json")
    assert (said.code, said.err) == (0, "")
    found = json.loads(said.out)
    assert found["name"] == name
    return found["meanings"]


@pytest.mark.parametrize("domain", domains().values(), ids=domains())
def test_whatever_a_domain_has_can_be_explained(domain):
    known = {(m.kind, m.name) for m in EVERY if m.domain == domain.name}
    assert ("domain", domain.name) in known
    assert {("measure", name) for name in domain.measures} <= known
    assert {("mechanism", name) for name in domain.mechanisms} <= known
    assert {("oracle", name) for name in domain.oracles} <= known
    assert {("experiment", name) for name in domain.experiments} <= known
    assert {("axis", name) for name in domain.axes} <= known
    assert {("kind of shock", kind) for kind in domain.shocks} <= known
    keys = {key for e in domain.experiments.values() for key in e.keys}
    assert {("key of contracts", key) for key in keys} <= known
    for name, make in domain.mechanisms.items():
        settings = {(f"setting of {name}", f"{name}:{key}") for key in settings_of(make)}
        variants = {(f"variant of {name}", f"{name}:{w}") for w in domain.variants.get(name, {})}
        assert settings | variants <= known
    assert {m.name for m in EVERY} >= set(every_mechanism(domain))


def test_everything_says_what_it_is_and_is_found_by_each_of_its_names():
    assert all(m.tell()["about"] for m in EVERY)
    for m in EVERY[::7]:
        for word in (m.name, *m.words):
            assert (m.kind, m.name) in [(x.kind, x.name) for x in find_meanings(word)]
    assert all(heads(head) for d in domains().values() for head in d.columns.values())


@pytest.mark.parametrize(
    ("name", "measure"),
    [
        ("lag, weeks", "adaptation_lag"),
        ("LAG,  weeks", "adaptation_lag"),
        ("waste", "waste"),
        ("satisfied", "satisfaction"),
        ("efficiency", "efficiency"),
        ("messages", "messages"),
    ],
)
def test_the_head_of_a_column_leads_to_its_measure(name, measure):
    assert measure in [m.name for m in find_meanings(name) if m.kind == "measure"]


def test_the_share_of_the_way_is_explained_by_the_head_of_its_column():
    found = find_meanings("way")
    assert {m.domain for m in found if m.kind == "column"} >= {"production", "prices_quantities"}


def test_a_measure_says_unit_direction_text_and_source(call):
    (found,) = told(call, "score")
    assert found["kind"] == "measure"
    assert found["domain"] == "production"
    assert set(found) >= {"about", "unit", "better", "source", "column"}
    said = call("explain", "score").out
    assert found["unit"] in said
    assert f"source:     {found['source']}" in said


def test_a_mechanism_says_its_settings_with_range_default_source_and_tuning(call):
    (found,) = told(call, "market")
    assert found["settings"]["kappa"]["range"] == "0 to 1"
    assert found["settings"]["kappa"]["tuned over"] == "0.003 to 0.3, in logs"
    assert found["settings"]["reprice"]["source"].startswith("assumption: all may (Calvo 1983")
    said = call("explain", "market").out
    assert said.startswith("market: mechanism of production\n")
    kappa = settings_of(market)["kappa"].default
    assert f"default {kappa} (record of tuning); tuned over 0.003 to 0.3, in logs" in " ".join(
        said.split()
    )


def test_several_meanings_are_all_shown_each_with_what_it_is(call):
    kinds = [(m["kind"], m["name"]) for m in told(call, "delay")]
    assert kinds == [
        ("axis", "delay"),
        ("key of contracts", "channel.line.delay"),
        ("key of contracts", "channel.centre.delay"),
    ]
    said = call("explain", "sigma").out
    assert "sigma: axis of production" in said
    assert "sigma: axis of prices_quantities" in said


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("rigid", "variant of five_year_plan"),
        ("five_year_plan:rigid", "variant of five_year_plan"),
        ("market:kappa", "setting of market"),
        ("behaviour", "key of contracts"),
        ("weeks", "key of contracts"),
        ("resource", "kind of shock"),
        ("us15", "economy"),
        ("synthetic", "economy"),
        ("synthetic:7", "economy"),
        ("static_optimum", "oracle"),
        ("tin", "experiment"),
        ("prices_quantities", "domain"),
    ],
)
def test_every_kind_of_name_is_known(name, kind, call):
    assert kind in [m["kind"] for m in told(call, name)]


@pytest.mark.parametrize(
    ("name", "near"),
    [("scor", "score"), ("kapa", "kappa"), ("tinn", "tin"), ("synthetic:x", "synthetic")],
)
def test_an_unknown_name_is_told_with_the_nearest(name, near, call):
    said = call("explain", name)
    assert (said.code, said.out) == (2, "")
    assert f"unknown name {name!r}. Did you mean {near!r}" in said.err


def test_list_goes_domain_by_domain(call):
    found = json.loads(call("list", "--json").out)
    assert list(found) == list(domains())
    assert found["production"]["economies"]["us71"].startswith("The United States in 2021")
    assert "economies" not in found["prices_quantities"]
    assert found["prices_quantities"]["shocks"].keys() == {"cost"}
    assert "settings" not in found["production"]
    said = call("list").out
    assert "PRICES_QUANTITIES: prices against quantities" in said


def test_list_of_one_domain_has_its_settings_too(call, folder):
    found = json.loads(call("list", "prices_quantities", "--json").out)
    assert list(found) == ["prices_quantities"]
    assert found["prices_quantities"]["settings"]["plants"].endswith("1 or more; default 12")
    said = call("list", "prices_quantities").out
    assert "market" not in said
    assert "unknown domain 'prices'" in call("list", "prices").err
