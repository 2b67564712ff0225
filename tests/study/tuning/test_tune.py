"""Tuning on small economies: what is tried, scored, recorded and said of it."""

import json
import re
import sys
from dataclasses import replace

import pytest

from catallax import InputError, compare
from catallax.domains.production.mechanisms import DELEGATIONS, VARIANTS
from catallax.protocol.mechanism_names import values_of
from catallax.study.tuning import (
    Declaration,
    TunedSpan,
    TuningRecord,
    candidates,
    file_of,
    find_drifted_defaults,
    find_moved_scores,
    find_problems,
    plan_trials,
    read_declaration,
    runs_of,
    shipped_record,
    tune,
)
from catallax.study.tuning.record import shipped_records
from catallax.study.tuning.standing import standing
from catallax.study.tuning.tune import WIDTH

SMALL = """
budget = 3
near = 0.0
seeds = [5, 9]

[[contracts]]
name = "calm"
economy = "synthetic:3"
weeks = 60

[[contracts]]
name = "shortage"
economy = "synthetic:3"
weeks = 64
shocks = [{ resource = "ore", week = 55, factor = 0.5 }]
why = "for the test"

[mechanisms.market]
kappa = { low = 0.01, high = 0.1, scale = "log", start = 0.03, why = "" }

[mechanisms.five_year_plan]
# empty

[mechanisms."five_year_plan:rigid"]
"""

