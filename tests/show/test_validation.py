"""The page of validation: every row with its number, its tolerance, its source and its fate."""

import re
from xml.etree import ElementTree as ET

import pytest

from catallax.protocol import Reproduced, ValidationResult, ValidationRow, validate
from catallax.show.validation import (
    build_validation_page,
    count_passed,
    find_share_used,
    write_validation,
)
from tests.show.reading import figures

HOSTILE = "<img src=x onerror=alert(1)>"


def row(name: str, ours: float | None, claimed: float = 0.5, **more) -> ValidationResult:
    """The result of a made-up row, whose tolerance is 0.01."""
    reason = "" if ours is not None else f"no number {HOSTILE}"
    asked = {"domain": "arithmetic", "definition": f"of {name}", "source": f"Euclid {HOSTILE}"}
    (result,) = validate(
        [
            ValidationRow(
                name, claimed=claimed, tolerance=0.01, unit="of one",
                compute=lambda: Reproduced(ours, reason=reason), **{**asked, **more},
            )
        ]
    )  # fmt: skip
    return result


RESULTS = [
    row("exact", 0.5),
    row("near", 0.508),
    row("below", 0.4975),
    row("far", 0.9),
    row("none", None),
    row("foretold", 0.53, held_out=True),
    row("other", 0.5, domain="geometry"),
]


@pytest.fixture(scope="module")
def html() -> str:
    return build_validation_page(RESULTS, command="catallax validate")


def test_it_says_how_many_passed_and_which_failed_and_why(html: str) -> None:
    assert count_passed(RESULTS) == "4 of 6 rows passed; of 1 held out, 0."
    assert "4 of 6 rows passed; of 1 held out, 0." in html
    assert "far: off by 0.4, more than 0.01." in html
    assert "foretold (held out): off by 0.03, more than 0.01." in html
    assert "near uses most of its tolerance: 80 %." in html


def test_every_row_stands_with_all_that_is_known_of_it(html: str) -> None:
    (table,) = [t for t in re.findall("<table>.*?</table>", html, re.DOTALL) if "near" in t]
    rows = [["".join(c.itertext()) for c in tr] for tr in ET.fromstring(table).iter("tr")]
    assert rows[0] == ["row", "claimed", "ours", "off by", "allowed", "result", "unit", "source"]
    assert rows[2] == [
        "nearOf near.", "0.5", "0.508", "0.008", "0.01", "passed", "of one", f"Euclid {HOSTILE}",
    ]  # fmt: skip
    assert rows[5][2:4] == ["–", "–"]
    assert rows[6][5] == "failed, held out"


def test_the_chart_shows_errors_in_tolerances(html: str) -> None:
    assert [find_share_used(r) for r in RESULTS[:3]] == pytest.approx([0.0, 0.8, -0.25])
    svg = next(s for s in figures(html)["arithmetic-chart"].iter("svg") if s.get("class") == "wide")
    at = {
        g.attrib["data-name"]: float(g[0].attrib["data-at"].split()[0])
        for g in svg.iter("g")
        if "data-name" in g.attrib and len(g)
    }
    assert "none" not in at
    right = at["near"] - at["exact"]
    assert (at["below"] - at["exact"]) / right == pytest.approx(-0.25 / 0.8, abs=0.01)
    assert (at["far"] - at["exact"]) / right == pytest.approx(2.0 / 0.8, abs=0.01)  # the edge
    assert at["foretold (held out)"] == at["far"]


def test_a_tolerance_of_0_leaves_equal_numbers_equal() -> None:
    found = row("equal", 0.5)
    exact = ValidationResult(found.row, 0.5, 0.0)
    assert find_share_used(exact) == 0.0
    assert find_share_used(ValidationResult(found.row, 0.6, 0.0, "off")) is None
    assert "nan" not in build_validation_page([exact], command="").split("<body>")[1]


def test_it_stands_alone_and_text_stays_text(html: str, tmp_path) -> None:
    assert "<img" not in html
    assert not re.search(r"https?://|\bsrc=|\sstyle=", html.replace("&lt;img src=x", ""))
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)
    write_validation(RESULTS, tmp_path / "validation.html", command="catallax validate")
    assert [p.name for p in tmp_path.iterdir()] == ["validation.html"]
