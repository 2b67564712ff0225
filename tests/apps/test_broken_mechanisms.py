"""A mechanism that breaks, leaves or fails: one line, and an exit code that says so."""

import json

import pytest

FILE = """
import sys; {top}
from dataclasses import dataclass
import numpy as np
from catallax.domains.production.mechanisms import Agents, Centre, Mechanism
from catallax.domains.production.network import Act, Table

class Own(BaseException):
    pass

class Odd(Exception):
    def __init__(self, one, two):
        super().__init__("odd")

@dataclass(frozen=True)
class Custom(Agents):
    share: object = {share}

    def start(self, view):
        return Table(), Table()

    def report(self, view, said):
        return {mail}, said

    def act(self, view, done):
        {act}

class Office(Centre):
    def start(self, public, rng):
        return None

    def decide(self, heard, t, memory):
        return {told}, memory

def mechanism():
    {made}
"""

ACT = "return Act(view.inbox.value.link['ask'] * 1.0), done"
ONE = ("compare", "--economy", "small:0", "--weeks", "3", "--settle", "0", "--seeds", "2")


@pytest.fixture
def broken(folder):
    """Write a mechanism file with one broken part."""

    def write(**parts: str) -> str:
        honest = {"share": "1.0", "mail": "Table()", "act": ACT, "told": "None"}
        honest |= {"top": "", "made": 'return Mechanism("custom", Custom(), Office())'}
        (folder / "mine.py").write_text(FILE.format(**(honest | parts)))
        return "mine.py"

    return write


@pytest.mark.parametrize("workers", ["0", "2"])
@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"act": "sys.exit(0)"}, "mine.py, line 26, in act: SystemExit: 0"),
        ({"act": "raise Own('mine')"}, "mine.py, line 26, in act: Own: mine"),
        ({"act": "raise Odd(1, 2)"}, "mine.py, line 26, in act: Odd: odd"),
        ({"act": "view.seen.row['stock'][:] = 1.0"}, "mine.py, line 26, in act: ValueError"),
        ({"share": "(lambda: 1.0)"}, "custom: setting share is function, which no file can hold"),
        ({"share": "(k for k in ())"}, "custom: its settings cannot be copied"),
        ({"mail": "Table({'orderz': np.ones(8)})"}, "report says row['orderz']: unknown kind"),
        ({"mail": "Table({'ask': np.ones(8)})"}, "unknown kind of message 'ask'"),
        ({"told": "Table({'pryce': np.ones(8)})"}, "Did you mean 'price'? Known: price, audit"),
        ({"told": "Table({}, {'ask': np.ones(3)})"}, "decide says link['ask']: shape (3,), exp"),
        ({"mail": "Table({'z': [1.0] * 8})"}, "report says row['z']: list, expected an array"),
        ({"mail": "Table({'z': np.ones(8) * 1j})"}, "row['z']: entries of type complex128, exp"),
        ({"mail": "Table({'z': np.ones(8, 'g')})"}, "entries of type"),
        ({"act": "return {}, done"}, "custom: act gives a dict, expected a catallax.domains.prod"),
        ({"act": "return Act([1.0] * 8), done"}, "act gives ask: list, expected an array of 26 n"),
        (
            {"act": "return Act(None), done"},
            "custom: act gives ask: NoneType, expected an array of 26",
        ),
        (
            {"act": "a = view.inbox.value.link['ask']; return Act(a * 1j), done"},
            "custom: act gives ask: entries of type complex128, expected an array of 26 numbers",
        ),
        (
            {"act": "a = view.inbox.value.link['ask']; return Act(a, a.astype(object)), done"},
            "custom: act gives use: entries of type object, expected an array of 26 numbers",
        ),
        (
            {"act": "a = view.inbox.value.link['ask']; return Act(np.ma.array(a)), done"},
            "custom: act gives ask: MaskedArray, expected an array of 26 numbers",
        ),
        (
            {"mail": "{}"},
            "report says a dict, expected a catallax.domains.production.network.Table",
        ),
    ],
    ids=lambda x: next(iter(x.values()))[:30] if isinstance(x, dict) else "",
)
def test_it_is_told_in_one_line_with_exit_code_2(broken, call, parts, says, workers) -> None:
    if workers == "2" and parts.keys() & {"told", "mail"}:
        return  # the same wherever it runs
    said = call(*ONE, "--mechanisms", broken(**parts), "--workers", workers)
    assert said.code == 2
    (line,) = [line for line in said.err.splitlines() if line.startswith("catallax: ")]
    assert says in line
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"top": "raise BaseException('no')"}, "mine.py: failed when read: BaseException: no"),
        ({"top": "raise GeneratorExit"}, "mine.py: failed when read: GeneratorExit"),
        ({"made": "raise Own('no')"}, "mine.py: mechanism() failed: Own: no"),
        ({"made": "return Mechanism('', Custom())"}, "name: '' is no name of a mechanism"),
        ({"made": "return Mechanism(3, Custom())"}, "name: 3 is no name of a mechanism; give a w"),
        ({"made": "return Mechanism('\\udcff', Custom())"}, "name: '\\udcff' is no name"),
        ({"made": "return Mechanism('a', Custom)"}, "agents: Custom is no object of a class of A"),
        ({"made": "return Mechanism('a', None)"}, "agents: NoneType is no object of a class of Ag"),
        ({"made": "return Mechanism('a', Custom(), 'x')"}, "centre: str is no object of a class"),
        ({"made": "return Mechanism('a', Office(), Custom())"}, "agents: Office is no object"),
        ({"made": "return Mechanism('a', Custom(), None, 'offer')"}, "kinds: 'offer' is no tuple"),
        ({"made": "return Mechanism('a', Custom(), None, (3,))"}, "kinds: (3,) is no tuple of na"),
        ({"share": "'\\udcff'"}, "custom: setting share is str, which no file can hold"),
        ({"share": "10**5000"}, "custom: setting share is int, which no file can hold"),
    ],
    ids=str,
)
def test_what_is_wrong_before_any_run_is_told_alike(broken, call, folder, parts, says) -> None:
    said = call(*ONE, "--mechanisms", broken(**parts), "--workers", "0", "--quiet")
    assert (said.code, said.out) == (2, "")
    (line,) = said.err.splitlines()
    assert says in line
    assert sorted(path.name for path in folder.iterdir() if path.suffix) == ["mine.py"]


