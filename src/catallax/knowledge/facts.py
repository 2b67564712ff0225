"""Private facts: what differs from the public base year, and how much of it can be said.

In logs, fact = common + sqrt(1 - tau) A + sqrt(tau) T, with A and T independent and of equal
variance. A is *articulable*: it can be reported. T is *tacit*: it can be acted on, not told.
"""

from dataclasses import dataclass, replace
from typing import final

import numpy as np

from catallax.errors import InputError
from catallax.network import PLANT, Floats, Network, Technology, tilt
from catallax.streams import Streams

PARTS = ("said", "tacit")  # names of the two independent parts of every fact


@final
@dataclass(frozen=True)
class KnowledgeLaw:
    """How facts differ between rows and over time.

    tacit      : tau, share of the variance of every private fact that cannot be said, in [0, 1]
    dispersion : s.d. of log productivity of plants and of log tastes of households, >= 0
    drift      : s.d. of the weekly change of log tastes, >= 0
    reversion  : share of the drift's deviation that vanishes in a week, in [0, 1]

    Elasticities and capital are known to their own row and can be reported in full. With the
    default reversion, drift alone has a stationary s.d. of `dispersion`.
    """

    tacit: float = 0.25
    dispersion: float = 0.1
    drift: float = 0.01
    reversion: float = 0.005

    def __post_init__(self) -> None:
        for name, top in {"tacit": 1.0, "dispersion": 2.0, "drift": 1.0, "reversion": 1.0}.items():
            value = float(getattr(self, name))
            object.__setattr__(self, name, value)
            if not 0.0 <= value <= top:
                raise InputError(f"knowledge.{name}: {value} is out of range, expected 0 to {top}")


@final
@dataclass(frozen=True, eq=False)
class Facts:
    """Private facts of one week, each as its articulable (first) and tacit (second) deviation.

    z     : (2, n) log productivity
    taste : (2, G) log tastes by nest of the households, G of them
    drift : (2, G) the part of tastes that moves
    """

    z: Floats
    taste: Floats
    drift: Floats


def draw_facts(law: KnowledgeLaw, net: Network, streams: Streams) -> Facts:
    """The facts of week 0."""
    goods = len(net.final.good_row)
    plant = (net.kind == PLANT).astype(float)
    z = [plant * streams.normal(f"z/{part}", net.n) for part in PARTS]
    taste = [streams.normal(f"taste/{part}", goods) for part in PARTS]
    return Facts(
        law.dispersion * np.array(z), law.dispersion * np.array(taste), np.zeros((2, goods))
    )


def advance(law: KnowledgeLaw, streams: Streams, facts: Facts, t: int) -> Facts:
    """The facts of week `t` >= 1 from those of the week before."""
    if law.drift == 0.0:
        return facts
    count = facts.drift.shape[1]
    news = np.array([streams.normal(f"drift/{part}", count, t) for part in PARTS])
    return replace(facts, drift=facts.drift * (1.0 - law.reversion) + law.drift * news)


def technology(
    base: Technology, law: KnowledgeLaw, facts: Facts, supply: Floats, *, tacit: bool
) -> Technology:
    """The week's technology: the truth with `tacit`, else as far as it can be said.

    supply : (n,) flow of endowments this week, which can be said in full
    """
    weight = np.array([np.sqrt(1.0 - law.tacit), np.sqrt(law.tacit) if tacit else 0.0])
    final = base.network.final
    taste = (weight @ (facts.taste + facts.drift))[final.good_of]
    share, norm = base.share.copy(), base.norm.copy()
    last = slice(len(share) - final.m, None)
    share[last], norm[last] = tilt(final, share[last], norm[last], taste)
    return replace(base, z=base.z * np.exp(weight @ facts.z), share=share, norm=norm, supply=supply)
