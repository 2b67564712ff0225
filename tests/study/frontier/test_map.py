"""Who wins a cell, who loses one, and where runs are spent."""

import json
from collections import Counter

import numpy as np
import pytest

from catallax.errors import InputError
from catallax.study.frontier import (
    Question,
    find_borders,
    make_scale,
    overall_pareto_points,
    pareto_points,
    survey,
)
from catallax.study.frontier.best import choice_seeds, members
from catallax.study.sweep import RunRows
from catallax.study.tuning.standing import training_seeds
from tests.study.frontier.planted import NAMES, Planted, drawn, question

FOUR = ("market", "ai_planner", "ai_market", "federated_market")


def tilted(point, name):
    """The market wins where the tacit share is above 0.22."""
    return 0.95 if name == "market" else 0.95 - 0.5 * (point["tacit"] - 0.22)


def test_every_cell_has_its_winner():
    found = drawn(Planted(tilted, 1e-3))
    for cell in found.cells:
        tacit = cell.cell.point["tacit"]
        assert found.winner(cell) == ("market" if tacit > 0.22 else "ai_planner")
    assert found.won == {"market": 8, "ai_planner": 12}
    assert found.asked == 5 * 4 * 2 * 6
    assert found.chance.share == 0.0


def test_a_tie_is_undecided_however_many_compete():
    wrong = 0
    for draw in range(8):
        found = drawn(Planted(lambda point, name: 0.9, 0.01, draw), names=FOUR)
        wrong += found.undecided < 20
    assert wrong <= 2  # of 8 maps at 5 % each


def test_the_leader_must_beat_everybody():
    law = Planted(lambda point, name: 0.8 if name == "ai_planner" else 0.9, 0.003)
    found = drawn(law, names=("market", "ai_planner", "ai_market"))
    assert found.undecided >= 19
    for cell in found.cells:
        assert {cell.leader, cell.rival} == {"market", "ai_market"}


def test_a_run_without_a_score_loses():
    def law(point, name):
        return (
            None if name == "market" and point["tacit"] > 0.25 else 0.9 - 0.1 * (name != "market")
        )

    found = drawn(Planted(law, 1e-3))
    assert found.lost == {"market": 48, "ai_planner": 0}
    assert found.won == {"market": 12, "ai_planner": 8}
    cell = found.at[0.4, 0.0]
    assert np.array_equal(cell.values["market"], np.zeros(6))
    assert cell.lost["market"] == ("nothing was made from week 52 on",) * 6


def test_a_seed_that_could_not_be_measured_is_left_out_for_all_and_told():
    plain = Planted(tilted, 1e-3)

    def gather(cells, seeds):
        return RunRows.of(
            row if row.seed or row.label != "market" else type(row)(
                **{**vars(row), "values": {}, "stop": "FAILED", "reason": "its process was killed"}
            )
            for row in plain(cells, seeds)
        )  # fmt: skip

    found = survey(question(), gather)
    cell = found.cells[0]
    assert cell.seeds == (1, 2, 3, 4, 5)
    assert cell.unmeasured == ("seed 0: market: its process was killed",)
    assert found.lost == {"market": 0, "ai_planner": 0}


def test_what_an_axis_does_not_touch_is_run_once():
    law = Planted(lambda point, name: 0.9 if name == "market" else 0.8, 1e-3)
    found = drawn(law, y="interval", ys=(1, 4, 13, 52))
    ran = Counter(text for *_, text, _ in law.ran)
    assert ran["market"] == 5 * 6
    assert found.asked == len(law.ran) == 5 * 6 + 20 * 6
    assert found.won["market"] == 20


def test_runs_are_spent_where_the_border_is():
    """Spread evenly, two runs in five would be near; sixteen draws of noise gave 0.80 to 0.86."""
    start = 5 * 4 * 2 * 4
    laws = [Planted(tilted, 0.02, draw) for draw in range(3)]
    near = []
    for law in laws:
        found = drawn(law, start + 400, seeds=32)
        assert start < found.asked == len(law.ran) <= start + 400
        later = law.ran[start:]
        near.append(np.mean([abs(tacit - 0.22) <= 0.1 for tacit, *_ in later]))
        assert any(
            tacit == pytest.approx(0.25) for tacit, *_ in later
        )  # a point between two of the grid
        assert not found.on_grid(found.cells[-1])
    assert np.mean(near) > 0.8
    again = drawn(Planted(tilted, 0.02, 2), start + 400, seeds=32)
    assert json.dumps(again.to_dict()) == json.dumps(found.to_dict())


