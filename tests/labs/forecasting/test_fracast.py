"""The pretrained model, where it is installed, and its wrapper with a network that stands in."""

import sys
from types import ModuleType

import numpy as np
import pytest

from catallax.errors import InputError, MissingExtra
from catallax.labs.forecasting import LEVELS, forecast, fracast
from catallax.labs.forecasting.fracast import Fracast

INNER = LEVELS[1:-1]


class Network:
    """Says the last value, and around it the levels themselves, the wrong way round."""

    quantiles = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]  # noqa: RUF012

    @classmethod
    def from_pretrained(cls, *, device: str) -> "Network":
        return cls()

    def forecast_batch(self, rows, *, horizon):
        assert len(rows) <= fracast.BATCH
        values = rows[:, -1:, None] + 1.0 - np.array(self.quantiles)
        return np.repeat(values, horizon, axis=1).astype(np.float32)


@pytest.fixture
def stands_in(monkeypatch):
    module = ModuleType("fracast")
    module.FracastModel = Network
    monkeypatch.setitem(sys.modules, "fracast", module)
    fracast.load_model.cache_clear()
    yield
    fracast.load_model.cache_clear()


def test_quantiles_are_put_in_order_and_interpolated(stands_in) -> None:
    series = np.arange(70.0 * 10).reshape(70, 10)
    found = forecast(series, 3, Fracast(), (0.1, 0.25, 0.5, 0.9))
    expected = series[:, -1:] + [0.1, 0.25, 0.5, 0.9]
    assert found.values[:, 2] == pytest.approx(expected, rel=1e-6)


def test_levels_beyond_those_of_the_network_are_refused() -> None:
    with pytest.raises(InputError, match=r"fracast: levels from 0\.025 .* within 0\.1 to 0\.9"):
        forecast(np.ones((2, 30)), 3, Fracast())


def test_the_extra_is_named(monkeypatch) -> None:
    fracast.load_model.cache_clear()
    monkeypatch.setitem(sys.modules, "fracast", None)
    with pytest.raises(MissingExtra, match=r'pip install "catallax\[pretrained\]"'):
        forecast(np.ones((2, 30)), 3, Fracast(), INNER)


@pytest.mark.filterwarnings("default")
def test_the_real_network_continues_a_wave() -> None:
    pytest.importorskip("fracast")
    fracast.load_model.cache_clear()
    wave = 10 + np.sin(2 * np.pi * np.arange(208) / 12) * np.array([[1.0], [3.0]])
    wave[1, 20:25] = np.nan
    found = forecast(wave[:, :200], 8, Fracast(), INNER)
    assert np.abs(found.point - wave[:, 200:]).max() < 1.0
    assert np.all(np.diff(found.values, axis=2) >= 0)
    again = forecast(wave[:, :200], 8, Fracast(), INNER)
    assert again.values.tobytes() == found.values.tobytes()
