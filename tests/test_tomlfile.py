"""Files in TOML: whatever is wrong with one is told in a line that begins with its name."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from catallax.errors import InputError
from catallax.tomlfile import made_of, read_toml


@dataclass(frozen=True)
class Made:
    size: float
    name: str = ""


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


@pytest.mark.parametrize("name", ["none.toml", "a\0b.toml", "x" * 300, ""])
def test_what_cannot_be_read_is_refused(name, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"cannot be read \(.+\); expected a TOML file"):
        read_toml(name)


def test_a_table_is_made_into_a_value_or_told_in_its_own_name():
    assert made_of("here", Made, {"size": 2}) == Made(2)
    for plain, says in (
        ({}, "^here: size is missing"),
        ({"size": True}, "^here.size: True is not a finite number"),
        ({"size": 1.0, "naem": ""}, "^here: unknown key 'naem'. Did you mean 'name'"),
        (3, "^here: 3 is not a table"),
    ):
        with pytest.raises(InputError, match=says):
            made_of("here", Made, plain)
    with pytest.raises(InputError, match=r"^size: .x. is not"):
        made_of("", Made, {"size": "x"})
