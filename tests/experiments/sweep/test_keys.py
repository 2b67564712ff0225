"""The key of a run, worked out before it is run, is the hash that it has."""

import pytest

from catallax import Contract, InputError, economy_named, simulate
from catallax.experiments import every_mechanism, mechanism_named
from catallax.experiments.registry import values_of
from catallax.experiments.sweep.keys import keys_of

FILE = """
from catallax.mechanisms import market

def mechanism(kappa: float = 0.03):
    return market(kappa=kappa)
"""


@pytest.fixture(scope="module")
def contract():
    return Contract(economy_named("small:0"), weeks=2)


@pytest.mark.parametrize("text", ["static_optimum", "market:kappa=0.05", *every_mechanism()])
def test_the_key_is_the_hash_that_the_run_will_have(contract, text):
    run = simulate(contract, mechanism_named(text), 7)
    assert keys_of(contract, text, [7]) == [run.hash]


def test_whatever_the_run_depends_on_changes_the_key(contract):
    longer = Contract(contract.economy, weeks=3)
    keys = [
        *keys_of(contract, "market", [0, 1]),
        *keys_of(contract, "market:kappa=0.05", [0]),
        *keys_of(contract, "ai_planner", [0]),
        *keys_of(longer, "market", [0]),
    ]
    assert len(set(keys)) == len(keys)


def test_the_default_written_out_is_the_same_run(contract):
    written = f"market:kappa={values_of('market')['kappa']}"
    assert keys_of(contract, "market", [0]) == keys_of(contract, written, [0])


def test_a_users_file_enters_with_its_bytes(contract, tmp_path):
    file = tmp_path / "mine.py"
    file.write_text(FILE)
    (first,) = keys_of(contract, str(file), [0])
    assert first == keys_of(contract, str(file), [0])[0]
    file.write_text(FILE + "# another thought\n")
    (second,) = keys_of(contract, str(file), [0])
    assert first != second
    assert keys_of(contract, "market", [0])[0] not in (first, second)


def test_an_unknown_mechanism_has_no_key(contract):
    with pytest.raises(InputError, match="unknown mechanism 'markt'"):
        keys_of(contract, "markt", [0])
