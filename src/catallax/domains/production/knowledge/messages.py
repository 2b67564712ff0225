"""Columns of messages on their way, blurred."""

import numpy as np

from catallax.arrays import Floats
from catallax.kernels.memory import empty
from catallax.kernels.messages import blur
from catallax.kernels.switch import operation
from catallax.placement import Placement
from catallax.streams import Draws, StreamPart


def _blurred_plainly(
    said: Floats,
    public: Floats,
    noise: float,
    top: float | None,
    width: float,
    streams: Draws,
    purpose: str,
    tick: int,
    place: Placement | None = None,
) -> Floats:
    draw = streams.normal(purpose, place or len(said), tick) if noise > 0 else np.zeros_like(said)
    base = np.where(public > 0, public, 1.0)
    live = np.abs(said) > 0
    ratio = np.log(np.where(live, np.abs(said), 1.0) / base) + noise * draw
    if top is not None:
        step = np.clip(np.round(ratio * (top / width)), -top, top)
        ratio = step * (width / max(top, 1.0))
    return np.where(live, np.copysign(base * np.exp(ratio), said), said)


@operation(_blurred_plainly)
def blurred(
    said: Floats,
    public: Floats,
    noise: float,
    top: float | None,
    width: float,
    streams: Draws,
    purpose: str,
    tick: int,
    place: Placement | None = None,
) -> Floats:
    """What is heard of `said` (k,): logs about `public` with noise, in whole steps of a code.

    noise : s.d. of log noise, drawn by position from the stream of `purpose` at `tick`
    top   : steps of the code on each side of the public value, over `width` logs; None: no code
    place : where runs stand in `said`; None: it is of one
    """
    if top == 0.0:  # a code of one step, which the kernel takes for none at all
        return _blurred_plainly(said, public, noise, top, width, streams, purpose, tick, place)
    out, said, public = empty(len(said)), *map(np.ascontiguousarray, (said, public))
    for part in streams.parts(purpose, place or len(said), tick):
        _blur(said, public, part, noise, top or 0.0, width, out)
    return out


def _blur(
    said: Floats,
    public: Floats,
    part: StreamPart,
    noise: float,
    top: float,
    width: float,
    out: Floats,
) -> None:
    """What is heard in the places of one stream."""
    aligned = part.piece.aligned
    mine = aligned(said), aligned(public), part.key, noise, top, width, aligned(out)
    part.over(lambda first, stop: blur(*mine, first, stop))
