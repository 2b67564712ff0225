"""The key of a run is known before it is run, and hangs on all that the run is a function of."""

import pytest

from catallax import Contract, InputError, economy_named, market, simulate
from catallax.domains.production.run import expected_hash
from catallax.execute import entry_of, execute, requests_of
from catallax.execute import keys_of as keys_of_entry
from catallax.protocol import PRODUCTION, Domain, domain_named
from catallax.protocol.mechanism_names import every_mechanism, mechanism_named, values_of

FILE = """
from catallax.domains.production.mechanisms import market

def mechanism(kappa: float = 0.03):
    return market(kappa=kappa)
"""


@pytest.fixture(scope="module")
def contract():
    return Contract(economy_named("small:0"), weeks=2)


def keys_of(contract, what, seeds) -> list[str]:
    return keys_of_entry(contract, entry_of(what, contract.domain), seeds)


@pytest.mark.parametrize("text", ["static_optimum", "market:kappa=0.05", *every_mechanism()])
def test_the_hash_that_the_run_will_have_is_known_before(contract, text):
    run = simulate(contract, mechanism_named(text), 7)
    assert expected_hash(contract, mechanism_named(text), 7) == run.hash
    (row,) = execute(requests_of(contract, [text], [7]), workers=0).rows
    assert row.run == run.hash
    assert row.key == keys_of(contract, text, [7])[0]


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


def test_an_object_of_the_package_is_the_same_run_as_its_name(contract):
    assert keys_of(contract, market(kappa=0.05), [0]) == keys_of(contract, "market:kappa=0.05", [0])
    assert entry_of(market(kappa=0.05), PRODUCTION).text == "market:kappa=0.05"


def test_a_users_file_enters_with_its_bytes(contract, tmp_path):
    file = tmp_path / "mine.py"
    file.write_text(FILE)
    (first,) = keys_of(contract, str(file), [0])
    assert first == keys_of(contract, str(file), [0])[0]
    file.write_text(FILE + "# another thought\n")
    (second,) = keys_of(contract, str(file), [0])
    assert first != second
    assert keys_of(contract, "market", [0])[0] not in (first, second)


def test_the_code_that_decides_numbers_enters(contract, monkeypatch):
    (before,) = keys_of(contract, "market", [0])
    fewer = {n: getattr(domain_named(PRODUCTION), n) for n in Domain.__dataclass_fields__}
    other = Domain(**{**fewer, "sources": ("catallax.domains.production.economy",)})
    monkeypatch.setattr("catallax.execute.request.domain_of", lambda _: other)
    assert keys_of(contract, "market", [0]) != [before]


def test_an_unknown_mechanism_has_no_key(contract):
    with pytest.raises(InputError, match="unknown mechanism 'markt'"):
        keys_of(contract, "markt", [0])
