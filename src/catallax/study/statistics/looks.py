"""Looking more than once: a verdict that stays valid when seeds are added until it is clear.

Whoever adds seeds until an interval leaves out 0, and then stops, finds a difference where there
is none far more often than the interval says. Looks therefore stand at set numbers of seeds, each
twice the one before, and the k-th may err with a chance of level/(k (k+1)) only. These add up to
the level over however many looks, since 1/2 + 1/6 + 1/12 + ... = 1 (the union bound; alpha spending
in the sense of Lan & DeMets 1983). Each is a plain Student's interval, so with few seeds it is as
exact as that is: it takes differences that are independent and normal, and at most one look
between two powers. A confidence sequence by a mixture may be looked at at any time, but is much
wider at 4 or 8 seeds.
"""

FIRST = 4  # seeds at the first look


def look(seeds: int) -> int:
    """Number of the look at so many seeds: 1 up to 4 of them, 2 up to 8, 3 up to 16."""
    k, at = 1, FIRST
    while at < seeds:
        k, at = k + 1, 2 * at
    return k


def cost(seeds: int) -> int:
    """By what a look's level is divided, and its p-value multiplied."""
    return look(seeds) * (look(seeds) + 1)


def next_look(seeds: int, most: int) -> int:
    """Seeds at the look after the one at `seeds`, `most` at most."""
    at = FIRST
    while at <= seeds:
        at *= 2
    return min(at, most)
