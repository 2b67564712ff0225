"""Reports that are read together: of one tick, whatever the speed of each kind."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from catallax import generate
from catallax.domains.production.mechanisms.filing import FILED, Files
from catallax.domains.production.network import PLANT, Inbox, Table

NET = generate(3).network
QUARTER = 13
WEEKS = 70


def inbox(delays, silent, week):
    """Every plant says its output and inputs weekly, final users what they got once a quarter.

    Each number is the week in which it was written; -1 where nothing was heard.
    """
    plant, linked = NET.kind == PLANT, NET.rows.linked(PLANT)
    speaks = {"output": plant, "used": linked, "got": ~linked}
    said, age = {}, {}
    for kind in FILED:
        written = week - delays[kind]
        if kind == "got" and written >= 0:
            written -= written % QUARTER
        there = speaks[kind] & (written >= 0) & (kind != silent)
        said[kind] = np.where(there, float(written), -1.0)
        age[kind] = np.where(there, float(week - written), np.inf)
    row, link = {"output": said.pop("output")}, said
    return Inbox(Table(row, link)), age


def weeks(delays, silent=""):
    """What is read in every week, and how much is filed after it."""
    files = Files(wait=1.0)
    for week in range(WEEKS):
        heard, age = inbox(delays, silent, week)
        files = files.opened(heard, age, week)
        pair = files.pair(NET.rows)
        files, books = files.books()
        files = files.closed(week)
        yield week, pair, books, max(len(p) for p in files.papers.values())


LATE = st.integers(0, 20)
DELAYS = st.fixed_dictionaries(dict.fromkeys(FILED, LATE))


@given(DELAYS)
def test_what_is_read_together_is_of_one_week_and_the_newest(delays) -> None:
    slow, plants = max(delays["output"], delays["used"]), NET.plants
    linked = NET.rows.linked(PLANT)
    for week, pair, _, kept in weeks(delays):
        if week < 2 * slow + 1:
            continue
        assert set(pair.output[plants]) == set(pair.used[linked]) == {float(week - slow)}
        assert set(pair.output_age[plants]) == set(pair.used_age[linked]) == {float(slow)}
        assert np.all(np.isinf(np.delete(pair.output_age, np.arange(NET.n)[plants])))
        assert kept <= max(1, *delays.values())


@given(DELAYS)
def test_books_are_of_one_week_and_each_is_compared_once(delays) -> None:
    slow, linked = max(delays.values()), NET.rows.linked(PLANT)
    found = {}
    for week, _, books, _ in weeks(delays):
        if books is not None:
            written = {*books.output[NET.plants], *books.used[linked], *books.got[~linked]}
            assert len(written) == 1
            found[week] = written.pop()
    due = {w + slow: float(w) for w in range(0, WEEKS - slow, QUARTER)}
    assert {w: v for w, v in found.items() if w > 2 * slow} == {
        w: v for w, v in due.items() if w > 2 * slow
    }
    assert found.items() <= due.items()


@given(st.sampled_from(FILED), DELAYS)
def test_what_is_never_said_is_not_waited_for(silent, delays) -> None:
    for _, pair, books, kept in weeks(delays, silent):
        assert books is None
        assert kept <= max(1, *(d for k, d in delays.items() if k != silent))
        if silent != "got":
            apart = pair.output_age != np.inf
            assert not np.any(apart[NET.buyer] & np.isfinite(pair.used_age))
