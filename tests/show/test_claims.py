"""Claims in words and on a page, from answers by a law made up in place of the laboratory."""

import re
from html.parser import HTMLParser

import pytest

from catallax.execute.row import RunRow
from catallax.show.claims import (
    NOT_RUN,
    build_claims_page,
    explain_verdict,
    make_claim_row,
    make_claim_rows,
    write_claims,
)
from catallax.study.claims import AnswerRecord, answers, registry
from catallax.study.sweep import RunRows

KNOWN = registry()
ASKED = ("H1", "H3", "D1", "D14", "D20")


def made_up(cells, seeds):
    """The market leads by 0.3 - tacit in score; a run of the planner at delay 4 comes down."""

    def value(cell, label, seed):
        if label == "ai_planner" and cell.contract.channel.centre.delay == 4.0:
            return None
        lead = 0.3 - cell.contract.knowledge.tacit if "market" in label else 0.0
        return 0.6 + 0.01 * seed + lead

    return RunRows.of(
        RunRow(
            f"{cell.contract.hash} {label} {seed}", cell.point, label, text, seed,
            cell.contract.to_dict(),
            {"score": got, "area_lost": got, "adaptation_lag": None},
            {"adaptation_lag": "censored"} | ({} if got else {"score": "row <3> broke a rule"}),
            "BAD_ACT" if got is None else "COMPLETED",
        )
        for cell in cells
        for label, text in cell.mechanisms.items()
        for seed in seeds
        for got in [value(cell, label, seed)]
    )  # fmt: skip


@pytest.fixture(scope="module")
def record() -> AnswerRecord:
    """Answers to some claims."""
    return AnswerRecord({}) + answers(
        KNOWN, [KNOWN.claims[n] for n in ASKED], made_up, seeds=(0, 1, 2)
    )


def test_a_line_says_what_the_answer_says(record):
    found = make_claim_row(KNOWN.claims["D1"], record.answers["D1"])
    assert found.figure == "+40 % (source unverified)"
    assert found.ours == "0.0820 (0.0786 to 0.0853)"  # 0.05 over 0.6, 0.61 and 0.62
    assert found.verdict == record.answers["D1"].verdict
    assert make_claim_row(KNOWN.claims["H4"], None).verdict == f"{NOT_RUN} (possibility result)"
    assert make_claim_row(KNOWN.claims["D20"], record.answers["D20"]).verdict == (
        "not testable here (not yet)"
    )


def test_the_border_and_what_would_change_it_are_told(record):
    text = "\n".join(explain_verdict(KNOWN.claims["H1"], record.answers["H1"]))
    assert "Border: over tacit the mean changes from above 0 to below 0 at 0.4" in text
    assert "What would change it: " in text
    assert "162 runs" not in text
    assert "243 runs" in text  # 27 places, three mechanisms, three seeds
    assert "seeds 0 to 2" in text
    assert f"declared as {KNOWN.hashes['H1']}" in text


def test_what_is_missing_is_told_with_a_reason(record):
    text = "\n".join(explain_verdict(KNOWN.claims["H3"], record.answers["H3"]))
    assert "values missing, seed 0: ai_planner: " in text
    assert "no number, seed 0: market: censored" in text


class Ids(HTMLParser):
    """Ids, links to them and open tags of a page."""

    def __init__(self):
        super().__init__()
        self.ids, self.links, self.tags = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.ids += [v for k, v in attrs if k == "id"]
        self.links += [v[1:] for k, v in attrs if k == "href"]


def test_the_page_holds_every_claim_and_leads_to_each(record):
    text = build_claims_page(KNOWN, record, list(KNOWN.claims), command="catallax claims")
    parsed = Ids()
    parsed.feed(text)
    assert set(KNOWN.claims) <= set(parsed.ids)
    assert len(set(parsed.ids)) == len(parsed.ids)
    assert set(parsed.links) <= set(parsed.ids)
    assert "row &lt;3&gt; broke a rule" in text or "row <3>" not in text
    assert "nan" not in re.sub(r"<style>.*?</style>", "", text, flags=re.S).split()
    assert text.count("<details>") == sum(len(a.findings) for a in record.answers.values())


def test_it_is_written_whole(record, tmp_path):
    write_claims(KNOWN, record, ASKED, tmp_path / "claims.html", command="catallax claims")
    assert [p.name for p in tmp_path.iterdir()] == ["claims.html"]
    assert [row.id for row in make_claim_rows(KNOWN, record, ASKED)] == list(ASKED)
