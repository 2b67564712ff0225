"""Economies by name and by path, from Python and from the command line."""

import gc
import json
import weakref
from pathlib import Path

import numpy as np
import pytest

from catallax import Contract, compare
from catallax.apps.cli import main
from catallax.domains.production.economy import (
    disaggregate,
    economy_named,
    from_table,
    generate,
    is_path,
    read_economy,
    us15,
)
from catallax.domains.production.economy.origin import name_in_hashes, name_today
from catallax.domains.production.economy.real import WEEKS
from catallax.domains.production.economy.tables import load_table, read_table
from catallax.domains.production.optimum import solve
from catallax.errors import InputError, OldNameWarning
from catallax.protocol.provenance import hash_of

VILLAGE = """\
product,name,farm,mill,consumption,investment,exports,imports
farm,Farming,10,30,50,0,20,10
mill,Milling,20,10,70,10,0,0
compensation,,40,40,,,,
taxes,,-2,4,,,,
surplus,,32,26,,,,
"""
REGIONS = """\
region,sector,north,south,north,south
,,farm,farm,consumption,consumption
north,farm,1,2,5,2
south,farm,3,1,2,4
value added,compensation,4,4,,
value added,taxes,0,1,,
value added,surplus,2,2,,
"""
USE = """\
product,i,j,consumption,exports,imports
a,5,0,3,0,0
b,0,2,4,0,0
compensation,3,1,,,
taxes,0,0,,,
surplus,2,1,,,
"""
MAKE = "industry,a,b\ni,8,2\nj,0,4\n"
FILES = {
    "village.csv": VILLAGE,
    "closed.csv": VILLAGE.replace("70,10,0,0", "70,10,0,0").replace("50,0,20,10", "60,0,0,0"),
    "off.csv": VILLAGE.replace("50,0,20", "50.5,0,20"),
    "two.csv": REGIONS,
    "pair/use.csv": USE,
    "pair/make.csv": MAKE,
    "half/use.csv": USE,
    "empty/nothing.txt": "",
    "good.toml": 'table = "village.csv"\nname = "hamlet"\ndeposits = ["mill"]\nlead = 1\n',
    "pair.toml": 'use = "pair/use.csv"\nmake = "pair/make.csv"\ndecay = 0.1\neps = 3\n',
    "fine.toml": 'table = "village.csv"\nfirms = 30\nhouseholds = 20\nseed = 4\n',
    "wide.toml": 'table = "off.csv"\ntolerance = 0.001\n',
    "misspelt.toml": 'tabel = "village.csv"\n',
    "both.toml": 'table = "village.csv"\nuse = "pair/use.csv"\nmake = "pair/make.csv"\n',
    "alone.toml": 'use = "pair/use.csv"\n',
    "typed.toml": 'table = "village.csv"\nlead = "soon"\n',
    "true.toml": 'table = "village.csv"\nlead = true\n',
    "codes.toml": 'table = "village.csv"\ndeposits = ["mine"]\n',
    "numbers.toml": 'table = "village.csv"\ndeposits = [1]\n',
    "loose.toml": 'table = "village.csv"\ndeposits = "mill"\n',
    "gamma.toml": 'table = "two.csv"\ngamma_import = 0.9\n',
    "decay.toml": 'table = "village.csv"\ndecay = 2.0\n',
    "few.toml": 'table = "village.csv"\nfirms = 1\n',
    "minus.toml": 'table = "village.csv"\neps = -4.0\n',
    "nan.toml": 'table = "village.csv"\ngamma_import = nan\n',
    "huge.toml": 'table = "village.csv"\nfirms = 1000000000000000000\n',
    "idle.csv": VILLAGE.replace("50,0,20", "0,50,20").replace("70,10,0", "0,80,0"),
    "wrong.toml": "table = = 3\n",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with tables of every sort."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rests(economy) -> None:
    """The optimum from wrong prices is the base year."""
    wrong = np.exp(0.5 * np.random.default_rng(0).standard_normal(economy.network.n))
    best = solve(economy.technology, economy.income, start=wrong, tol=1e-12)
    np.testing.assert_allclose(best.ship, economy.flow, rtol=1e-8)
    np.testing.assert_allclose(best.utility, economy.income, rtol=1e-8)


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("village.csv", "village"),
        ("./village.csv", "village"),
        ("closed.csv", "closed"),
        ("two.csv", "two"),
        ("pair/", "pair"),
        ("./pair", "pair"),
        ("good.toml", "hamlet"),
        ("pair.toml", "pair"),
        ("fine.toml", "fine:30x20, seed 4"),
        ("village.csv:40x25", "village:40x25"),
        ("two.csv:x10", "two:x10"),
    ],
)
def test_a_path_is_an_economy_that_rests_at_prices_of_1(name, called, folder):
    economy = economy_named(name)
    assert economy.name == called
    assert economy.digest == economy_named(name).digest
    rests(economy)


