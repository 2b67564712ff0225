"""Rows that no run made."""

from hypothesis import strategies as st

from catallax.study.sweep import RunRow

LABELS = ("market", "ai_planner")
FINITE = st.floats(allow_nan=False, allow_infinity=False)
TEXT = st.text(max_size=12).filter(lambda t: "\x00" not in t and t.isprintable())


@st.composite
def rows(draw, most=8):
    """Rows among few keys, labels and points, so that some are of the same run."""
    return [_row(draw) for _ in range(draw(st.integers(0, most)))]


def _row(draw) -> RunRow:
    seed = draw(st.integers(0, 3))
    failed = draw(st.booleans())
    score = None if failed else draw(FINITE)
    why = draw(TEXT) if failed else ""
    return RunRow(
        key=f"{seed:016x}",
        point=draw(st.sampled_from([{}, {"delay": 1.0}, {"delay": 4.0, "delegation": "retail"}])),
        label=draw(st.sampled_from(LABELS)),
        mechanism="market:kappa=0.05",
        seed=seed,
        contract={"economy": {"name": "small:0", "digest": "0"}, "weeks": 8, "shocks": []},
        values={"score": score, "gini": draw(FINITE)},
        reasons={"score": why} if failed else {},
        stop="FAILED" if failed else "COMPLETED",
        reason=why,
        versions={"catallax": "0"},
        seconds=draw(st.floats(0, 10)),
    )
