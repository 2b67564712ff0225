"""Settings say themselves: what a field tells, what is refused in which words."""

import pickle
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax.errors import InputError
from catallax.protocol import (
    Setting,
    check_settings,
    describe_setting,
    domains,
    keep_as_floats,
    setting,
    settings_from,
    settings_in,
    settings_of,
)
from catallax.protocol.tuned import TunedSpan

RANGE = TunedSpan(0.1, 0.9, 0.5, "all of it")


@dataclass(frozen=True)
class Fishing:
    """A fishery."""

    where: str = field(metadata=describe_setting("name of the bank", choices=("dogger", "fladen")))
    share: float = setting(
        0.1, "share that is caught", low=0, high=1, source="Gordon 1954", tuned=RANGE
    )
    effort: float = setting(2.0, "time at sea", unit="days a week", above=0)
    boats: int = setting(3, "boats", low=1)
    quick: bool = setting(False, "whether engines are used")
    tax: float | None = setting(None, "tax; left out, there is none", low=0)
    style: Literal["trawl", "line"] = "trawl"
    crew: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        keep_as_floats(self)
        check_settings(self, "fishing.")


def test_a_field_says_all_of_itself() -> None:
    found = settings_in(Fishing)
    assert list(found) == ["where", "share", "effort", "boats", "quick", "tax", "style"]
    assert found["share"] == Setting(
        float, 0.1, (), "share that is caught", "", 0, 1, False, "Gordon 1954", RANGE
    )
    assert found["tax"].kind is float
    assert found["where"].default is None
    assert found["style"] == Setting(str, "trawl", ("trawl", "line"))
    assert [found[k].range for k in ("where", "share", "effort", "boats", "quick")] == [
        "dogger or fladen", "0 to 1", "above 0", "1 or more", "",
    ]  # fmt: skip


