"""What becomes of a market under its gains."""

import json
from dataclasses import replace
from functools import partial

import pytest

from catallax.domains.production.economy import economy_named
from catallax.domains.production.experiments.questions import free
from catallax.errors import InputError
from catallax.show.frontier.stability import build_stability_page, write_stability_text
from catallax.study.frontier import gain_scale, map_stability
from catallax.study.sweep import Base, RunRows, gather
from tests.study.frontier.planted import CONTRACT, Planted, question


def lab(cells, seeds):
    """Fast prices bring it down, wide stocks make it swing, and wider ones decline."""

    def law(point, name):
        if point["market:kappa"] > 0.2:
            return None
        return 0.4 if point["market:kappa"] == 0.2 else 0.95

    rows = Planted(law)(cells, seeds)
    moves = {0.25: (0.001, -0.09), 1.0: (0.05, -0.2), 2.0: (0.01, -0.11)}
    return RunRows.of(_moving(r, *moves[r.point["market:cover"]]) for r in rows)


def _moving(row, swing, trend):
    return replace(row, values={**row.values, "swing": swing, "trend": trend})


@pytest.fixture(scope="module")
def found():
    base = Base.around(CONTRACT, ("market",))
    x, y = (
        gain_scale("kappa", "market", (0.01, 0.2, 0.3)),
        gain_scale("cover", "market", (0.25, 1.0, 2.0)),
    )
    return map_stability(base, x, y, range(3), lab)


def test_each_cell_has_its_fate(found):
    assert [f.verdict for f in found.fates] == [
        "stable", "collapses", "collapses", "swings", "collapses", "collapses",
        "declines", "collapses", "collapses",
    ]  # fmt: skip
    assert [f.survived for f in found.fates[:3]] == [1.0, 0.0, 0.0]
    assert [f.below.mean for f in found.fates[:3]] == pytest.approx([0.05, 0.6, 1.0])
    assert found.fates[2].reasons == ("nothing was made from week 52 on",) * 3
    assert found.asked == 27
    json.dumps(found.to_dict(), allow_nan=False)


def test_it_is_told(found):
    text = write_stability_text(found, CONTRACT, 1.0)
    assert "the fate of market over kappa (across) and cover (down)" in text
    assert "9 runs came down: nothing was made from week 52 on." in text
    rows = [line.split() for line in text.splitlines() if " C " in line][:3]
    assert rows == [
        ["2", "D", "5.0", "C", "60.0", "C", "100.0"],
        ["1", "W", "5.0", "C", "60.0", "C", "100.0"],
        ["0.25", "S", "5.0", "C", "60.0", "C", "100.0"],
    ]
    page = build_stability_page(found, CONTRACT, "catallax frontier kappa cover --stability")
    assert page.count('data-cell="') == 2 * 9
    assert "what becomes of the runs" in page
    assert "who leads" not in page


def test_gains_have_short_names_and_other_axes_their_own():
    assert gain_scale("beta", "ai_market").name == "ai_market:beta"
    assert gain_scale("delay", "market").name == "delay"
    with pytest.raises(InputError, match="one mechanism, two axes"):
        map_stability(
            question().base, gain_scale("kappa", "market"), gain_scale("beta", "market"), (0,), lab
        )


def test_a_real_market_swings_where_prices_overreact_to_old_news():
    """At a speed of 1 owners of endowments mean to remove all their excess by each week's price."""
    contract = replace(free(economy_named("small:0"), weeks=120), settle=0)
    base = Base.around(contract, ("market",))
    x, y = gain_scale("market:speed", "market", (0.01, 1.0)), gain_scale("delay", "market", (1,))
    here = map_stability(base, x, y, range(2), partial(gather, workers=0))
    assert len(here.fates[0].swings) == len(here.fates[0].trends) == 2
    assert here.fates[0].verdict == "stable"
    assert here.fates[1].verdict in {"swings", "collapses"}


def test_runs_without_the_measure_are_not_called_stable():
    def old(cells, seeds):
        rows = Planted(lambda point, name: 0.95)(cells, seeds)
        return RunRows.of(replace(row, values={"score": row.values["score"]}) for row in rows)

    base = Base.around(CONTRACT, ("market",))
    x, y = gain_scale("kappa", "market", (0.01,)), gain_scale("cover", "market", (0.25,))
    with pytest.raises(InputError, match=r"no swing \(its store is from before"):
        map_stability(base, x, y, range(2), old)
