"""The page of an economy says what was measured, stands on its own and breaks at nothing."""

import io
import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from rich.console import Console

from catallax import Comparison, Contract, KnowledgeLaw, Shock, compare, generate, tin, us15
from catallax.domains.production.economy import Tariff
from catallax.domains.production.experiments import free, tariff
from catallax.domains.production.knowledge import BehaviourLaw
from catallax.domains.production.measures import MEASURES
from catallax.domains.production.pages import contract as own_contract
from catallax.domains.production.pages.charts import correlate_ranks
from catallax.show import (
    differences_table,
    picture,
    terminal_table,
    to_json,
    write_report,
)
from catallax.show.origins import summarise_tuning, warn_of_tuning, write_python
from catallax.show.page import build_page
from catallax.show.words import label_mechanism, number, round_to_interval
from tests.show.reading import cells, figures, points, undrawn, value

WEEKS = 60
NAMES = ["static_optimum", "market", "five_year_plan"]
HOSTILE = '"><script>alert(1)<img src=x onerror=alert(2)> & co'

BREAKS_A_RULE = """
import numpy as np
from catallax.domains.production.mechanisms import Agents, Mechanism
from catallax.domains.production.network import Act, Table

class Bad(Agents):
    def start(self, view): return Table(), Table()
    def report(self, view, said): return Table(), said
    def act(self, view, done):
        nothing = np.zeros(view.rows.m)
        return Act(nothing - 1.0, nothing), done

def mechanism(): return Mechanism("bad", Bad())
"""


@pytest.fixture(scope="module")
def economy():
    return generate(1, products=6, households=2, inputs=3)


@pytest.fixture(scope="module")
def comparison(economy):
    return compare("tin", tin(economy, weeks=WEEKS), NAMES, range(2), workers=0)


@pytest.fixture(scope="module")
def html(comparison) -> str:
    return build_page(comparison, command="catallax run tin")


@pytest.fixture(scope="module")
def stopped(economy, tmp_path_factory):
    """One seed, no oracle, hostile names, and a mechanism that is stopped in its first week."""
    file = tmp_path_factory.mktemp("own") / f"{HOSTILE}.py"
    file.write_text(BREAKS_A_RULE, encoding="utf-8")
    return compare(HOSTILE, tin(economy, weeks=WEEKS), ["market", str(file)], [3], workers=0)


def again(comparison: Comparison, command: str) -> str:
    """The Python of its page."""
    return write_python(comparison, command, own_contract.write_contract_code(comparison))


def printed(comparison: Comparison) -> str:
    """The terminal table as it appears in 80 columns."""
    out = io.StringIO()
    Console(width=80, file=out).print(terminal_table(comparison))
    return out.getvalue()


def test_the_page_is_one_small_file(comparison, tmp_path: Path):
    file = tmp_path / "tin.html"
    write_report(comparison, file, command="catallax run tin")
    assert file.stat().st_size < 1_000_000
    assert [p.name for p in tmp_path.iterdir()] == ["tin.html"]


def test_the_page_asks_for_nothing(html: str):
    assert not re.search(r"https?://|@import|\bsrc=|<link|<iframe|<object", html)
    assert set(re.findall(r'href="(.)', html)) == {"#"}
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", html))


def test_links_inside_the_page_lead_somewhere_and_ids_are_unique(html: str):
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    targets = re.findall(r'href="#([^"]+)"', html) + re.findall(r"url\(#([^)]+)\)", html)
    labels = " ".join(re.findall(r'aria-labelledby="([^"]+)"', html)).split()
    assert set(targets) | set(labels) <= set(ids)


def test_every_chart_is_named_and_has_a_table(html: str):
    found = figures(html)
    assert list(found) == [
        "score-chart",
        "efficiency-chart",
        "response-chart",
        "price-chart-0",
        "cut-chart",
    ]
    for figure in found.values():
        assert figure.find(".//details//table") is not None
        for svg in figure.iter("svg"):
            assert svg.attrib["role"] == "img"
            assert all(svg.findtext(part) for part in ("title", "desc"))


@pytest.mark.parametrize("key", ["efficiency-chart", "response-chart", "price-chart-0"])
def test_a_chart_draws_the_numbers_of_its_table(html: str, key: str):
    figure = figures(html)[key]
    groups, _, *rows = cells(figure)
    numbers = np.array([[value(c) for c in row] for row in rows])
    for svg in (s for s in figure.iter("svg") if s.attrib["class"] in ("wide", "narrow")):
        height = [float(v) for v in svg.attrib["data-y"].split()]
        lines = {p.attrib["data-name"]: p for p in svg.iter("path") if "data-name" in p.attrib}
        assert list(lines) == groups[1:]
        for k, name in enumerate(groups[1:]):
            drawn = undrawn(svg, points(lines[name].attrib["d"]))
            assert np.allclose(drawn[:, 0], numbers[:, 0], atol=0.2)
            near = 1e-3 * (height[1] - height[0])
            assert np.allclose(drawn[:, 1], numbers[:, 1 + 3 * k], atol=near, rtol=1e-3)


