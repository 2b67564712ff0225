"""Claims answered by a law made up in place of the laboratory."""

import json
from dataclasses import replace
from functools import partial

import pytest

from catallax import InputError
from catallax.study.claims import AnswerRecord, answers, registry, shipped_answers
from catallax.study.claims.answer import Answer
from catallax.study.sweep import gather

# Declared anew on 2026-12-01 with the laws of what is exact, and not yet answered again.
DECLARED_ANEW = ["H2", "H4", "H7"]


def crossing(point, label, seed):
    """The market leads by 0.25 - tacit, with noise that both have in common."""
    return 0.8 + 0.01 * seed + (0.25 - point["tacit"] if label == "market" else 0.0)


def answer(small, law, name, value, **more) -> Answer:
    return answers(small, [small.claims[name]], law(value, **more))[0]


def test_a_planted_border_is_found(small, law):
    found = answer(small, law, "H1", crossing)
    assert found.verdict == "depends"
    assert found.findings[0].border == (
        "over tacit the mean changes from above 0 to below 0 at 0.25",
    )
    assert found.findings[0].supports == pytest.approx(0.3)
    assert found.findings[0].against == pytest.approx(0.7)


def test_the_slope_over_an_axis_is_found(small, law):
    """Paired on seeds: the common noise is no part of it."""
    found = answer(small, law, "H1", crossing).findings[1]
    assert found.estimate == pytest.approx(-1.0)
    assert found.verdict == "contradicted"
    assert [dict(s.point) for s in found.spots] == [{"delay": 0.0}, {"delay": 1.0}]


def test_a_figure_is_held_against_the_ratio(small, law):
    def quarter(point, label, seed):
        return 1.25 + 0.01 * seed if label == "market" else 1.0

    assert answer(small, law, "H2", quarter).verdict == "supported"
    half = answer(small, law, "H2", lambda p, m, s: 1.5 + 0.01 * s if m == "market" else 1.0)
    assert half.verdict == "contradicted"
    assert half.findings[0].supports == pytest.approx(1.0)


def test_a_run_that_came_down_counts_as_declared_and_is_never_dropped(small, law):
    """H1 declares what a failed run counts for; H2 does not, so it is undecided there."""

    def down(point, label, seed):
        broken = label == "ai_planner" and point["tacit"] == 0.4
        return None if broken else 0.9 if label == "market" else 0.8

    one = answer(small, law, "H1", down).findings[0]
    assert one.verdict == "supported"
    assert {s.mean for s in one.spots if s.point["tacit"] == 0.4} == {0.9}
    two = answer(small, law, "H2", down).findings[0]
    assert two.supports == pytest.approx(0.6)
    assert {s.seeds for s in two.spots if s.point["tacit"] == 0.4} == {0}
    assert two.spots[-1].lost[0] == "seed 0: ai_planner: it came down"


def test_a_finished_run_without_a_value_is_missing_whatever_failed_runs_count_for(small, law):
    found = answer(
        small, law, "H1", lambda p, m, s: None if m == "market" else 0.8, stop="COMPLETED"
    )
    assert found.verdict == "not testable here"
    assert found.reason == "seed 0: market: it came down"


def test_what_cannot_be_run_says_why_and_what_disagrees_is_said(small):
    def nothing(cells, seeds):
        raise AssertionError("nothing is to be run")

    none, twice = answers(small, [small.claims["H3"], small.claims["H4"]], nothing)
    assert (none.verdict, none.reason) == ("not testable here", "nothing can be run")
    assert twice.verdict == "inconsistent"
    assert (
        twice.reason == "the essay's own figures are 2 and 3 points; ours: none, nothing can be run"
    )


def test_no_run_is_made_twice(small, law):
    asked = []

    def counting(cells, seeds):
        asked.append([(c.contract.hash, m) for c in cells for m in c.mechanisms.values()])
        return law(crossing)(cells, seeds)

    found = answers(small, [small.claims["H1"], small.claims["H2"]], counting)
    assert len(asked) == 1
    assert len(asked[0]) == len(set(asked[0])) == 16
    assert {a.runs for a in found} == {64}
    assert found[0].seconds == pytest.approx(32.0)
    assert len(found[0].contracts) == 8


def test_an_answer_goes_to_json_and_back_strictly(small, law, tmp_path):
    whole = answers(small, list(small.claims.values()), law(crossing))
    record = AnswerRecord({}) + whole
    record.save(tmp_path / "a.json")
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    again = AnswerRecord.load(tmp_path / "a.json")
    assert again == record
    assert list(again.answers) == list(small.claims)
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("a.json")] == ["a.json"]


def test_a_record_knows_what_was_declared_anew(small, law, tmp_path):
    record = AnswerRecord({}) + answers(small, list(small.claims.values()), law(crossing))
    assert record.stale(small) == []
    file = tmp_path / "other.toml"
    said = (tmp_path / "registry.toml").read_text()
    file.write_text(said.replace("value = 0.25", "value = 0.3"))
    assert record.stale(registry(file)) == ["H2"]


@pytest.mark.parametrize("text", ['{"answers": [{}]}', "[" * 100_000, "\udcff"])
def test_what_is_no_record_is_refused(text, tmp_path):
    (tmp_path / "a.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError, match="is not a record of claims"):
        AnswerRecord.load(tmp_path / "a.json")


def test_a_record_knows_what_was_answered_under_other_defaults(small, law):
    """Nothing was declared anew, and yet the contracts are no longer those that were run."""
    record = AnswerRecord({}) + answers(small, list(small.claims.values()), law(crossing))
    assert record.outdated(small) == []
    other = replace(record.answers["H2"], contracts=("another",))
    later = AnswerRecord({**record.answers, "H2": other})
    assert later.outdated(small) == ["H2"]
    assert later.stale(small) == []


def test_the_shipped_record_is_of_todays_registry():
    known, record = registry(), shipped_answers()
    assert set(record.answers) <= set(known.claims)
    assert record.stale(known) == DECLARED_ANEW


def test_the_laboratory_itself_answers(small, tmp_path):
    """The same by real runs: two seeds of a small economy in this process, at two places."""
    said = (tmp_path / "registry.toml").read_text()
    for many, few in (
        (
            "values = [0.1, 0.2, 0.3, 0.4], weights = [0.1, 0.2, 0.3, 0.4]",
            "values = [0.1, 0.4], weights = [0.5, 0.5]",
        ),
        ("values = [0.0, 1.0], weights = [0.5, 0.5]", "values = [1.0], weights = [1.0]"),
    ):
        said = said.replace(many, few)
    (tmp_path / "two.toml").write_text(said)
    known = registry(tmp_path / "two.toml")
    found = answers(known, [known.claims["H1"]], partial(gather, workers=0), seeds=(0, 1))[0]
    assert found.runs == 2 * 2 * 2
    assert all(s.seeds == 2 for f in found.findings for s in f.spots)
    assert found.seconds > 0
