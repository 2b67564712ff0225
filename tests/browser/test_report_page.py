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

from catallax.apps.cli import main
from catallax.show.frontier import build_map_page as map_page
from catallax.study.frontier import find_borders
from tests.study.frontier.planted import CONTRACT, Planted, drawn

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


def opened(script: str, file: Path, seconds: float) -> subprocess.CompletedProcess[str]:
    """A script of this folder that opened the file in the browser, and said something."""
    done = subprocess.run(
        ["node", HERE / script, file],
        capture_output=True,
        text=True,
        timeout=seconds,
        stdin=subprocess.DEVNULL,
    )
    assert done.stdout, done.stderr
    return done


def look(file: Path) -> list[dict]:
    """What `report.mjs` found in each of its views of the file."""
    done = opened("report.mjs", file, 300)
    pages = json.loads(done.stdout)["pages"]
    assert len(pages) == (4 if os.environ.get("ALL_VIEWS") else 2)
    assert done.returncode == (1 if any(page["problems"] for page in pages) else 0)
    return pages


RIVALS = ("market", "ai_planner", "ai_market")


def law(point: dict, mechanism: str) -> float:
    """The planner wins below a tacit share of 0.22."""
    plans = mechanism == "ai_planner"
    return 0.95 - 0.3 * (point["tacit"] - 0.22) * plans - 0.05 * (mechanism == "ai_market")


COMMONS = HERE.parents[1] / "examples" / "commons.py"

# Pages that differ in what they show, short and of small contracts.
REPORTS = {
    "the main experiment": "run tin --seeds 2 --weeks 80 --economy us15",
    "a domestic tariff, announced": (
        "run tariff --seeds 2 --weeks 80 --economy us15 --shock.kind domestic "
        "--shock.announced true"
    ),
    "no shock, one seed": (
        "compare --mechanisms market,five_year_plan --seeds 1 --weeks 60 --economy us15"
    ),
    "plants": "run prices_quantities --seeds 4",
    "a file of the user's": f"run {COMMONS} --seeds 2",
}


@pytest.fixture(scope="module", params=REPORTS)
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each of these reports."""
    out = tmp_path_factory.mktemp("report")
    with pytest.raises(SystemExit) as ended:
        main(
            [
                *f"{REPORTS[request.param]} --workers 0 --quiet --out".split(),
                str(out),
            ]
        )
    assert ended.value.code == 0
    (page,) = out.iterdir()
    return page


def test_the_report_has_no_problem_in_any_view(report: Path):
    for page in look(report):
        assert page["problems"] == [], f"{page['scheme']}, {page['width']} px"


@pytest.mark.slow
def test_the_report_has_no_problem_in_the_other_views_either(report: Path, monkeypatch):
    monkeypatch.setenv("ALL_VIEWS", "1")
    for page in look(report):
        assert page["problems"] == [], f"{page['scheme']}, {page['width']} px"


def test_validation_has_no_problem_in_any_view(tmp_path: Path):
    with pytest.raises(SystemExit) as ended:
        main(["validate", "prices_quantities", "--quiet", "--out", str(tmp_path)])
    assert ended.value.code == 0
    for page in look(tmp_path / "validation.html"):
        assert page["problems"] == [], f"{page['scheme']}, {page['width']} px"


@pytest.fixture(scope="module")
def frontier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a map whose scores follow a law made up for the tests."""
    found = drawn(Planted(law, 2e-3), 500, names=RIVALS, seeds=8)
    file = tmp_path_factory.mktemp("frontier") / "frontier.html"
    file.write_text(
        map_page(found, find_borders(found), CONTRACT, "catallax frontier"), encoding="utf-8"
    )
    return file


def test_the_map_has_no_problem_in_any_view(frontier: Path):
    for view in look(frontier):
        assert view["problems"] == [], f"{view['scheme']}, {view['width']} px"


def test_the_map_is_explored_by_keyboard_and_pointer(frontier: Path):
    found = json.loads(opened("frontier.mjs", frontier, 120).stdout)
    assert found["first"] == found["back"] == "Tacit 0, drift 0"
    assert found["right"].startswith("Tacit 0.")
    assert found["right"] != "Tacit 0, drift 0"
    assert found["up"].startswith("Tacit 0, drift 0.0")
    assert found["pointed"] == "Tacit 0.2, drift 0"
    assert found["rows"] == len(RIVALS)
    assert found["stops"] == 1


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
    assert problems_of("", tmp_path) == [[], []]


# A check that cannot fail proves nothing.
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_in_every_view(fault: str, found: list[list[str]]):
    for problems in found:
        assert any(problem.startswith(fault) for problem in problems), problems


CLAIMS = """
import sys
from pathlib import Path
from catallax.study.claims import AnswerRecord, answers, registry
from catallax.study.sweep import RunRow, RunRows
from catallax.show.claims import write_claims

def made_up(cells, seeds):
    return RunRows.of(
        RunRow(f"{c.contract.hash} {label} {seed}", c.point, label, text, seed,
            c.contract.to_dict(),
            {"score": 0.9 + 0.01 * seed - 0.1 * ("planner" in label) * c.contract.knowledge.tacit})
        for c in cells for label, text in c.mechanisms.items() for seed in seeds
    )

known = registry()
asked = [c for c in known.claims.values() if c.id in ("H1", "H3", "D1") or not c.is_answerable]
record = AnswerRecord({}) + answers(known, asked, made_up, seeds=(0, 1, 2))
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
