"""Claims about any domain: one that is built in, and one in a file beside the registry."""

import re
from functools import partial
from pathlib import Path

import pytest

from catallax.errors import InputError
from catallax.study.claims import answers, cells, registry
from catallax.study.sweep import gather

EXAMPLES = Path(__file__).parents[3] / "examples"
WEITZMAN = EXAMPLES / "weitzman.toml"
RUN = partial(gather, workers=0)

GORDON = """
title = "Fish, put to the test"
seeds = 4

[essays]
G = "Gordon (1954), The economic theory of a common-property resource: the fishery"

[contracts.fish]
why = "long enough for the first catch, from a stock that nobody fished, to count for little"
experiment = "commons.py"
weeks = 1040
set = { growth = 0.3 }

[maps.cheap]
why = "where fishing pays down to small stocks"
contracts = { fish = 1.0 }
[maps.cheap.axes]
cost = { values = [0.05, 0.1, 0.2], weights = [0.3, 0.4, 0.3] }

[maps.all]
why = "from cheap fishing to dear"
contracts = { fish = 1.0 }
[maps.all.axes]
cost = { values = [0.1, 0.3, 0.34, 0.4, 0.5], weights = [0.2, 0.2, 0.2, 0.2, 0.2] }

[claims.G1]
text = "Where nobody owns the fish and fishing is cheap, less is caught than under a quota."
experiment = "sweep"
looked_at = "mean catch under a quota of a tenth less that of open access"
rule = "direction"
map = "cheap"
changes = "other quotas"
[[claims.G1.parts]]
title = "quota less open access"
form = "difference"
measure = "caught"
first = "quota:share=0.1"
second = "open_access"
sign = 1
[[claims.G1.parts]]
title = "the same wherever"
form = "difference"
measure = "caught"
first = "quota:share=0.1"
second = "open_access"
sign = 1
map = "all"
[[claims.G1.parts]]
title = "change with the cost"
form = "level"
measure = "caught"
first = "open_access"
along = "cost"
sign = 1
"""


@pytest.fixture
def gordon(tmp_path: Path) -> Path:
    """A registry with its domain beside it, in a folder that is not this one."""
    (tmp_path / "commons.py").write_text((EXAMPLES / "commons.py").read_text())
    (tmp_path / "gordon.toml").write_text(GORDON)
    return tmp_path / "gordon.toml"


def test_weitzmans_claims_hold_and_the_border_is_where_he_says():
    known = registry(WEITZMAN)
    found = {a.id: a for a in answers(known, list(known.claims.values()), RUN)}
    assert {name: a.verdict for name, a in found.items()} == dict.fromkeys(
        ("W1", "W2", "W3"), "supported"
    )
    steep, everywhere = found["W1"].findings
    assert (steep.supports, everywhere.verdict) == (1.0, "depends")
    (border,) = everywhere.border
    assert border.startswith("over benefit_slope the mean changes from above 0 to below 0 at -")
    assert float(border.rpartition(" ")[2]) == pytest.approx(-1.0, abs=0.1)
    assert found["W3"].findings[0].estimate == pytest.approx(0.125, abs=0.005)
    assert known.claims["W3"].cited == ".125 (Weitzman 1974, from the formula)"
    domains = {cell.contract.domain for cell in cells(known, known.claims.values())}
    assert domains == {"prices_quantities"}


def test_open_access_loses_where_fishing_is_cheap(gordon):
    """In the long run 0.3 c (1 - c) is caught, and 0.07 under the quota: the same at c = 0.37."""
    known = registry(gordon)
    assert known.title == "Fish, put to the test"
    (found,) = answers(known, [known.claim("G1")], RUN)
    assert found.verdict == "supported"
    cheap, everywhere, slope = found.findings
    at = [s.mean for s in cheap.spots]
    assert at == pytest.approx([0.07 - 0.3 * c * (1 - c) for c in (0.05, 0.1, 0.2)], abs=0.002)
    (border,) = everywhere.border
    assert float(border.rpartition(" ")[2]) == pytest.approx(0.37, abs=0.01)
    assert slope.verdict == "supported"
    assert slope.estimate == pytest.approx(0.3 * (0.16 - 0.0475) / 0.15, rel=0.05)


def test_a_run_is_found_however_its_mechanism_is_written(gordon):
    """`quota` is `quota:share=0.1`: the two parts share their runs."""
    gordon.write_text(GORDON.replace('"quota:share=0.1"', '"quota"', 1))
    known = registry(gordon)
    asked = cells(known, known.claims.values())
    assert len(asked) == 7
    assert all(len(cell.mechanisms) == 2 for cell in asked)


def test_what_bears_on_an_answer_is_hashed_with_its_domain(gordon):
    before = registry(gordon).hashes["G1"]
    gordon.write_text(GORDON.replace("why = ", 'why = "as said: " # '))
    assert registry(gordon).hashes["G1"] == before
    gordon.write_text(GORDON.replace("weeks = 1040", "weeks = 520"))
    assert registry(gordon).hashes["G1"] != before


BAD = {
    ('"commons.py"', '"comons.py"'): "contracts.fish: comons.py: cannot be read",
    ('"commons.py"', '"comons"'): "contracts.fish: unknown experiment 'comons'",
    ('"caught"', '"catch"'): "claims.G1: unknown measure 'catch'. Known: caught",
    ('"open_access"', '"market"'): "claims.G1: unknown mechanism 'market'",
    ("cost = {", "tacit = {"): "maps.cheap: unknown axis 'tacit'",
    ("{ growth = 0.3 }", "{ growht = 0.3 }"): "claims.G1: unknown key 'growht'",
    ("{ growth = 0.3 }", "{ growth = 9.0 }"): "claims.G1: growth: 9.0 is out of range",
    ("weeks = 1040", 'economy = "us15"'): "economy: is of no use to commons.py",
    (
        "weeks = 1040",
        'domain = "commons"',
    ): "contracts.fish: unknown key 'domain'. Known: ",
    ('form = "level"', 'form = "bench"\nbench = "skill" #'): "measure: a bench has none",
    ("seeds = 4", "sedes = 4"): "unknown key 'sedes'. Did you mean 'seeds'",
    ('title = "Fish', "title = 3 # "): "title: 3 is not text in quotes",
    ("{ fish = 1.0 }", "{ fish = 1.0, calm = 1.0 }"): "contracts: are of several domains",
}


@pytest.mark.parametrize("change", BAD, ids=lambda change: change[1])
def test_a_registry_that_is_wrong_is_refused_in_its_own_names(gordon, change):
    calm = '\n[contracts.calm]\nwhy = "x"\nweeks = 60\neconomy = "small:0"\n'
    said = GORDON.replace("\n[maps.cheap]", f"{calm}\n[maps.cheap]", 1)
    gordon.write_text(said.replace(*change, 1))
    with pytest.raises(InputError, match=re.escape(BAD[change])):
        registry(gordon)


def test_a_bench_is_of_the_economy(gordon):
    part = GORDON[GORDON.index("[[claims.G1.parts]]") :]
    bench = '[[claims.G1.parts]]\ntitle = "skill"\nform = "bench"\nbench = "skill"\nsign = 1\n'
    gordon.write_text(GORDON.replace(part, bench))
    with pytest.raises(InputError, match="skill is of the economy, and the map cheap of commons"):
        registry(gordon)


def test_an_economy_says_its_weeks(gordon):
    gordon.write_text(GORDON.replace('experiment = "commons.py"\nweeks = 1040', ""))
    with pytest.raises(InputError, match=r"contracts.fish: weeks is missing"):
        registry(gordon)
