"""What `--help` of every command shows: two examples that work, and options with their types."""

import re
import shlex

import pytest

from catallax.apps.cli import COMMANDS, app_for
from catallax.apps.exit_codes import Reply

SPEC = """
experiment = "prices_quantities"
seeds = 2
mechanisms = ["price"]
[axes]
benefit_slope = [-2.0, -0.5]
"""
SALES = "\n".join(["week,a,b", *(f"{t},{10 + t % 12},{20 + t % 7}" for t in range(60))])

# Examples that take a second or so; those that run something get `--workers 0` in addition.
CHEAP = {
    "run tin --economy small:0 --seeds 2 --weeks 80 --knowledge.tacit 0.5",
    "sweep map.toml",
    "results map.runs",
    "list",
    "list production --json",
    "explain market",
    "explain 'lag, weeks' --json",
    "check five_year_plan:rigid --json",
    "validate hulten --json",
    "federated --tables errors --clients 5 --rounds 5 --seeds 2 --json",
    "forecast-bench sales.csv --horizon 4 --period 12",
    "claims",
}
ALONE = ("run", "sweep", "validate", "federated")


def examples(name, call):
    """The examples of a command, each as its words without the first."""
    said = call(name, "--help")
    assert (said.code, said.err) == (0, "")
    lines = re.findall(r"^\$ catallax (.+?) *$", said.out, re.M)
    return [shlex.split(line) for line in lines]


@pytest.mark.parametrize("name", [*COMMANDS, "--install-completion"])
def test_help_of_a_command_shows_two_examples_that_parse(name, call):
    found = examples(name, call)
    assert len(found) == 2
    for words in found:
        assert words[0] == name
        command, bound, _ = app_for(words).parse_args(words, exit_on_error=False, print_error=False)
        assert callable(command)
        assert bound.signature.return_annotation in ("Reply", Reply, bound.signature.empty)


@pytest.mark.parametrize("example", sorted(CHEAP))
def test_cheap_examples_run(example, call, folder):
    words = shlex.split(example)
    assert words in examples(words[0], call)
    (folder / "map.toml").write_text(SPEC)
    (folder / "sales.csv").write_text(SALES)
    if words[0] == "results":
        assert call("sweep", "map.toml", "--workers", "0", "--quiet").code == 0
    said = call(*words, *(["--workers", "0", "--quiet"] if words[0] in ALONE else []))
    assert said.code in (0, 1) if "--check" in words else said.code == 0, said.err
    assert said.out


@pytest.mark.parametrize("name", COMMANDS)
def test_no_help_retypes_a_default_or_hides_a_type(name, call, monkeypatch):
    """Types stand as placeholders, defaults in brackets; prose does not say them again."""
    monkeypatch.setenv("COLUMNS", "300")
    options = re.findall(r"^│ +(?:\* +)?(--[^│]+)│$", call(name, "--help").out, re.M)
    assert options
    for line in options:
        assert "; default " not in line, line
        assert line.count("[default:") <= 1
        assert re.match(r"--[\w.-]+( --[\w.-]+)*( [A-Zt][\w|,=.]*)? ", line), line
