"""Settings that were renamed: hashes and files keep the old name, people see the new one."""

import copy
import pickle
import warnings
from dataclasses import dataclass, field, fields, replace
from typing import Any

import pytest

from catallax import Contract, ai_planner, generate, market, simulate
from catallax.domains.production.mechanisms import AIPlanner, DirectedAgents, Market
from catallax.domains.production.run.simulate import read_settings
from catallax.errors import InputError, OldNameWarning
from catallax.protocol import (
    accept_hash_names,
    check_settings,
    domain_named,
    domains,
    experiment_named,
    identity_of,
    setting,
    settings_from,
    settings_in,
    settings_of,
)
from catallax.protocol.hash_names import (
    by_current_name,
    by_hash_name,
    current_name,
    hashed_settings,
)
from catallax.protocol.mechanism_names import (
    current_text,
    mechanism_named,
    shown_settings,
    spec_of,
    values_of,
)
from catallax.study.sensitivity import range_of
from catallax.study.sweep.axes import axis, by_present_name, has_setting, kind_of, with_setting
from catallax.study.tuning.declared import read_declaration
from catallax.study.tuning.record import shipped_record

RENAMED = {"heed": "quote_smoothing", "aim": "lag_compensation", "deeds": "infer_elasticities"}


@accept_hash_names
@dataclass(frozen=True)
class Net:
    """A part with a renamed setting."""

    mesh: float = setting(0.1, "width of a mesh", low=0, hash_name="hole")


@accept_hash_names
@dataclass(frozen=True)
class Trawler:
    """A mechanism with two renamed settings and a part."""

    quota: float = setting(0.5, "share that may be caught", low=0, high=1, hash_name="catch")
    boats: int = setting(3, "boats", low=1)
    patient: bool = setting(True, "whether it waits", hash_name="slow")
    net: Net = field(default_factory=Net)
    name: str = "trawler"

    def __post_init__(self) -> None:
        check_settings(self, "trawler:")


@settings_from(Trawler)
def trawler(**given: Any) -> Trawler:
    return Trawler(**given)


def pairs() -> list[tuple[str, str, str, str]]:
    """Domain, mechanism, hash name and name of every renamed setting that ships."""
    return [
        (domain, name, known.hash_name, key)
        for domain in domains()
        for name, make in domain_named(domain).mechanisms.items()
        for key, known in settings_of(make).items()
        if known.hash_name
    ]


def test_hashes_are_of_the_old_names_in_parts_too() -> None:
    assert hashed_settings(Trawler(quota=0.2, net=Net(0.3))) == {
        "catch": 0.2,
        "boats": 3,
        "slow": True,
        "net": {"hole": 0.3},
        "name": "trawler",
    }
    name, plain = identity_of(Trawler())
    assert name == "trawler"
    assert set(plain) == {"catch", "boats", "slow", "net"}
    assert hashed_settings("text") == hashed_settings(None) == hashed_settings(Trawler) == {}


def test_people_see_the_new_names() -> None:
    assert list(settings_in(Trawler)) == ["quota", "boats", "patient", "name"]
    assert repr(Trawler()).startswith("Trawler(quota=0.5, boats=3, patient=True")
    with pytest.raises(InputError, match=r"trawler:quota: 2\.0 is out of range"):
        Trawler(quota=2.0)


def test_an_old_name_is_understood_in_python_and_the_warning_points_there():
    for make in (Trawler, trawler):
        with pytest.warns(OldNameWarning, match="Trawler: catch is now called quota") as told:
            made = make(catch=0.2, boats=4)
        assert (made.quota, made.boats) == (0.2, 4)
        assert [w.filename for w in told] == [__file__]
    with pytest.warns(OldNameWarning, match="slow is now called patient; write patient"):
        assert made.slow is True
    with pytest.raises(AttributeError, match="'Trawler' object has no attribute 'fast'"):
        _ = made.fast
    with pytest.warns(OldNameWarning), pytest.raises(InputError, match="out of range"):
        Trawler(catch=2.0)


def test_a_setting_by_both_names_is_refused():
    with pytest.warns(OldNameWarning), pytest.raises(InputError, match="catch and quota are one"):
        Trawler(quota=0.2, catch=0.3)
    with pytest.warns(OldNameWarning), pytest.raises(InputError, match="give quota alone"):
        replace(Trawler(), catch=0.3)
    with (
        pytest.warns(OldNameWarning),
        pytest.raises(InputError, match="sets quote_smoothing twice"),
    ):
        mechanism_named("market:heed=1:quote_smoothing=0.5")


def test_it_is_the_dataclass_that_it_was():
    made = Trawler(0.2)
    assert replace(made, boats=5) == Trawler(0.2, 5)
    assert pickle.loads(pickle.dumps(made)) == copy.deepcopy(made) == made
    with pytest.raises(TypeError, match="unexpected keyword argument 'fast'"):
        Trawler(fast=1)


def test_names_translate_there_and_back() -> None:
    known = settings_in(Trawler)
    values = {"quota": 1, "boats": 2, "patient": 3, "else": 4}
    old = by_hash_name(values, known)
    assert old == {"catch": 1, "boats": 2, "slow": 3, "else": 4}
    assert by_current_name(old, known) == values
    assert [current_name(k, known) for k in ("catch", "quota", "else")] == [
        "quota",
        "quota",
        "else",
    ]


# what ships


