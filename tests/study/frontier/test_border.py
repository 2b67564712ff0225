"""A border that was planted is found where it was planted, as often as is said."""

import numpy as np
import pytest

from catallax.errors import InputError
from catallax.study.frontier import describe_border, find_border, find_borders
from tests.study.frontier.planted import NAMES, Planted, drawn

DRAWS = 12
LINES = 4


def edge(drift: float) -> float:
    """The true border: the tacit share above which the market wins."""
    return 0.12 + 5.0 * drift


def bent(point, name):
    """Scores whose margin is no polynomial: it levels off far from the border."""
    if name == "market":
        return 0.95
    return 0.95 - 0.05 * np.tanh(8.0 * (point["tacit"] - edge(point["drift"])))


@pytest.fixture(scope="module")
def clean():
    return find_border(drawn(Planted(bent)), "market", "ai_planner")


def test_without_noise_the_border_stands_near_where_it_was_planted(clean):
    assert clean.axis.name == "tacit"
    for crossing in clean.crossings:
        assert crossing.value == pytest.approx(edge(crossing.other), abs=0.015)
        assert crossing.low < edge(crossing.other) < crossing.high
        assert crossing.above == "market"
    assert [c.other for c in clean.path[::4]] == [0.0, 0.01, 0.02, 0.03]


def test_the_sentence_has_the_numbers_of_the_border(clean):
    first = clean.crossings[0]
    text = describe_border(clean)
    assert text.startswith(
        f"market beats ai_planner where tacit is above {first.value:.3g} ({first.low:.3g} to "
        f"{first.high:.3g}) at drift 0, above "
    )
    assert text.count(" at drift ") == LINES
    assert text.endswith("Cells decided: market 10, ai_planner 10, undecided 0.")


def test_the_interval_holds_the_true_border_as_often_as_it_says():
    inside, width = 0, []
    for draw in range(DRAWS):
        found = find_border(drawn(Planted(bent, 0.01, draw)), "market", "ai_planner")
        for c in found.crossings:
            inside += c.low <= edge(c.other) <= c.high
            width.append(c.high - c.low)
    error = np.sqrt(0.95 * 0.05 / DRAWS)  # crossings of one draw stand or fall together
    assert inside / (DRAWS * LINES) >= 0.95 - 3 * error
    assert np.median(width) < 0.1  # a quarter of the axis: it says something


def test_a_border_along_the_other_axis_is_told_on_that(clean):
    law = Planted(lambda p, m: p["drift"] if m == "market" else 0.015)
    found = find_border(drawn(law), "market", "ai_planner")
    assert (found.axis.name, found.other.name) == ("drift", "tacit")
    assert all(c.value == pytest.approx(0.015, abs=1e-4) for c in found.crossings)
    assert find_border(drawn(Planted(bent)), "ai_planner", "market").crossings[
        0
    ].value == pytest.approx(clean.crossings[0].value)


@pytest.mark.parametrize("at", [0.03, 0.37])
@pytest.mark.parametrize("above", NAMES)
def test_an_interval_is_open_on_the_side_on_which_draws_leave_the_map(at, above):
    """Near an end of the axis, 0 to 0.4, some draws have no border: one side wins all along.

    If that is who wins above, their border lies below the map, else beyond it; whoever is named
    first.
    """

    def tilted(point, name):
        return 0.1 * (point["tacit"] - at) if name == above else 0.0

    found = drawn(Planted(tilted, 0.004))
    for pair in (NAMES, NAMES[::-1]):
        told = find_border(found, *pair).crossings
        assert [c.above for c in told] == [above] * LINES
        near = [c.low if at < 0.2 else c.high for c in told]
        far = [c.high if at < 0.2 else c.low for c in told]
        assert -np.inf in near if at < 0.2 else np.inf in near
        assert far == pytest.approx([at] * LINES, abs=0.1)


@pytest.mark.parametrize("above", NAMES)
def test_of_two_borders_on_a_line_the_upper_is_told(above):
    """A margin that is a parabola, which the surface fits exactly: 0 at 0.1 and at 0.3."""

    def curved(point, name):
        return (point["tacit"] - 0.1) * (point["tacit"] - 0.3) if name == above else 0.0

    told = find_border(drawn(Planted(curved)), "market", "ai_planner")
    assert [c.value for c in told.crossings] == pytest.approx([0.3] * LINES, abs=1e-6)
    assert {c.above for c in told.crossings} == {above}


def test_who_wins_everywhere_is_said_with_the_least_margin():
    def ahead(point, name):
        return 0.9 if name == "ai_planner" else 0.95 + 0.1 * point["tacit"]

    found = drawn(Planted(ahead, 1e-4))
    (told,) = find_borders(found)
    assert not told.found
    assert found.won == {"market": 20, "ai_planner": 0}
    assert "market beats ai_planner everywhere on the map, by at least 0.0" in describe_border(told)
    assert "at tacit 0, drift" in describe_border(told)
    assert told.least[1].mean == pytest.approx(0.05, abs=1e-3)


def test_who_is_alike_everywhere_is_not_told_apart():
    found = drawn(Planted(lambda point, name: 0.9, 0.01))
    assert found.undecided == 20
    (told,) = find_borders(found)
    assert "differ by less than we can tell everywhere on the map (20 cells)" in describe_border(
        told
    )


def test_words_have_a_line_each():
    def law(point, name):
        if name == "market":
            return 0.9
        return {"in_kind": 1.0, "own_mix": 1.1, "retail": 1.5}[point["delegation"]] - point["tacit"]

    found = drawn(Planted(law, 1e-4), y="delegation", ys=("in_kind", "own_mix", "retail"))
    told = find_border(found, "market", "ai_planner")
    assert [c.other for c in told.crossings] == ["in_kind", "own_mix", "retail"]
    assert [c.value for c in told.crossings[:2]] == pytest.approx([0.1, 0.2], abs=1e-3)
    assert told.crossings[2].value is None
    assert "nothing on the map at delegation retail" in describe_border(told)


def test_a_log_axis_is_read_in_logs():
    def law(point, name):
        return 0.9 if name == "market" else 0.9 - 0.1 * np.log(point["interval"] / 7.0)

    found = drawn(Planted(law, 1e-4), y="interval", ys=(1, 4, 13, 52))
    told = find_border(found, "market", "ai_planner")
    assert told.axis.name == "interval"
    assert [c.value for c in told.crossings] == pytest.approx([7.0] * 5, rel=0.01)


def test_a_label_that_is_not_of_the_map_is_refused():
    found = drawn(Planted(lambda point, name: 0.9))
    with pytest.raises(InputError, match="unknown mechanism of the map 'markt'"):
        find_border(found, "markt", "ai_planner")
