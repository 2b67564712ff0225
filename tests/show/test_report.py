"""A page of any domain says what was measured, stands on its own and breaks at nothing."""

import base64
import hashlib
import io
import math
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from rich.console import Console

import catallax.show
from catallax import Comparison, compare
from catallax.protocol import RunInput, TraceLine, domain_in
from catallax.show import DomainPage, differences_table, picture, terminal_table, write_report
from catallax.show.chart import make_linear_axis, make_log_axis, make_week_axis
from catallax.show.origins import write_contract_code, write_python
from catallax.show.page import build_page
from catallax.show.terminal import format_compact
from catallax.show.words import (
    count_decimals,
    fixed,
    joined,
    label_mechanism,
    number,
    round_to_interval,
)
from tests.show.reading import cells, figures, points, undrawn, value
from tests.show.toy import kept, known_again, toy

COMMONS = Path(__file__).parents[2] / "examples" / "commons.py"
HOSTILE = '"><script>alert(1)<img src=x onerror=alert(2)> & co'


def walk(chances: np.random.Generator, amount: float, weeks: int) -> np.ndarray:
    """Below 0 and above it: a random walk around `amount`."""
    return amount + chances.normal(size=weeks).cumsum() / 5.0


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return toy("walks", walk, mechanisms=["sees", "adds", "adds:amount=1"])


@pytest.fixture(scope="module")
def html(comparison: Comparison) -> str:
    known_again()
    return build_page(comparison, command="catallax run walks.py")


@pytest.fixture(scope="module")
def stopped() -> Comparison:
    """One seed, hostile words wherever a user may write them, and a run that broke a rule."""
    lines = {"line": TraceLine(HOSTILE, HOSTILE, HOSTILE)}
    return toy(
        "stopped", walk, mechanisms=["adds", "breaks"], seeds=1, lines=lines, caveats=[HOSTILE]
    )


def printed(table: object) -> str:
    out = io.StringIO()
    Console(width=80, file=out).print(table)
    return out.getvalue()


# ---------------------------------------------------------------- what every page has


def test_the_page_is_one_small_file(comparison: Comparison, tmp_path: Path) -> None:
    file = tmp_path / "walks.html"
    write_report(comparison, file, command="catallax run")
    assert file.stat().st_size < 200_000
    assert [p.name for p in tmp_path.iterdir()] == ["walks.html"]


def test_the_page_asks_for_nothing(html: str) -> None:
    assert not re.search(r"https?://|@import|\bsrc=|<link|<iframe|<object", html)
    assert set(re.findall(r'href="(.)', html)) == {"#"}
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", html))


