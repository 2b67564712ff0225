"""Private facts: what differs from the public base year, and how much of it can be said.

In logs, fact = common + sqrt(1 - tau) A + sqrt(tau) T, with A and T uncorrelated and of equal
variance. A is *articulable*: it can be reported. T is *tacit*: it can be acted on, not told.
"""

from dataclasses import dataclass, replace
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.knowledge.drift import find_course, wander
from catallax.domains.production.knowledge.law import KnowledgeLaw
from catallax.domains.production.knowledge.tacit import PARTS, find_sayable_sigma, mix_parts
from catallax.domains.production.network import PLANT, Network, Technology, tilt
from catallax.domains.production.network.places import NestFloats, Places, RowFloats
from catallax.streams import Draws

Z = "z/"  # names the streams of productivity's drift; tastes' have no name of their own


@final
@dataclass(frozen=True, eq=False)
class Facts:
    """Private facts of one week, each as its articulable (first) and tacit (second) deviation.

    z        : (2, n) log productivity of plants
    taste    : (2, G) log tastes by nest of the households, G of them
    drift    : (2, G) the part of tastes that moves unpredicted
    drift_z  : (2, n) the same of productivity
    course   : (2, G) the part of tastes that moves as history predicts
    course_z : (2, n) the same of productivity
    capital  : (2, n) log capital of plants
    sigma    : (n,) standard normals that split elasticities between goods
    eps      : (n,) standard normals of elasticities between suppliers, which nobody can say
    """

    z: RowFloats
    taste: NestFloats
    drift: NestFloats
    drift_z: RowFloats
    course: NestFloats
    course_z: RowFloats
    capital: RowFloats
    sigma: RowFloats
    eps: RowFloats


def draw_facts(law: KnowledgeLaw, net: Network, streams: Draws, t: int = 0) -> Facts:
    """The facts of the first week, which is `t`: nothing has drifted yet."""
    rows, nests = net.places.rows, net.places.nests
    plant = (net.kind == PLANT).astype(float)
    z = [plant * streams.normal(f"z/{part}", rows) for part in PARTS]
    taste = [streams.normal(f"taste/{part}", nests) for part in PARTS]
    capital = [plant * streams.normal(f"capital/{part}", rows) for part in PARTS]
    return Facts(
        z=law.dispersion * np.array(z),
        taste=law.dispersion * np.array(taste),
        drift=np.zeros((2, nests.size)),
        drift_z=np.zeros((2, rows.size)),
        course=find_course(law, law.drift, "", nests, streams, t),
        course_z=find_course(law, law.drift_z, Z, rows, streams, t),
        capital=law.dispersion_capital * np.array(capital),
        sigma=streams.normal("sigma/said", rows),
        eps=streams.normal("eps", rows),
    )


def advance_facts(
    law: KnowledgeLaw, streams: Draws, facts: Facts, t: int, places: Places | None = None
) -> Facts:
    """The facts of week `t`, not the first, from those of the week before.

    places : where runs stand in them; None: they are of one
    """
    if law.drift > 0.0:
        nests = places.nests if places else facts.drift.shape[1]
        facts = replace(
            facts,
            drift=wander(law, law.drift, "", facts.drift, nests, streams, t),
            course=find_course(law, law.drift, "", nests, streams, t),
        )
    if law.drift_z > 0.0:
        rows = places.rows if places else facts.drift_z.shape[1]
        facts = replace(
            facts,
            drift_z=wander(law, law.drift_z, Z, facts.drift_z, rows, streams, t),
            course_z=find_course(law, law.drift_z, Z, rows, streams, t),
        )
    return facts


def make_technology(
    base: Technology, law: KnowledgeLaw, facts: Facts, supply: Floats, *, tacit: bool
) -> Technology:
    """The week's technology: the truth with `tacit`, else as far as it can be said.

    supply : (n,) flow of endowments this week, which can be said in full
    """
    final = base.network.final
    moved = mix_parts(law.tau_taste, facts.taste + facts.drift + facts.course, tacit=tacit)
    last = slice(len(base.share) - final.m, None)
    tilted = tilt(final, base.share[last], base.norm[last], moved)
    share = _replace_ending(base.share, tilted[0])
    norm = share if base.norm is base.share else _replace_ending(base.norm, tilted[1])
    plant = base.network.kind == PLANT
    z = facts.z + plant * (facts.drift_z + facts.course_z)
    K = base.K
    if law.dispersion_capital > 0.0:
        K = K * np.exp(mix_parts(law.tacit_capital, facts.capital, tacit=tacit))
    return replace(
        base,
        z=base.z * np.exp(mix_parts(law.tau_z, z, tacit=tacit)),
        share=share,
        norm=norm,
        supply=supply,
        K=K,
        eps=_find_true_eps(base, law, facts) if tacit else base.eps,
        sigma=base.sigma if tacit else find_sayable_sigma(base, law.tacit_sigma, facts.sigma),
    )


def _replace_ending(link: Floats, last: Floats) -> Floats:
    """A read-only copy of `link` that ends with `last`."""
    out = link.copy()
    out[len(out) - len(last) :] = last
    out.setflags(write=False)
    return out


def _find_true_eps(base: Technology, law: KnowledgeLaw, facts: Facts) -> Floats:
    """(n,) elasticities between suppliers as they are: known to their rows, told by nobody."""
    if law.misspecification == 0.0:
        return base.eps
    return np.asarray(base.eps * np.exp(law.misspecification * facts.eps))
