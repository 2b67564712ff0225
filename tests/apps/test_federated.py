"""`catallax federated` on the command line."""

import json
import re

import pytest

QUICK = ("federated", "--seeds", "2", "--clients", "3", "--weeks", "8", "--rounds", "3")


def test_it_prints_error_against_rounds_bits_and_weeks(call):
    said = call(*QUICK, "--tables", "errors")
    assert said.code == 0
    assert "3 rows, 8 weeks seen, spread 0.3, noise 0.05, delay 1" in said.out
    for way in ("pooled", "FedAvg", "FedProx", "local only"):
        assert re.search(rf"^ {way} +1 +[\d.]+ ± [\d.]+ ", said.out, re.M)
    assert "2 of 2 done" in said.err
    assert call(*QUICK, "--tables", "errors", "--quiet").err == ""


def test_it_prints_the_price_found_twice(call):
    said = call("federated", "--tables", "price", "--regions", "3", "--quiet")
    assert said.code == 0
    assert "in 3 regions after it halves" in said.out
    assert re.search(r"^ exchange +-?\d\.\de-1\d +\d+ ", said.out, re.M)
    assert re.search(r"^ market ", said.out, re.M)


def test_json_is_one_object_of_the_tables_asked_for(call):
    said = call(*QUICK, "--tables", "price,errors", "--delay", "2", "--json")
    found = json.loads(said.out)
    assert list(found) == ["seeds", "errors", "price"]
    assert found["errors"]["fedavg"][-1]["weeks"] == 14
    assert found["price"]["exchange"]["weeks"] == 4 * found["price"]["exchange"]["rounds"]


BAD = {
    "--tables foo": ("unknown table 'foo'", "errors, border, privacy, price"),
    "--spread 9": ("--spread: 9.0 is out of range", "expected 0 to 3"),
    "--rate x": ("--rate", "'x' is not a number"),
    "--rate 0": ("--rate: 0.0 is out", "above 0"),
    "--clients 1": ("--clients: 1 is out",),
    "--rounds 0": ("--rounds: 0 is out",),
    "--noise -1": ("--noise: -1.0 is out",),
    "--mu -1": ("--mu: -1.0 is out",),
    "--share 0": ("--share: 0.0 is out",),
    "--regions 1": ("--regions: 1 is out of range",),
    "--seeds none": ("--seeds: 'none'",),
    "tin": ("'tin' is not expected", "catallax federated --help"),
}


@pytest.mark.parametrize("words", BAD)
def test_bad_input_is_told_in_one_line(call, words):
    said = call("federated", *words.split())
    assert said.code == 2
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    for part in BAD[words]:
        assert part in said.err
