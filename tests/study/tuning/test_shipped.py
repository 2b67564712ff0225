"""The package's own declaration and records: complete, of this code, and where defaults come from.

After a change of ranges, contracts, physics or mechanisms: `catallax tune --out
src/catallax/study/tuning/records`, then set the defaults to what it says.
"""

import pytest

from catallax.apps.values import SEEDS
from catallax.domains.production.mechanisms import REGISTRY, VARIANTS
from catallax.protocol import settings_of
from catallax.protocol.mechanism_names import every_mechanism
from catallax.protocol.tuned import TunedSpan
from catallax.study.tuning import (
    FOLDER,
    file_of,
    find_drifted_defaults,
    find_moved_scores,
    find_problems,
    read_declaration,
    shipped_record,
)

DECLARED = read_declaration()
# It hardly plans in training: nothing to choose by. And planners as they were, gains and all.
UNTUNED = {"five_year_plan:rigid", "ai_planner:plain"}
TUNED = [name for name in every_mechanism() if name not in UNTUNED]
HELD_OUT = {0, 1, 2, 3, 4, 5, 6, 7}  # of README and docs


def test_every_mechanism_and_variant_is_declared():
    assert sorted(DECLARED.ranges) == sorted(TUNED)


def test_no_variant_tunes_all_that_makes_it_one():
    for base, words in VARIANTS.items():
        for word in {w for w in words if f"{base}:{w}" in DECLARED.ranges}:
            settings = words[word]
            assert set(settings) - set(DECLARED.ranges[f"{base}:{word}"]), f"{base}:{word}"


@pytest.mark.parametrize("name", REGISTRY)
def test_every_setting_that_has_a_range_is_tuned(name):
    """With the mechanism itself, or with a variant that it means something to."""
    known = settings_of(REGISTRY[name])
    mine = [m for m in DECLARED.ranges if m.split(":")[0] == name]
    assert {k for m in mine for k in DECLARED.ranges[m]} == {k for k, s in known.items() if s.tuned}
    for key, r in DECLARED.ranges[name].items():
        assert r is known[key].tuned
        for value in (r.start, *([r.low, r.high] if isinstance(r, TunedSpan) else r.choices)):
            known[key].check(f"{name}:{key}", value)


def test_every_range_gives_its_reason():
    for name, ranges in DECLARED.ranges.items():
        for key, r in ranges.items():
            assert len(r.why) > 10, f"{name}.{key}"


def test_training_and_reported_seeds_are_different():
    assert not set(DECLARED.seeds) & {*HELD_OUT, *SEEDS}


def test_training_economies_are_not_those_of_documents():
    made = {t.plain["economy"] for t in DECLARED.contracts} - {"us15", "us71"}
    assert not made & {f"made:{k}" for k in range(100)}


def test_no_record_is_left_over():
    assert {path.name for path in FOLDER.iterdir()} == {file_of(m) for m in TUNED}


@pytest.mark.parametrize("name", TUNED)
def test_the_record_belongs_to_the_declaration(name):
    record = shipped_record(name)
    assert record is not None, __doc__
    assert list(find_problems(record, DECLARED)) == [], __doc__


@pytest.mark.parametrize("name", TUNED)
def test_defaults_are_the_best_of_the_record(name):
    record = shipped_record(name)
    assert record is not None, __doc__
    assert list(find_drifted_defaults(record)) == [], __doc__


@pytest.mark.slow
@pytest.mark.parametrize("name", TUNED)
def test_the_code_still_gives_the_scores_of_the_record(name):
    record = shipped_record(name)
    assert record is not None
    assert list(find_moved_scores(record, DECLARED)) == [], __doc__
