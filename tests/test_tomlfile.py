"""Files in TOML: whatever is wrong with one is told in a line that begins with its name."""

import os
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

import pytest

from catallax.errors import InputError
from catallax.tomlfile import MOST, read_as, read_toml


@dataclass(frozen=True)
class Part:
    low: int | float
    high: float = 1.0

    def __post_init__(self):
        if self.low > self.high:
            raise InputError(f"low: {self.low} is above high, {self.high}")


@dataclass(frozen=True)
class Made:
    size: float
    name: str = ""
    on: bool = False
    parts: tuple[Part, ...] = ()
    axes: Mapping[str, tuple[float, ...] | Part] = field(default_factory=dict)
    word: Literal["one", "two"] = "one"


@pytest.mark.parametrize(
    ("inside", "says"),
    [
        (b"a = = 3", "is not valid TOML: .*line 1"),
        (b"a = " + b"[" * 100_000, "is not valid TOML: lists lie too deep"),
        (b"\x00\xff\xfe", "is not text in UTF-8; expected a TOML file"),
    ],
    ids=["wrong", "deep", "binary"],
)
def test_a_file_that_is_not_toml_is_refused(tmp_path: Path, inside, says):
    path = tmp_path / "a.toml"
    path.write_bytes(inside)
    with pytest.raises(InputError, match=f"^{path}: {says}"):
        read_toml(path)


@pytest.mark.parametrize("name", ["none.toml", "a\0b.toml", "x" * 300])
def test_what_cannot_be_read_is_refused(name, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"cannot be read \(.+\); expected a TOML file"):
        read_toml(name)


@pytest.mark.parametrize(
    ("make", "is_"),
    [
        (Path.mkdir, "a folder"),
        (os.mkfifo, "a pipe"),
        (lambda path: path.symlink_to("/dev/zero"), "a device"),
    ],
)
def test_what_is_no_file_is_refused_and_never_waited_for(make, is_, tmp_path: Path):
    make(tmp_path / "a.toml")
    with pytest.raises(InputError, match=f"a.toml: is {is_} and no file; expected a TOML file"):
        read_toml(tmp_path / "a.toml")


def test_a_file_is_bounded_before_it_is_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "a.toml"
    path.write_bytes(b"a = 1" + b" " * (MOST - 5))
    assert read_toml(path) == {"a": 1}
    path.write_bytes(b"a = 1" + b" " * (MOST - 4))
    monkeypatch.setattr("tomllib.loads", lambda text: pytest.fail("is parsed"))
    says = "a.toml: is too large: 1,000,001 bytes, at most 1,000,000 are read; keep settings in it"
    with pytest.raises(InputError, match=f"{says} and data in tables of their own$"):
        read_toml(path)


@pytest.mark.parametrize(
    "part", ["a", "a-b_3", '"x y"', "'é.'"], ids=["bare", "bare too", "quoted", "literal"]
)
@pytest.mark.parametrize("where", ["{} = 1", "[{}]", "[[{}]]", "b = {{ {} = 1 }}"])
def test_names_of_many_parts_are_refused_before_they_take_hours(part, where, tmp_path: Path):
    """A parser looks at all parts before each: half a million of them would take a day."""
    path = tmp_path / "a.toml"
    for joint in (".", " . "):
        path.write_text(where.format(joint.join([part] * 20_000)), "utf-8")
        began = time.monotonic()
        with pytest.raises(InputError, match=r"a.toml: has a name of over 32 parts; no setting"):
            read_toml(path)
        assert time.monotonic() - began < 5.0


@pytest.mark.parametrize("text", ["a", " ", ".", "a.", '"', "'", "\t.", "a ", '". ', "-"])
def test_bounds_are_looked_for_in_no_time(text, tmp_path: Path):
    path = tmp_path / "a.toml"
    path.write_text(f"a = 1 # {text * (900_000 // len(text))}")
    began = time.monotonic()
    with suppress(InputError):
        read_toml(path)
    assert time.monotonic() - began < 5.0