FRAGILE = """
from dataclasses import dataclass
from catallax.domains.production.mechanisms import Agents, Mechanism
from catallax.domains.production.network import Act, Table

@dataclass(frozen=True)
class Rows(Agents):
    sign: float

    def start(self, view):
        return Table(), Table()
    def report(self, view, said):
        return Table(), said
    def act(self, view, done):
        return Act(self.sign * view.inbox.value.link["ask"]), done

def mechanism(sign: float = 1.0):
    return Mechanism("fragile", Rows(sign))
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Declaration:
    path = tmp_path_factory.mktemp("small") / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return read_declaration(path)


@pytest.fixture(scope="module")
def records(small: Declaration) -> list[TuningRecord]:
    return tune(small, workers=0)


def test_everybody_has_the_same_runs_unless_there_is_nothing_to_tune(small, records):
    assert [r.mechanism for r in records] == ["market", "five_year_plan", "five_year_plan:rigid"]
    assert [r.runs for r in records] == [3 * 4, 1 * 4, 1 * 4]
    assert sum(r.runs for r in records) == runs_of(small, plan_trials(small))
    assert records[1].notes == ["no settings to tune: one trial"]


def test_a_score_is_the_one_that_a_comparison_gives(small, records):
    for c, training in enumerate(small.contracts):
        names = [f"market:kappa={t.settings['kappa']}" for t in records[0].trials]
        found = compare("test", training.contract, names, small.seeds, workers=0)
        for name, trial in zip(names, records[0].trials, strict=True):
            scores = [o.measures["score"].value for o in found.outcomes[name]]
            assert trial.scores[c] == scores


def test_the_best_has_the_highest_mean_over_contracts_and_seeds(records):
    record = records[0]
    means = [sum(sum(s) for s in t.scores) / 4 for t in record.trials]
    assert record.means == pytest.approx(means, rel=1e-15)
    assert record.best == record.trials[means.index(max(means))]
    assert len(set(means)) == 3


def test_processes_change_no_record(small, records):
    again = tune(small, workers=2)
    assert [r.hash for r in again] == [r.hash for r in records]


def test_a_record_comes_back_from_its_file(records, tmp_path):
    path = tmp_path / "record.json"
    records[0].save(path)
    back = TuningRecord.load(path)
    assert back == records[0]
    assert back.hash == records[0].hash
    assert json.loads(path.read_text())["hash"] == records[0].hash
    assert list(tmp_path.iterdir()) == [path]


def test_the_hash_is_of_all_but_the_time(records):
    record = records[0]
    assert replace(record, seconds=1e6).hash == record.hash
    assert replace(record, trials=record.trials[:2]).hash != record.hash
    assert replace(record, versions={}).hash != record.hash


def test_of_equals_the_earlier_is_best(records):
    first, *others = records[0].trials
    copies = [replace(t, scores=first.scores) for t in others]
    assert replace(records[0], trials=[first, *copies]).best is first


def test_a_broken_run_counts_as_failed_and_says_why(small, tmp_path):
    path = tmp_path / "fragile.py"
    path.write_text(FRAGILE, encoding="utf-8")
    ranges = {str(path): {"sign": TunedSpan(-1.0, 1.0, 1.0, "")}}
    (record,) = tune(replace(small, ranges=ranges, budget=2, failed=0.25), workers=0)
    good, bad = record.trials
    assert bad.settings["sign"] < 0
    assert bad.scores == [[None, None], [None, None]]
    assert set(bad.reasons) == {f"{c}, seed {s}" for c in ("calm", "shortage") for s in (5, 9)}
    assert all(reason.startswith("bad_act: week -104") for reason in bad.reasons.values())
    assert record.means[1] == 0.25
    assert record.best is good


def test_the_rest_of_the_budget_looks_near_the_best_of_the_first_half(small):
    """Its trials lie within an eighth of each range about that, and none is tried twice."""
    declared = replace(small, budget=6, near=0.5)
    (record,) = tune(declared.chosen(["market"]), workers=0)
    first, rest = record.trials[:3], record.trials[3:]
    assert len(rest) == 3
    assert [dict(t.settings) for t in first] == candidates(declared, "market")
    best, kappa = first[record.find_best(3)], declared.ranges["market"]["kappa"]
    assert isinstance(kappa, TunedSpan)
    for trial in rest:
        apart = kappa.share(trial.settings["kappa"]) - kappa.share(best.settings["kappa"])
        assert abs(apart) <= WIDTH / 2 + 0.01
    assert len({str(dict(t.settings)) for t in record.trials}) == 6
    assert list(find_problems(record, declared)) == []
    moved = replace(
        record, trials=[*first, *[replace(t, settings=first[0].settings) for t in rest]]
    )
    assert list(find_problems(moved, declared)) == ["other settings would be tried now"]


# whether a record still holds


def test_a_fresh_record_has_no_problems(small, records):
    for record in records:
        assert list(find_problems(record, small)) == []
        assert list(find_moved_scores(record, small)) == []


def test_a_record_of_another_declaration_is_told(small, records):
    for other in (
        replace(small, seeds=(5, 8)),
        replace(small, budget=4),
        replace(small, contracts=small.contracts[:1]),
        replace(small, ranges={"market": {"kappa": TunedSpan(0.01, 0.2, 0.03, "", "log")}}),
    ):
        (wrong,) = find_problems(records[0], other)
        assert "another declaration" in wrong


def test_ranges_of_others_do_not_touch_a_record(small, records):
    ranges = {**small.ranges, "five_year_plan": {"smoothing": TunedSpan(0.1, 0.2, 0.1, "")}}
    assert list(find_problems(records[0], replace(small, ranges=ranges))) == []


def test_a_score_that_the_code_no_longer_gives_is_told(small, records):
    record = records[0]
    scores = [[s * (1 + 1e-5) for s in row] for row in record.best.scores]
    (wrong, other) = find_moved_scores(
        replace(record, trials=[replace(record.best, scores=scores)]), small
    )
    assert "'calm', seed 5" in wrong
    assert "'shortage', seed 5" in other


def test_a_contract_that_has_changed_is_told(small, records):
    record = replace(records[0], contracts={**records[0].contracts, "calm": "0" * 16})
    assert list(find_problems(record, small)) == ["contract 'calm' is another one now"]


def test_a_default_that_is_not_the_best_is_told(records):
    best = records[0].best.settings["kappa"]
    better = [replace(t, settings={"kappa": t.settings["kappa"] / 3}) for t in records[0].trials]
    (wrong,) = find_drifted_defaults(replace(records[0], trials=better))
    assert f"best of its record is {best / 3}" in wrong


# what is said of a mechanism's settings


@pytest.fixture
def as_shipped(records, monkeypatch: pytest.MonkeyPatch) -> TuningRecord:
    """A record whose best is market's default, as if the package shipped it."""
    kappa = values_of("market")["kappa"]
    trials = [replace(t, settings={"kappa": kappa}) for t in records[0].trials]
    record = replace(records[0], trials=trials)
    module = sys.modules["catallax.study.tuning.standing"]
    monkeypatch.setattr(
        module, "shipped_records", lambda name, domain: (record,) * (name == "market")
    )
    return record


def test_what_is_said_comes_from_the_record(as_shipped):
    said = standing("market")
    assert said.tuned
    assert said.text == f"tuned: best of 3 settings, 12 runs on seeds 5, 9, record {said.record}"
    assert (said.record, said.runs) == (as_shipped.hash, 12)
    assert standing("market:price_error=0.0").tuned


def test_other_settings_are_untuned(as_shipped):
    said = standing("market:kappa=0.5")
    assert not said.tuned
    assert "kappa is 0.5, not" in said.text
    assert said.record is None
    assert "price_error is 0.5, not 0.0" in standing("market:price_error=0.5").text
    assert standing("five_year_plan").text == "untuned: there is no record of it"
    assert standing("mine.py:share=1").text == "untuned: defined outside the package"
    assert not standing("static_optimum").tuned


