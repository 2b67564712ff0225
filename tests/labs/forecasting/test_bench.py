"""The comparison of forecasting methods: what it measures, and that nothing is seen early."""

import json

import numpy as np
import pytest

from catallax.errors import InputError
from catallax.labs.forecasting import (
    LEVELS,
    Choice,
    Last,
    Panel,
    SeasonalNaive,
    choose_origins,
    forecast,
    forecast_bench,
    make_methods,
)
from catallax.labs.forecasting.bench import _choose_rolled
from catallax.labs.forecasting.rolling import roll_every_method


def panel(rows: int = 30, length: int = 60, seed: int = 0) -> Panel:
    """Half of the rows walk, half are noise about a level."""
    r = np.random.default_rng(seed)
    walk = 50 + r.normal(size=(rows // 2, length)).cumsum(axis=1)
    series = np.concatenate([walk, 50 + 5 * r.normal(size=(rows - rows // 2, length))])
    names = tuple(f"row {i}" for i in range(rows))
    return Panel("test", names, tuple(map(str, range(length))), series)


def test_measures_are_those_of_the_forecasts_at_the_last_origins() -> None:
    """MASE, WAPE and coverage of the last value, worked out from the series alone."""
    p = panel()
    bench = forecast_bench(p, ["last"], horizon=3, count=4)
    assert (bench.first, bench.last, bench.lag) == ("53", "56", 1)
    known = p.series[:, :54]
    size = np.abs(np.diff(known, axis=1)).mean(axis=1)
    ahead = np.stack([p.series[:, o : o + 3] for o in (54, 55, 56, 57)])
    last = np.stack([p.series[:, [o - 1] * 3] for o in (54, 55, 56, 57)])
    off = np.abs(ahead - last)
    found = bench.scored["last"]
    assert found.mase == pytest.approx(off.mean(axis=(0, 2)) / size)
    assert found.steps == pytest.approx((off / size[:, None]).mean(axis=(0, 1)))
    assert found.wape == pytest.approx(off.sum() / ahead.sum())
    inside = []
    for j, o in enumerate((54, 55, 56, 57)):
        f = forecast(p.series[:, :o], 3, Last())
        inside.append((ahead[j] >= f.at(0.1)) & (ahead[j] <= f.at(0.9)))
    assert found.covered[0.8] == pytest.approx(np.mean(inside))


def test_with_two_seasons_the_scale_is_the_change_over_a_season() -> None:
    bench = forecast_bench(panel(), ["last", "seasonal_naive"], horizon=3, count=4, period=12)
    assert bench.lag == 12
    assert forecast_bench(panel(), ["last"], horizon=3, count=4, period=28).lag == 1


def test_the_choice_at_each_origin_is_what_choice_makes_of_that_history_alone() -> None:
    """Bit for bit, though the bench uses forecasts that it has made already."""
    r = np.random.default_rng(0)
    beat = np.repeat([0.0, 2.0], 100)[:, None] * (-1.0) ** np.arange(60)
    series = r.normal(size=(200, 60)).cumsum(axis=1) + beat
    p = Panel("t", tuple(map(str, range(200))), tuple(map(str, range(60))), series)
    three, count, rule = 3, 4, Choice((Last(), SeasonalNaive(2)))
    at = choose_origins(60, three, count + three + 7)
    runs = roll_every_method(p, make_methods(["last", "seasonal_naive"], 2), three, at, None)
    found, chose = _choose_rolled(p, runs, three, at, count)
    naive = []
    for values, origin in zip(found.values, at[-count:], strict=True):
        alone = forecast(series[:, :origin], three, rule, LEVELS)
        assert values.tobytes() == alone.values.tobytes()
        naive.append((alone.point == series[:, [origin - 1] * 3]).all(axis=1))
    assert not np.array_equal(naive[0], naive[1])  # the choice moves from origin to origin
    assert chose.share["last"] == pytest.approx(np.mean(naive))


def test_choosing_beats_each_method_where_rows_differ() -> None:
    bench = forecast_bench(panel(200, 100), ["last", "ewma", "choice"], horizon=1)
    assert bench.best in ("ewma", "choice")
    rows = {name: s.mase for name, s in bench.scored.items()}
    assert rows["choice"].mean() <= rows["ewma"].mean() + 0.005


def test_differences_are_paired_on_rows() -> None:
    bench = forecast_bench(panel(), ["last", "ewma"], horizon=3, count=4)
    assert bench.best is not None
    other = next(name for name in bench.scored if name != bench.best)
    apart = bench.scored[other].mase - bench.scored[bench.best].mase
    mean, half = bench.behind(other)
    assert mean == pytest.approx(apart.mean())
    assert half == pytest.approx(2.0452 * apart.std(ddof=1) / np.sqrt(30), rel=1e-4)
    assert bench.behind(bench.best) == (0.0, 0.0)
    assert forecast_bench(panel(1), ["last"], horizon=2).behind("last")[1] is None


def test_rows_that_never_change_have_no_scaled_error_and_are_counted() -> None:
    p = panel()
    series = p.series.copy()
    series[3] = 7.0
    bench = forecast_bench(Panel("t", p.names, p.periods, series), ["last", "ewma", "choice"])
    assert bench.unscaled == 1
    assert np.isnan(bench.scored["choice"].mase[3])
    assert np.isfinite(bench.to_dict()["methods"]["last"]["mase"])


def test_missing_values_are_neither_forecast_nor_judged() -> None:
    p = panel()
    series = p.series.copy()
    series[:5, ::7] = np.nan
    bench = forecast_bench(Panel("t", p.names, p.periods, series), ["last", "holt_winters"])
    for scored in bench.scored.values():
        assert np.isfinite(scored.mase).all()
        assert np.isfinite(scored.wape)


def test_methods_that_need_more_history_are_left_out_with_the_reason() -> None:
    bench = forecast_bench(panel(), ["last", "seasonal_naive"])
    assert list(bench.scored) == ["last"]
    assert bench.left_out["seasonal_naive"] == (
        "seasonal_naive needs 54 values of every row before the first origin; row 'row 0' has 45"
    )
    with pytest.raises(InputError, match=r"seasonal_naive needs 54 .*; give a longer history"):
        forecast_bench(panel(), ["seasonal_naive"])


def test_progress_counts_every_forecast_of_the_panel() -> None:
    told = []
    forecast_bench(
        panel(4), ["last", "ewma"], horizon=2, count=3, progress=lambda *what: told.append(what)
    )
    assert told == [(k, 6, "last" if k <= 3 else "ewma") for k in range(1, 7)]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["lasst"], "unknown forecasting method 'lasst'. Did you mean 'last'"),
        (["last", "last"], "'last' is there twice"),
        (["choice"], "there is nothing to choose among"),
    ],
)
def test_wrong_names_are_refused(names, said) -> None:
    with pytest.raises(InputError, match=said):
        forecast_bench(panel(), names)


def test_wrong_numbers_are_refused() -> None:
    with pytest.raises(InputError, match="horizon is 0, expected at least 1"):
        forecast_bench(panel(), ["last"], horizon=0)
    with pytest.raises(InputError, match="origins is 0, expected at least 1"):
        forecast_bench(panel(), ["last"], count=0)
    with pytest.raises(InputError, match="period is 0, expected at least 1"):
        forecast_bench(panel(), ["last"], period=0)
    with pytest.raises(InputError, match="60 periods are too few for 60 origins"):
        forecast_bench(panel(), ["last"], count=60)
    with pytest.raises(InputError, match="series of shape"):
        Panel("t", ("a",), ("1",), np.ones((2, 1)))


LENGTH = 60
RISING = np.where(np.arange(LENGTH) < 57, 0.0, np.arange(LENGTH))
UNEVEN = {
    "constant": (np.full((2, LENGTH), 5.0), {"mase", "pinball", "mase_by_step"}),
    "below zero": (np.full((1, LENGTH), -5.0), {"mase", "pinball", "mase_by_step"}),
    "zero": (np.zeros((1, LENGTH)), {"mase", "pinball", "mase_by_step", "wape"}),
    "known now and then": (
        np.where(np.arange(LENGTH) % 3, np.nan, 5.0)[None],
        {"mase", "pinball", "mase_by_step"},
    ),
    "zero at last": (np.where(np.arange(LENGTH) < 30, np.arange(LENGTH), 0.0)[None], {"wape"}),
    "sold now and then": (np.where(np.arange(LENGTH) % 7, 0.0, 3.0)[None], set()),
    "zero at first": (RISING[None], {"mase", "pinball", "mase_by_step"}),
}


@pytest.mark.parametrize("what", UNEVEN)
def test_what_has_no_value_is_null_with_a_reason(what) -> None:
    series, lacks = UNEVEN[what]
    names = tuple(f"row {k}" for k in range(len(series)))
    given = Panel(what, names, tuple(map(str, range(LENGTH))), series)
    bench = forecast_bench(given, ["last", "ewma", "choice"], horizon=2, count=3, period=4)
    plain = json.loads(json.dumps(bench.to_dict(), allow_nan=False))
    assert (plain["best"] is None) == ("mase" in lacks)
    for method in plain["methods"].values():
        assert set(method["reasons"]) == lacks
        for name in lacks - {"mase_by_step"}:
            assert method[name] is None
        assert (None in method["mase_by_step"]) == ("mase_by_step" in lacks)
