"""Hashes of plain values: equal values have equal hashes."""

from catallax.protocol.provenance import hash_of


def test_minus_zero_is_zero_wherever_it_stands():
    for zero in (0.0, -0.0):
        plain = {"a": [zero, (1.5, {"b": zero})], "word": "-0.0", "less": -0.05}
        assert hash_of(plain) == hash_of(
            {"less": -0.05, "a": [0.0, [1.5, {"b": 0.0}]], "word": "-0.0"}
        )
    assert hash_of(["-0.0"]) != hash_of(["0.0"])
    assert hash_of([-0.05]) != hash_of([0.05])


def test_a_hash_is_what_it_was():
    assert hash_of({"delay": 1.0, "weeks": 52}) == "d8eb479142890174"