def test_a_mechanism_is_tuned_however_it_is_written(records, tmp_path, monkeypatch):
    """Two records with gains of their own; each name finds the one whose settings it has."""
    default = values_of("five_year_plan")["delegation"]
    other = next(word for word in DELEGATIONS if word != default)
    plain = replace(records[1], trials=[replace(records[1].trials[0], settings={"taut": 0.11})])
    varied = replace(
        plain,
        mechanism=f"five_year_plan:{other}",
        trials=[replace(plain.trials[0], settings={"taut": 0.22})],
    )
    for record in (plain, varied):
        record.save(tmp_path / file_of(record.mechanism))
    monkeypatch.setattr(sys.modules["catallax.study.tuning.record"], "FOLDER", tmp_path)
    for cached in (shipped_record, shipped_records):
        cached.cache_clear()
    try:
        for word, taut, found in ((default, 0.11, plain), (other, 0.22, varied)):
            gains = VARIANTS["five_year_plan"][word]
            long = ":".join(f"{key}={value}" for key, value in gains.items() if key != "taut")
            for text in (word, long):
                assert standing(f"five_year_plan:{text}:taut={taut}").record == found.hash
            assert not standing(f"five_year_plan:{word}:taut=0.15").tuned
        assert standing("five_year_plan:taut=0.11").record == plain.hash
        assert (
            f"the record of {varied.mechanism}"
            in standing(f"five_year_plan:{other}:taut=0.15").text
        )
    finally:
        for cached in (shipped_record, shipped_records):
            cached.cache_clear()


# files


def test_a_list_takes_the_ranges_that_stand_on_the_settings(tmp_path):
    """So does `true` in place of one range; another mechanism may share them."""
    file = tmp_path / "mine.toml"
    file.write_text(
        "[mechanisms]\nmarket = ['quote_smoothing', 'kappa']\n"
        "[mechanisms.ai_market]\nsafety = true\n"
        "kappa = { low = 0.1, high = 0.2, start = 0.1, why = '' }\n"
        "[mechanisms.'market:kappa=0.05']\nlike = 'market'\nwithout = ['kappa']\n"
    )
    found, shipped = read_declaration(file).ranges, read_declaration().ranges
    assert list(found["market"].items()) == [
        (k, shipped["market"][k]) for k in ("quote_smoothing", "kappa")
    ]
    assert found["ai_market"]["safety"] == shipped["ai_market"]["safety"]
    assert found["ai_market"]["kappa"] == TunedSpan(0.1, 0.2, 0.1, "")
    assert found["market:kappa=0.05"] == {"quote_smoothing": shipped["market"]["quote_smoothing"]}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("budget = 3", "budget = 0", "budget: 0 is out of range, expected 1 to 1024"),
        ("budget = 3", "budget = 'x'", "budget: 'x' is not a whole number"),
        ("budget = 3", "bugdet = 3", "unknown key 'bugdet'. Did you mean 'budget'"),
        (
            "budget = 3",
            "source = 'x'",
            "toml: unknown key 'source'. .*seeds, contracts, mechanisms",
        ),
        ("budget = 3", "ranges = 3", "toml: unknown key 'ranges'"),
        ("budget = 3", "objective = 3", "toml: objective: 3 is not text in quotes"),
        ("budget = 3", "objective = 'scor'", "unknown measure 'scor'. Did you mean 'score'"),
        ("budget = 3", "objective = 'waste'", "waste is not a measure that is better high"),
        ("budget = 3", "failed = nan", "failed: nan is not a finite number"),
        ("[5, 9]", "[5, 5]", "seeds: give whole numbers from 0 on, each once"),
        ("[5, 9]", "[]", r"seeds: \[\] is not a list"),
        ("[5, 9]", "[5.5]", r"seeds\[0\]: 5.5 is not a whole number"),
        ("weeks = 60", "weeks = 52", r"contracts\[0\].weeks: 52 is too short, expected over 52"),
        ("weeks = 60", "", r"contracts\[0\]: weeks is missing"),
        ("synthetic:3", "maid:3", "unknown economy 'maid:3'"),
        ('"ore"', '"oar"', "oar"),
        ('name = "shortage"', 'name = "calm"', "two have the same name"),
        ("kappa", "kapa", "mechanisms.market.kapa: unknown setting 'kapa'. Did you mean 'kappa'"),
        ("mechanisms.market]", "mechanisms.markt]", "unknown mechanism 'markt'"),
        ("low = 0.01", "low = 0.2", "mechanisms.market.kappa: low: 0.2 to 0.1 is not a log range"),
        ("low = 0.01", "low = true", "low: True is not a number"),
        ("start = 0.03, ", "", "mechanisms.market.kappa: start is missing"),
        (
            "# empty",
            'like = "markt"',
            "like: unknown .*'markt'. Did you mean 'market'",
        ),
        (
            "# empty",
            'like = ["market"]',
            r"five_year_plan.like: \['market'\] is not text in quotes",
        ),
        ("# empty", 'like = "x"\n[mechanisms]\nx = 3', "mechanisms.x: 3 is not a list or a table"),
        ("# empty", 'like = "market"\nwithout = "kappa"', "without: 'kappa' is not a list"),
        (
            "# empty",
            'like = "market"\nwithout = [["kappa"]]',
            r"without\[0\]: .* is not text",
        ),
        ("# empty", 'like = "market"\nwithout = ["kapa"]', "'kapa'. Did you mean 'kappa'"),
        ("# empty", 'like = "five_year_plan"', "like: 'five_year_plan' has a like itself"),
        (
            "# empty",
            'like = "a"\n[mechanisms.a]\nlike = "five_year_plan"',
            "five_year_plan.like: 'a' has a like itself; name a table that has ranges",
        ),
        ("[{ resource", "3 #", r"contracts\[1\].shocks: 3 is not a list"),
        ("[{ resource", "[3] #", r"contracts\[1\].shocks\[0\]: 3 is not a table"),
        ("# empty", "period = 3", "period: 3 is not a table"),
        ("# empty", "period = true", "period: has no range of its own; write { low"),
        ("# empty", '[mechanisms]\nai_market = ["kapa"]', "ai_market.kapa: unknown setting 'kapa'"),
        ("# empty", '[mechanisms]\nai_market = ["a", "a"]', "ai_market: names a setting twice"),
        ("# empty", "[mechanisms]\nai_market = [3]", r"ai_market\[0\]: 3 is not text in quotes"),
        (
            "# empty",
            'period = { low = 1.5, high = 9, start = 3, why = "" }',
            "the setting is a whole number",
        ),
        (
            "# empty",
            'period = { choices = ["a"], start = "a", why = "" }',
            "'a' is not of the setting's type",
        ),
    ],
)
def test_a_wrong_file_is_refused_in_its_own_names(tmp_path, old, new, says):
    path = tmp_path / "wrong.toml"
    path.write_text(SMALL.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=says) as refused:
        read_declaration(path)
    assert str(refused.value).startswith(f"{path}: ")


