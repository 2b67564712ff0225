"""Errors teach: the message names the slip, the nearest right name and the mend."""

import pickle

import pytest

from catallax.errors import CatallaxError, InputError, MissingExtra, unknown


def test_every_error_is_caught_by_the_base_class():
    assert issubclass(InputError, CatallaxError)
    assert issubclass(MissingExtra, CatallaxError)


def test_errors_are_also_the_built_in_kind_a_caller_would_expect():
    assert issubclass(InputError, ValueError)
    assert issubclass(MissingExtra, ImportError)


def test_unknown_returns_an_error_and_does_not_raise_it():
    assert isinstance(unknown("mechanism", "x", ["market"]), InputError)


def test_unknown_says_kind_name_nearest_and_known():
    error = unknown("mechanism", "marke", ["lange", "market", "montias"])
    assert str(error) == (
        "unknown mechanism 'marke'. Did you mean 'market'? Known: lange, market, montias."
    )


def test_unknown_offers_nothing_when_nothing_is_near():
    assert "Did you mean" not in str(unknown("economy", "zzz", ["us15", "us71"]))


@pytest.mark.parametrize("written", ["US15", "Us15", "us_15"])
def test_unknown_finds_a_name_written_in_another_case(written: str):
    assert "Did you mean 'us15'?" in str(unknown("economy", written, ["us15", "world"]))


def test_unknown_keeps_the_known_names_own_spelling():
    assert "Did you mean 'Gini'?" in str(unknown("measure", "gini", ["Gini", "HHI"]))


def test_unknown_lists_a_dozen_and_counts_the_rest():
    names = [f"name{i:02d}" for i in range(40)]
    text = str(unknown("measure", "zzz", names))
    assert "name11 and 28 more." in text
    assert "name12" not in text


def test_unknown_lists_exactly_a_dozen_without_a_remainder():
    text = str(unknown("measure", "zzz", [f"name{i:02d}" for i in range(12)]))
    assert text.endswith("name11.")


def test_unknown_accepts_any_iterable_and_reads_it_once():
    assert "Known: a, b." in str(unknown("good", "zzz", (n for n in "ab")))


def test_unknown_with_nothing_known_says_so():
    assert str(unknown("plug-in", "x", [])) == "unknown plug-in 'x'. No plug-in is known."


def test_missing_extra_says_the_exact_command():
    error = MissingExtra("reading Parquet files", "parquet")
    assert 'pip install "catallax[parquet]"' in str(error)
    assert str(error).startswith("reading Parquet files needs")


def test_errors_survive_the_way_between_processes():
    missing = pickle.loads(pickle.dumps(MissingExtra("the page", "lab")))
    assert (missing.what, missing.extra) == ("the page", "lab")
    assert str(pickle.loads(pickle.dumps(InputError("row 3: no")))) == "row 3: no"
