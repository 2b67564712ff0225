"""Columns of messages on their way: blurred, counted and filed, compiled and in plain NumPy."""

import numpy as np

from catallax.arrays import Floats
from catallax.kernels import messages as kernels
from catallax.kernels.memory import empty
from catallax.kernels.switch import compiled
from catallax.kernels.threads import over
from catallax.placement import Placement
from catallax.streams import Draws, StreamPart


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
    extent = place or len(said)
    if not compiled() or top == 0.0:
        draw = streams.normal(purpose, extent, tick) if noise > 0 else np.zeros_like(said)
        return blurred_plainly(said, public, noise * draw, top, width)
    out, said, public = empty(len(said)), *map(np.ascontiguousarray, (said, public))
    for part in streams.parts(purpose, extent, tick):
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
    part.over(lambda first, stop: kernels.blur(*mine, first, stop))


def blurred_plainly(
    said: Floats, public: Floats, noise: Floats, top: float | None, width: float
) -> Floats:
    """The same from log noise (k,) already drawn."""
    base = np.where(public > 0, public, 1.0)
    live = np.abs(said) > 0
    ratio = np.log(np.where(live, np.abs(said), 1.0) / base) + noise
    if top is not None:
        step = np.clip(np.round(ratio * (top / width)), -top, top)
        ratio = step * (width / max(top, 1.0))
    return np.where(live, np.copysign(base * np.exp(ratio), said), said)


def count(said: Floats) -> int:
    """How many of the numbers say something."""
    if not compiled():
        return int(np.count_nonzero(~np.isnan(said)))
    said, parts = np.ascontiguousarray(said), list[float]()

    def work(first: int, stop: int) -> None:
        found = np.empty(1)
        kernels.spoken(said, found, first, stop)
        parts.append(found[0])

    over(len(said), len(said), work)
    return int(sum(parts))


def filed(said: Floats, tick: float, before: Floats, sent: Floats) -> tuple[Floats, Floats]:
    """Last values (k,) and their ticks of sending, after `said` at `tick`."""
    if not compiled():
        spoken = ~np.isnan(said)
        return np.where(spoken, said, before), np.where(spoken, tick, sent)
    value, since = before.copy(), np.array(sent)
    kernels.file(np.ascontiguousarray(said), tick, value, since)
    return value, since
