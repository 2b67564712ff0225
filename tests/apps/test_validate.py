"""`catallax validate` on the command line, with rows that are made up."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from catallax.apps.commands import validate as validating
from catallax.errors import InputError
from catallax.protocol import Reproduced, ValidationRow

DOCS = Path(__file__).parents[2] / "docs"
GOOD = ValidationRow(
    id="half",
    domain="arithmetic",
    claimed=0.5,
    tolerance=0.01,
    unit="of one",
    definition="one over two",
    source="Euclid",
    compute=lambda: Reproduced(0.499),
)
WRONG = replace(GOOD, id="third", domain="thirds", compute=lambda: Reproduced(1 / 3))
HELD = replace(WRONG, id="unseen", held_out=True)


def _raise() -> Reproduced:
    raise InputError("no such plant")


RAISING = replace(GOOD, id="raising", compute=_raise)
FIELDS = ["id", "domain", "claimed", "tolerance", "ours", "passed", "held_out", "source"]


@pytest.fixture
def rows(monkeypatch):
    """Put these rows in the place of all domains'."""

    def put(*made: ValidationRow) -> None:
        monkeypatch.setattr(validating, "validation_rows", lambda: made)

    return put


def test_all_passed(call, rows):
    rows(GOOD)
    said = call("validate", "--quiet")
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[2].split() == "half 0.5 0.499 0.001 0.01 of one passed".split()
    assert said.out.splitlines()[-1] == "1 of 1 row passed."


def test_a_failure_is_exit_code_1_with_its_reason(call, rows):
    rows(GOOD, WRONG, RAISING)
    said = call("validate", "--quiet")
    assert said.code == 1
    assert "third failed: off by 0.167, more than 0.01." in said.out
    assert "raising failed: no such plant." in said.out
    assert said.out.splitlines()[-1] == "1 of 3 rows passed."


def test_a_held_out_failure_is_shown_and_is_exit_code_0(call, rows):
    rows(GOOD, HELD)
    said = call("validate", "--quiet")
    assert said.code == 0
    assert "failed, held out" in said.out
    assert "unseen failed: off by 0.167, more than 0.01." in said.out
    assert said.out.splitlines()[-1] == "1 of 1 row passed; of 1 held out, 0."


def test_json_is_one_strict_object_in_the_order_of_the_rows(call, rows):
    rows(GOOD, WRONG, RAISING, HELD)
    said = call("validate", "--json")
    assert said.code == 1
    whole = json.loads(said.out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert list(whole) == ["rows"]
    assert [list(row)[:8] for row in whole["rows"]] == [FIELDS] * 4
    assert [row["id"] for row in whole["rows"]] == ["half", "third", "raising", "unseen"]
    assert [row["passed"] for row in whole["rows"]] == [True, False, False, False]
    assert [row["held_out"] for row in whole["rows"]] == [False, False, False, True]
    assert [row["ours"] for row in whole["rows"]] == [0.499, 1 / 3, None, 1 / 3]
    assert whole["rows"][0]["tolerance"] == 0.01


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        (["half"], ["half"]),
        (["thirds"], ["third", "unseen"]),
        (["unseen", "half"], ["half", "unseen"]),
        (["thirds,half"], ["half", "third", "unseen"]),
        (["third", "thirds"], ["third", "unseen"]),
    ],
)
def test_rows_are_chosen_by_their_names_and_their_domains(call, rows, words, ids):
    rows(GOOD, WRONG, HELD)
    found = json.loads(call("validate", *words, "--json", "--quiet").out)["rows"]
    assert [row["id"] for row in found] == ids


def test_chosen_rows_come_with_their_definition_and_source(call, rows):
    rows(GOOD, WRONG)
    said = call("validate", "half", "--quiet")
    assert said.code == 0
    assert "half: one over two.\n  Source: Euclid." in said.out
    assert "one over two" not in call("validate", "--quiet").out


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("hulf", "unknown validation row or domain 'hulf'. Did you mean 'half'? Known: arithmetic"),
        ("third,", "unknown validation row or domain ''."),
    ],
)
def test_an_unknown_name_is_exit_code_2_with_the_nearest(call, rows, word, says):
    rows(GOOD, WRONG)
    said = call("validate", word)
    assert (said.code, said.out) == (2, "")
    assert says in said.err
    assert len(said.err.splitlines()) == 1


def test_progress_goes_to_standard_error(call, rows):
    rows(GOOD, WRONG)
    assert "2 of 2 done (third)" in call("validate", "--json").err


def test_no_two_rows_of_all_domains_share_a_name():
    rows = validating.validation_rows()
    names = [row.id for row in rows] + sorted({row.domain for row in rows})
    assert len(names) == len(set(names))


def test_out_leaves_a_page_that_names_the_command(call, rows, tmp_path):
    rows(GOOD, WRONG)
    said = call("validate", "half,third", "--quiet", "--out", str(tmp_path / "pages"))
    file = tmp_path / "pages" / "validation.html"
    assert said.code == 1
    assert said.out.splitlines()[-1] == f"Page: {file}"
    text = file.read_text(encoding="utf-8")
    assert "catallax validate half,third" in text
    assert "third: off by 0.167, more than 0.01." in text


def test_a_page_that_cannot_be_written_ends_it_before_anything_is_computed(call, rows, tmp_path):
    rows(RAISING)
    (tmp_path / "taken").write_text("a file")
    said = call("validate", "--out", str(tmp_path / "taken"))
    assert said.code == 2
    assert "--out" in said.err
    assert said.out == ""


def test_without_out_nothing_is_written(call, rows, tmp_path, monkeypatch):
    rows(GOOD)
    monkeypatch.chdir(tmp_path)
    call("validate", "--quiet")
    assert not list(tmp_path.iterdir())


def production() -> list[ValidationRow]:
    """The rows about the production economy, those of laboratories last."""
    return [row for row in validating.validation_rows() if row.domain == "production"]


def test_rows_of_laboratories_stand_behind_those_of_their_domain() -> None:
    from catallax.domains.production.validation import ROWS
    from catallax.labs import validation

    assert production() == [*ROWS, *validation.ROWS]
    assert len({row.id for row in validating.validation_rows()}) == len(
        validating.validation_rows()
    )


def allowed(row) -> str:
    """A tolerance as the document writes it."""
    return f"{100 * row.tolerance:g} %" if row.relative else f"{row.tolerance:g}"


def test_the_document_shows_every_row_as_it_is_declared():
    lines = [
        f"| `{r.id}` | {r.claimed:g} {r.unit} | {r.definition} | {allowed(r)} | {r.source} |"
        for r in production()
    ]
    shown = (DOCS / "validation.md").read_text(encoding="utf-8").splitlines()
    found = [line for line in shown if line.startswith("| `")]
    assert found == lines, "docs/validation.md must read:\n" + "\n".join(lines)


@pytest.mark.parametrize("row", production(), ids=lambda row: row.id)
def test_sources_stand_in_the_references(row):
    entries = (DOCS / "references.md").read_text(encoding="utf-8").split("\n\n")
    for source in row.source.split("; "):
        authors, year = source.rsplit(" ", 1)
        names = re.split(r", | & ", authors)
        fits = [e for e in entries if e.startswith(f"{names[0]},") and f"({year})" in e]
        assert any(all(n in e for n in names) for e in fits), source
