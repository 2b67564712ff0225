"""The cover that tests take their cases from."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from tests.pairwise import name_case, pairs_of, pairwise_cover

FACTORS = st.lists(st.integers(1, 4), min_size=2, max_size=5).map(
    lambda sizes: {f"f{k}": [str(x) for x in range(n)] for k, n in enumerate(sizes)}
)


def all_cases(factors):
    return [dict(zip(factors, chosen, strict=True)) for chosen in product(*factors.values())]


@given(FACTORS)
def test_every_two_levels_meet(factors):
    cover = pairwise_cover(factors)
    assert set().union(*map(pairs_of, cover)) == set().union(*map(pairs_of, all_cases(factors)))
    assert len(cover) <= len(all_cases(factors))


@given(FACTORS)
def test_only_possible_cases_are_chosen_and_whatever_they_hold_is_covered(factors):
    def possible(case):
        return case["f0"] != "0" or case["f1"] == "0"

    cover, expected = pairwise_cover(factors, possible), filter(possible, all_cases(factors))
    assert all(map(possible, cover))
    assert set().union(*map(pairs_of, cover)) == set().union(*map(pairs_of, expected))


def test_a_cover_is_much_smaller_than_the_product():
    factors = {name: list("123") for name in "abcd"}
    assert 9 <= len(pairwise_cover(factors)) <= 12  # of 81; nine is the least that can be
    assert name_case({"a": "1", "b": "2"}) == "1, 2"