def test_looking_often_has_its_price():
    few, often = drawn(Planted(tilted, 0.01)), drawn(Planted(tilted, 0.01), 5 * 4 * 2 * 4, seeds=4)
    assert not few.looked
    assert often.looked
    key = (0.0, 0.0)
    assert often.verdicts[key].margin.level < few.verdicts[key].margin.level


def test_the_best_variant_is_chosen_on_other_seeds():
    def law(point, name):
        return 0.9 if name == "market" else 0.9 + 1e-3 * ("own_mix" in name)

    noisy = Planted(law, 0.02)
    found = drawn(noisy, names=("market", "ai_planner:best"))
    chosen = {c.cell.mechanisms["ai_planner:best"] for c in found.cells}
    assert len(chosen) > 1  # by noise, mostly
    reported = {seed for *_, text, seed in noisy.ran if text == "market"}
    tried = {seed for *_, text, seed in noisy.ran if text == "ai_planner:in_kind"}
    assert choice_seeds(range(6)) == (6, 7, 8, 9)
    assert reported == set(range(6))
    assert tried <= reported | set(choice_seeds(range(6)))
    # The best of three alike is no better than one of them: its gain is not that of luck.
    gain = np.mean([c.means["ai_planner:best"] - c.means["market"] for c in found.cells])
    assert abs(gain) < 0.004
    assert members("ai_planner:best:interval=4") == (
        "ai_planner:interval=4",
        "ai_planner:in_kind:interval=4",
        "ai_planner:own_mix:interval=4",
    )
    with pytest.raises(InputError, match="0 delegations to choose from"):
        members("market:best")


def test_training_seeds_choose_nothing():
    trained = set(training_seeds())
    chosen = choice_seeds([min(trained) - 1])
    assert len(chosen) == 4
    assert not set(chosen) & trained


def test_score_against_bits():
    def law(point, name):
        return {"market": 0.9, "ai_planner": 0.95, "ai_market": 0.85}[name]

    found = drawn(Planted(law), names=("market", "ai_planner", "ai_market"))
    for at in (pareto_points(found.cells[0]), overall_pareto_points(found)):
        assert [p.front for p in at.values()] == [True, True, False]  # bits: 106, 110, 109
        assert at["market"].bits == 106.0


def test_who_scores_the_same_for_more_bits_is_behind():
    found = drawn(Planted(lambda point, name: 0.9), names=FOUR)
    for at in (pareto_points(found.cells[0]), overall_pareto_points(found)):
        assert [name for name, place in at.items() if place.front] == ["market"]


def test_the_map_is_strict_json():
    found = drawn(Planted(tilted, 1e-3), seeds=2)
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert len(plain["cells"]) == 20
    cell = plain["cells"][0]
    assert cell["point"] == {"tacit": 0.0, "drift": 0.0}
    assert cell["mechanisms"]["market"]["runs"] == "market"
    json.dumps([b.to_dict() for b in find_borders(found)], allow_nan=False)


def test_values_between_two_of_a_grid():
    tacit, interval = make_scale("tacit", (0.0, 0.1, 0.4)), make_scale("interval", (1, 4, 52))
    assert tacit.between(0.0, 0.1) == pytest.approx(0.05)
    assert tacit.between(0.0, 0.025) is None
    assert interval.between(4, 52) == 14
    assert interval.between(1, 2) is None
    assert make_scale("delegation").between("in_kind", "retail") is None
    assert tacit.index(0.25) == pytest.approx(1.5)


def judged_by(measure):
    return Question(question().base, make_scale("tacit"), make_scale("drift"), (0, 1), measure)


BAD = {
    "no mechanisms": (lambda: question(names=("market",)), "at least two mechanisms"),
    "an oracle": (lambda: question(names=(*NAMES, "static_optimum")), "full-information oracle"),
    "one axis twice": (lambda: question(y="tacit"), "both sides"),
    "a value twice": (lambda: question(xs=(0.1, 0.1)), "names a value twice"),
    "numbers and words": (lambda: question(xs=(0.1, "retail")), "numbers and words"),
    "no logarithm": (lambda: question(y="interval", ys=(0, 4)), "has no logarithm"),
    "no values": (lambda: make_scale("economy"), "has no values of its own"),
    "an unknown measure": (
        lambda: judged_by("scores"),
        "Did you mean 'score'",
    ),
    "a measure of which less is better": (
        lambda: judged_by("waste"),
        "waste makes no map",
    ),
    "a small budget": (lambda: survey(question(), Planted(tilted), 100), "takes 160 runs"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_what_is_wrong_is_said(what):
    make, message = BAD[what]
    with pytest.raises(InputError, match=message):
        make()
