"""Whoever gives a setting by the name that it had is told the new one, once, and understood."""

import warnings

import pytest

from catallax.apps.progress import old_names_told
from catallax.errors import OldNameWarning

HEED = "heed is now called quote_smoothing; write quote_smoothing"


def test_on_the_command_line(call):
    said = call("run", "tin", "--mechanisms", "market:heed=1", "--weeks", "20")
    first, *rest = said.err.splitlines()
    assert first == f"catallax: market:heed=1: {HEED}"
    assert len(rest) == 1  # the shock falls outside the run: nothing else was wrong
    assert "--weeks 20" in rest[0]


def test_in_a_file(call, folder):
    (folder / "mine.toml").write_text("[mechanisms]\nmarket = ['heed']\n")
    said = call("tune", "--file", "mine.toml", "--check")
    assert said.err.splitlines() == [f"catallax: mechanisms.market: {HEED}"]
    assert "market: has no record at" in said.out


def test_an_explanation_is_found_by_the_old_name(call):
    said = call("explain", "ai_planner:deeds")
    assert said.out.startswith("ai_planner:infer_elasticities: setting of ai_planner")


def give_old_names() -> None:
    """What a command does that is given an old name twice, and warns of something else."""
    with old_names_told():
        for _ in range(2):
            warnings.warn("a is now called b; write b", OldNameWarning, stacklevel=1)
        warnings.warn("something else", UserWarning, stacklevel=1)


def test_each_is_told_once_and_other_warnings_go_where_they_went(capsys):
    with pytest.warns(UserWarning, match="something else"):
        give_old_names()
    assert capsys.readouterr().err == "catallax: a is now called b; write b\n"
