"""A domain of your own in one file: `catallax run commons.py`.

People fish one stock that grows by itself. Everybody takes what they like, or a quota is set."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from catallax.protocol import Axis, Measure, Measured, Prior, plain_domain, setting


@dataclass(frozen=True)
class OpenAccess:
    """Everybody fishes until a day at sea earns what it costs (Gordon 1954)."""

    name: ClassVar[str] = "open_access"

    def catch(self, stock: float, cost: float) -> float:
        """Share of the stock that is caught in a week, 0 to 1."""
        return max(0.0, 1.0 - cost / stock) if stock > 0 else 0.0


@dataclass(frozen=True)
class Quota:
    """A fixed share of the stock may be caught."""

    share: float = setting(0.1, "share of the stock that may be caught", low=0, high=1)
    name: ClassVar[str] = "quota"

    def catch(self, stock: float, cost: float) -> float:
        """The share that may be caught."""
        return self.share


def play(settings: dict[str, Any], mechanism: Any, seed: int) -> dict[str, Any]:
    """Stock and catch by week: logistic growth with a luck that is the same for everybody."""
    luck = np.random.default_rng(seed).normal(0.0, settings["noise"], settings["weeks"])
    stock, stocks, caught = 1.0, [], []
    for chance in luck:
        taken = stock * mechanism.catch(stock, settings["cost"])
        left = stock - taken
        stock = left + settings["growth"] * left * (1.0 - left) * np.exp(chance)
        stocks.append(stock)
        caught.append(taken)
    return {"stock": stocks, "caught": caught}


CAUGHT = Measure(
    "caught", "share of the virgin stock a week", "higher", "Mean catch.", "Gordon 1954",
    lambda run, twin: Measured(float(run.series["caught"].mean())), failed=0.0,
)  # fmt: skip
DOMAIN = plain_domain(
    "commons", "how much is caught where nobody owns the fish", play=play,
    defaults={"growth": setting(0.3, "growth a week", low=0, high=2), "cost": 0.2, "noise": 0.1},
    mechanisms={"open_access": OpenAccess, "quota": Quota}, measures=[CAUGHT], abreast=500,
    axes=[Axis("growth", "growth of the stock a week", (0.1, 0.3, 0.6), ("growth",)),
          Axis("cost", "stock at which fishing stops", (0.1, 0.3, 0.5), ("cost",), range=(0, 0.9))],
    priors={key: Prior("log", 0.5, "assumption", 0.01, 0.99) for key in ("growth", "cost")},
)  # fmt: skip