def test_the_scatter_draws_the_numbers_of_its_table(html: str):
    figure = figures(html)["cut-chart"]
    heads, *rows = cells(figure)
    svg = next(s for s in figure.iter("svg") if s.attrib["class"] == "wide")
    for dots in (g for g in svg.iter("g") if "data-name" in g.attrib):
        column = heads.index(dots.attrib["data-name"])
        places = points("".join(f"M{p.attrib['data-at']}" for p in dots))
        drawn = undrawn(svg, places)
        shown = np.array([[value(r[2]), value(r[column])] for r in rows])
        for k in (0, 1):
            assert np.allclose(np.sort(drawn[:, k]), np.sort(shown[:, k]), atol=0.3 if k else 0.02)


def test_tables_show_the_measures(comparison, html: str):
    summary = comparison.summary("market", "efficiency")
    mean, low, high = round_to_interval(summary.mean, *summary.ci95)
    assert f"<span>{mean}</span>" in html
    assert f"{low} to {high}" in html
    assert comparison.contract.hash in html
    assert all(o.trace.ending.run in html for o in comparison.outcomes["market"])


def test_the_story_is_the_contract(comparison, html: str):
    economy = comparison.contract.economy
    share = economy.output[economy.network.row("ore")] / economy.scale
    assert "In week 52 the weekly flow of “ore” halves" in html
    assert f"earns {number(100 * share, 3)} % of all income" in html
    assert "it goes into metal" in html


def test_hostile_names_stay_text(stopped):
    html = build_page(stopped, command=HOSTILE)
    assert html.count("<script") == 1
    assert "<img" not in html
    assert "&lt;script&gt;alert(1)" in html
    ET.fromstring(picture(stopped))
    assert HOSTILE in printed(stopped).replace("\n", "")


def test_a_stopped_run_is_named_with_its_reason(stopped):
    html = build_page(stopped, command="")
    reason = stopped.outcomes[list(stopped.outcomes)[1]][0].trace.ending.reason
    assert "These runs stopped early" in html
    assert reason.split(":")[1] in html
    assert "No response for the" in html


def test_one_seed_has_no_bands(stopped):
    html = build_page(stopped, command="")
    assert 'class="band' not in html
    assert "One seed has no interval" in html
    assert figures(html)["efficiency-chart"].find(".//table") is not None


def test_without_an_oracle_it_says_whose_optimum_is_shown(stopped):
    assert "the weekly optimum behind the runs of the market" in build_page(stopped, command="")


def test_a_contract_without_a_shock(economy):
    calm = compare("calm", Contract(economy, weeks=20), ["market"], [0], workers=0)
    html = build_page(calm, command="")
    assert "there is no shock in this contract" in html
    assert list(figures(html)) == ["efficiency-chart"]
    assert "without the shock" not in html
    for section in ("response", "price", "cuts", "side"):
        assert f'id="{section}"' not in html
    ET.fromstring(picture(calm))


def test_two_shocks_one_of_them_to_the_wage(economy):
    shocks = (Shock("ore", 10, 0.7), Shock("labour", 20, 1.1))
    contract = Contract(economy, weeks=30, shocks=shocks)
    html = build_page(compare("two", contract, ["market"], [0], workers=0), command="")
    assert "“ore” falls to 70 %" in html
    assert "“labour” rises to 110 %" in html
    assert "“labour” is what wages are paid for" in html
    assert "price-chart-0" in figures(html)


@pytest.mark.parametrize(
    ("law", "says"),
    [
        (BehaviourLaw(), "Everybody is truthful: nobody hoards"),
        (BehaviourLaw("strategic", pad=0.3, soft=0.1), "Plants hide 30 % of what they can do"),
        (BehaviourLaw("strategic", pad=0.3, soft=0.1), "ask for 10 % more than they want"),
        (BehaviourLaw("adversarial"), "Everybody says the opposite of what they know"),
    ],
)
def test_the_caveats_tell_how_people_of_this_contract_behave(economy, law, says):
    contract = Contract(economy, behaviour=law, weeks=3)
    html = build_page(compare("calm", contract, ["market"], [0], workers=0), command="")
    assert says in html
    assert ("Everybody is truthful" in html) == (law.kind == "truthful")


