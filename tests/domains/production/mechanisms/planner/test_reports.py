"""Reports that are read together: of one tick, whatever the speed of each kind."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from catallax import generate
from catallax.domains.production.mechanisms.planner.reports import (
    LINK_KINDS,
    MATCHED,
    ROW_KINDS,
    ReportBuffer,
)
from catallax.domains.production.network import PLANT, Inbox, Public, Table

ECONOMY = generate(3)
NET = ECONOMY.network
PUBLIC = Public(
    NET, ECONOMY.technology, ECONOMY.income, ECONOMY.output, ECONOMY.flow, 1, 0.05, 1.0, 100
)
QUARTER = 13
WEEKS = 70


def inbox(delays, silent, week):
    """Every plant says its output and inputs weekly, final users what they got once a quarter.

    Each number is the week in which it was written; -1 where nothing was heard.
    """
    plant, linked = NET.kind == PLANT, NET.rows.linked(PLANT)
    speaks = {"output": plant, "used": linked, "got": ~linked}
    said, age = {}, {}
    for kind in (*ROW_KINDS, *LINK_KINDS):
        there, written = np.zeros(NET.n if kind in ROW_KINDS else NET.m, dtype=bool), -1
        if kind in MATCHED:
            written = week - delays[kind]
            if kind == "got" and written >= 0:
                written -= written % QUARTER
            there = speaks[kind] & (written >= 0) & (kind != silent)
        said[kind] = np.where(there, float(written), -1.0)
        age[kind] = np.where(there, float(week - written), np.inf)
    parts = [({k: t[k] for k in ROW_KINDS}, {k: t[k] for k in LINK_KINDS}) for t in (said, age)]
    return Inbox(*(Table(*part) for part in parts))


def weeks(delays, silent=""):
    """What is read in every week, and how much waits after it."""
    buffer = ReportBuffer.start(PUBLIC)
    for week in range(WEEKS):
        heard = inbox(delays, silent, week)
        buffer, found = buffer.receive(heard, week, PUBLIC, with_trade=True)
        waiting = max(len(r) for r in buffer.waiting.values())
        yield week, found.production, found.trade, waiting


LATE = st.integers(0, 20)
DELAYS = st.fixed_dictionaries(dict.fromkeys(MATCHED, LATE))


@given(DELAYS)
def test_what_is_read_together_is_of_one_week_and_the_newest(delays) -> None:
    slow, plants = max(delays["output"], delays["used"]), NET.plants
    linked = NET.rows.linked(PLANT)
    for week, production, _, kept in weeks(delays):
        if week < 2 * slow + 1:
            continue
        assert (
            set(production.output[plants]) == set(production.used[linked]) == {float(week - slow)}
        )
        assert (
            set(production.output_age[plants]) == set(production.used_age[linked]) == {float(slow)}
        )
        assert np.all(np.isinf(np.delete(production.output_age, np.arange(NET.n)[plants])))
        assert kept <= max(1, *delays.values())


@given(DELAYS)
def test_trade_reports_are_of_one_week_and_each_is_compared_once(delays) -> None:
    slow, linked = max(delays.values()), NET.rows.linked(PLANT)
    found = {}
    for week, _, trade, _ in weeks(delays):
        if trade is not None:
            written = {*trade.output[NET.plants], *trade.used[linked], *trade.got[~linked]}
            assert len(written) == 1
            found[week] = written.pop()
    due = {w + slow: float(w) for w in range(0, WEEKS - slow, QUARTER)}
    assert {w: v for w, v in found.items() if w > 2 * slow} == {
        w: v for w, v in due.items() if w > 2 * slow
    }
    assert found.items() <= due.items()


@given(st.sampled_from(MATCHED), DELAYS)
def test_what_is_never_said_is_not_waited_for(silent, delays) -> None:
    for _, production, trade, kept in weeks(delays, silent):
        assert trade is None
        assert kept <= max(1, *(d for k, d in delays.items() if k != silent))
        if silent != "got":
            apart = production.output_age != np.inf
            assert not np.any(apart[NET.buyer] & np.isfinite(production.used_age))
