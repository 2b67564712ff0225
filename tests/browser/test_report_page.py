"""The report is one file that opens anywhere: offline, light or dark, wide or narrow, by keyboard.

`report.mjs` does the looking. Where Node, its modules or Chromium are missing these tests are
skipped, except under CI, where they fail.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")

pytestmark = pytest.mark.browser


def missing() -> str | None:
    """What the browser tests lack here, with the command that brings it."""
    if shutil.which("node") is None:
        return "node is not installed (version 20 or later)"
    if not (HERE / "node_modules").is_dir():
        return "npm modules are not installed; run: npm --prefix tests/browser ci"
    if shutil.which(CHROMIUM) is None:
        return f"no Chromium at {CHROMIUM}; install it or set CHROMIUM to its path"
    return None


@pytest.fixture(scope="module", autouse=True)
def browser() -> None:
    """Skip where there is no browser; under CI that is a failure."""
    reason = missing()
    if reason is None:
        return
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def look(file: Path) -> list[dict]:
    """What `report.mjs` found in each of its four views of the file."""
    done = subprocess.run(
        ["node", HERE / "report.mjs", file],
        capture_output=True,
        text=True,
        timeout=300,
        stdin=subprocess.DEVNULL,
    )
    assert done.stdout, done.stderr
    pages = json.loads(done.stdout)["pages"]
    assert len(pages) == 4
    assert done.returncode == (1 if any(page["problems"] for page in pages) else 0)
    return pages


# Reports that differ in what they show, short and on the small economy.
REPORTS = {
    "the main experiment": "run tin --seeds 2 --weeks 104",
    "a domestic tariff, announced": (
        "run tariff --seeds 2 --weeks 80 --shock.kind domestic --shock.announced true"
    ),
    "no shock, one seed": "compare --mechanisms market,five_year_plan --seeds 1 --weeks 60",
}


@pytest.fixture(scope="module", params=REPORTS)
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each of these reports."""
    out = tmp_path_factory.mktemp("report")
    command = f"-m catallax {REPORTS[request.param]} --economy us15 --out"
    done = subprocess.run(
        [sys.executable, *command.split(), out],
        capture_output=True,
        text=True,
        timeout=600,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stderr
    (page,) = out.iterdir()
    return page


def test_the_report_has_no_problem_in_any_view(report: Path):
    for page in look(report):
        assert page["problems"] == [], f"{page['scheme']}, {page['width']} px"


PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>A page</title><style>:root { color-scheme: light dark }</style></head>
<body><main><h1>A page</h1>
<img alt="" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">
<details><summary>Outer</summary><p>One.</p>
<details open><summary>Inner</summary><p>Two.</p></details></details>
BODY
</main></body></html>
"""

# What the checker says -> the HTML that it says it of.
FAULTS = {
    "console error: wrong": "<script>console.error('wrong')</script>",
    "page error": "<script>undefined.x</script>",
    "request: http://127.0.0.1:9/": "<img alt='' src='http://127.0.0.1:9/x.png'>",
    "request: file": "<img alt='' src='beside.png'>",
    "axe image-alt": "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>",
    "axe color-contrast": "<p style='color: #bbb; background: #fff'>Pale.</p>",
    "scrolls sideways": "<p style='width: 1500px'>Wide.</p>",
    "details 3: Enter does not open": (
        "<details onclick='event.preventDefault()'><summary>Shut</summary>x</details>"
    ),
    "details 4: no visible summary": "<details><summary hidden>Gone</summary>x</details>",
    "details 5: its summary cannot be reached by keyboard": (
        "<details><summary tabindex='-1'>Passed over</summary>x</details>"
    ),
}


def problems_of(body: str, folder: Path) -> list[list[str]]:
    """Every problem found in each view of a page that is good but for its body."""
    file = folder / "a page.html"
    file.write_text(PAGE.replace("BODY", body), encoding="utf-8")
    return [page["problems"] for page in look(file)]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """What is found in a page with every fault."""
    return problems_of("\n".join(FAULTS.values()), tmp_path_factory.mktemp("faults"))


def test_a_good_page_passes(tmp_path: Path):
    assert problems_of("", tmp_path) == [[], [], [], []]


# A check that cannot fail proves nothing.
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_in_every_view(fault: str, found: list[list[str]]):
    for problems in found:
        assert any(problem.startswith(fault) for problem in problems), problems


CLAIMS = """
import sys
from pathlib import Path
from catallax.experiments.claims import Record, answers, registry
from catallax.experiments.sweep import Rows
from catallax.experiments.sweep.rows import Row
from catallax.report.claims_page import write_claims

def made_up(cells, seeds):
    return Rows.of(
        Row(f"{c.contract.hash} {label} {seed}", c.point, label, text, seed, c.contract.to_dict(),
            {"score": 0.9 + 0.01 * seed - 0.1 * ("planner" in label) * c.contract.knowledge.tacit})
        for c in cells for label, text in c.mechanisms.items() for seed in seeds
    )

known = registry()
asked = [c for c in known.claims.values() if c.id in ("H1", "H3", "D1") or not c.answerable]
record = Record({}) + answers(known, asked, made_up, seeds=(0, 1, 2))
write_claims(known, record, list(known.claims), Path(sys.argv[1]), command="catallax claims")
"""


def test_the_claims_have_no_problem_in_any_view(tmp_path: Path):
    file = tmp_path / "claims.html"
    command = [sys.executable, "-c", CLAIMS, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    for page in look(file):
        assert page["problems"] == [], f"{page['scheme']}, {page['width']} px"
        assert page["details"] == 8  # three claims that are answered: two, three and three parts