@pytest.mark.parametrize("kind", ["int", "bool", "'f4'", "'>f8'", "'u1'"])
def test_numbers_of_any_kind_are_said_and_asked_for(broken, call, kind) -> None:
    ones = f"np.ones(8, {kind})"
    name = broken(
        share="np.float64(1.0)",
        mail=f"Table({{'z': {ones}}}, {{'got': np.ones(26, {kind})}})",
        told=f"Table({{'price': {ones}}})",
        act=f"return Act(np.ones(26, {kind}), price={ones}), done",
    )
    said = call(*ONE, "--mechanisms", name, "--workers", "0", "--quiet")
    assert (said.code, said.err) == (0, "")
    same = broken(
        mail="Table({'z': np.ones(8)}, {'got': np.ones(26)})",
        told="Table({'price': np.ones(8)})",
        act="return Act(np.ones(26), price=np.ones(8)), done",
    )
    again = call(*ONE, "--mechanisms", same, "--workers", "0", "--quiet")
    assert again.out == said.out


def test_in_a_sweep_it_is_a_row_with_its_reason_and_other_runs_go_on(broken, call, folder) -> None:
    names = f'mechanisms = ["{broken(act="sys.exit(0)")}", "market"]'
    held = 'seeds = 1\n[contract]\neconomy = "small:0"\nweeks = 3\n'
    (folder / "map.toml").write_text(f"{names}\n{held}")
    assert call("sweep", "map.toml", "--workers", "0", "--quiet").code == 0
    said = call("results", "map.runs", "--json")
    assert "line 26, in act: SystemExit: 0" in said.out
    assert "market" in said.out


def test_check_tells_of_it_too(broken, call) -> None:
    said = call("check", broken(act="sys.exit(0)"), "--seed", "3")
    assert (said.code, said.out) == (2, "")
    assert said.err == "catallax: mine.py, line 26, in act: SystemExit: 0\n"


def test_a_kind_of_its_own_is_said_and_heard(broken, call, folder) -> None:
    name = broken(
        mail="Table({'offer': np.ones(8)})",
        told="Table({'price': heard.value.row['offer']})",
    )
    text = (folder / name).read_text().replace("Office())", "Office(), kinds=('offer',))")
    (folder / name).write_text(text)
    assert call(*ONE, "--mechanisms", name, "--json").code == 0


def test_where_every_run_of_a_mechanism_fails_it_is_said_with_exit_code_1(broken, call) -> None:
    name = broken(act="return Act(view.inbox.value.link['ask'] * np.nan), done")
    words = (*ONE, "--mechanisms", f"market,{name}")
    said = call(*words, "--quiet")
    assert said.code == 1
    assert f"catallax: {name}: none of its runs came to its end: week 0: " in said.err
    assert "market" in said.out
    assert said.out.endswith("Report: compare.html\n")
    said = call(*words, "--json", "--quiet")
    assert said.code == 1
    assert json.loads(said.out)["mechanisms"][name]
    assert call(*words[:-1], "market", "--json").code == 0


def test_a_mechanism_that_fails_in_some_runs_only_is_no_failure(broken, call) -> None:
    luck = "np.where(view.draw('luck')[:1] < 0.1, np.nan, 1.0)"
    bad = f"return Act(view.inbox.value.link['ask'] * {luck}), done"
    said = call(*ONE[:-1], "12", "--mechanisms", broken(act=bad), "--quiet")
    assert said.code == 0, said.err
