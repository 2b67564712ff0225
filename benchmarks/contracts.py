"""Contracts and recordings that the benchmarks share, through the package's public names."""

from catallax import (
    ChannelLaw,
    Contract,
    Economy,
    KnowledgeLaw,
    LineLaw,
    economy_named,
    town,
)
from catallax.domains.production.run import Recording

EXACT = LineLaw(delay=1.0, noise=0.0, resolution=0)


def calm(economy: Economy, weeks: int) -> Contract:
    """Everything stands still and every message is exact: what a plain model computes too."""
    still = KnowledgeLaw(tacit=0.0, dispersion=0.0, drift=0.0)
    return Contract(economy, still, ChannelLaw(line=EXACT, centre=EXACT), weeks=weeks)


def lean() -> Recording:
    """The least that can be kept of a run."""
    return Recording(rows=0, weeks=())


def plants(count: int) -> Economy:
    """A network of `count` plants with about eleven links each, and a tenth as many households."""
    goods = min(max(count // 10, 20), 1000)
    return town(max(count // 10, goods), firms=count, goods=goods)


def named(name: str) -> Economy:
    """`economy_named`, and `plants:N`."""
    kind, _, count = name.partition(":")
    return plants(int(count)) if kind == "plants" else economy_named(name)
