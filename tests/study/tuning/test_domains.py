"""Tuning of any domain: contracts are settings of an experiment, records say the domain."""

import re
from pathlib import Path

import numpy as np
import pytest

from catallax.errors import InputError
from catallax.protocol import experiment_named
from catallax.study.tuning import (
    TuningRecord,
    find_drifted_defaults,
    find_moved_scores,
    find_problems,
    read_declaration,
    shipped_record,
    standing,
    tune,
)
from catallax.study.tuning.record import shipped_records
from catallax.study.tuning.standing import tuning_report

EXAMPLE = Path(__file__).parents[3] / "examples" / "commons.py"
QUOTA = """
experiment = "commons.py"
budget = 24
near = 0.0
seeds = [5, 9]

[[contracts]]
name = "long"
weeks = 520
why = "for the test"

[[contracts]]
name = "slow"
weeks = 520
growth = 0.2

[mechanisms.quota]
share = { low = 0.02, high = 0.4, start = 0.1, scale = "log", why = "for the test" }

[mechanisms.open_access]
"""


@pytest.fixture
def quota(tmp_path: Path) -> Path:
    (tmp_path / "commons.py").write_text(EXAMPLE.read_text())
    (tmp_path / "quota.toml").write_text(QUOTA)
    return tmp_path / "quota.toml"


def test_the_quota_is_tuned_to_what_the_fish_can_bear(quota):
    """The most that can be caught for ever is at half the stock: a share of about g / (2 + g)."""
    declaration = read_declaration(quota)
    assert (declaration.objective, declaration.failed) == ("caught", 0.0)
    record, null = tune(declaration, workers=0)
    best = np.mean([g / 2 / (1 + g / 2) for g in (0.2, 0.3)])
    tried = [t.settings["share"] for t in record.trials]
    assert record.best.settings["share"] == pytest.approx(best, abs=0.02)
    assert max(tried) > 0.3
    assert null.notes == ["no settings to tune: one trial"]
    contract = experiment_named(str(quota.parent / "commons.py")).build(
        {"weeks": 520, "growth": 0.2}
    )
    assert declaration.contracts[1].contract.hash == contract.hash == record.contracts["slow"]


def test_a_record_says_its_domain_and_still_holds(quota):
    declaration = read_declaration(quota)
    record, _ = tune(declaration, workers=0)
    record.save(quota.parent / "quota.json")
    back = TuningRecord.load(quota.parent / "quota.json")
    assert (back.domain, back.declared["experiment"]) == ("commons", "commons.py")
    assert back.declared["contracts"][1] == {
        "name": "slow", "settings": {"weeks": 520, "growth": 0.2},
    }  # fmt: skip
    assert [*find_problems(back, declaration), *find_moved_scores(back, declaration)] == []
    (wrong,) = find_drifted_defaults(back)
    assert wrong.startswith("share is 0.1 by default, the best of its record is")
    quota.write_text(QUOTA.replace("growth = 0.2", "growth = 0.25"))
    (other,) = find_problems(back, read_declaration(quota))
    assert "another declaration" in other


def test_what_a_file_leaves_out_is_of_the_experiment_and_the_effort_that_of_all(quota):
    quota.write_text('experiment = "commons.py"\n[mechanisms.quota]\n')
    mine, package = read_declaration(quota), read_declaration()
    (only,) = mine.contracts
    assert (only.name, only.contract.weeks) == ("commons", 52)
    assert (mine.budget, mine.near, mine.seeds, mine.search) == (
        package.budget, package.near, package.seeds, package.search,
    )  # fmt: skip


def test_a_measure_that_says_nothing_of_failed_runs_needs_a_number(tmp_path):
    said = 'experiment = "prices_quantities"\nbudget = 4\n[[contracts]]\nname = "one"\n'
    said += "plants = 2\nshock.week = 3\n[mechanisms.hybrid]\n"
    said += 'band = { low = 0.0, high = 2.0, start = 1.0, why = "" }\n'
    (tmp_path / "band.toml").write_text(said)
    with pytest.raises(InputError, match="failed: is missing; say what a run counts that has no w"):
        read_declaration(tmp_path / "band.toml")
    (tmp_path / "band.toml").write_text(f"failed = -1.0\n{said}")
    (record,) = tune(read_declaration(tmp_path / "band.toml"), workers=0)
    assert (record.domain, len(record.trials)) == ("prices_quantities", 4)
    settings = record.declared["contracts"][0]["settings"]
    assert settings == {"plants": 2, "shock.week": 3}


BAD = {
    ('"commons.py"', '"comons.py"'): "comons.py: cannot be read",
    ('"commons.py"', "3"): "experiment: 3 is not text in quotes",
    ("growth = 0.2", "growht = 0.2"): r"contracts[1]: unknown key 'growht'",
    ("growth = 0.2", "growth = 9.0"): "contracts[1]: growth: 9.0 is out of range",
    ("growth = 0.2", 'growth = "a"'): "contracts[1]: growth: 'a' is not a number",
    ('name = "slow"', ""): "contracts[1]: name is missing",
    ('name = "slow"', 'name = "long"'): "two have the same name",
    ("budget = 24", 'objective = "score"'): "unknown measure 'score'. Known: caught",
    ("share =", "shore ="): "mechanisms.quota.shore: unknown setting 'shore'",
    ("[mechanisms.open_access]", "[mechanisms.market]"): "unknown mechanism 'market'",
}


@pytest.mark.parametrize("change", BAD, ids=lambda change: change[1])
def test_a_wrong_file_is_refused_in_its_own_names(quota, change):
    quota.write_text(QUOTA.replace(*change))
    with pytest.raises(InputError, match=re.escape(BAD[change])) as refused:
        read_declaration(quota)
    assert str(refused.value).startswith(f"{quota}: ")


def test_the_packages_records_are_of_the_economy_alone(monkeypatch):
    """A mechanism of another domain that has a name of the economy's is not taken for it."""
    assert shipped_record("market") is not None
    assert shipped_record("market", "prices_quantities") is None
    assert shipped_records("market", "prices_quantities") == ()
    assert standing("hybrid", "prices_quantities").text == "untuned: there is no record of it"
    assert standing("price", "prices_quantities").text == "no settings to tune"
    assert standing("full_information", "prices_quantities").text == "an oracle: nothing to tune"
    said = tuning_report(["price"], [1000], "prices_quantities")
    assert (said["training_seeds"], said["reported_training_seeds"]) == ([], [])
    assert tuning_report(["market"], [1000])["reported_training_seeds"] == [1000]