@pytest.mark.parametrize(
    "name", ["us15:100", "us15:100x50", "us15:x50", "synthetic:7:90", "synthetic:7:90x9"]
)
def test_built_in_names_with_sizes(name):
    economy = economy_named(name)
    assert economy.name == name
    whole, _, sizes = name.rpartition(":")
    firms, _, households = sizes.partition("x")
    counts = {"firms": firms, "households": households}
    asked = {k: int(v) for k, v in counts.items() if v}
    assert economy.digest == disaggregate(economy_named(whole), **asked).digest


def test_names_without_sizes_are_what_they_were():
    assert economy_named("synthetic:7").digest == generate(7).digest
    assert economy_named("us15") is us15()
    assert [is_path(n) for n in ("us15", "synthetic:7", "us15:9x9")] == [False] * 3
    assert [is_path(n) for n in ("a.csv", "A.CSV", "a.toml", "a/", "a.csv:9x9")] == [True] * 5


def test_the_settings_of_a_descriptor_are_used(folder):
    economy, net = read_economy("good.toml"), read_economy("good.toml").network
    assert net.names[net.endowments] == ("labour", "deposit mill")
    assert economy.lead.max() == 1
    assert read_economy("pair.toml").decay.max() == 0.1
    assert set(read_economy("pair.toml").technology.eps) == {3.0}
    rests(economy)


def test_exports_beyond_imports_are_lent(folder):
    """Of 20 exported 8.5 pay for 10 imported; foreigners owe the rest."""
    economy = read_economy("village.csv")
    net = economy.network
    assert "foreign credit" not in net.names
    lent = economy.flow[net.buyer == net.row("lending abroad")].sum() * WEEKS
    assert lent == pytest.approx(20 - 0.85 * 10, rel=1e-12)
    assert economy.group[-1] == "lending abroad"
    assert economy.weight[-1] == 0.0
    with pytest.raises(InputError, match=r"gamma_import: 0\.85 leaves foreign credit of"):
        from_table(read_table("village.csv"))


def test_a_closed_economy_has_no_abroad(folder):
    net = read_economy("closed.csv").network
    assert net.names[net.endowments] == ("labour",)
    assert not [name for name in net.names if "import" in name or "abroad" in name]


def test_what_balancing_moved_is_told(folder, capsys):
    told: list[str] = []
    economy_named("off.csv", told.append)
    economy_named("village.csv", told.append)
    assert len(told) == 1
    assert told[0].startswith("off.csv: balanced; the cell that moved most: row farm, column")
    with pytest.raises(SystemExit) as ended:
        main(
            [
                "run",
                "tin",
                "--economy",
                "off.csv",
                "--seeds",
                "1",
                "--weeks",
                "54",
                "--workers=0",
                "--mechanisms",
                "market",
                "--json",
                "--quiet",
            ]
        )
    out, err = capsys.readouterr()
    assert ended.value.code == 0
    assert json.loads(out)["contract"]["economy"]["name"] == "off"
    assert err.splitlines() == [f"catallax: {told[0]}"]


def test_workers_and_saved_runs_take_a_users_economy(folder):
    economy = read_economy("two.csv")
    contract = Contract(economy, weeks=6)
    here, there = (compare("mine", contract, ["market"], range(2), workers=w) for w in (0, 2))
    (a,), (b,) = here.outcomes.values(), there.outcomes.values()
    assert [o.trace.ending for o in a] == [o.trace.ending for o in b]
    again = Contract.from_dict(contract.to_dict(), economy)
    assert again.hash == contract.hash
    with pytest.raises(InputError, match="'two'"):
        Contract.from_dict(contract.to_dict())


