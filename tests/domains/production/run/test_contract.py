"""What is held equal: the contract and its hash."""

import json
from dataclasses import fields, replace
from typing import Any

import pytest

from catallax.domains.production.economy import Shock, Tariff, economy_named, generate, us15
from catallax.domains.production.knowledge import BehaviourLaw, ChannelLaw, KnowledgeLaw, LineLaw
from catallax.domains.production.mechanisms import market
from catallax.domains.production.run import Contract, Recording, simulate
from catallax.errors import InputError

SHOCK = Shock("ore", 5, 0.5)
TARIFF = Tariff("foreign", 5, 0.25)
LINE = LineLaw(2.0, 0.1, 0.9, 12)

CHANGED: dict[str, Any] = {
    "economy": generate(8, products=4, firms=2, households=2, inputs=3),
    "knowledge.tacit": KnowledgeLaw(tacit=0.3),
    "knowledge.dispersion": KnowledgeLaw(dispersion=0.2),
    "knowledge.drift": KnowledgeLaw(drift=0.02),
    "knowledge.reversion": KnowledgeLaw(reversion=0.01),
    "knowledge.drift_z": KnowledgeLaw(drift_z=0.02),
    "knowledge.novelty": KnowledgeLaw(novelty=0.5),
    "knowledge.pattern": KnowledgeLaw(pattern="trending"),
    "knowledge.jump": KnowledgeLaw(jump=0.5),
    "knowledge.misspecification": KnowledgeLaw(misspecification=0.2),
    "knowledge.tacit_z": KnowledgeLaw(tacit_z=0.4),
    "knowledge.tacit_taste": KnowledgeLaw(tacit_taste=0.4),
    "knowledge.tacit_sigma": KnowledgeLaw(tacit_sigma=0.4),
    "knowledge.dispersion_capital": KnowledgeLaw(dispersion_capital=0.4),
    "knowledge.tacit_capital": KnowledgeLaw(tacit_capital=0.4),
    "channel.rounds": ChannelLaw(2),
    "channel.kinds": ChannelLaw(kinds=(("z", LineLaw()),)),
    "channel.kinds.z": ChannelLaw(kinds=(("z", LineLaw(2.0)),)),
    "channel.kinds.K": ChannelLaw(kinds=(("K", LineLaw(2.0)),)),
    "channel.measuring": ChannelLaw(measuring=0.1),
    "behaviour.kind": BehaviourLaw("strategic"),
    "behaviour.pad": BehaviourLaw(pad=0.3),
    "behaviour.soft": BehaviourLaw(soft=0.3),
    "shocks": (SHOCK,),
    "shocks.resource": (Shock("labour", 5, 0.5),),
    "shocks.week": (Shock("ore", 6, 0.5),),
    "shocks.factor": (Shock("ore", 5, 0.6),),
    "shocks.announced": (Shock("ore", 5, 0.5, announced=True),),
    "weeks": 13,
    "backlog": True,
    "settle": 3,
}
for one in ("line", "centre"):
    for two in ("delay", "noise", "coverage", "resolution"):
        law = replace(LineLaw(), **{two: getattr(LINE, two)})
        lines = {"line": LineLaw(), "centre": LineLaw()} | {one: law}
        CHANGED[f"channel.{one}.{two}"] = ChannelLaw(1, lines["line"], lines["centre"])


def test_every_field_of_the_contract_and_its_laws_is_tried(calm):
    tried = set(CHANGED)
    laws = ((calm.knowledge, "knowledge"), (calm.behaviour, "behaviour"), (SHOCK, "shocks"))
    for law, name in laws:
        assert {f"{name}.{f.name}" for f in fields(law)} <= tried
    assert {f"channel.{f.name}" for f in fields(ChannelLaw)} <= tried | {
        "channel.line",
        "channel.centre",
    }
    for line in ("line", "centre"):
        assert {f"channel.{line}.{f.name}" for f in fields(LineLaw)} <= tried
    tops = {name.split(".")[0] for name in tried}
    assert {f.name for f in fields(Contract)} == tops


@pytest.mark.parametrize("name", CHANGED)
def test_the_hash_changes_with_every_field(calm, name):
    assert replace(calm, **{name.split(".")[0]: CHANGED[name]}).hash != calm.hash


def test_all_these_contracts_have_hashes_of_their_own(calm):
    hashes = [replace(calm, **{k.split(".")[0]: v}).hash for k, v in CHANGED.items()]
    assert len(set(hashes)) == len(hashes)


def test_the_hash_changes_with_every_field_of_a_tariff():
    changed = {"kind": "domestic", "week": 6, "rate": 0.3, "announced": True}
    assert set(changed) == {f.name for f in fields(Tariff)}
    tariffs = [TARIFF, *(replace(TARIFF, **{k: v}) for k, v in changed.items())]
    hashes = {Contract(us15(), shocks=(t,), weeks=12).hash for t in tariffs}
    assert len(hashes) == len(tariffs)


def test_equal_contracts_have_equal_hashes(calm):
    again = Contract(generate(7, products=4, firms=2, households=2, inputs=3), weeks=12, settle=0)
    assert again.hash == calm.hash
    assert again.economy is not calm.economy