def test_what_was_renamed() -> None:
    assert {(old, new) for _, _, old, new in pairs()} == set(RENAMED.items())


@pytest.mark.parametrize(("domain", "mechanism", "old", "new"), pairs())
def test_every_way_of_naming_a_mechanism_understands_the_old_name(
    domain, mechanism, old, new
) -> None:
    value = values_of(mechanism, domain)[new]
    text = f"{mechanism}:{old}={str(value).lower()}"
    with pytest.warns(OldNameWarning, match=f"{text}: {old} is now called {new}; write {new}"):
        by_text = mechanism_named(text, domain)
    with pytest.warns(OldNameWarning, match=f"{old} is now called {new}"):
        by_call = domain_named(domain).mechanisms[mechanism](**{old: value})
    assert by_text == by_call == mechanism_named(mechanism, domain)
    assert current_text(text, domain) == text.replace(old, new)
    assert current_text(mechanism, domain) == mechanism


def test_run_hashes_are_of_the_names_of_before():
    """What enters the hash of a run differs from what people see in these names alone."""
    for mechanism, centre in ((market(), ""), (ai_planner(), "centre.")):
        names = {f.name for f in fields(mechanism.agents)}
        names |= {f"{centre}{f.name}" for f in fields(mechanism.centre)} if centre else set()
        hashed = {f"{centre}{old}": f"{centre}{new}" for old, new in RENAMED.items()}
        assert {hashed.get(key, key) for key in read_settings(mechanism)} == names
        assert not set(hashed.values()) & read_settings(mechanism).keys()


def test_no_setting_of_a_contract_was_renamed() -> None:
    """Their dotted keys, options and stored contracts would have to take the old name too."""
    for domain in domains():
        for name in domain_named(domain).experiments:
            assert not any(s.hash_name for s in experiment_named(name).settings.values())


def test_every_class_with_a_renamed_setting_takes_the_old_name():
    for kind in (Market, AIPlanner, DirectedAgents):
        for key, known in settings_in(kind).items():
            if known.hash_name:
                with pytest.warns(OldNameWarning):
                    assert kind(**{known.hash_name: known.default}) == kind(**{key: known.default})


# studies


def test_axes_are_understood_by_the_old_name() -> None:
    tin = experiment_named("tin")
    with pytest.warns(OldNameWarning, match="market:heed: heed is now called quote_smoothing"):
        found = axis("market:heed")
    assert (found.name, found.title) == ("market:quote_smoothing", "market: quote_smoothing")
    assert with_setting("market", "heed", 0.3) == "market:quote_smoothing=0.3"
    assert with_setting("market:heed=1", "quote_smoothing", 0.3) == "market:heed=1"
    assert with_setting("ai_planner:plain", "deeds", True) == "ai_planner:plain"
    assert has_setting("market", "heed")
    with pytest.warns(OldNameWarning):
        assert kind_of("market:heed", tin) is float
    with pytest.warns(OldNameWarning):
        assert range_of("market:heed", tin)[0] == "market:quote_smoothing"
    with pytest.warns(OldNameWarning):
        assert by_present_name({"market:heed": 1, "delay": 2}, tin) == {
            "market:quote_smoothing": 1,
            "delay": 2,
        }
    with pytest.warns(OldNameWarning), pytest.raises(InputError, match="give each axis once"):
        by_present_name({"market:quote_smoothing": 1, "market:heed": 2}, tin)


def test_a_declaration_by_old_names_is_the_same_effort(tmp_path) -> None:
    found = {}
    for word in ("heed", "quote_smoothing"):
        file = tmp_path / f"{word}.toml"
        file.write_text(
            f"[mechanisms]\nmarket = ['{word}', 'kappa']\n"
            f"[mechanisms.'market:kappa=0.05']\nlike = 'market'\nwithout = ['{word}']\n"
        )
        if word == "heed":
            with pytest.warns(OldNameWarning, match="heed is now called quote_smoothing"):
                found[word] = read_declaration(file)
        else:
            found[word] = read_declaration(file)
    old, new = found.values()
    assert list(old.ranges["market"]) == ["quote_smoothing", "kappa"]
    assert list(old.ranges["market:kappa=0.05"]) == ["kappa"]
    assert old.hash("market") == new.hash("market")
    assert set(old.plain("market")["ranges"]) == {"heed", "kappa"}


def test_records_of_tuning_keep_the_old_names_and_tell_the_new() -> None:
    record = shipped_record("market")
    assert record is not None
    assert "heed" in record.best.settings
    assert record.best_settings["quote_smoothing"] == record.best.settings["heed"]
    assert record.declared["ranges"].keys() == record.best.settings.keys()


def test_what_a_run_was_made_with_is_shown_by_the_new_names() -> None:
    run = simulate(Contract(generate(3), weeks=2), ai_planner(), 1)
    shown = shown_settings("ai_planner:in_kind", run.settings)
    assert shown["centre.infer_elasticities"] is run.settings["centre.deeds"]
    assert len(shown) == len(run.settings)
    assert not any(key.rpartition(".")[2] in RENAMED for key in shown)
    assert shown_settings("mine.py", run.settings) == run.settings


def test_nothing_in_the_package_uses_an_old_name() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", OldNameWarning)
        for domain in domains():
            for name, words in domain_named(domain).variants.items():
                for word in words:
                    mechanism_named(f"{name}:{word}", domain)
    assert spec_of("market:heed=1").given == (("heed", "1"),)
