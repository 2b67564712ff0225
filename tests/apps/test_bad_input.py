"""Whatever is wrong with the input is told in one line, before anything is run or written."""

import sys
from pathlib import Path

import pytest

import catallax.study

FILES = {
    "a_file": "",
    "wrong.toml": "weeks = = 3\n",
    "misspelt.toml": "[channel.center]\ndelay = 8\n",
    "text.toml": '[knowledge]\ntacit = "much"\n',
    "true.toml": "weeks = true\n",
    "half.toml": "weeks = 60.5\n",
    "nan.toml": "[knowledge]\ntacit = nan\n",
    "high.toml": "[knowledge]\ntacit = 1.5\n",
    "short.toml": "weeks = 40\n",
    "far.toml": "economy = 'us17'\n",
    "kind.toml": "[channel.kinds.recipe]\ndelay = 4\n",
    "late.toml": "[channel.kinds.z]\ndelay = 0.5\n",
    "table.toml": "[weeks]\nlong = 1\n",
    "perhaps.toml": "[shock]\nannounced = 'perhaps'\n",
    "one.toml": "[shock]\nannounced = 1\n",
    "rate.toml": "economy = 'us15'\n[shock]\nkind = 'foreign'\nrate = -0.5\n",
    "broken.py": "def mechanism(:\n",
    "raises.py": "raise RuntimeError('two\\nlines')\n",
    "exits.py": "raise SystemExit(0)\n",
    "failing.py": "def mechanism():\n    return 1 / 0\n",
    "nothing.py": "x = 1\n",
    "ranges.toml": "[mechanisms.market]\nkappa = { low = 0.1, high = 9, start = 1, why = '' }\n",
    "range.toml": "[mechanisms.market]\nkappa = { low = 2, high = 1, start = 1, why = '' }\n",
    "kapa.toml": "[mechanisms.market]\nkapa = { low = 2, high = 1, start = 1, why = '' }\n",
    "idle.toml": "contracts = []\n[mechanisms.market]\n",
    "none_declared.toml": "budget = 3\n",
    "other.py": "def mechanism():\n    return 'market'\n",
}

