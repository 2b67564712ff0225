"""What becomes of a market under its gains."""

import json

import pytest

from catallax.errors import InputError
from catallax.experiments.frontier import gain, stability
from catallax.experiments.sweep import Base, Rows
from catallax.report.frontier.stability import stability_page, stability_terminal
from tests.experiments.frontier.planted import CONTRACT, Planted, question


def lab(cells, seeds):
    """Fast prices bring it down, wide stocks make it swing."""

    def law(point, name):
        if point["market:kappa"] > 0.2:
            return None
        return 0.4 if point["market:kappa"] == 0.2 else 0.95

    rows = Planted(law)(cells, seeds)
    swings = {0.25: 0.001, 1.0: 0.05}
    return Rows.of(
        type(r)(**{**vars(r), "values": {**r.values, "swing": swings[r.point["market:cover"]]}})
        for r in rows
    )


@pytest.fixture(scope="module")
def found():
    base = Base(lambda economy: CONTRACT, "small:0", ("market",))
    x, y = gain("kappa", "market", (0.01, 0.2, 0.3)), gain("cover", "market", (0.25, 1.0))
    return stability(base, x, y, range(3), lab)


def test_each_cell_has_its_fate(found):
    assert [f.verdict for f in found.fates] == [
        "stable", "collapses", "collapses", "swings", "collapses", "collapses",
    ]  # fmt: skip
    assert [f.survived for f in found.fates[:3]] == [1.0, 0.0, 0.0]
    assert [f.below.mean for f in found.fates[:3]] == pytest.approx([0.05, 0.6, 1.0])
    assert found.fates[2].reasons == ("nothing was made from week 52 on",) * 3
    assert found.asked == 18
    json.dumps(found.to_dict(), allow_nan=False)


def test_it_is_told(found):
    text = stability_terminal(found, CONTRACT, 1.0)
    assert "the fate of market over kappa (across) and cover (down)" in text
    assert "6 runs came down: nothing was made from week 52 on." in text
    rows = [line.split() for line in text.splitlines() if " C " in line][:2]
    assert rows == [
        ["1", "W", "5.0", "C", "60.0", "C", "100.0"],
        ["0.25", "S", "5.0", "C", "60.0", "C", "100.0"],
    ]
    page = stability_page(found, CONTRACT, "catallax frontier kappa cover --stability")
    assert page.count('data-cell="') == 2 * 6


def test_gains_have_short_names_and_other_axes_their_own():
    assert gain("beta", "ai_market").name == "ai_market:beta"
    assert gain("delay", "market").name == "delay"
    with pytest.raises(InputError, match="one mechanism, two axes"):
        stability(question().base, gain("kappa", "market"), gain("beta", "market"), (0,), lab)