@pytest.mark.parametrize(
    "deep",
    [
        "a = " + "[" * 40 + "]" * 40,
        "a = " + "{ a = " * 40 + "1" + " }" * 40,
        f"[{'.'.join('a' * 30)}]\n{'.'.join('b' * 30)} = 1",
    ],
)
def test_what_lies_too_deep_is_refused(deep, tmp_path: Path):
    """Whoever walks through it would run out of stack."""
    path = tmp_path / "a.toml"
    path.write_text(deep)
    with pytest.raises(InputError, match=r"a.toml: tables or lists lie over 32 deep"):
        read_toml(path)


def test_numbers_and_texts_with_points_are_no_long_names(tmp_path: Path):
    path = tmp_path / "a.toml"
    path.write_text(f"a = [{'0.25, ' * 500}]\nb = '{'. '.join(['a word'] * 50)}'\nc = '{'.' * 90}'")
    assert len(read_toml(path)["a"]) == 500


def test_a_table_is_made_into_frozen_values_with_whole_numbers_for_numbers():
    said = {"size": 2, "parts": [{"low": 1}], "axes": {"a": [1, 2.5], "b": {"low": 0.5}}}
    made = read_as("here", Made, said)
    assert made == Made(2.0, parts=(Part(1),), axes={"a": (1.0, 2.5), "b": Part(0.5)})
    assert isinstance(made.size, float)
    assert isinstance(made.parts[0].low, int)
    assert read_as("here", float, 3) == 3.0
    assert read_as("", tuple[int, ...], [1, 2]) == (1, 2)


@pytest.mark.parametrize(
    ("plain", "says"),
    [
        ({}, "here: size is missing; give all of size"),
        ({"size": True}, "here.size: True is not a number"),
        ({"size": "2"}, "here.size: '2' is not a number"),
        ({"size": 1 << 64}, "here.size: has 65 bits; expected a whole number of at most 64"),
        ({"size": -(16**5000)}, "here.size: has 20,001 bits; expected a whole number of at most"),
        ({"size": float("nan")}, "here.size: nan is not a finite number"),
        ({"size": date(2026, 1, 1)}, "here.size: 2026-01-01 is a date; put text between quotes"),
        ({"size": 1, "name": 3}, "here.name: 3 is not text in quotes"),
        ({"size": 1, "on": 1}, "here.on: 1 is not true or false"),
        ({"size": 1.0, "naem": ""}, "here: unknown key 'naem'. Did you mean 'name'? Known: size, "),
        ({"naem": ""}, "here: unknown key 'naem'. Did you mean 'name'"),
        (3, "here: 3 is not a table; write { key = value, ... }"),
        ({"size": 1, "parts": {"low": 1}}, "here.parts: {'low': 1} is not a list; write [first"),
        (
            {"size": 1, "parts": [{"lwo": 1}]},
            "here.parts[0]: unknown key 'lwo'. Did you mean 'low'",
        ),
        ({"size": 1, "parts": [{"low": 2}]}, "here.parts[0]: low: 2 is above high, 1.0"),
        ({"size": 1, "axes": {"a": [1, "x"]}}, "here.axes.a[1]: 'x' is not a number"),
        ({"size": 1, "axes": {"a": {"low": 3}}}, "here.axes.a: low: 3 is above high, 1.0"),
        ({"size": 1, "axes": {"a": {"hihg": 3}}}, "here.axes.a: unknown key 'hihg'. Did you mean "),
        ({"size": 1, "axes": {"a": 3}}, "here.axes.a: 3 is not a list or a table"),
        ({"size": 1, "word": "tow"}, "here.word: 'tow' is not one of 'one', 'two'"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_the_nearest_key(plain, says):
    with pytest.raises(InputError, match=f"^{re.escape(says)}"):
        read_as("here", Made, plain)


def test_a_file_is_named_before_its_places():
    for where, says in (("a.toml: ", "a.toml: size: 'x' is not"), ("", "size: 'x' is not")):
        with pytest.raises(InputError, match=f"^{says}"):
            read_as(where, Made, {"size": "x"})
    with pytest.raises(InputError, match=r"^a\.toml: size is missing"):
        read_as("a.toml: ", Made, {})