# class of bad input -> (words after `catallax`, what the line must say)
CASES: dict[str, list[tuple[str, tuple[str, ...]]]] = {
    "unknown name": [
        ("run tinn", ("'tinn'", "Did you mean 'tin'", "Known: tin")),
        ("run tin --mechanisms markt", ("'markt'", "Did you mean 'market'", "five_year_plan")),
        ("run tin --mechanisms market:kapa=1", ("'kapa'", "Did you mean 'kappa'", "cover")),
        ("run tin --mechanisms five_year_plan:rigd", ("'rigd'", "Did you mean 'rigid'")),
        ("run tin --mechanisms nothing.py:x=1", ("nothing.py", "defines no mechanism")),
        ("run tin --mechanisms market,plan", ("'plan'", "Known:", "five_year_plan")),
        ("run tin --economy us72", ("--economy", "'us72'", "Did you mean 'us71'", "us15")),
        ("run tin --economy synthetic:x", ("'synthetic:x'", "synthetic:SEED")),
        (f"run tin --economy synthetic:{'9' * 40}", ("--economy", "too long")),
        ("run tin --contract far.toml", ("far.toml: economy", "'us17'", "us15")),
        ("explain scor", ("'scor'", "Did you mean 'score'", "Known: market, ai_market")),
        ("check markt", ("'markt'", "Did you mean 'market'")),
        (
            "run tin --behaviour stategic",
            ("--behaviour", "Did you mean 'strategic'", "adversarial"),
        ),
        ("run tin --set behaviour=stategic", ("--set behaviour", "Did you mean 'strategic'")),
        ("run tin --knowledge.pattern season", ("--knowledge.pattern", "Did you mean 'seasonal'")),
        ("run tin --set behavior=truthful", ("--set 'behavior", "Did you mean 'behaviour.")),
        ("run tin --set knowledge.tact=1", ("--set", "'knowledge.tact'", "'knowledge.tacit'")),
        ("run tin --set channel.kinds.zz.delay=4", ("--set", "kind of report 'zz'", "Known: z, K")),
        ("run tin --set channel.kinds.z.dely=4", ("--set", "'channel.kinds.z.delay'")),
        ("run tin --set channel.kinds.z=4", ("--set", "'channel.kinds.z'", "Did you mean")),
        ("run tin --set channel.kinds=4", ("--set", "unknown key 'channel.kinds'")),
        ("run tin --contract kind.toml", ("kind.toml", "kind of report 'recipe'")),
        ("tune --mechanisms markt", ("tuning.toml", "'markt'", "Did you mean 'market'", "--file")),
        ("tune --file kapa.toml", ("kapa.toml: mechanisms.market.kapa", "Did you mean 'kappa'")),
        ("rnu tin", ("rnu", "run", "catallax --help")),
        ("compare --shock.kind tarif", ("--shock.kind", "'tarif'", "foreign, domestic")),
        (
            "run tariff --shock.kind abroad",
            ("--shock.kind: unknown kind 'abroad'", "Known: foreign, domestic"),
        ),
        ("compare --shock.resource deposit", ("--shock.resource", "'deposit'", "deposit 211")),
        ("compare --shock.resource 211", ("--shock.resource 211", "an endowment; the endowments")),
        ("compare --mechanisms markt", ("'markt'", "Did you mean 'market'")),
        ("compare --economy us72", ("--economy", "'us72'", "us15")),
    ],
    "wrong type": [
        ("run tin --weeks soon", ("--weeks", "'soon'", "a whole number", "1 to 100000")),
        ("run tin --weeks 60.5", ("--weeks", "'60.5'", "a whole number")),
        ("run tin --knowledge.tacit much", ("--knowledge.tacit", "'much'", "a number")),
        ("run tin --channel.line.resolution 1e1", ("--channel.line.resolution", "whole number")),
        ("run tin --mechanisms market:kappa=high", ("'high'", "a number", "expected 0 to 1")),
        ("run tin --seeds some", ("--seeds: 'some'", "8", "3,5,9", "100-119")),
        ("tune --budget many", ("--budget", "'many'", "a whole number")),
        ("run tin --workers all", ("--workers", "'all'", "a whole number")),
        ("run tin --set weeks=soon", ("--set weeks", "'soon'", "a whole number")),
        ("run tin --set behaviour.soft=", ("--set behaviour.soft", "''", "a number")),
        ("run tin --json=perhaps", ("--json: 'perhaps' is not true or false",)),
        ("run tin --shock.announced perhaps", ("--shock.announced", "'perhaps'", "true or false")),
        ("run tin --shock.announced 1", ("--shock.announced", "'1'", "true or false")),
        ("run tin --shock.week 9.5", ("--shock.week", "'9.5'", "a whole number")),
        ("run tin --contract perhaps.toml", ("perhaps.toml: shock.announced", "true or false")),
        ("run tin --contract one.toml", ("one.toml: shock.announced", "1 is not true or false")),
        ("run tin --contract text.toml", ("text.toml: knowledge.tacit", "'much'", "a number")),
        ("run tin --contract true.toml", ("true.toml: weeks", "True", "a whole number")),
        ("run tin --contract half.toml", ("half.toml: weeks", "60.5", "a whole number")),
    ],
    "out of range": [
        ("run tin --knowledge.tacit 2", ("--knowledge.tacit", "2", "expected 0 to 1")),
        ("run tin --knowledge.tacit -1", ("--knowledge.tacit", "-1", "expected 0 to 1")),
        ("run tin --mechanisms market:kappa=3", ("kappa: 3.0", "expected 0 to 1")),
        ("run tin --channel.rounds 0", ("--channel.rounds", "expected 1 to 1000")),
        ("run tin --channel.centre.coverage 1.1", ("--channel.centre.coverage", "0 to 1")),
        ("run tin --channel.line.delay 1e300", ("--channel.line.delay", "expected 0 to 520")),
        ("run tin --weeks 0", ("--weeks", "expected 1 to 100000")),
        ("run tin --knowledge.drift_z 2", ("--knowledge.drift_z", "expected 0 to 1")),
        ("run tin --set knowledge.tacit_z=2", ("--set knowledge.tacit_z", "expected 0 to 1")),
        ("run tin --behaviour.pad 1", ("--behaviour.pad", "1", "expected 0 to 0.95")),
        ("run tin --set channel.kinds.z.coverage=2", ("--set channel.kinds.z.coverage", "0 to 1")),
        ("run tin --set behaviour.soft=-1", ("--set behaviour.soft", "-1", "expected 0 to 1")),
        ("tune --budget 0", ("--budget", "0", "expected 1 to 1024")),
        ("tune --budget 99999", ("--budget", "99999", "expected 1 to 1024")),
        ("tune --workers -1", ("--workers", "-1", "expected 0")),
        ("tune --file range.toml", ("range.toml: mechanisms.market.kappa", "2 to 1")),
        ("tune --file ranges.toml", ("ranges.toml: mechanisms.market", "expected 0 to 1")),
        ("run tin --workers -1", ("--workers", "-1", "expected 0")),
        ("run tin --seeds 9999999", ("--seeds: '9999999' makes", "expected 1 to 100000")),
        ("run tin --seeds -3", ("--seeds: '-3'", "a count such as 8")),
        ("run tin --contract high.toml", ("high.toml: knowledge.tacit", "1.5", "0 to 1")),
        ("run tin --shock.factor 0", ("--shock.factor: 0.0", "expected above 0")),
        ("run tin --shock.week -1", ("--shock.week: -1", "expected 0 or more")),
        ("run tariff --shock.rate -0.1", ("--shock.rate: -0.1", "expected 0 to 100")),
        ("run tariff --shock.rate 25000", ("--shock.rate: 25000.0", "0.25 is 25 %")),
        ("compare --contract rate.toml", ("rate.toml: shock.rate: -0.5", "expected 0 to 100")),
    ],
    "not finite": [
        ("run tin --knowledge.tacit nan", ("--knowledge.tacit: nan is out", "0 to 1")),
        ("run tin --channel.line.noise inf", ("--channel.line.noise: inf is out", "0 to 2")),
        (
            "run tin --channel.centre.delay -inf",
            ("--channel.centre.delay: -inf is out", "0 to 520"),
        ),
        ("run tin --knowledge.drift 1e999", ("--knowledge.drift: inf is out", "0 to 1")),
        ("run tin --contract nan.toml", ("nan.toml: knowledge.tacit", "nan", "finite number")),
    ],
    "unknown option": [
        ("run tin --channel.center.delay 8", ("--channel.center.delay", "--channel.centre.delay")),
        ("run tin --knowlege.tacit 1", ("--knowlege.tacit", "--knowledge.tacit")),
        ("run tin --channel 3", ("--channel", "Did you mean", "--channel.")),
        ("run tin --jsn", ("--jsn", "--json")),
        ("run tin -x", ("-x", "catallax run tin --help")),
        ("tune --bugdet 3", ("--bugdet", "--budget")),
        ("list --jsn", ("--jsn", "--json")),
        ("run tin --contract misspelt.toml", ("'channel.center.delay'", "'channel.centre.delay'")),
        ("run tin --contract table.toml", ("table.toml", "'weeks.long'", "'weeks'")),
    ],
    "impossible combination": [
        ("run tin --channel.centre.delay 0.3", ("--channel.centre.delay", "0.3", "multiple of 1")),
        ("run tin --channel.rounds 4 --channel.line.delay 0.3", ("0.3", "multiple of 0.25")),
        (
            "run tin --set channel.kinds.z.delay=0.3",
            ("--set channel.kinds.z.delay", "multiple of 1"),
        ),
        ("run tin --contract late.toml", ("late.toml: channel.kinds.z.delay", "multiple of 1")),
        ("run tin --mechanisms market,market", ("'market'", "twice", "give each once")),
        ("run tin --mechanisms all,market", ("'market'", "twice", "give each once")),
        ("run tin --mechanisms five_year_plan:period=9:period=8", ("sets period twice",)),
        ("run tin --seeds 3,1-4", ("--seeds: '3,1-4'", "twice", "3,5,9")),
        ("run tin --seeds 5-3", ("'5-3'", "ends before it begins")),
        ("run tin --weeks 60 --weeks 70", ("--weeks", "more than once", "give it once")),
        (
            "run tin --weeks 60 --set weeks=70",
            ("--set 'weeks=70'", "also given by --weeks", "once"),
        ),
        ("run tin --set weeks=60 --set weeks=70", ("'weeks=70'", "also given by --set weeks")),
        ("check static_optimum", ("static_optimum", "oracle")),
        ("run tin --shock.rate 0.1", ("--shock.rate", "not for tin", "shock.factor")),
        ("run tariff --shock.factor 0.1", ("--shock.factor", "not for tariff", "shock.rate")),
        (
            "run tariff --economy synthetic:1",
            ("--economy synthetic:1", "no rest of the world", "us15"),
        ),
        ("compare --shock.rate 0.1", ("--shock.rate", "no shock", "shock.kind")),
        ("compare --shock.kind resource", ("shock.resource", "missing", "deposit 212")),
        (
            "compare --shock.kind foreign --shock.factor 2",
            ("--shock.factor", "a tariff has no factor", "shock.rate"),
        ),
    ],
    "missing or superfluous": [
        ("run", ("EXPERIMENT", "catallax run --help")),
        ("explain", ("NAME is missing",)),
        ("check", ("FILE",)),
        ("compare market", ("'market'", "too many arguments", "catallax compare --help")),
        ("run tin --weeks", ("--weeks", "no value", "catallax run tin --help")),
        ("tune market", ("'market'", "too many arguments", "catallax tune --help")),
        ("run tin tan", ("'tan'", "too many arguments")),
        ("run tin --set", ("--set", "no value", "catallax run tin --help")),
        ("run tin --set weeks", ("--set 'weeks'", "expected KEY=VALUE", "channel.centre.delay=4")),
    ],
    "unreadable file": [
        ("run tin --contract none.toml", ("none.toml", "No such file", "expected a TOML file")),
        ("tune --file none.toml", ("none.toml", "No such file", "expected a TOML file")),
        ("tune --file wrong.toml", ("wrong.toml", "not valid TOML", "line 1")),
        ("run tin --contract a_folder", ("a_folder", "expected a TOML file")),
        ("run tin --contract binary.toml", ("binary.toml", "UTF-8", "expected a TOML file")),
        ("run tin --contract wrong.toml", ("wrong.toml", "not valid TOML", "line 1")),
        ("run tin --mechanisms none.py", ("none.py", "No such file", "mechanism()")),
        (f"run tin --mechanisms {'x' * 300}.py", ("cannot be read", "mechanism()")),
        ("run tin --mechanisms a_folder.py", ("a_folder.py", "is a folder")),
        ("check none.py", ("none.py", "No such file", "mechanism()")),
        ("check binary.py", ("binary.py", "failed when read")),
    ],
    "unwritable place": [
        ("tune --out a_file", ("--out a_file", "give a folder")),
        ("run tin --out a_file", ("--out a_file", "give a folder")),
        ("run tin --out a_file/under", ("--out a_file/under", "give a folder")),
        ("run tin --out taken", ("--out taken", "tin.html", "another folder")),
        ("compare --economy us15 --out a_file", ("--out a_file", "give a folder")),
        (f"run tin --out {'x' * 300}", ("--out xxx", "give a folder")),
    ],
    "broken plug-in": [
        ("run tin --mechanisms broken.py", ("broken.py", "SyntaxError", "line 1")),
        ("run tin --mechanisms market,raises.py", ("raises.py", "RuntimeError: two lines")),
        ("run tin --mechanisms exits.py", ("exits.py", "SystemExit")),
        ("run tin --mechanisms failing.py", ("failing.py", "mechanism() failed", "Zero")),
        ("check broken.py", ("broken.py", "SyntaxError")),
    ],
    "plug-in that defines nothing": [
        ("run tin --mechanisms nothing.py", ("nothing.py", "defines no mechanism", "expected")),
        ("run tin --mechanisms other.py", ("other.py", "returned str", "expected a Mechanism")),
        ("check nothing.py", ("nothing.py", "defines no mechanism", "expected")),
    ],
    "horizon shorter than the shock": [
        ("run tin --weeks 40", ("--weeks 40", "week 52", "more than 52 weeks")),
        ("run tin --weeks 52", ("--weeks 52", "week 52", "more than 52 weeks")),
        ("run tin --contract short.toml", ("short.toml: weeks 40", "more than 52 weeks")),
        ("run tariff --weeks 40", ("--weeks 40", "week 52", "more than 52 weeks")),
        ("run tin --shock.week 400", ("--shock.week 400", "week 400", "more than 400 weeks")),
    ],
    "empty selection": [
        ("run tin --mechanisms=", ("--mechanisms: ''", "a name is missing")),
        ("run tin --mechanisms market,,five_year_plan", ("a name is missing",)),
        ("tune --mechanisms market,", ("--mechanisms: 'market,'", "a name is missing")),
        ("tune --file none_declared.toml", ("none_declared.toml", "declares no mechanism")),
        ("tune --file idle.toml", ("idle.toml: contracts", "not a list with something in it")),
        ("run tin --seeds=", ("--seeds: ''", "a count such as 8")),
        ("run tin --seeds 0", ("--seeds: '0' makes 0 seeds", "a count such as 8")),
        ("run tin --seeds 3,", ("--seeds: '' is not a seed", "a range such as 100-119")),
        ("run tin --contract=", ("--contract: '' names no file", "give a path")),
        ("compare --contract=", ("--contract: '' names no file",)),
        ("tune --file=", ("--file: '' names no file",)),
        ("run tin --out=", ("--out: '' names no file or folder",)),
    ],
}
ALL = [(words, says) for cases in CASES.values() for words, says in cases]