# ---------------------------------------------------------------- tariffs and announcements


def under(*shocks, weeks: int = 30, names=("market",)) -> str:
    """The page of a comparison on us15 under some shocks."""
    contract = Contract(us15(), weeks=weeks, shocks=shocks)
    return build_page(compare("tariff", contract, list(names), [0], workers=0), command="")


@pytest.fixture(scope="module")
def domestic() -> str:
    """A domestic tariff that is announced, long enough for efficiency to be measured."""
    told = Tariff("domestic", 20, 0.4, announced=True)
    return under(told, weeks=60, names=["market", "five_year_plan"])


def test_a_foreign_tariff_is_told_with_its_size_and_trade():
    html = under(Tariff("foreign", 10, 0.25))
    e = us15()
    share = e.flow[e.exports].sum() / e.scale
    assert "Exports are taxed abroad" in html
    assert "From week 10 on a tariff of 25 % is levied abroad on all exports" in html
    assert "they buy 80 % of what they bought" in html
    assert f"exports come to {number(100 * share, 3)} % of all income, above all Manufactur" in html
    assert "Nobody is told. Those who turn exports into imports get less for them" in html
    assert "The price of imports" in html
    assert "tariff included" not in html
    assert "Held against the best" not in html
    assert "price-chart-0" in figures(html)
    assert ">tariff</text>" in html
    assert ">shock</text>" not in html
    assert "at home that uses what is imported most (Manufacturing, Mining and Prof" in html


def test_a_domestic_tariff_has_two_yardsticks_and_its_announcement_is_told(domestic: str):
    assert "Imports are taxed at home" in domestic
    assert "pays a tariff of 40 % on top of its price" in domestic
    assert "The revenue reaches final users the same week" in domestic
    assert "Everybody knows from week 0 what will happen" in domestic
    assert "Nobody is told" not in domestic
    assert "nobody" not in domestic.split("<nav")[0]
    assert "as buyers pay it, tariff included" in domestic
    assert "Held against the best that can be had while buyers pay the tariff" in domestic


def test_what_is_announced_and_what_is_not_are_told_apart():
    shocks = (Tariff("domestic", 5, 0.1), Shock("deposit 21", 9, 0.5, announced=True))
    html = under(*shocks, weeks=20)
    assert "What happens in week 9 is announced in week 0, the rest to nobody." in html
    assert "Whoever buys an import pays the duty; everybody else" in html
    assert "Whoever owns the resource" not in html
    assert "The price of imports and resources" in html
    assert set(figures(html)) >= {"price-chart-0", "price-chart-1"}


def test_the_end_of_a_tariff_is_told():
    html = under(Tariff("foreign", 5, 0.1), Tariff("foreign", 15, 0.0), weeks=20)
    assert "From week 15 on there is no foreign tariff." in html


def test_the_contract_table_explains_a_tariff(domestic: str):
    for name, shown in (("kind", "domestic"), ("rate", "0.4"), ("announced", "True")):
        assert f'<th scope="row">shocks[0].{name}</th><td>{shown}</td>' in domestic


def test_a_free_comparison_is_called_by_its_mechanisms(economy):
    calm = compare("compare", free(economy, weeks=20), ["market", "five_year_plan"], [0], workers=0)
    html = build_page(calm, command="catallax compare")
    assert "Market and five year plan (retail) under one contract" in html
    assert "Experiment" not in html
    names = {"__name__": "not main", "economy": economy}
    source = again(calm, "catallax compare").replace("economy = ...", "")
    exec(source, names)
    assert names["contract"].hash == calm.contract.hash


# ---------------------------------------------------------------- side by side


def test_differences_stand_side_by_side(comparison, html: str):
    section = html.split('<section id="side"')[1].split("</section>")[0]
    assert section.count("<svg") == len(NAMES) + 2  # the score, wide and narrow
    found = re.findall("<table>.*?</table>", section, re.DOTALL)[-1]
    table = ET.fromstring(found)
    heads, *rows = [["".join(c.itertext()) for c in row] for row in table.iter("tr")]
    assert heads == ["measure", "five year plan (retail)", "static optimum (oracle)"]
    assert [row[0].startswith(m.replace("_", " ")) for row, m in zip(rows, MEASURES, strict=True)]
    gap = comparison.difference("five_year_plan", "efficiency")
    mean, low, high = round_to_interval(gap.mean, *gap.ci95)
    assert rows[list(MEASURES).index("efficiency")][1] == f"{mean}{low} to {high}"