@pytest.mark.parametrize("said", ["[]", "3", "{}"])
def test_contracts_that_are_no_list_are_refused(tmp_path, said):
    path = tmp_path / "wrong.toml"
    path.write_text(f"contracts = {said}\n[mechanisms.market]\n", encoding="utf-8")
    with pytest.raises(InputError, match=rf"contracts: {re.escape(said)} is not a list"):
        read_declaration(path)


def test_what_a_file_leaves_out_is_as_for_everybody(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("[mechanisms.market]\n", encoding="utf-8")
    mine, package = read_declaration(path), read_declaration()
    assert mine.ranges == {"market": {}}
    assert (mine.seeds, mine.contracts) == (package.seeds, package.contracts)
    assert (mine.budget, mine.search) == (package.budget, package.search)


def test_ranges_can_be_shared(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        '[mechanisms.market]\nkappa = { low = 0.1, high = 0.2, start = 0.1, why = "" }\n'
        'beta = { low = 0.1, high = 0.2, start = 0.1, why = "" }\n'
        '[mechanisms."market:beta=0.2"]\nlike = "market"\nwithout = ["beta"]\n',
        encoding="utf-8",
    )
    ranges = read_declaration(path).ranges
    assert ranges["market:beta=0.2"] == {"kappa": ranges["market"]["kappa"]}


def test_a_range_that_the_mechanism_refuses_stops_before_any_run(small):
    wrong = replace(small, ranges={"market": {"kappa": TunedSpan(0.5, 9.0, 0.5, "")}})
    with pytest.raises(InputError, match=r"mechanisms.market: its ranges .* expected 0 to 1"):
        plan_trials(wrong)


def test_only_declared_mechanisms_can_be_chosen(small):
    assert list(small.chosen(["market"]).ranges) == ["market"]
    assert small.chosen([], 7).budget == 7
    with pytest.raises(InputError, match=r"'markt'. Did you mean 'market'"):
        small.chosen(["markt"])