REFUSED = [
    ("none.csv", ["none.csv: cannot be read (No such file or directory)", "CSV file"]),
    ("none/", ["none: cannot be read", "CSV file"]),
    ("none.toml", ["none.toml: cannot be read", "expected a TOML file"]),
    (f"{'x' * 300}.csv", ["cannot be read (File name too long)", "CSV file"]),
    (f"{'x' * 300}.csv:9", ["cannot be read (File name too long)", "CSV file"]),
    (f"{'x' * 300}.toml", ["cannot be read (File name too long)", "TOML file"]),
    ("half/", ["half: has no make.csv; a folder must hold a pair of tables"]),
    ("empty/", ["empty: has no use.csv"]),
    ("misspelt.toml", ["misspelt.toml: unknown key 'tabel'", "Did you mean 'table'"]),
    ("both.toml", ["both.toml: names table, use, make; expected `table`, or both"]),
    ("alone.toml", ["alone.toml: names use; expected `table`, or both `use` and `make`"]),
    ("typed.toml", ["typed.toml: lead: 'soon' is not a whole number"]),
    ("true.toml", ["true.toml: lead: True is not a whole number"]),
    ("numbers.toml", ["numbers.toml: deposits[0]: 1 is not text in quotes"]),
    ("loose.toml", ["loose.toml: deposits: 'mill' is not a list"]),
    ("codes.toml", ["codes.toml: unknown product of table codes 'mine'", "farm, mill"]),
    ("gamma.toml", ["gamma.toml: gamma_import: a multi-region table has none; take it out"]),
    ("decay.toml", ["decay.toml: decay: the share that spoils in a week must be in [0, 1)"]),
    ("few.toml", ["few.toml: disaggregate: firms is 1, but there are 2 rows to split"]),
    ("wide.toml", ["off.csv: row and column 'farm' are out of balance", "at most 0.10%"]),
    ("minus.toml", ["minus.toml: eps: -4.0 is out of range, expected a number from 0 up"]),
    ("nan.toml", ["nan.toml: gamma_import: nan is not a finite number"]),
    ("huge.toml", ["huge.toml: disaggregate: about", "at most 30,000,000 can be run"]),
    ("idle.csv", ["idle.csv: table idle, column 'consumption': is missing or 0 in all its rows"]),
    ("wrong.toml", ["wrong.toml: is not valid TOML"]),
    ("village.csv:1", ["--economy: disaggregate: firms is 1, but there are 2 rows"]),
    ("us15:3", ["--economy: disaggregate: firms is 3, but there are 15 rows"]),
    ("us15:", ["'us15:'", "us71", "FILE.csv, FILE.toml or FOLDER/"]),
    ("us15:x", ["'us15:x'", ":FIRMSxHOUSEHOLDS"]),
    ("us17:100", ["'us17:100'", "us15"]),
    ("us15:999999999", ["at most 30,000,000 can be run; ask for fewer firms"]),
]


@pytest.mark.parametrize(("name", "says"), REFUSED, ids=[name[-30:] for name, _ in REFUSED])
def test_wrong_paths_and_names_are_refused_in_one_line(name, says, folder, capsys):
    with pytest.raises(InputError):
        economy_named(name)
    with pytest.raises(SystemExit) as ended:
        main(["run", "tin", "--economy", name])
    out, err = capsys.readouterr()
    assert (ended.value.code, out) == (2, "")
    (line,) = err.splitlines()
    missing = [words for words in says if words not in line]
    assert not missing, line


def test_a_contract_file_takes_a_path(folder, capsys):
    (folder / "mine.toml").write_text('economy = "none.csv"\n', encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["run", "tin", "--contract", "mine.toml"])
    assert ended.value.code == 2
    assert "none.csv: cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize("end", ["csv", "toml"])
def test_a_path_with_a_zero_byte_is_refused(end, folder):
    with pytest.raises(InputError, match="cannot be read"):
        economy_named(f"a\0b.{end}")


def test_shipped_tables_are_checked_as_before():
    assert load_table("us15").moved is None


def test_contracts_share_an_economy_that_is_drawn():
    """A sweep has one economy, not one a point; what nobody uses is let go of."""
    one = economy_named("small:123456")
    assert economy_named("small:123456") is one
    kept = weakref.ref(one)
    del one
    gc.collect()
    assert kept() is None


def test_a_seed_that_is_too_long_is_refused():
    with pytest.raises(InputError, match="economy: small:999999999… is too long"):
        economy_named("small:" + "9" * 5000)


@pytest.mark.parametrize("name", ["made:7", "made:7:90x9", "made:7:sigma=0.5"])
def test_an_old_name_makes_the_same_economy_and_says_the_new_one(name):
    now = name.replace("made", "synthetic")
    with pytest.warns(OldNameWarning, match=f"economy: {name} is now called {now}; write {now}"):
        found = economy_named(name)
    assert found.name == economy_named(now).name == now
    assert found.digest == economy_named(now).digest


@pytest.mark.parametrize(
    ("name", "known"),
    [("synthetic:1", "made:1"), ("synthetic:3:90x9:sigma=2", "made:3:90x9:sigma=2")],
)
def test_hashes_and_stores_keep_the_name_of_before(name, known):
    """The hashes are those of contracts that say `made`; a stored contract says nothing."""
    contract = Contract(name)
    plain = contract.to_dict()
    plain["economy"]["name"] = known
    assert contract.hash == hash_of(plain)
    again = Contract.from_dict(plain)
    assert again.place == name
    assert again.hash == contract.hash


def test_a_table_of_the_users_that_is_called_synthetic_keeps_its_name():
    assert name_in_hashes("synthetic") == "synthetic"
    assert name_today("made.csv") == "made.csv"