def test_the_hash_does_not_depend_on_recording_mechanism_or_seed(calm):
    runs = [
        simulate(calm, market(), 1),
        simulate(calm, market(), 1, recording=Recording(rows=3, goods=("metal",))),
        simulate(calm, market(kappa=0.02), 2),
    ]
    assert {r.contract.hash for r in runs} == {calm.hash}
    assert runs[0].hash == runs[1].hash
    assert runs[0].hash != runs[2].hash


def test_a_contract_survives_json(small):
    contract = Contract(
        small,
        KnowledgeLaw(0.1, 0.2, 0.03, 0.4, 0.01, 0.5, "trending", 0.3, 0.2, 0.7),
        ChannelLaw(4, LINE, LineLaw(0.25, 0.1, 1.0, 0), (("z", LINE), ("K", LineLaw(3.0))), 0.07),
        BehaviourLaw("adversarial", 0.3, 0.1),
        shocks=(SHOCK, Shock("labour", 7, 1.5)),
        weeks=40,
        backlog=True,
        settle=5,
    )
    plain = json.loads(json.dumps(contract.to_dict()))
    again = Contract.from_dict(plain, small)
    assert again.hash == contract.hash
    for name in ("knowledge", "channel", "behaviour", "shocks", "weeks", "backlog", "settle"):
        assert getattr(again, name) == getattr(contract, name)


def test_an_older_contract_has_the_defaults_of_settings_it_does_not_know(calm, small):
    plain = calm.to_dict()
    known = ("tacit", "dispersion", "drift", "reversion")
    plain["knowledge"] = {k: plain["knowledge"][k] for k in known}
    plain["behaviour"] = "truthful"
    del plain["channel"]["kinds"]
    assert Contract.from_dict(plain, small).hash == calm.hash


def test_a_contract_from_before_measuring_and_settling_is_what_it_was(calm, small):
    """Its lines had the noise, and it began in week 0."""
    plain = replace(calm, channel=ChannelLaw(line=LINE, centre=LINE), settle=9).to_dict()
    del plain["channel"]["measuring"], plain["settle"]
    again = Contract.from_dict(plain, small)
    assert again.channel == ChannelLaw(line=LINE, centre=LINE, measuring=0.0)
    assert again.settle == 0


def test_a_built_in_economy_need_not_be_given():
    contract = Contract(us15(), weeks=3)
    assert Contract.from_dict(contract.to_dict()).hash == contract.hash
    made = Contract(generate(11), weeks=3)
    assert Contract.from_dict(made.to_dict()).hash == made.hash


def test_another_economy_than_the_contracts_is_refused(calm):
    other = generate(8, products=4, firms=2, households=2, inputs=3)
    with pytest.raises(InputError, match=f"digest {other.digest}, expected {calm.economy.digest}"):
        Contract.from_dict(calm.to_dict(), other)
    # `synthetic:7` with other settings than the built-in one's.
    with pytest.raises(InputError, match="give the economy that the contract was made with"):
        Contract.from_dict(calm.to_dict())


@pytest.mark.parametrize("name", ["us15", "us71", "synthetic:3", "small:3"])
def test_built_in_economies_are_found_by_name(name):
    assert economy_named(name).name == name
    assert economy_named(name).digest == economy_named(name).digest


@pytest.mark.parametrize(
    "name", ["us16", "synthetic:", "synthetic:x", "synthetic:-1", "made", "small", ""]
)
def test_an_unknown_economy_is_refused_with_the_known_ones(name):
    with pytest.raises(InputError, match=f"unknown economy '{name}'.*us71, us15, synthetic:SEED"):
        economy_named(name)


@pytest.mark.parametrize("weeks", [0, -1, 100_001])
def test_weeks_out_of_range_are_refused(small, weeks):
    with pytest.raises(InputError, match=f"weeks: {weeks} is out of range"):
        Contract(small, weeks=weeks)


def test_a_backlog_that_is_no_truth_value_is_refused(small):
    with pytest.raises(InputError, match=r"backlog: 1 is not true or false \(whether unfilled"):
        Contract(small, backlog=1)


def test_an_unknown_behaviour_is_refused(small):
    with pytest.raises(
        InputError, match=r"behaviour.kind: unknown kind 'truthfull'. Did you mean 'truthful'"
    ):
        Contract(small, behaviour="truthfull")


def test_tariffs_and_shortfalls_survive_json_side_by_side():
    shocks = (Shock("deposit 21", 2, 0.5, announced=True), TARIFF, Tariff("domestic", 7, 1, True))
    contract = Contract(us15(), shocks=shocks, weeks=12)
    plain = json.loads(json.dumps(contract.to_dict()))
    assert [s["kind"] for s in plain["shocks"]] == ["resource", "foreign", "domestic"]
    again = Contract.from_dict(plain)
    assert (again.shocks, again.hash) == (shocks, contract.hash)


def test_a_tariff_without_a_rest_of_the_world_is_refused(small):
    with pytest.raises(InputError, match="economy 'synthetic:7' has no rest of the world"):
        Contract(small, shocks=(TARIFF,), weeks=12)


def test_a_shock_that_does_not_fit_is_refused(small):
    with pytest.raises(InputError, match="week 12, but the run has weeks 0 to 11"):
        Contract(small, shocks=(Shock("ore", 12, 0.5),), weeks=12)
    with pytest.raises(InputError, match="unknown row 'tin'"):
        Contract(small, shocks=(Shock("tin", 2, 0.5),), weeks=12)


def test_a_contract_reads_well(calm):
    assert repr(calm) == f"Contract(synthetic:7, 12 weeks, hash {calm.hash})"