@pytest.fixture
def inputs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with wrong files of every sort; nothing may be run in it."""
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name in ("binary.toml", "binary.py"):
        (folder / name).write_bytes(b"\x00\xff\xfe\x80")
    for name in ("a_folder", "a_folder.py", "taken/tin.html"):
        (folder / name).mkdir(parents=True)

    def compare(*words, **options):
        raise AssertionError("a run was started")

    monkeypatch.setattr(catallax.study, "compare", compare)
    return folder


def assert_refused(said, says):
    assert said.code == 2
    assert said.out == ""
    (line,) = said.err.splitlines()
    assert line.startswith("catallax: ")
    assert "Traceback" not in line
    missing = [words for words in says if words not in line]
    assert not missing, line


@pytest.mark.parametrize(("words", "says"), ALL, ids=[words[:60] for words, _ in ALL])
def test_bad_input_is_one_line_and_nothing_else(words, says, inputs, call):
    before = sorted(inputs.rglob("*"))
    assert_refused(call(*words.split(" ")), says)
    assert sorted(inputs.rglob("*")) == before


@pytest.mark.parametrize("kind", CASES)
def test_with_json_nothing_goes_to_standard_output(kind, inputs, call):
    words, says = CASES[kind][0]
    if not words.startswith("rnu"):
        assert_refused(call(*words.split(" "), "--json"), says)


@pytest.mark.skipif(sys.platform == "win32", reason="a folder's mode does not close it there")
def test_a_folder_that_is_closed_to_us(inputs, call):
    closed = inputs / "closed"
    closed.mkdir(mode=0o500)
    try:
        (closed / "try").write_text("")
    except PermissionError:
        assert_refused(call("run", "tin", "--out", "closed"), ("--out closed", "denied"))
    else:
        pytest.skip("this user may write anywhere")