def test_one_mechanism_has_no_side_by_side(economy):
    alone = compare("tin", tin(economy, weeks=60), ["market"], [0], workers=0)
    assert 'id="side"' not in build_page(alone, command="")


@pytest.mark.parametrize("seeds", [[0], [0, 1]])
def test_the_table_of_differences_fits_80_columns(economy, seeds):
    found = compare("tin", tin(economy, weeks=60), NAMES, seeds, workers=0)
    out = io.StringIO()
    Console(width=80, file=out).print(differences_table(found))
    text = out.getvalue()
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= 80
    assert "Difference from market" in text
    assert "five year plan" in text
    assert ("± 95 % interval" in text) == (len(seeds) > 1)
    assert "\nmarket" not in text


def test_the_terminal_table_gives_the_second_yardstick():
    contract = tariff(us15(), kind="domestic", rate=1.0, weeks=56)
    found = compare("tariff", contract, ["market"], [0], workers=0)
    value = found.summary("market", "wedge_efficiency").mean
    said = printed(found).replace("\n", " ")
    assert f"equilibrium with the tariff: market {number(value)}" in re.sub(" +", " ", said)


def test_json_is_strict(comparison):
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    plain = json.loads(to_json(comparison), parse_constant=refuse)
    for name in NAMES:
        for measure in ("score", "efficiency", "area_lost", "bits", "gini"):
            assert {"mean", "ci95", "unit"} <= set(plain["mechanisms"][name][measure])
    assert plain["mechanisms"]["static_optimum"]["kind"] == "oracle"
    assert plain["mechanisms"]["static_optimum"]["bits"]["reason"]


def test_the_picture_stands_alone(comparison):
    root = ET.fromstring(picture(comparison))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert (root.attrib["width"], root.attrib["height"]) == ("900", "380")
    assert "var(" not in picture(comparison)
    texts = ["".join(t.itertext()) for t in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"market", "five year plan (retail)", "static optimum (oracle)", "shock"} <= set(texts)


def test_the_same_comparison_gives_the_same_page(comparison, html: str):
    assert build_page(comparison, command="catallax run tin") == html


def test_the_terminal_table_fits_80_columns(comparison):
    text = printed(comparison)
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= 80
    for part in ("(oracle)", "gains", comparison.contract.hash, "–¹", "¹ "):
        assert part in text


def test_what_is_said_of_tuning_is_what_the_comparison_knows(comparison):
    """In the table, on the page and in the JSON, for each mechanism and for training seeds."""
    text = unescape(build_page(comparison, command=""))
    for name, found in comparison.to_dict()["tuning"]["mechanisms"].items():
        if not comparison.oracle(name):
            assert f"{label_mechanism(name)}: {found['text']}." in text
            assert (label_mechanism(name) in summarise_tuning(comparison)) is not found["tuned"]
    assert "trained on" not in printed(comparison)


def test_a_report_of_untuned_settings_on_training_seeds_says_both():
    contract = tin(generate(2, products=6, households=2), weeks=60)
    shown = compare("tin", contract, ["market:kappa=0.07", "static_optimum"], [1001], workers=0)
    assert summarise_tuning(shown) == ("untuned gains: market (kappa 0.07); trained on seed 1001")
    untuned, seeds = warn_of_tuning(shown)
    assert "The gains of market (kappa 0.07) are untuned" in untuned
    assert "tuned on seed 1001" in seeds
    text = unescape(build_page(shown, command=""))
    assert untuned in text
    assert seeds in text
    assert shown.to_dict()["tuning"]["reported_training_seeds"] == [1001]


@pytest.mark.parametrize("law", [KnowledgeLaw(), KnowledgeLaw(tacit=0.5)])
def test_the_python_makes_the_same_contract(comparison, law: KnowledgeLaw):
    contract = tin(us15(), weeks=70, knowledge=law)
    source = again(replace(comparison, contract=contract), "catallax run")
    names: dict = {"__name__": "not main"}
    exec(source, names)
    assert names["contract"].hash == contract.hash
    assert "range(0, 2)" in source


def test_the_python_of_an_own_economy_asks_for_it(comparison):
    source = again(comparison, "")
    compile(source, "again", "exec")
    assert "economy = ...  # your economy 'synthetic:1'" in source


def test_rank_correlation():
    x = np.array([1.0, 2.0, 2.0, 4.0])
    assert correlate_ranks(x, x**3) == pytest.approx(1.0)
    assert correlate_ranks(x, -x) == pytest.approx(-1.0)
    assert correlate_ranks(x, np.ones(4)) is None
    assert correlate_ranks(x, np.array([1.0, np.nan, 2.0, np.nan])) is None