def test_the_browser_is_told_to_run_this_script_alone_and_to_ask_for_nothing(html: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    allowed = dict(part.split(" ", 1) for part in policy[1].replace("&#x27;", "'").split("; "))
    assert allowed["default-src"] == allowed["base-uri"] == allowed["form-action"] == "'none'"
    for kind in ("style", "script"):
        (text,) = re.findall(f"<{kind}>(.*?)</{kind}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert allowed[f"{kind}-src"] == f"'sha256-{digest}'"
    assert not re.search(r'\sstyle="|\son\w+="', html)


def test_links_inside_the_page_lead_somewhere_and_ids_are_unique(html: str) -> None:
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    targets = re.findall(r'href="#([^"]+)"', html) + re.findall(r"url\(#([^)]+)\)", html)
    labels = " ".join(re.findall(r'aria-labelledby="([^"]+)"', html)).split()
    assert set(targets) | set(labels) <= set(ids)


def test_every_chart_is_named_and_has_a_table(html: str) -> None:
    found = figures(html)
    assert list(found) == ["judged-chart", "side-chart", "line-chart-0"]
    for figure in found.values():
        assert figure.find(".//details//table") is not None
        for svg in figure.iter("svg"):
            assert svg.attrib["role"] == "img"
            assert all(svg.findtext(part) for part in ("title", "desc"))


def test_a_chart_draws_the_numbers_of_its_table(html: str) -> None:
    figure = figures(html)["line-chart-0"]
    groups, _, *rows = cells(figure)
    numbers = np.array([[value(c) for c in row] for row in rows])
    assert numbers[:, 1:].min() < 0.0 < numbers[:, 1:].max()
    for svg in (s for s in figure.iter("svg") if s.attrib["class"] in ("wide", "narrow")):
        height = [float(v) for v in svg.attrib["data-y"].split()]
        lines = {p.attrib["data-name"]: p for p in svg.iter("path") if "data-name" in p.attrib}
        assert list(lines) == groups[1:] == ["adds", "adds (amount 1)", "sees (oracle)"]
        for k, name in enumerate(groups[1:]):
            drawn = undrawn(svg, points(lines[name].attrib["d"]))
            assert np.allclose(drawn[:, 0], numbers[:, 0], atol=0.2)
            near = 1e-3 * (height[1] - height[0])
            assert np.allclose(drawn[:, 1], numbers[:, 1 + 3 * k], atol=near, rtol=1e-3)


def test_strips_stand_where_their_numbers_are(comparison: Comparison, html: str) -> None:
    svg = next(s for s in figures(html)["judged-chart"].iter("svg") if s.get("class") == "wide")
    at = {
        g.attrib["data-name"]: float(g[-1].attrib["data-at"].split()[0])
        for g in svg.iter("g")
        if "data-name" in g.attrib
    }
    means = [comparison.summary(m, "mean").mean or 0.0 for m in ("adds", "adds:amount=1", "sees")]
    places = list(at.values())
    assert list(at) == ["adds", "adds (amount 1)", "sees (oracle)"]
    assert means[1] == means[2]
    assert places[1] == places[2] > places[0]
    ticks = [
        (float(t.attrib["x"]), value(t.text or ""))
        for t in svg.iter("text")
        if t.get("text-anchor") == "middle"
    ]
    (x0, v0), (x1, v1) = ticks[0], ticks[-1]
    scale = (x1 - x0) / (v1 - v0)
    assert places == pytest.approx([x0 + scale * (m - v0) for m in means], abs=0.2)


def test_tables_show_the_measures_and_what_ran(comparison: Comparison, html: str) -> None:
    summary = comparison.summary("adds", "mean")
    assert summary.mean is not None
    assert summary.ci95 is not None
    mean, low, high = round_to_interval(summary.mean, *summary.ci95)
    assert f"<span>{mean}</span>" in html
    assert f"{low} to {high}" in html
    assert comparison.contract.hash in html
    assert all(o.trace.ending.run in html for o in comparison.outcomes["adds"])


def test_the_finding_says_who_leads_and_whether_that_is_sure(html: str) -> None:
    found = html.split('class="finding">')[1].split("</div>")[0]
    assert "Mean (points; higher is better): adds (amount 1) " in found
    assert "Paired on seeds, adds (amount 1) differs from adds by 1 (1 to 1 at 95 %)." in found
    assert "For comparison, with everything known: sees (oracle) " in found


def test_a_difference_too_small_to_tell_is_said() -> None:
    def noise(chances: np.random.Generator, amount: float, weeks: int) -> np.ndarray:
        return chances.normal(size=weeks) * (1.0 if amount else -1.0)

    text = build_page(toy("noise", noise, seeds=8), command="")
    assert "differ by less than 8 seeds can tell (" in text


def test_a_domain_without_messages_and_shocks_does_not_speak_of_them(html: str) -> None:
    assert 'id="messages"' not in html
    assert "from outside" not in html
    assert "no shock" not in html


def test_the_words_of_a_domain_stand_on_its_page(stopped: Comparison) -> None:
    text = build_page(stopped, command="")
    assert text.count("&lt;script&gt;alert(1)") >= 4  # title, unit and text of the line; caveat


def test_hostile_words_stay_text(stopped: Comparison) -> None:
    text = build_page(stopped, command=HOSTILE)
    assert text.count("<script") == 1
    assert "<img" not in text
    ET.fromstring(picture(stopped))
    assert "\x00" not in printed(terminal_table(stopped))


def test_a_stopped_run_is_named_with_its_reason(stopped: Comparison) -> None:
    text = build_page(stopped, command="")
    assert "These runs stopped early" in text
    assert "breaks, seed 0: it wants more than there is (the mechanism broke a rule)" in text
    assert text.count("it wants more than there is (the mechanism") == 1  # its twin is the run


def test_one_seed_has_no_interval(stopped: Comparison) -> None:
    text = build_page(stopped, command="")
    assert 'class="band' not in text
    assert 'class="whisker' not in text
    assert "One seed has no interval" in text


def test_without_any_run_that_ended_there_is_a_page() -> None:
    text = build_page(toy("nothing", walk, mechanisms=["breaks"], seeds=2), command="")
    assert "No measure is defined for these runs." in text
    assert 'id="weeks"' not in text


def test_one_mechanism_has_no_side_by_side() -> None:
    assert 'id="side"' not in build_page(toy("alone", walk, mechanisms=["adds"]), command="")


def test_the_same_comparison_gives_the_same_page(comparison: Comparison, html: str) -> None:
    assert build_page(comparison, command="catallax run walks.py") == html


def test_a_failed_write_leaves_the_old_file(
    comparison: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "walks.html"
    file.write_text("old")

    def fail(self: Path, target: Path) -> Path:
        raise OSError("disk")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk"):
        write_report(comparison, file, command="")
    assert file.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["walks.html"]


WORDS = (
    "economy economies efficiency market planner planning price prices wage tariff plant plants "
    "household households firm firms utility supplier suppliers licence quota weitzman hayek"
).split()


def test_no_word_of_a_domain_stands_in_the_report() -> None:
    folder = Path(catallax.show.__file__).parent
    files = [p for p in folder.rglob("*") if p.suffix in (".py", ".js", ".css", ".html")]
    assert len(files) > 20
    for path in files:
        words = set(re.findall(r"[a-z]+", path.read_text(encoding="utf-8").lower()))
        assert not words & set(WORDS), path.name


# ---------------------------------------------------------------- a file of the user's


@pytest.fixture(scope="module")
def commons() -> Comparison:
    domain = kept(domain_in(COMMONS))
    contract = domain.experiments["commons"].build({"growth": 0.5})
    return compare("commons", contract, ["open_access", "quota"], 2, workers=0)


def test_a_file_without_a_line_about_pages_has_one(commons: Comparison) -> None:
    text = build_page(commons, command="catallax run commons.py")
    assert "<span>How much is caught where nobody owns the fish</span>" in text
    assert "<strong>Open access</strong>: <span>Everybody fishes until a day at sea" in text
    assert "Open access and quota each run commons for 52 weeks (1 year)" in text
    assert set(figures(text)) == {"judged-chart", "side-chart", "line-chart-0", "line-chart-1"}
    assert '<th scope="row">growth</th><td>0.5</td>' in text
    assert "share of the virgin stock a week" in text


def test_its_python_makes_the_same_contract(commons: Comparison) -> None:
    names: dict = {"__name__": "not main"}
    exec(write_python(commons, "catallax run", write_contract_code(commons)), names)
    assert names["contract"].hash == commons.contract.hash


def test_its_picture_stands_alone(commons: Comparison) -> None:
    root = ET.fromstring(picture(commons))
    assert root.attrib["width"] == "900"
    assert "var(" not in picture(commons)
    texts = ["".join(t.itertext()) for t in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"open access", "quota", "Caught", "Stock"} <= set(texts)


def test_series_of_other_runs_are_named(comparison: Comparison) -> None:
    given = RunInput(comparison.contract, "adds:amount=1", "line")
    text = build_page(toy("coupled", walk, inputs={"rain": given}), command="")
    assert "All take as given: rain, the series line of adds:amount=1 on walks (walks, " in text
    assert '<th scope="row">inputs.rain.contract.weeks</th><td>30</td><td>length of a run' in text


def test_a_domain_says_what_it_wants_and_leaves_the_rest(commons: Comparison) -> None:
    def leads(found: Comparison) -> list[str]:
        return [f"There are {found.contract.weeks} weeks."]

    text = build_page(toy("own", walk, page=lambda: DomainPage(leads=leads)), command="")
    assert '<p class="lead">There are 30 weeks.</p>' in text
    assert 'id="judged"' in text


def test_what_is_no_page_is_refused() -> None:
    with pytest.raises(TypeError, match=r"page of wrong: gave dict; return a catallax.show"):
        build_page(toy("wrong", walk, page=dict), command="")


# ---------------------------------------------------------------- on a terminal


def test_the_tables_fit_80_columns(comparison: Comparison) -> None:
    for table in (terminal_table(comparison), differences_table(comparison)):
        text = printed(table)
        assert "…" not in text
        assert max(map(len, text.splitlines())) <= 80
    assert "Difference from adds" in text
    assert "walks: 30 weeks, 3 seeds" in printed(terminal_table(comparison))


def test_a_missing_difference_names_mechanisms_as_the_table_does() -> None:
    found = toy("reasons", walk, mechanisms=["adds", "breaks:amount=2"], seeds=2)
    text = printed(differences_table(found))
    assert "¹ breaks (amount 2): bad_act: it wants more than there is" in text
    assert "breaks:amount=2" not in text


def test_the_notes_of_a_domain_stand_below_its_table() -> None:
    found = toy("noted", walk, page=lambda: DomainPage(notes=lambda found: ["Mind the gap."]))
    assert "Mind the gap." in printed(terminal_table(found))


@pytest.mark.parametrize(
    ("mean", "half", "text"),
    [
        (483714.757, 1.7e-10, "484 k\n±0"),
        (483714.757, 250.0, "484 k\n±250"),
        (2.0, 0.0, "2\n±0"),
        (0.98134, 0.0004, "0.9813\n±.0004"),
    ],
)
def test_a_cell_shows_the_interval_over_seeds_and_no_rounding_of_sums(mean, half, text):
    assert format_compact(mean, half) == text


# ---------------------------------------------------------------- words and axes


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (483_714.8, "484 k"),
        (0.98126, "0.9813"),
        (-0.0058477, "−0.005848"),
        (1.77e-5, "1.8 × 10⁻⁵"),
        (2.6e-18, "0"),
        (1536.09, "1536"),
        (math.nan, "–"),
        (None, "–"),
    ],
)
def test_numbers_read_well(x: float | None, text: str):
    assert number(x) == text


def test_a_mean_shows_no_more_digits_than_its_interval_allows():
    assert round_to_interval(0.981244, 0.980750, 0.981738) == ("0.9812", "0.9808", "0.9817")
    assert round_to_interval(32.845, 29.415, 36.275) == ("32.8", "29.4", "36.3")
    assert count_decimals(0.0, 0.02) == 3
    assert fixed(-0.0001, 2) == "0.00"


def test_words():
    assert joined(["a", "b", "c"]) == "a, b and c"
    assert label_mechanism("five_year_plan") == "five year plan (retail)"
    assert label_mechanism("ai_planner:in_kind") == "AI planner (in kind)"
    assert label_mechanism("/some/where/my_own.py") == "my own"


def test_axes_have_round_ticks():
    assert [t for _, t in make_linear_axis(0.71, 1.02, "").ticks] == ["0.8", "0.9", "1.0"]
    assert [t for _, t in make_log_axis(0.8, 7.0, "").ticks] == ["1", "2", "5"]
    assert [v for v, _ in make_week_axis(0, 311).ticks] == [0, 52, 104, 156, 208, 260]
    assert make_linear_axis(1.0, 1.0, "").high > 1.0