def test_a_class_with_described_fields_is_the_dataclass_that_it_was() -> None:
    made = Fishing("dogger", share=1)
    assert (Fishing.share, Fishing.boats) == (0.1, 3)
    assert asdict(made)["share"] == 1.0
    assert type(made.share) is float
    assert type(made.boats) is int
    assert replace(made, share=0.2) == Fishing("dogger", 0.2)
    assert pickle.loads(pickle.dumps(made)) == made
    assert Fishing("dogger", tax=0.5).tax == 0.5


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"share": 1.5}, "fishing.share: 1.5 is out of range, expected 0 to 1 (share that is"),
        ({"share": "much"}, "fishing.share: 'much' is not a number; expected 0 to 1 (share that"),
        ({"share": True}, "fishing.share: True is not a number; expected 0 to 1"),
        ({"share": float("nan")}, "fishing.share: nan is out of range, expected 0 to 1"),
        ({"share": None}, "fishing.share: None is not a number"),
        ({"effort": 0}, "fishing.effort: 0.0 is out of range, expected above 0 (time at sea, in"),
        ({"effort": float("inf")}, "fishing.effort: inf is out of range, expected above 0"),
        ({"boats": 0}, "fishing.boats: 0 is out of range, expected 1 or more (boats)"),
        ({"boats": 1.0}, "fishing.boats: 1.0 is not a whole number; expected 1 or more (boats)"),
        ({"share": 10**400}, "is out of range, expected 0 to 1 (share that"),
        ({"effort": 10**400}, "is out of range, expected above 0 (time at sea"),
        ({"quick": 1}, "fishing.quick: 1 is not true or false (whether engines are used)"),
        ({"where": "doger"}, "fishing.where: unknown where 'doger'. Did you mean 'dogger'? Known"),
        ({"where": 3}, "fishing.where: 3 is not a word; expected dogger or fladen (name"),
        ({"tax": -1.0}, "fishing.tax: -1.0 is out of range, expected 0 or more"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_the_same_words(given: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError) as e:
        Fishing(**{"where": "dogger", **given})
    assert says in str(e.value)
    assert "\n" not in str(e.value)


def test_numbers_of_numpy_pass_and_become_plain_where_floats_are_kept() -> None:
    given: dict[str, Any] = {"share": np.float32(0.5), "boats": np.int64(4)}
    made = Fishing("dogger", **given)
    assert type(made.share) is float
    assert made.boats == 4


def test_a_whole_number_may_have_any_size() -> None:
    assert Fishing("dogger", boats=10**400).boats == 10**400
    assert settings_in(Fishing)["boats"].value("--boats", "9" * 400) == int("9" * 400)


@given(st.floats())
def test_a_number_passes_if_it_lies_in_the_range_and_not_otherwise(x: float) -> None:
    known = settings_in(Fishing)
    for name, holds in (("share", 0 <= x <= 1), ("effort", 0 < x < float("inf"))):
        try:
            known[name].check(name, x)
        except InputError:
            assert not holds
        else:
            assert holds


def test_text_is_held_against_the_range_too() -> None:
    known = settings_in(Fishing)
    assert known["share"].value("--share", "0.25") == 0.25
    assert known["quick"].value("--quick", "True") is True
    with pytest.raises(InputError, match=r"^--share: 3\.0 is out of range, expected 0 to 1"):
        known["share"].value("--share", "3")
    with pytest.raises(InputError, match=r"^--boats: 'x' is not a whole number; expected 1 or"):
        known["boats"].value("--boats", "x")
    with pytest.raises(InputError, match=r"^a:where: unknown where 'x'"):
        known["where"].value("a:where", "x")


def test_a_class_that_is_gone_is_not_remembered() -> None:
    import gc
    import weakref

    @dataclass(frozen=True)
    class Short:
        share: float = 0.5

    assert settings_in(Short)["share"].default == 0.5
    gone = weakref.ref(Short)
    del Short
    gc.collect()
    assert gone() is None


# ------------------------------------------------------------------ makers


@dataclass(frozen=True)
class Fleet:
    """A fleet under an office."""

    name: str
    fishing: Fishing
    office: Any = None


@dataclass(frozen=True)
class Office:
    """Who sets quotas."""

    quota: float = setting(0.3, "share that may be caught", low=0, high=1)
    share: float = setting(0.7, "share of the office", low=0, high=1)


made_count = 0


def count(made: Fleet) -> Fleet:
    global made_count
    made_count += 1
    return made


@settings_from(Office, share=Fishing)
def declared(*, share: float = 0.4, **settings: float) -> Fleet:
    """All settings of the office, and one of the fishery."""
    return count(Fleet("x", Fishing("dogger", share=share), Office(**settings)))


def undeclared(*, share: float = 0.4, **settings: Any) -> Fleet:
    """The same, of somebody who declares nothing and passes `boats` on."""
    boats = settings.pop("boats", 3)
    return count(Fleet("x", Fishing("dogger", share=share, boats=boats), Office(**settings)))


def test_who_declares_where_settings_are_described_makes_nothing() -> None:
    before, found = made_count, settings_of(declared)
    assert made_count == before
    assert {k: s.default for k, s in found.items()} == {"quota": 0.3, "share": 0.4}
    assert found["share"] == replace(settings_in(Fishing)["share"], default=0.4)
    assert found["quota"] == settings_in(Office)["quota"]


def test_what_is_passed_on_is_found_where_nobody_declares_it() -> None:
    found = settings_of(undeclared)
    assert {k: s.default for k, s in found.items()} == {"quota": 0.3, "boats": 3, "share": 0.4}
    assert found["boats"] == settings_in(Fishing)["boats"]
    assert found["share"] == Setting(float, 0.4)


def test_a_part_that_is_passed_on_whole_takes_one_look() -> None:
    looks = []

    def whole(**settings: Any) -> Office:
        looks.append(settings)
        return Office(**settings)

    assert settings_of(whole) == settings_in(Office)
    assert [list(s) for s in looks] == [[], ["quota", "share"]], "one to see it, one with all"


def test_a_dataclass_is_a_maker_by_itself() -> None:
    assert settings_of(Office) == settings_in(Office)


def test_parameters_without_a_default_are_no_settings() -> None:
    @settings_from(Fishing)
    def make(where: str, boats: int = 5) -> Fishing:
        return Fishing(where, boats=boats)

    assert settings_of(make) == {"boats": replace(settings_in(Fishing)["boats"], default=5)}


@pytest.mark.parametrize("name", domains())
def test_every_default_of_the_package_is_in_range_and_says_where_it_comes_from(name: str) -> None:
    domain = domains()[name]
    makers = {**domain.mechanisms, **domain.oracles}
    said = {f"{m}:{k}": s for m, make in makers.items() for k, s in settings_of(make).items()}
    for experiment in domain.experiments.values():
        said |= {f"{experiment.name} {key}": s for key, s in experiment.settings.items()}
    for where, s in said.items():
        assert s.meaning, where
        assert not s.meaning.endswith("."), where
        assert s.source or s.default is None or " shock." in where, where
        if s.default is not None:
            s.check(where, s.default)
