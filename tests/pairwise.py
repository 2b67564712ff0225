"""Pairwise covers: few cases in which every two levels of any two factors meet.

Most faults show where two settings meet (Kuhn, Wallace & Gallo 2004, IEEE Transactions on
Software Engineering 30(6)), so a cover finds about what the full product finds in a fraction of
its cases.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import combinations, product

Case = dict[str, str]
Pair = tuple[tuple[str, str], tuple[str, str]]


def pairwise_cover(
    factors: Mapping[str, Iterable[str]], possible: Callable[[Case], bool] = lambda case: True
) -> list[Case]:
    """Cases that hold every pair of levels that some possible case holds, chosen greedily.

    factors  : factor -> its levels
    possible : whether a case makes sense; default all do
    """
    names, levels = list(factors), list(factors.values())
    cases = [dict(zip(names, chosen, strict=True)) for chosen in product(*levels)]
    cases = [case for case in cases if possible(case)]
    pairs = [pairs_of(case) for case in cases]
    left: set[Pair] = set().union(*pairs)
    cover = []
    while left:
        best = max(range(len(cases)), key=lambda k: len(pairs[k] & left))
        left -= pairs[best]
        cover.append(cases[best])
    return cover


def pairs_of(case: Case) -> set[Pair]:
    """All pairs of levels that a case holds."""
    return set(combinations(case.items(), 2))


def name_case(case: Case) -> str:
    """A test's name of a case."""
    return ", ".join(case.values())
